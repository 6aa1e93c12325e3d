//! NetworkPolicies: what is let through, and nothing that looks like it.

use serde_json::{Value, json};

use super::{ROOT, cluster, named, objects};

/// The objects of models on a cluster of which `facts` are known beside its processors.
fn built(facts: &str, models: &str) -> Vec<mlspec::emit::Object> {
    let facts = format!("{facts}\npool \"cpu\" nodes=9 cpu=\"16\" memory=\"64Gi\"");
    let namespace = "namespace=\"ml\"";
    let root = ROOT.replace(namespace, &format!("{namespace} create-namespace=#true"));
    objects(&[("mlspec.kdl", &root), ("m.kdl", &cluster(&facts, models))])
}

fn policy(facts: &str, model: &str) -> Value {
    let model = format!("model \"m\" {{ scale 1; {model} }}");
    named(&built(facts, &model), "NetworkPolicy", "m")["spec"].clone()
}

/// The rules of one direction that concern a port.
fn on_port(policy: &Value, direction: &str, side: &str, port: u16) -> Vec<Value> {
    let rules = policy[direction].as_array().unwrap().iter();
    let concerned = rules.filter(|rule| {
        let ports = rule["ports"].as_array().unwrap();
        ports.iter().any(|p| p["port"] == port)
    });
    concerned.map(|rule| rule[side].clone()).collect()
}

fn namespace(name: &str) -> Value {
    json!([{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}])
}

fn address(cidr: &str) -> Value {
    json!([{"ipBlock": {"cidr": cidr}}])
}

/// A host with two labels is outside, unless the second names a namespace that the workspace
/// knows.
#[test]
fn hosts_are_no_namespaces() {
    let fetched = policy("", r#"artifact "hf://org/repo@v1.0" size="1Mi""#);
    assert_eq!(on_port(&fetched, "egress", "to", 443), [Value::Null]);

    let named = policy(
        r#"provides "keda" version="2.20" namespace="keda-home"
           gateway "g" kind="gateway-api" namespace="edge" pods="envoy"
           claim "data" namespace="claims" size="1Gi" access="RWX"
           quota "quotas" { cpu "1" }
           dns namespace="names""#,
        r#"artifact "pvc://weights/m" size="1Mi"; claim "weights" size="1Gi" access="RWX"
           egress "acme.io:1000"; egress "redis.db.svc:1001"; egress "redis.ml:1002"
           egress "api.keda-home:1003"; egress "api.db:1004"
           egress "api.edge:1005"; egress "api.envoy:1006"; egress "api.claims:1007"
           egress "api.quotas:1008"; egress "api.names:1009"; egress "api.friends:1010"
           allow from="friends""#,
    );
    for (port, to) in [
        (1000, Value::Null),
        (1001, namespace("db")),
        (1002, namespace("ml")),
        (1003, namespace("keda-home")),
        (1004, Value::Null),
        (1005, namespace("edge")),
        (1006, namespace("envoy")),
        (1007, namespace("claims")),
        (1008, namespace("quotas")),
        (1009, namespace("names")),
        (1010, namespace("friends")),
    ] {
        assert_eq!(on_port(&named, "egress", "to", port), [to], "{port}");
    }
}

/// DNS: the pods of kube-system and NodeLocal DNSCache, over UDP and TCP; else what is stated.
#[test]
fn dns_is_reached() {
    const MODEL: &str = r#"artifact "hf://org/repo@v1.0" size="1Mi""#;
    let usual = policy("", MODEL);
    assert_eq!(
        on_port(&usual, "egress", "to", 53),
        [namespace("kube-system"), address("169.254.20.10/32")]
    );
    for rule in &usual["egress"].as_array().unwrap()[..2] {
        let both = json!([{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]);
        assert_eq!(rule["ports"], both);
    }
    let stated = policy(
        r#"dns "10.96.0.10/32" namespace="openshift-dns" port=5353"#,
        MODEL,
    );
    assert_eq!(
        on_port(&stated, "egress", "to", 5353),
        [namespace("openshift-dns")]
    );
    assert_eq!(
        on_port(&stated, "egress", "to", 53),
        [address("169.254.20.10/32"), address("10.96.0.10/32")]
    );
}

/// A store without a Secret is asked with the identity that the cloud gives the pod.
#[test]
fn identity_of_the_cloud() {
    let ports = |policy: &Value| [80, 988].map(|port| on_port(policy, "egress", "to", port));
    let google = policy("", r#"artifact "gs://models/m/" size="1Mi""#);
    assert_eq!(
        ports(&google),
        [
            vec![address("169.254.169.254/32")],
            vec![address("169.254.169.252/32")]
        ]
    );
    let amazon = policy("", r#"artifact "s3://models/m/" size="1Mi""#);
    assert_eq!(
        ports(&amazon),
        [
            vec![address("169.254.170.23/32"), address("fd00:ec2::23/128")],
            vec![]
        ]
    );
    for model in [
        r#"artifact "gs://models/m/" size="1Mi" secret="key""#,
        r#"artifact "s3://models/m/" size="1Mi" secret="key""#,
        r#"artifact "s3://models/m/" size="1Mi" endpoint="https://minio.acme.io""#,
        r#"artifact "hf://org/repo@v1.0" size="1Mi""#,
    ] {
        let closed = policy("", model);
        assert!(ports(&closed).iter().all(Vec::is_empty), "{model}");
    }
}

/// A gateway's traffic comes from its pods, wherever the Gateway object lies.
#[test]
fn gateways_let_in_by_their_pods() {
    // Two routes of one gateway make one rule.
    const MODEL: &str = r#"artifact "hf://org/repo@v1.0" size="1Mi"
        expose gateway="g" host="a.acme.io"
        expose "b" gateway="g" host="b.acme.io""#;
    for (pods, expected) in [
        ("", "edge"),
        (r#"pods="envoy-gateway-system""#, "envoy-gateway-system"),
    ] {
        let facts = format!(
            r#"provides "gateway-api" version="1.6"; gateway "g" kind="gateway-api" namespace="edge" {pods}"#
        );
        let policy = policy(&facts, MODEL);
        assert_eq!(
            on_port(&policy, "ingress", "from", 8080),
            [namespace(expected)]
        );
    }
}

/// Prometheus is let in to where metrics are, the port of requests among them.
#[test]
fn prometheus_is_let_in() {
    let facts = r#"provides "prometheus-operator" version="0.93" namespace="monitoring""#;
    for (port, open) in [("", 8080), ("port=8081", 8081)] {
        let model = format!(
            r#"runtime "container" image="acme.io/m:1" port=8080 {{ user 1; readiness "/r"; metrics "/m" {port} }}
               startup "60s"; resources memory="1Gi""#
        );
        let from = on_port(&policy(facts, &model), "ingress", "from", open);
        assert_eq!(from.last(), Some(&namespace("monitoring")), "{port}");
    }
}

/// Every pod says whether it is in the mesh: no label of its namespace decides it.
#[test]
fn sidecars_by_pod() {
    let all = built(
        r#"provides "istio" version="1.30" cni=#true; gateway "g" kind="istio" namespace="edge""#,
        r#"model "inside" { artifact "hf://org/repo@v1.0" size="1Mi"; scale 1; expose gateway="g" host="a.acme.io" }
           model "outside" { artifact "hf://org/repo@v1.0" size="1Mi"; scale 1 }
           model "silent" { startup "60s"; resources memory="1Gi"
               runtime "container" image="acme.io/m:1" port=8080 { user 1; readiness "/r" } }
           model "heard" { startup "60s"; resources memory="1Gi"
               runtime "container" image="acme.io/m:1" port=8080 { user 1; readiness "/r"; metrics "/m" } }"#,
    );
    for (name, inject) in [
        ("inside", "true"),
        ("outside", "false"),
        ("silent", "true"),
        ("heard", "false"),
    ] {
        let pod = &named(&all, "Deployment", name)["spec"]["template"];
        assert_eq!(pod["metadata"]["labels"]["sidecar.istio.io/inject"], inject);
    }
    let labels = named(&all, "Namespace", "ml")["metadata"]["labels"].clone();
    assert_eq!(labels["istio-injection"], Value::Null);
    let none = built(
        "",
        r#"model "m" { artifact "hf://org/repo@v1.0" size="1Mi"; scale 1 }"#,
    );
    let pod = &named(&none, "Deployment", "m")["spec"]["template"];
    assert_eq!(
        pod["metadata"]["labels"]["sidecar.istio.io/inject"],
        Value::Null
    );
}
