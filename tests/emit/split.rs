//! Splits: who tells variants apart, and that nobody else reaches more than the primary one.

use mlspec::emit::Object;
use serde_json::{Value, json};

use super::{named, on_cluster};

const FACTS: &str = r#"
    provides "keda" version="2.20"
    provides "istio" version="1.30"
    provides "gateway-api" version="1.6"
    provides "ingress-nginx" version="1.15"
    provides "prometheus-operator" version="0.93" url="http://prometheus.monitoring:9090"
    gateway "inner" kind="istio" namespace="edge"
    gateway "outer" kind="gateway-api" namespace="edge"
    store "s3://models/" secret="s3" bandwidth="200Mi/s"
    pool "cpu" nodes=9 cpu="16" memory="64Gi""#;

/// A model with two shares and a header, and what else is said of it.
fn split(more: &str) -> Vec<Object> {
    let model = format!(
        r#"model "m" {{
    artifact "s3://models/m/" size="1Mi"
    {more}
    split {{
        variant "a" weight=90 primary=#true
        variant "b" weight=10
        variant "beta" header="X-Beta" value="1"
    }}
}}"#
    );
    on_cluster(FACTS, &model)
}

const INNER: &str = r#"scale 1; expose gateway="inner" host="m.acme.io""#;
const OUTER: &str = r#"scale 1; expose gateway="outer" host="m.acme.io""#;

fn selector(objects: &[Object], service: &str) -> Value {
    named(objects, "Service", service)["spec"]["selector"].clone()
}

fn names<'o>(objects: &'o [Object], kind: &str) -> Vec<&'o str> {
    let mut found: Vec<_> = objects
        .iter()
        .filter(|o| o.body.kind() == kind)
        .map(|o| o.body.name())
        .collect();
    found.sort_unstable();
    found
}

/// The Service that callers know leads to the primary variant, with a load balancer or without:
/// it cannot tell shares, and a header's variant would get requests without the header.
#[test]
fn services_lead_to_the_primary_variant() {
    let primary = json!({"app.kubernetes.io/name": "m"});
    for more in [
        INNER.to_owned(),
        OUTER.to_owned(),
        format!("{INNER}; expose \"lb\" service=\"LoadBalancer\""),
    ] {
        let objects = split(&more);
        assert_eq!(selector(&objects, "m"), primary, "{more}");
        let all = json!({"mlspec.dev/model": "m"});
        assert_eq!(selector(&objects, "m-variants"), all, "{more}");
    }
    let outer = split(OUTER);
    let services = ["m", "m-a", "m-b", "m-beta", "m-variants"];
    assert_eq!(names(&outer, "Service"), services);
    let inner = split(INNER);
    assert_eq!(names(&inner, "Service"), ["m", "m-variants"]);
}

/// Callers with a sidecar that use the Service are split like those at the gateway, on each port.
/// The gateway's VirtualService is not the mesh's too: two of one host would contradict.
#[test]
fn the_mesh_splits_the_service() {
    let objects = split(INNER);
    let mesh = named(&objects, "VirtualService", "m-in-mesh")["spec"].clone();
    assert_eq!(mesh["gateways"], json!(["mesh"]));
    assert_eq!(mesh["hosts"], json!(["m"]));
    let http = mesh["http"].as_array().unwrap();
    let ports: Vec<_> = http.iter().map(|r| r["match"][0]["port"].clone()).collect();
    assert_eq!(ports, [80, 80, 9000, 9000]);
    for rules in http.chunks(2) {
        let header = json!({"x-beta": {"exact": "1"}});
        assert_eq!(rules[0]["match"][0]["headers"], header);
        assert_eq!(rules[0]["route"][0]["destination"]["subset"], "beta");
        let shares: Vec<_> = rules[1]["route"].as_array().unwrap().iter().collect();
        let shares = shares
            .iter()
            .map(|to| (&to["destination"]["subset"], &to["weight"]));
        assert_eq!(
            shares.collect::<Vec<_>>(),
            [(&json!("a"), &json!(90)), (&json!("b"), &json!(10))]
        );
        let port = &rules[1]["match"][0]["port"];
        for to in rules.iter().flat_map(|r| r["route"].as_array().unwrap()) {
            assert_eq!(to["destination"]["host"], "m-variants");
            assert_eq!(&to["destination"]["port"]["number"], port);
        }
    }
    let rule = named(&objects, "DestinationRule", "m-variants");
    assert_eq!(rule["spec"]["host"], "m-variants");
    let route = named(&objects, "VirtualService", "m")["spec"].clone();
    assert_eq!(route["gateways"], json!(["edge/inner"]));

    let outside = split(OUTER);
    assert!(names(&outside, "VirtualService").is_empty());
    assert!(names(&outside, "DestinationRule").is_empty());
}

/// All variants are scraped, each pod once: by the one Service over them.
#[test]
fn every_pod_is_scraped_once() {
    let container = r#"scale 1; expose gateway="outer" host="m.acme.io"
    runtime "container" image="acme.io/m:1.0" port=8080 { user 10001; readiness "/ready"; metrics "/metrics" }
    startup "60s"; resources memory="1Gi""#;
    for more in [OUTER, container] {
        let objects = split(more);
        let wanted =
            named(&objects, "ServiceMonitor", "m")["spec"]["selector"]["matchLabels"].clone();
        let wanted = wanted.as_object().unwrap();
        let found = names(&objects, "Service").into_iter().filter(|name| {
            let labels = &named(&objects, "Service", name)["metadata"]["labels"];
            wanted.iter().all(|(k, v)| &labels[k] == v)
        });
        assert_eq!(found.collect::<Vec<_>>(), ["m-variants"], "{more}");
    }
}

/// A trigger on the gateway's series goes by the Service, which is known while no pod runs.
#[test]
fn gateways_wake_by_the_service() {
    let query = |objects: &[Object], name: &str| {
        let scaled = named(objects, "ScaledObject", name);
        let query = &scaled["spec"]["triggers"][0]["metadata"]["query"];
        query.as_str().unwrap().to_owned()
    };
    let more = r#"scale min=0 max=2 { on "latency" p95="1s" source="gateway" }
    expose gateway="inner" host="m.acme.io""#;
    let plain = format!("model \"m\" {{ artifact \"s3://models/m/\" size=\"1Mi\"; {more} }}");
    let plain = on_cluster(FACTS, &plain);
    let asked = query(&plain, "m");
    assert!(
        asked.contains(
            r#"{reporter="source",destination_service_namespace="ml",destination_service_name="m"}"#
        ),
        "{asked}"
    );
    let asked = query(&split(more), "m-b");
    assert!(
        asked.contains(
            r#"destination_service_name=~"m|m-variants|m-b",destination_workload=~"m-b|unknown""#
        ),
        "{asked}"
    );
}

/// nginx lets bodies through that the server takes.
#[test]
fn bodies_pass_nginx() {
    let model = r#"model "m" {
    artifact "s3://models/m/" size="1Mi"
    scale 1
    expose ingress="nginx" host="m.acme.io"
}"#;
    let objects = on_cluster(FACTS, model);
    let annotations = &named(&objects, "Ingress", "m")["metadata"]["annotations"];
    assert_eq!(
        annotations["nginx.ingress.kubernetes.io/proxy-body-size"],
        "0"
    );
}
