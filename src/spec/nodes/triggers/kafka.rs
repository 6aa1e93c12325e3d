//! `on "kafka"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{COUNT, Key, NodeKind, Ty, prop, prop_or, req_prop};

/// The `kafka` trigger.
pub static KAFKA: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop(
            "servers",
            Ty::HostPorts,
            "Bootstrap servers, joined by commas.",
        ),
        req_prop("topic", Ty::Text, "The topic."),
        req_prop("group", Ty::Text, "The consumer group whose lag counts."),
        req_prop("lag", COUNT, "Messages behind for each replica."),
        prop_or("tls", Ty::Bool, "#false", "Whether the brokers speak TLS."),
        prop(
            "sasl",
            Ty::Word(&["plaintext", "scram_sha256", "scram_sha512"]),
            "How to log in.",
        ),
        prop("auth", Ty::DnsLabel, "An `auth` node of the workspace."),
    ],
    doc: "Lag of a Kafka consumer group.",
    example: r#"scale min=2 max=20 {
    on "kafka" servers="kafka.default.svc:9092" topic="t" group="g" lag=100
}"#,
    ..NodeKind::EMPTY
};
