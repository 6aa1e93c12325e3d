//! `allow` and `egress`: who may talk to whom.

use crate::spec::table::{Key, NodeKind, Ty, arg, prop};

/// `allow from="checkout"`, `allow cidr="10.0.0.0/8"`.
pub static ALLOW: NodeKind = NodeKind {
    name: "allow",
    key: Key::Either("from", "cidr"),
    props: &[
        prop("from", Ty::DnsLabel, "A namespace whose pods may call."),
        prop("cidr", Ty::Cidr, "An address range that may call."),
    ],
    group: Some(&[&["from"], &["cidr"]]),
    doc: "Who may call the model, beside its gateway and Prometheus. Everyone else is kept out, its \
          own namespace too: that may call only where there is neither a route nor `allow`.",
    example: r#"model "m" { allow from="checkout" }"#,
    ..NodeKind::EMPTY
};

/// `egress "redis.db.svc:6379"`.
pub static EGRESS: NodeKind = NodeKind {
    name: "egress",
    key: Key::Arg,
    args: &[arg(
        "address",
        Ty::HostPort,
        "`host:port`, or `service.namespace.svc:port`.",
    )],
    doc: "Whom the model may call, beside DNS and its store. For a name inside the cluster its \
          namespace is let through, else the port.",
    example: r#"model "m" { egress "redis.db.svc:6379" }"#,
    ..NodeKind::EMPTY
};
