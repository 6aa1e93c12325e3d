//! What objects say to each other, and what no object may lack.

use serde_json::{Value, json};

use super::workspace::{ARGOCD, FLUX};
use super::{named, objects, on_cluster, value};
use mlspec::emit::Object;

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn of_kind(objects: &[Object], kind: &str) -> Vec<Value> {
    let found = objects.iter().filter(|o| o.body.kind() == kind);
    let found: Vec<_> = found.map(value).collect();
    assert!(!found.is_empty(), "no {kind}");
    found
}

fn pod(deployment: &Value) -> &Value {
    &deployment["spec"]["template"]["spec"]
}

/// Whether labels have every entry of a selector.
fn selects(selector: &Value, labels: &Value) -> bool {
    let entries = selector.as_object().unwrap();
    !entries.is_empty() && entries.iter().all(|(k, v)| &labels[k] == v)
}

/// The restricted level, and what goes beyond it.
#[test]
fn pods_are_restricted() {
    for deployment in of_kind(&objects(ARGOCD), "Deployment") {
        let pod = pod(&deployment);
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert_eq!(
            pod["securityContext"]["seccompProfile"]["type"],
            "RuntimeDefault"
        );
        assert_eq!(pod["automountServiceAccountToken"], false);
        for container in list(&pod["containers"])
            .iter()
            .chain(list(&pod["initContainers"]))
        {
            let context = &container["securityContext"];
            assert_eq!(context["allowPrivilegeEscalation"], false);
            assert_eq!(context["capabilities"], json!({"drop": ["ALL"]}));
            assert_eq!(context["readOnlyRootFilesystem"], true);
            assert!(container["resources"]["requests"]["cpu"].is_string());
            assert!(container["resources"]["limits"]["memory"].is_string());
        }
        for volume in list(&pod["volumes"]) {
            let allowed = ["configMap", "emptyDir", "persistentVolumeClaim", "secret"];
            assert!(allowed.iter().any(|a| !volume[a].is_null()), "{volume}");
        }
    }
}

/// Volumes and mounts name each other, and what the server only reads it cannot write.
#[test]
fn mounts_have_volumes() {
    for deployment in of_kind(&objects(ARGOCD), "Deployment") {
        let pod = pod(&deployment);
        let server = &pod["containers"][0];
        let names = |l: &Value| {
            list(l)
                .iter()
                .map(|v| v["name"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&pod["volumes"]), names(&server["volumeMounts"]));
        for mount in list(&server["volumeMounts"]) {
            let written = ["tmp", "shm"].iter().any(|n| mount["name"] == *n)
                || mount["name"].as_str().unwrap().starts_with("writable");
            assert_eq!(mount["readOnly"] == true, !written, "{mount}");
        }
        for fetcher in list(&pod["initContainers"]) {
            let mount = &fetcher["volumeMounts"][0];
            assert_eq!(mount["name"], "model");
            assert!(list(&fetcher["args"]).contains(&mount["mountPath"]));
        }
    }
}

/// `replicas` stands in Git only where no autoscaler owns it, and autoscalers find their
/// Deployment and its container.
#[test]
fn replicas_have_one_owner() {
    let objects = objects(ARGOCD);
    let scaler = |name: &Value| {
        let owners = of_kind(&objects, "ScaledObject").into_iter();
        let owners = owners.chain(of_kind(&objects, "HorizontalPodAutoscaler"));
        owners
            .filter(|o| &o["spec"]["scaleTargetRef"]["name"] == name)
            .count()
    };
    for deployment in of_kind(&objects, "Deployment") {
        let fixed = usize::from(deployment["spec"]["replicas"].is_number());
        assert_eq!(
            fixed + scaler(&deployment["metadata"]["name"]),
            1,
            "{deployment}"
        );
    }
    let hpa = named(&objects, "HorizontalPodAutoscaler", "ranker");
    let server = named(&objects, "Deployment", "ranker");
    let container = &hpa["spec"]["metrics"][0]["containerResource"]["container"];
    assert_eq!(container, &pod(&server)["containers"][0]["name"]);
}

/// Both bounds are always there; the cooldown only where it can matter; two triggers share
/// their credentials.
#[test]
fn scaled_objects_are_explicit() {
    let objects = objects(ARGOCD);
    let spec = &named(&objects, "ScaledObject", "bert")["spec"];
    assert_eq!(
        (&spec["minReplicaCount"], &spec["maxReplicaCount"]),
        (&json!(2), &json!(20))
    );
    assert!(spec["cooldownPeriod"].is_null());
    assert_eq!(
        spec["fallback"],
        json!({"failureThreshold": 3, "replicas": 2})
    );
    for trigger in list(&spec["triggers"]) {
        let metadata = trigger["metadata"].as_object().unwrap();
        assert!(metadata.values().all(Value::is_string), "{trigger}");
    }
    let auth = named(&objects, "TriggerAuthentication", "bert-kafka-prod");
    let refs = &auth["spec"]["secretTargetRef"];
    assert_eq!(
        refs[0],
        json!({"key": "user", "name": "kafka", "parameter": "username"})
    );
}

/// Every Service finds pods, and every port of it a port of their container.
#[test]
fn services_find_pods_and_ports() {
    let objects = objects(ARGOCD);
    let deployments = of_kind(&objects, "Deployment");
    for service in of_kind(&objects, "Service") {
        let selector = &service["spec"]["selector"];
        let labels = |d: &Value| d["spec"]["template"]["metadata"]["labels"].clone();
        let mut found = deployments
            .iter()
            .filter(|d| selects(selector, &labels(d)))
            .peekable();
        assert!(found.peek().is_some(), "{service}");
        for deployment in found {
            let ports = list(&pod(deployment)["containers"][0]["ports"]);
            for port in list(&service["spec"]["ports"]) {
                assert!(
                    ports.iter().any(|p| p["name"] == port["targetPort"]),
                    "{port}"
                );
                assert!(port["appProtocol"].is_string());
            }
        }
    }
}

/// Prometheus scrapes a port that the Service has: that of requests, or one beside it.
#[test]
fn monitors_name_a_port_of_the_service() {
    let facts = r#"
    provides "prometheus-operator" version="0.93" url="http://prometheus.monitoring:9090"
    pool "cpu" nodes=40 cpu="16" memory="64Gi""#;
    for (port, name) in [
        ("", "http"),
        ("port=8080", "http"),
        ("port=8081", "http-metrics"),
    ] {
        let model = format!(
            r#"model "m" {{
    runtime "container" image="acme.io/m:1" port=8080 {{ user 1000; readiness "/ready"; metrics "/metrics" {port} }}
    resources memory="1Gi"
    startup "60s"
}}"#
        );
        let objects = on_cluster(facts, &model);
        let monitor = named(&objects, "ServiceMonitor", "m");
        assert_eq!(monitor["spec"]["endpoints"][0]["port"], name, "{port}");
        let service = named(&objects, "Service", "m");
        assert!(
            list(&service["spec"]["ports"])
                .iter()
                .any(|p| p["name"] == name)
        );
    }
}

/// A load balancer leads to metrics only where they have no port of their own.
#[test]
fn metrics_beside_a_load_balancer() {
    for (port, services) in [("", &["m"][..]), ("port=8081", &["m", "m-metrics"])] {
        let model = format!(
            r#"model "m" {{
    runtime "container" image="acme.io/m:1" port=8080 {{ user 1000; readiness "/ready"; metrics "/metrics" {port} }}
    resources memory="1Gi"
    startup "60s"
    expose service="LoadBalancer"
}}"#
        );
        let objects = on_cluster(r#"pool "cpu" nodes=40 cpu="16" memory="64Gi""#, &model);
        let mut found: Vec<_> = of_kind(&objects, "Service")
            .iter()
            .map(|s| s["metadata"]["name"].as_str().unwrap().to_owned())
            .collect();
        found.sort_unstable();
        assert_eq!(found, services, "{port}");
    }
}

/// The selector that a model takes over is its primary variant's alone: another's Deployment would
/// own the same pods.
#[test]
fn a_selector_taken_over_is_the_primary_variants() {
    let facts = r#"
    provides "gateway-api" version="1.6"
    gateway "public" kind="gateway-api" namespace="edge"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "cpu" nodes=40 cpu="16" memory="64Gi""#;
    let model = r#"model "m" {
    artifact "s3://models/m/" size="1Gi"
    selector "app" "nlp"
    expose gateway="public" host="m.acme.io"
    split {
        variant "a" weight=50 primary=#true
        variant "b" weight=50
    }
}"#;
    let objects = on_cluster(facts, model);
    for (name, selector) in [
        ("m", json!({"app": "nlp"})),
        ("m-b", json!({"app.kubernetes.io/name": "m-b"})),
    ] {
        let deployment = named(&objects, "Deployment", name);
        assert_eq!(deployment["spec"]["selector"]["matchLabels"], selector);
    }
}

/// Header rules come before the catch-all, weights total 100, and backends are Services and
/// ports that are there.
#[test]
fn routes_lead_somewhere() {
    let objects = objects(ARGOCD);
    for route in of_kind(&objects, "HTTPRoute") {
        let [header, rest] = list(&route["spec"]["rules"]) else {
            panic!("one rule by header and one by weight in {route}")
        };
        assert_eq!(header["matches"][0]["headers"][0]["name"], "x-Beta");
        assert!(rest["matches"][0]["headers"].is_null());
        let weights = list(&rest["backendRefs"]).iter();
        assert_eq!(
            weights.map(|b| b["weight"].as_i64().unwrap()).sum::<i64>(),
            100
        );
        for to in list(&header["backendRefs"])
            .iter()
            .chain(list(&rest["backendRefs"]))
        {
            let service = named(&objects, "Service", to["name"].as_str().unwrap());
            let ports = list(&service["spec"]["ports"]);
            assert!(ports.iter().any(|p| p["port"] == to["port"]), "{to}");
        }
    }
}

/// A subset that a VirtualService names is in the DestinationRule, and its labels are those of
/// one workload's pods only.
#[test]
fn subsets_select_one_workload() {
    let objects = objects(ARGOCD);
    let rule = named(&objects, "DestinationRule", "bert-variants");
    let subsets = list(&rule["spec"]["subsets"]);
    let route = named(&objects, "VirtualService", "bert-mesh");
    let http = list(&route["spec"]["http"]);
    assert!(http[0]["match"][0]["headers"]["x-beta"].is_object());
    assert!(http[http.len() - 1]["match"][0]["headers"].is_null());
    for to in http.iter().flat_map(|rule| list(&rule["route"])) {
        let to = &to["destination"];
        assert_eq!(to["host"], rule["spec"]["host"]);
        assert!(subsets.iter().any(|s| s["name"] == to["subset"]), "{to}");
    }
    for subset in subsets {
        let deployments = of_kind(&objects, "Deployment");
        let labels = deployments
            .iter()
            .map(|d| &d["spec"]["template"]["metadata"]["labels"]);
        let found = labels.filter(|l| selects(&subset["labels"], l)).count();
        assert_eq!(found, 1, "{subset}");
    }
}

/// A canary has the host and path of its main Ingress and another Service.
#[test]
fn canaries_pair_with_their_main_ingress() {
    let objects = objects(ARGOCD);
    let main = named(&objects, "Ingress", "legacy");
    let canary = named(&objects, "Ingress", "legacy-to-legacy-next");
    let annotation = |o: &Value, name: &str| {
        o["metadata"]["annotations"][format!("nginx.ingress.kubernetes.io/{name}")].clone()
    };
    assert_eq!(annotation(&main, "canary"), Value::Null);
    assert_eq!(annotation(&main, "proxy-read-timeout"), "3");
    assert_eq!(annotation(&canary, "canary"), "true");
    assert_eq!(annotation(&canary, "canary-weight"), "5");
    let rule = |o: &Value| o["spec"]["rules"][0].clone();
    let path = |o: &Value| rule(o)["http"]["paths"][0].clone();
    assert_eq!(rule(&main)["host"], rule(&canary)["host"]);
    assert_eq!(path(&main)["path"], path(&canary)["path"]);
    assert_ne!(path(&main)["backend"], path(&canary)["backend"]);
}

/// What holds data is kept by the tool that syncs it; a claim waits for no earlier wave.
#[test]
fn claims_and_namespaces_are_kept() {
    let (argo, flux) = (
        "argocd.argoproj.io/sync-options",
        "kustomize.toolkit.fluxcd.io/prune",
    );
    let with_argo = objects(ARGOCD);
    let with_flux = objects(FLUX);
    for (objects, kind, name) in [
        (&with_argo, "Namespace", "ml"),
        (&with_argo, "PersistentVolumeClaim", "weights"),
    ] {
        let annotations = &named(objects, kind, name)["metadata"]["annotations"];
        assert_eq!(annotations[argo], "Prune=false,Delete=false");
        assert!(annotations[flux].is_null());
    }
    let annotations = &named(&with_flux, "Namespace", "ml")["metadata"]["annotations"];
    assert_eq!(annotations[flux], "disabled");
    assert!(annotations[argo].is_null());
    let wave = |kind| {
        with_argo
            .iter()
            .find(|o| o.body.kind() == kind)
            .map(|o| o.wave)
    };
    assert_eq!(wave("PersistentVolumeClaim"), wave("Deployment"));
}

/// Volume and claim of an export name each other.
#[test]
fn exports_are_bound_to_their_claims() {
    let objects = objects(ARGOCD);
    let volumes = of_kind(&objects, "PersistentVolume");
    let volume = &volumes[0];
    assert!(volume["metadata"]["namespace"].is_null());
    let name = volume["spec"]["claimRef"]["name"].as_str().unwrap();
    let claim = named(&objects, "PersistentVolumeClaim", name);
    assert_eq!(claim["spec"]["volumeName"], volume["metadata"]["name"]);
    assert_eq!(claim["spec"]["accessModes"], volume["spec"]["accessModes"]);
    assert_eq!(claim["spec"]["storageClassName"], "");
    let deployment = named(&objects, "Deployment", "tabular");
    let used = &pod(&deployment)["volumes"][0]["persistentVolumeClaim"]["claimName"];
    assert_eq!(used, name);
}

/// Template parameters count the parts of the output folder, and what joins them is in no name: else
/// environment `a` on cluster `b-c` and `a-b` on `c` would be one Application.
#[test]
fn application_sets_know_how_deep_the_output_is() {
    let set = named(&objects(ARGOCD), "ApplicationSet", "acme");
    let git = &set["spec"]["generators"][0]["git"];
    assert_eq!(git["directories"], json!([{"path": "out/k8s/*/*/*"}]));
    let template = &set["spec"]["template"];
    assert_eq!(
        template["spec"]["destination"]["name"],
        "{{index .path.segments 3}}"
    );
    assert_eq!(
        template["metadata"]["name"],
        "{{index .path.segments 2}}.{{index .path.segments 3}}\
         {{if ne .path.basename \"_platform\"}}.{{.path.basename}}{{end}}"
    );
}

/// Models wait for their environment's platform, and as long as the slowest of them needs until its
/// last replica is new.
#[test]
fn kustomizations_wait() {
    let objects = objects(FLUX);
    let slow = named(&objects, "Kustomization", "prod.slow");
    assert_eq!(slow["spec"]["dependsOn"], json!([{"name": "prod"}]));
    let deadline = &named_in(&objects, "prod/big/slow")["spec"]["progressDeadlineSeconds"];
    let deadline = deadline.as_i64().unwrap();
    assert!(deadline > 600);
    // Seven replicas, two at a time.
    assert_eq!(slow["spec"]["timeout"], format!("{}s", deadline * 4));
    let staging = named(&objects, "Kustomization", "staging.slow");
    assert!(staging["spec"]["dependsOn"].is_null());
    assert_eq!(staging["spec"]["path"], "./out/k8s/staging/big/slow");
}

fn named_in(objects: &[Object], folder: &str) -> Value {
    let found = objects
        .iter()
        .find(|o| o.folder == folder && o.body.kind() == "Deployment");
    value(found.unwrap())
}
