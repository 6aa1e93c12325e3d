//! Numbers in objects that rest on several facts at once.

use mlspec::compile::{Options, compile};
use mlspec::render::Memory;
use mlspec::system::MemorySystem;
use mlspec::why;
use serde_json::Value;

use super::{ROOT, cluster, named, on_cluster};

/// A cluster whose Prometheus scrapes every five minutes.
const FACTS: &str = r#"
    provides "keda" version="2.20"
    provides "gateway-api" version="1.6"
    provides "prometheus-operator" version="0.93" url="http://prometheus.monitoring:9090" scrape="5m"
    gateway "public" kind="gateway-api" namespace="edge"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "cpu" nodes=40 cpu="16" memory="64Gi""#;

fn of(models: &str) -> Vec<mlspec::emit::Object> {
    on_cluster(FACTS, models)
}

fn mebibytes(quantity: &Value) -> u64 {
    let text = quantity.as_str().unwrap();
    let (number, unit) = text.split_at(text.len() - 2);
    number.parse::<u64>().unwrap() * if unit == "Gi" { 1024 } else { 1 }
}

/// The kubelet evicts a pod whose volumes and logs are beyond the limits of its containers, so the
/// volumes must fit into them (STO-01).
#[test]
fn disk_limits_hold_what_the_volumes_hold() {
    let objects = of(r#"model "plain" {
    artifact "s3://models/m/" size="20Gi"
    resources disk="1Gi"
}
model "image" {
    artifact "s3://models/m/" size="1Gi"
    runtime "container" image="acme.io/m:1" port=8080 { user 1000; readiness "/ready"; writable "/cache" size="8Gi" }
    resources disk="512Mi"
}"#);
    for (name, limit) in [
        ("plain", 1024 + 25664 + 150),
        ("image", 512 + 1344 + 8192 + 150),
    ] {
        let deployment = named(&objects, "Deployment", name);
        let pod = &deployment["spec"]["template"]["spec"];
        let disk = |container: &Value, what: &str| {
            mebibytes(&container["resources"][what]["ephemeral-storage"])
        };
        let (server, fetcher) = (&pod["containers"][0], &pod["initContainers"][0]);
        let volumes = pod["volumes"].as_array().unwrap().iter();
        let held = volumes
            .filter_map(|v| v["emptyDir"].get("sizeLimit"))
            .map(mebibytes);
        assert_eq!(
            (disk(server, "limits"), disk(server, "requests")),
            (limit, limit)
        );
        assert!(held.sum::<u64>() < limit, "{name}");
        assert_eq!(disk(fetcher, "limits"), disk(fetcher, "requests"));
    }
}

/// A limit of the fetcher alone would be that of the whole pod.
#[test]
fn no_disk_limit_without_one_of_the_server() {
    let objects = of(r#"model "m" { artifact "s3://models/m/" size="20Gi" }"#);
    let pod = &named(&objects, "Deployment", "m")["spec"]["template"]["spec"];
    for container in [&pod["containers"][0], &pod["initContainers"][0]] {
        assert!(container["resources"]["limits"]["ephemeral-storage"].is_null());
    }
}

/// A rate needs several scrapes, in alerts as in triggers (SCL-08).
#[test]
fn windows_hold_four_scrapes() {
    let objects = of(r#"model "m" {
    artifact "s3://models/m/" size="1Gi"
    slo p95="500ms" errors="1%"
    load expected="200/s"
    scale min=2 max=4 { on "latency" p95="400ms" }
}"#);
    let rule = named(&objects, "PrometheusRule", "m");
    let alerts = rule["spec"]["groups"][0]["rules"].as_array().unwrap();
    assert_eq!(alerts.len(), 3);
    for alert in alerts {
        let expr = alert["expr"].as_str().unwrap();
        assert!(expr.contains("[20m]") && !expr.contains("[5m]"), "{expr}");
        assert_eq!(alert["for"], "10m");
    }
    let about = &alerts[1]["annotations"]["description"];
    assert!(
        about.as_str().unwrap().starts_with("Over 20 minutes"),
        "{about}"
    );
    let scaled = named(&objects, "ScaledObject", "m");
    let query = &scaled["spec"]["triggers"][0]["metadata"]["query"];
    assert!(query.as_str().unwrap().contains("[20m]"), "{query}");
}

/// What a Deployment's pods are called: the API server cuts what stands before the five random
/// characters to 58.
fn pod_name(deployment: &str, hash: &str) -> String {
    let mut name = format!("{deployment}-{hash}-");
    name.truncate(58);
    name + "x7k2p"
}

/// Whether a query's matcher of pods holds for one; Prometheus matches the whole name.
fn matches(query: &str, pod: &str) -> bool {
    let (_, pattern) = query.split_once("pod=~\"").unwrap();
    let (pattern, _) = pattern.split_once('"').unwrap();
    let whole = regex_lite::Regex::new(&format!("^(?:{pattern})$")).unwrap();
    whole.is_match(pod)
}

/// A trigger of a variant counts the pods of that variant, however long its name is.
#[test]
fn queries_tell_variants_apart() {
    for length in [4, 44, 45, 46, 50, 52] {
        let name = "m".repeat(length);
        let objects = of(&format!(
            r#"model "{name}" {{
    artifact "s3://models/m/" size="1Gi"
    scale min=2 max=4 {{ on "concurrency" per-replica=64 }}
    expose gateway="public" host="m.acme.io"
    split {{
        variant "a" weight=50 primary=#true
        variant "b" weight=50
    }}
}}"#
        ));
        let workloads = [name.clone(), format!("{name}-b")];
        for own in &workloads {
            let scaled = named(&objects, "ScaledObject", own);
            let query = &scaled["spec"]["triggers"][0]["metadata"]["query"];
            for pods in &workloads {
                for hash in ["6d4cf56db9", "6d4cf56d"] {
                    let pod = pod_name(pods, hash);
                    let found = matches(query.as_str().unwrap(), &pod);
                    assert_eq!(found, own == pods, "{query} {pod}");
                }
            }
        }
    }
}

/// Without a split the Service's label says it all.
#[test]
fn queries_of_a_whole_model_name_no_pods() {
    let objects = of(r#"model "m" {
    artifact "s3://models/m/" size="1Gi"
    scale min=2 max=4 { on "concurrency" per-replica=64; on "latency" p95="400ms" }
}"#);
    let scaled = named(&objects, "ScaledObject", "m");
    for trigger in scaled["spec"]["triggers"].as_array().unwrap() {
        let query = trigger["metadata"]["query"].as_str().unwrap();
        assert!(
            query.contains("service=\"m\"") && !query.contains("pod="),
            "{query}"
        );
    }
}

/// `why` shows both terms of the sum that a scale-down window is.
#[test]
fn cooldown_shows_fetch_and_startup() {
    let models = r#"model "m" {
    artifact "s3://models/m/" size="20Gi"
    scale min=2 max=4 { on "cpu" utilization="50%" }
}"#;
    let system = MemorySystem::default()
        .file("mlspec.kdl", ROOT)
        .file("m.kdl", cluster(FACTS, models));
    let memory = Memory::default();
    let options = Options {
        recording: true,
        ..Options::default()
    };
    let compilation = compile(&system, &options, &memory);
    let files = memory.into_files();
    let file = &files["dev/c/m/horizontalpodautoscaler-m.yaml"];
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    let line = text
        .lines()
        .position(|l| l.contains("stabilizationWindowSeconds"));
    let why = why::explain(file, line.unwrap() + 1).unwrap();
    let shown = why::render(&why.origin, &compilation.sources);
    assert!(shown.contains("fetch time = 103s"), "{shown}");
    assert!(shown.contains("startup window = "), "{shown}");
}

/// A surging pod needs room in the quota as well as in the pool: else the API server refuses it.
#[test]
fn surge_needs_quota() {
    let facts = |quota: &str| {
        format!(
            r#"
    provides "gpu-operator" version="26.3"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    quota "ml" {{ {quota} }}
    pool "a100" gpu="A100-SXM4-40GB" nodes=2 gpus-per-node=8 cpu="96" memory="800Gi" {{
        mig strategy="mixed" {{ layout "l" gpus-per-node=8 {{ slice "1g.5gb" count=7 }} }}
    }}"#
        )
    };
    let model = r#"model "m" {
    artifact "s3://models/m/" size="100Mi"
    gpu mig="1g.5gb"
    resources cpu="1" memory="2Gi"
    scale 20
}"#;
    for (quota, surge) in [
        (r#"mig "1g.5gb" 20"#, 0),
        (r#"mig "1g.5gb" 21"#, 1),
        (r#"cpu "20500m""#, 0),
        (r#"cpu "21""#, 1),
        (r#"memory "41Gi""#, 0),
        (r#"memory "42Gi""#, 1),
        (r#"gpu 1"#, 1),
    ] {
        let objects = on_cluster(&facts(quota), model);
        let deployment = named(&objects, "Deployment", "m");
        let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
        assert_eq!(rolling["maxSurge"], surge, "{quota}");
        assert_eq!(rolling["maxUnavailable"], 1 - surge, "{quota}");
    }
}

/// Two pods of five GPUs leave three free on each node: none of them is enough for a third.
#[test]
fn surge_needs_a_whole_node() {
    let facts = r#"
    provides "gpu-operator" version="26.3"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "whole" gpu="A100-SXM4-80GB" nodes=2 gpus-per-node=8"#;
    for (count, surge) in [(5, 0), (4, 1)] {
        let model = format!(
            r#"model "m" {{ artifact "s3://models/m/" size="100Mi"; gpu count={count}; scale 2 }}"#
        );
        let objects = on_cluster(facts, &model);
        let deployment = named(&objects, "Deployment", "m");
        let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
        assert_eq!(rolling["maxSurge"], surge, "{count}");
    }
}
