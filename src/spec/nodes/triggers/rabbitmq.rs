//! `on "rabbitmq"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{COUNT, Key, NodeKind, Ty, req_prop};

/// The `rabbitmq` trigger.
pub static RABBITMQ: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop("queue", Ty::Text, "The queue."),
        req_prop("length", COUNT, "Messages for each replica."),
        req_prop("auth", Ty::DnsLabel, "An `auth` node that holds `host`."),
    ],
    doc: "Length of a RabbitMQ queue.",
    example: r#"scale min=1 max=4 { on "rabbitmq" queue="q" length=50 auth="mq" }"#,
    ..NodeKind::EMPTY
};
