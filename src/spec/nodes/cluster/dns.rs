//! `dns`: who answers the pods' DNS queries.

use crate::spec::table::{NodeKind, Ty, opt_args, prop_or};

/// `dns "10.96.0.10/32"`, `dns namespace="openshift-dns" port=5353`.
pub static DNS: NodeKind = NodeKind {
    name: "dns",
    args: &[opt_args(
        "address",
        Ty::Cidr,
        "Where a cache on the nodes answers, port 53; `169.254.20.10/32`, the usual address of \
         NodeLocal DNSCache, is let through in any case.",
    )],
    props: &[
        prop_or(
            "namespace",
            Ty::DnsLabel,
            "kube-system",
            "Where the DNS server's pods run.",
        ),
        prop_or(
            "port",
            Ty::Port,
            "53",
            "The port that its pods listen on; 5353 on OpenShift.",
        ),
    ],
    doc: "Who answers DNS queries, where it is not the usual pods in kube-system: NetworkPolicies \
          let models ask them.",
    example: r#"cluster "openshift" { dns namespace="openshift-dns" port=5353 }"#,
    ..NodeKind::EMPTY
};
