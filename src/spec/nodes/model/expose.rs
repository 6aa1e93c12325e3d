//! `expose`: how callers reach the model.

use crate::spec::table::{Key, NodeKind, TIME, Ty, opt_arg, prop, prop_or};

/// `expose gateway="public" host="nlp.acme.io" path="/sentiment"`.
pub static EXPOSE: NodeKind = NodeKind {
    name: "expose",
    key: Key::Arg,
    args: &[opt_arg(
        "name",
        Ty::DnsLabel,
        "Tells a second one from the first.",
    )],
    props: &[
        prop(
            "service",
            Ty::Word(&["ClusterIP", "LoadBalancer"]),
            "Type of the model's own Service.",
        ),
        prop_or(
            "name",
            Ty::DnsLabel,
            "the model's name",
            "Name of the Service (with `service=`).",
        ),
        prop_or(
            "port",
            Ty::Port,
            "80",
            "Port of the Service (with `service=`).",
        ),
        prop("gateway", Ty::DnsLabel, "A gateway of the cluster."),
        prop(
            "ingress",
            Ty::Word(&["nginx"]),
            "An Ingress class; retired, warns (TRF-14).",
        ),
        prop("host", Ty::DnsSubdomain, "Host name of the route."),
        prop_or("path", Ty::Path, "/", "Path prefix of the route."),
        prop_or(
            "timeout",
            TIME,
            "timeout + batch delay + 1s",
            "How long the gateway waits.",
        ),
        prop("rewrite", Ty::Path, "What the prefix is replaced with."),
        prop_or(
            "protocol",
            Ty::Word(&["http", "grpc"]),
            "http",
            "What is spoken.",
        ),
    ],
    group: Some(&[
        &["service", "name", "port"],
        &["gateway", "host", "path", "timeout", "rewrite", "protocol"],
        &["ingress", "host", "path", "timeout", "rewrite", "protocol"],
    ]),
    doc: "How callers reach the model. Its Service is there in any case (ClusterIP, port 80); \
          `service=` changes it, `gateway=` and `ingress=` add a route.",
    example: r#"model "m" {
    expose gateway="public" host="nlp.acme.io" path="/sentiment"
}"#,
    ..NodeKind::EMPTY
};
