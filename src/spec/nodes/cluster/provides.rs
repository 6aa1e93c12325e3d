//! `provides`: what is installed on the cluster.

use crate::spec::table::{Key, NodeKind, TIME, Ty, arg, prop, prop_or, req_prop};

static SELECT: NodeKind = NodeKind {
    name: "select",
    key: Key::Arg,
    args: &[
        arg("key", Ty::LabelKey, "Label key."),
        arg("value", Ty::LabelValue, "Label value."),
    ],
    doc: "A label that the operator selects ServiceMonitors and PrometheusRules by; emitted on \
          them. Without it kube-prometheus-stack ignores them silently.",
    example: r#"provides "prometheus-operator" version="0.93" {
    select "release" "kube-prometheus-stack"
}"#,
    ..NodeKind::EMPTY
};

/// `provides "keda" version="2.20"`.
pub static PROVIDES: NodeKind = NodeKind {
    name: "provides",
    key: Key::Arg,
    args: &[arg(
        "api",
        Ty::Word(&[
            "keda",
            "istio",
            "gateway-api",
            "prometheus-operator",
            "gpu-operator",
            "ingress-nginx",
        ]),
        "What is installed.",
    )],
    props: &[
        req_prop("version", Ty::Version, "Its version: which fields exist."),
        prop(
            "namespace",
            Ty::DnsLabel,
            "Where it runs: NetworkPolicies let it in. Default: keda, istio-system, monitoring, \
             gpu-operator, ingress-nginx.",
        ),
        prop(
            "url",
            Ty::Url,
            "Address of the Prometheus server, for triggers that query it.",
        ),
        prop_or("scrape", TIME, "30s", "How often Prometheus scrapes."),
        prop_or(
            "cni",
            Ty::Bool,
            "#false",
            "Whether Istio's CNI plugin runs on the nodes. Without it every pod in the mesh gets an \
             init container that restricted pod security refuses.",
        ),
        prop_or(
            "native-sidecars",
            Ty::Bool,
            "#true from Istio 1.27 on Kubernetes 1.33",
            "Whether Istio's sidecars start before other init containers (`ENABLE_NATIVE_SIDECARS`).",
        ),
    ],
    children: &[&SELECT],
    doc: "An API that models may use. What is not listed is not there: a Kafka trigger on a \
          cluster without KEDA is an error.",
    example: r#"cluster "eks" {
    provides "keda" version="2.20"
    provides "prometheus-operator" version="0.93" url="http://prometheus.monitoring:9090"
}"#,
    ..NodeKind::EMPTY
};
