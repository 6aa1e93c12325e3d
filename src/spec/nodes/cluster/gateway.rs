//! `gateway`: a way into the cluster.

use crate::spec::table::{Key, NodeKind, Ty, arg, args, prop_or, req_prop};

static HOSTS: NodeKind = NodeKind {
    name: "hosts",
    args: &[args(
        "host",
        Ty::HostPattern,
        "A host name, or `*.` and a domain.",
    )],
    doc: "The host names the gateway's listeners take.",
    example: r#"gateway "public" kind="istio" namespace="istio-ingress" { hosts "*.acme.io" }"#,
    ..NodeKind::EMPTY
};

/// `gateway "public" kind="gateway-api" namespace="istio-ingress" { hosts "*.acme.io" }`.
pub static GATEWAY: NodeKind = NodeKind {
    name: "gateway",
    key: Key::Arg,
    args: &[arg(
        "name",
        Ty::DnsLabel,
        "Name of the Gateway object, and of `expose gateway=`.",
    )],
    props: &[
        req_prop(
            "kind",
            Ty::Word(&["gateway-api", "istio"]),
            "Which Gateway it is: routes become HTTPRoutes, or VirtualServices.",
        ),
        req_prop("namespace", Ty::DnsLabel, "Where the Gateway lives."),
        prop_or(
            "pods",
            Ty::DnsLabel,
            "the Gateway's namespace",
            "Namespace of the pods that carry its traffic, where they run elsewhere: Envoy Gateway \
             runs them in envoy-gateway-system.",
        ),
    ],
    children: &[&HOSTS],
    doc: "A Gateway that exists on the cluster. Models attach to it with `expose gateway=`.",
    example: r#"cluster "eks" {
    gateway "public" kind="gateway-api" namespace="istio-ingress" { hosts "*.acme.io" }
}"#,
    ..NodeKind::EMPTY
};
