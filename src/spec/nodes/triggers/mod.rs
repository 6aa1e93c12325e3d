//! `on`: what the number of replicas follows; one file per trigger.

pub mod concurrency;
pub mod cpu;
pub mod cron;
pub mod kafka;
pub mod latency;
pub mod memory;
pub mod prometheus;
pub mod rabbitmq;

use crate::spec::table::{Arg, Key, NodeKind, Prop, Ty, arg, opt_arg, prop};

/// All triggers.
pub const NAMES: Ty = Ty::Word(&[
    "cpu",
    "memory",
    "kafka",
    "rabbitmq",
    "prometheus",
    "latency",
    "concurrency",
    "cron",
]);

/// The first argument of every trigger.
const TRIGGER: Arg = arg("trigger", NAMES, "Which trigger.");

/// The property that tells two triggers of a kind apart.
const NAME: Prop = prop(
    "name",
    Ty::DnsLabel,
    "Needed for a second trigger of the kind.",
);

/// `on`, before its first argument is known.
pub static ON: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[opt_arg("trigger", NAMES, "Which trigger.")],
    by_arg: &[
        ("cpu", &cpu::CPU),
        ("memory", &memory::MEMORY),
        ("kafka", &kafka::KAFKA),
        ("rabbitmq", &rabbitmq::RABBITMQ),
        ("prometheus", &prometheus::PROMETHEUS),
        ("latency", &latency::LATENCY),
        ("concurrency", &concurrency::CONCURRENCY),
        ("cron", &cron::CRON),
    ],
    doc: "What the number of replicas follows. The trigger that wants the most replicas wins.",
    example: r#"model "m" { scale min=1 max=4 { on "cpu" utilization="70%" } }"#,
    ..NodeKind::EMPTY
};
