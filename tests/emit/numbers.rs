//! Numbers in objects that rest on several facts at once.

use mlspec::compile::{Options, compile};
use mlspec::render::Memory;
use mlspec::system::MemorySystem;
use mlspec::why;
use serde_json::Value;

use super::{ROOT, cluster, named, objects, on_cluster};

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

/// Windows are whole minutes, two of them at least.
#[test]
fn windows_are_whole_minutes() {
    for (scrape, window) in [
        ("30s", "[2m]"),
        ("31s", "[3m]"),
        ("60s", "[4m]"),
        ("61s", "[5m]"),
    ] {
        let facts = FACTS.replace(r#"scrape="5m""#, &format!(r#"scrape="{scrape}""#));
        let model = r#"model "m" {
    artifact "s3://models/m/" size="1Gi"
    scale min=2 max=4 { on "latency" p95="400ms" }
}"#;
        let scaled = named(&on_cluster(&facts, model), "ScaledObject", "m");
        let query = &scaled["spec"]["triggers"][0]["metadata"]["query"];
        assert!(query.as_str().unwrap().contains(window), "{scrape} {query}");
    }
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

/// What is written of surge and unavailability stands; the other half follows from it and from the
/// room there is.
#[test]
fn halves_of_a_rollout() {
    let facts = |nodes: u32| {
        format!(
            r#"
    provides "gpu-operator" version="26.3"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "whole" gpu="A100-SXM4-80GB" nodes={nodes} gpus-per-node=8"#
        )
    };
    for (nodes, written, surge, unavailable) in [
        (2, "", 0, 1),
        (3, "", 1, 0),
        (2, r#"rollout "rolling" max-unavailable=0"#, 1, 0),
        (2, r#"rollout "rolling" max-unavailable=1"#, 0, 1),
        (3, r#"rollout "rolling" max-unavailable=1"#, 1, 1),
        (2, r#"rollout "rolling" max-surge=0"#, 0, 1),
        (2, r#"rollout "rolling" max-surge=1"#, 1, 0),
        (2, r#"rollout "rolling" max-surge=2"#, 2, 0),
    ] {
        let model = format!(
            r#"model "m" {{ artifact "s3://models/m/" size="100Mi"; gpu count=8; scale 2; {written} }}"#
        );
        let objects = on_cluster(&facts(nodes), &model);
        let deployment = named(&objects, "Deployment", "m");
        let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
        let case = format!("{written} on {nodes}");
        assert_eq!(rolling["maxSurge"], surge, "{case}");
        assert_eq!(rolling["maxUnavailable"], unavailable, "{case}");
    }
}

/// A rollout counts as failed 5m after fetch and startup are over, after 10m at the soonest.
#[test]
fn deadline_holds_pull_fetch_and_startup() {
    for (size, startup, deadline) in [
        // 56s of fetching, 2 × (112s + 10s) of startup, 300s.
        ("11200Mi", "", 600),
        // 57s, 2 × (114s + 10s), 300s.
        ("11400Mi", "", 605),
        ("1000Mi", r#"startup "295s""#, 600),
        ("1000Mi", r#"startup "296s""#, 601),
        ("1001Mi", r#"startup "295s""#, 601),
    ] {
        let model =
            format!(r#"model "m" {{ artifact "s3://models/m/" size="{size}"; {startup} }}"#);
        let deployment = named(&of(&model), "Deployment", "m");
        assert_eq!(
            deployment["spec"]["progressDeadlineSeconds"], deadline,
            "{size} {startup}"
        );
    }
}

/// Replicas stay for twice the time that a new one takes, 5m at least and 1h at most.
#[test]
fn cooldown_holds_fetch_and_startup_twice() {
    // 10s of fetching, and the startup window.
    for (startup, cooldown) in [(140, 300), (141, 302), (1790, 3600), (1791, 3600)] {
        let model = format!(
            r#"model "m" {{
    artifact "s3://models/m/" size="2000Mi"
    startup "{startup}s"
    scale min=2 max=4 {{ on "cpu" utilization="50%" }}
}}"#
        );
        let scaler = named(&of(&model), "HorizontalPodAutoscaler", "m");
        let down = &scaler["spec"]["behavior"]["scaleDown"];
        assert_eq!(down["stabilizationWindowSeconds"], cooldown, "{startup}");
    }
}

/// Windows over ten minutes are asked for every 10s; the last, cut one counts as a whole.
#[test]
fn startup_probe_covers_the_window() {
    for (startup, period, failures) in [(5, 5, 1), (6, 5, 2), (600, 5, 120), (601, 10, 61)] {
        let model = format!(
            r#"model "m" {{
    runtime "container" image="acme.io/m:1" port=8080 {{ user 1000; readiness "/ready" }}
    resources memory="1Gi"
    startup "{startup}s"
}}"#
        );
        let deployment = named(&of(&model), "Deployment", "m");
        let probe = &deployment["spec"]["template"]["spec"]["containers"][0]["startupProbe"];
        assert_eq!(
            (&probe["periodSeconds"], &probe["failureThreshold"]),
            (&period.into(), &failures.into()),
            "{startup}"
        );
    }
}

/// Replicas spread over zones where the pool has several.
#[test]
fn spread_over_zones() {
    for (zones, keys) in [
        ("", &["kubernetes.io/hostname"][..]),
        (r#"zone "a""#, &["kubernetes.io/hostname"]),
        (
            r#"zone "a" "b""#,
            &["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
        ),
    ] {
        let facts = format!(
            r#"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "cpu" nodes=40 cpu="16" memory="64Gi" {{ {zones} }}"#
        );
        let model = r#"model "m" { artifact "s3://models/m/" size="100Mi"; scale 2 }"#;
        let deployment = named(&on_cluster(&facts, model), "Deployment", "m");
        let spread = &deployment["spec"]["template"]["spec"]["topologySpreadConstraints"];
        let spread = spread.as_array().unwrap().iter();
        let found: Vec<_> = spread.map(|s| s["topologyKey"].as_str().unwrap()).collect();
        assert_eq!(found, keys, "{zones}");
    }
}

/// Prometheus is asked in the way that its credentials are for.
#[test]
fn prometheus_gets_the_credentials_it_asks_for() {
    for (keys, mode) in [
        (r#"bearer-token key="t""#, "bearer"),
        (r#"username key="u"; password key="p""#, "basic"),
    ] {
        let auth = format!(r#"    auth "prom" secret="prom" {{ {keys} }}"#);
        let root = ROOT.replacen("    env ", &format!("{auth}\n    env "), 1);
        let model = r#"model "m" {
    artifact "s3://models/m/" size="1Gi"
    scale min=1 max=2 { on "prometheus" query="sum(x)" threshold=10 auth="prom" }
}"#;
        let objects = objects(&[("mlspec.kdl", &root), ("m.kdl", &cluster(FACTS, model))]);
        let scaled = named(&objects, "ScaledObject", "m");
        assert_eq!(scaled["spec"]["triggers"][0]["metadata"]["authModes"], mode);
    }
}

/// Gateways and Flux wait for the slowest variant, whichever it is.
#[test]
fn the_slowest_variant_is_waited_for() {
    let root = ROOT.replacen(
        "    env ",
        "    gitops \"flux\" repo=\"https://git.acme.io/ml/deploy.git\" branch=\"main\"\n    env ",
        1,
    );
    let slow =
        r#"batch max-delay="3s"; rollout "rolling" max-surge=1 max-unavailable=0 deadline="20m""#;
    for (a, b) in [(slow, ""), ("", slow)] {
        let model = format!(
            r#"model "m" {{
    artifact "s3://models/m/" size="100Mi"
    timeout "10s"
    scale 3
    expose gateway="public" host="m.acme.io"
    split {{
        variant "a" weight=50 primary=#true {{ {a} }}
        variant "b" weight=50 {{ {b} }}
    }}
}}"#
        );
        let objects = objects(&[("mlspec.kdl", &root), ("m.kdl", &cluster(FACTS, &model))]);
        let route = named(&objects, "HTTPRoute", "m");
        // 10s + 3s + 1s.
        assert_eq!(route["spec"]["rules"][0]["timeouts"]["request"], "14s");
        let kustomization = named(&objects, "Kustomization", "dev.m");
        // Three replicas, one at a time.
        assert_eq!(kustomization["spec"]["timeout"], "1h");
    }
}
