//! The merge rule, row by row: what the model says, what a layer above says, what holds.

use super::model::{GpuWant, Model, Runtime, Scale, TriggerKind};
use super::resolve;
use crate::source::{FileId, Source};
use crate::{spec, syntax};

const CLUSTER: &str = r#"
cluster "dev" {
    kubernetes "1.36"
    gateway "public" kind="istio" namespace="gw"
    gateway "inner" kind="istio" namespace="gw"
}
"#;

/// Resolves a workspace with the environments `staging` and `prod`; `root` goes into the
/// workspace node, `rest` beside it. Returns it with the codes of what was found.
fn workspace(root: &str, rest: &str) -> (Resolved, Vec<&'static str>) {
    let text = format!(
        "workspace \"w\" edition=1 {{\n image \"mlserve\" \"acme/mlserve:1\"\n env \"staging\" namespace=\"s\" {{ cluster \"dev\" }}\n env \"prod\" namespace=\"p\" {{ cluster \"dev\" }}\n{root}\n}}\n{CLUSTER}\n{rest}\n"
    );
    let source = Source::new("mlspec.kdl", text.as_str());
    let parsed = syntax::parse(FileId(0), &source.text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let (nodes, mut found) = spec::read(&parsed.document, &source);
    let nodes: Vec<_> = nodes.iter().collect();
    let (resolved, more) = resolve(&nodes, true);
    found.extend(more);
    let (workspace, models) = resolved.expect("a workspace");
    let mut made = Vec::new();
    for target in &workspace.targets {
        for model in 0..models.len() {
            let (model, more) = models.resolve(model, &workspace, target);
            found.extend(more);
            made.extend(model.map(|model| (target.env.name.to_string(), model)));
        }
    }
    let mut codes: Vec<_> = found.iter().map(|d| d.code).collect();
    codes.dedup();
    (made, codes)
}

/// Models with the environment that each was made for.
type Resolved = Vec<(String, Model)>;

/// The model `m` in an environment, in a few words.
fn model(resolved: &Resolved, env: &str) -> String {
    let own = |(of, model): &&(String, Model)| of == env && model.name.as_str() == "m";
    let Some((_, model)) = resolved.iter().find(own) else {
        return "absent".to_owned();
    };
    let workload = model.primary();
    let mut words = Vec::new();
    match workload.gpu.as_ref().map(|g| &g.want) {
        None => {}
        Some(GpuWant::Count(n)) => words.push(format!("count={}", n.value)),
        Some(GpuWant::Mig(p)) => words.push(format!("mig={}", p.value)),
        Some(GpuWant::Memory(m)) => words.push(format!("memory={}", m.value)),
        Some(GpuWant::Share { memory, .. }) => words.push(format!("share memory={}", memory.value)),
    }
    match &workload.scale {
        Scale::Fixed(n) => words.push(format!("scale={}", n.value)),
        Scale::Auto(auto) => {
            words.push(format!("scale={}..{}", auto.min.value, auto.max.value));
            for trigger in &auto.triggers {
                let mut word = trigger.kind.name().to_owned();
                if let Some(name) = &trigger.name {
                    word.push_str(&format!("/{}", name.value));
                }
                if let TriggerKind::Cpu(share) = &trigger.kind {
                    word.push_str(&format!("={}", share.value));
                }
                words.push(word);
            }
        }
    }
    match &workload.runtime {
        Runtime::Mlserve(m) if m.max_batch.value != 32 => {
            words.push(format!("batch={}", m.max_batch.value))
        }
        Runtime::Mlserve(_) => {}
        Runtime::Container(c) => words.push(format!(
            "{} user={:?}",
            c.image.value,
            c.user.as_ref().map(|u| u.value)
        )),
    }
    if let Some(artifact) = &workload.artifact {
        words.push(format!(
            "{} size={:?}",
            artifact.uri.value,
            artifact.size.as_ref().map(|s| s.to_string())
        ));
    }
    for var in &workload.env_vars {
        match &var.value {
            super::model::EnvValue::Plain(text) => {
                words.push(format!("{}={}", var.name.value, text.value))
            }
            super::model::EnvValue::Secret(key) => {
                words.push(format!("{} from {}", var.name.value, key.value))
            }
        }
    }
    for (key, value) in &workload.labels {
        words.push(format!("{}:{}", key.value, value.value));
    }
    if let Some(limit) = &workload.resources.memory_limit {
        words.push(format!("limit={}", limit.value));
    }
    for route in &model.routes {
        words.push(format!("route{}", route.path.value));
    }
    words.join(" ")
}

/// One row: the model, the patch of `in "staging"`, what holds in staging.
fn row(below: &str, patch: &str, holds: &str) {
    let text = format!("model \"m\" {{\n{below}\n in \"staging\" {{\n{patch}\n}}\n}}");
    let (workspace, codes) = workspace("", &text);
    assert_eq!(codes, Vec::<&str>::new(), "{text}");
    assert_eq!(model(&workspace, "staging"), holds, "{text}");
}

/// One row that is refused with a code.
fn refused(below: &str, patch: &str, code: &str) {
    let text = format!("model \"m\" {{\n{below}\n in \"staging\" {{\n{patch}\n}}\n}}");
    let (_, codes) = workspace("", &text);
    assert_eq!(codes, [code], "{text}");
}

/// Nodes of one name and key are merged property by property.
#[test]
fn properties_are_merged() {
    row(
        "resources cpu=\"2\" memory-limit=\"8Gi\"",
        "resources cpu=\"1\"",
        "scale=1 limit=8Gi",
    );
    row(
        "label \"a\" \"1\"\nlabel \"b\" \"2\"",
        "label \"b\" \"3\"",
        "scale=1 a:1 b:3",
    );
    row(
        "expose gateway=\"public\" host=\"a.io\" path=\"/a\"\nexpose \"x\" gateway=\"public\" host=\"a.io\" path=\"/x\"",
        "expose \"x\" path=\"/y\"",
        "scale=1 route/a route/y",
    );
    row(
        "scale min=1 max=4 { on \"cpu\" utilization=\"70%\"; on \"concurrency\" per-replica=9 }",
        "scale max=9 { on \"cpu\" utilization=\"50%\" }",
        "scale=1..9 cpu=50% concurrency",
    );
}

/// A second trigger of a kind is told apart by its name.
#[test]
fn triggers_are_told_apart_by_name() {
    row(
        "scale min=1 max=4 { on \"latency\" p95=\"2s\" }",
        "scale { on \"latency\" name=\"b\" p95=\"1s\" source=\"gateway\" }",
        "scale=1..4 latency latency/b",
    );
    row(
        "scale min=1 max=4 { on \"latency\" p95=\"2s\"; on \"latency\" name=\"b\" p95=\"1s\" }",
        "scale { (remove)on \"latency\" name=\"b\" }",
        "scale=1..4 latency",
    );
}

/// A node whose first argument says which is replaced whole where that differs.
#[test]
fn which_nodes_are_replaced() {
    row(
        "artifact \"s3://mod/1/\" size=\"1Gi\"",
        "artifact \"s3://mod/2/\"",
        "scale=1 s3://mod/2/ size=None",
    );
    row(
        "artifact \"s3://mod/1/\"",
        "artifact \"s3://mod/1/\" size=\"1Gi\"",
        "scale=1 s3://mod/1/ size=Some(\"1Gi\")",
    );
    row(
        "runtime \"container\" image=\"a/b:1\" port=80 { user 5 }",
        "runtime \"container\" image=\"a/b:2\"",
        "scale=1 a/b:2 user=Some(5)",
    );
    row(
        "runtime \"container\" image=\"a/b:1\" port=80 { user 5 }",
        "runtime \"mlserve\"",
        "scale=1",
    );
}

/// Members of an exclusive group replace each other.
#[test]
fn groups_replace_each_other() {
    row(
        "gpu mig=\"1g.5gb\"",
        "gpu share=\"time-slicing\" memory=\"2Gi\"",
        "share memory=2Gi scale=1",
    );
    row(
        "gpu share=\"time-slicing\" memory=\"2Gi\"",
        "gpu memory=\"4Gi\"",
        "share memory=4Gi scale=1",
    );
    row(
        "gpu share=\"time-slicing\" memory=\"2Gi\"",
        "gpu count=1",
        "count=1 scale=1",
    );
    row(
        "gpu mig=\"1g.5gb\"",
        "gpu memory=\"4Gi\"",
        "memory=4Gi scale=1",
    );
    row("gpu count=2", "gpu mig=\"1g.5gb\"", "mig=1g.5gb scale=1");
    row(
        "env-var \"A\" \"x\"",
        "env-var \"A\" secret=\"s/k\"",
        "scale=1 A from s/k",
    );
    row(
        "env-var \"A\" secret=\"s/k\"",
        "env-var \"A\" \"x\"",
        "scale=1 A=x",
    );
    row(
        "scale 3",
        "scale min=1 max=2 { on \"cpu\" utilization=\"70%\" }",
        "scale=1..2 cpu=70%",
    );
    row(
        "scale min=1 max=2 { on \"cpu\" utilization=\"70%\" }",
        "scale 3",
        "scale=3",
    );
}

/// The staging patch of the design: no `mig=` and no trigger is left.
#[test]
fn staging_of_the_design() {
    row(
        "gpu mig=\"1g.5gb\"\nscale min=2 max=20 {\n on \"kafka\" servers=\"k.d.svc:9092\" topic=\"t\" group=\"g\" lag=100\n on \"latency\" p95=\"400ms\"\n}",
        "gpu share=\"time-slicing\" memory=\"2Gi\"; scale 1",
        "share memory=2Gi scale=1",
    );
}

/// `#null` unsets a property, `(remove)` deletes a node; each must find what it takes away.
#[test]
fn unset_and_remove() {
    row(
        "resources memory-limit=\"8Gi\"",
        "resources memory-limit=#null",
        "scale=1",
    );
    row("label \"a\" \"1\"", "(remove)label \"a\"", "scale=1");
    refused(
        "resources cpu=\"1\"",
        "resources memory-limit=#null",
        "LNG-12",
    );
    refused("label \"a\" \"1\"", "(remove)label \"b\"", "LNG-11");
}

/// Default < defaults < presets in order < model < variant, each followed by its own `in`.
#[test]
fn layers_in_order() {
    let root = "defaults {\n label \"l\" \"defaults\"\n label \"d\" \"1\"\n in \"staging\" { label \"l\" \"defaults-in\"; label \"i\" \"1\" }\n}";
    let presets = "preset \"a\" { label \"l\" \"a\"; label \"p\" \"a\" }\npreset \"b\" { label \"p\" \"b\" }\n";
    let (found, codes) = workspace(
        root,
        &format!("{presets} model \"m\" {{ like \"a\" \"b\" }}"),
    );
    assert_eq!(codes, Vec::<&str>::new());
    assert_eq!(model(&found, "staging"), "scale=1 l:a d:1 i:1 p:b");
    assert_eq!(model(&found, "prod"), "scale=1 l:a d:1 p:b");
    let (found, _) = workspace(
        root,
        &format!("{presets} model \"m\" {{ like \"b\" \"a\"; label \"l\" \"m\" }}"),
    );
    assert_eq!(model(&found, "prod"), "scale=1 l:m d:1 p:a");
}

/// A variant patches the model, and takes away with it.
#[test]
fn variants_patch_the_model() {
    let text = "model \"m\" {\n label \"a\" \"1\"\n gpu mig=\"1g.5gb\"\n split {\n variant \"one\" weight=90 primary=#true\n variant \"two\" weight=10 { gpu count=1; (remove)label \"a\" }\n}\n}";
    let (workspace, codes) = workspace("", text);
    assert_eq!(codes, Vec::<&str>::new());
    let workloads = &workspace[0].1.workloads;
    assert!(matches!(
        workloads[0].gpu.as_ref().map(|g| &g.want),
        Some(GpuWant::Mig(_))
    ));
    assert!(matches!(
        workloads[1].gpu.as_ref().map(|g| &g.want),
        Some(GpuWant::Count(_))
    ));
    assert_eq!(
        (workloads[0].labels.len(), workloads[1].labels.len()),
        (1, 0)
    );
}

/// `only` keeps a model out; a name that is not there is an error.
#[test]
fn names_must_be_there() {
    let (found, codes) = workspace("", "model \"m\" { only \"prod\" }");
    assert_eq!(
        (model(&found, "staging").as_str(), codes),
        ("absent", vec![])
    );
    for text in [
        "model \"m\" { only \"stagin\" }",
        "model \"m\" { in \"stagin\" { scale 1 } }",
        "model \"m\" { in \"prod\" cluster=\"other\" { scale 1 } }",
        "model \"m\" { like \"nothing\" }",
        "model \"m\" { expose gateway=\"publik\" host=\"a.io\" }",
    ] {
        let (_, codes) = workspace("", text);
        assert_eq!(codes, ["LNG-14"], "{text}");
    }
}
