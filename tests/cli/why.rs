//! `why FILE:LINE`.

use super::{Folder, Run};

/// The workspace of these tests: a preset, a patch, a derived number, defaults.
fn workspace() -> Folder {
    let folder = Folder::new();
    folder.two_environments();
    folder.write(
        "ws/models/a.kdl",
        r#"preset "tabular" {
    resources memory="512Mi"
}
model "a" {
    like "tabular"
    artifact "s3://models/a/" size="8Ki"
    resources cpu="500m"
    label "team" "nlp"
    in "staging" { scale 3 }
}
"#,
    );
    folder.mlspec(&["compile", "ws"]).exits(0);
    folder
}

const DEPLOYMENT: &str = "ws/deploy/staging/c/a/deployment-a.yaml";

/// Asks about the first line of a file that holds `words`.
#[track_caller]
fn why(folder: &Folder, file: &str, words: &str) -> Run {
    let text = folder.read(file);
    let line = text.lines().position(|line| line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no `{words}` in {file}:\n{text}")) + 1;
    folder
        .mlspec(&["why", &format!("{file}:{line}")])
        .exits(0)
        .prints(words)
}

/// A value of the spec: its place and the nodes around it.
#[test]
fn written() {
    let run = why(&workspace(), DEPLOYMENT, "team: nlp")
        .prints("  /metadata/labels/team\n")
        .prints("  models/a.kdl:8:18  label \"team\" \"nlp\"\n")
        .prints("in model \"a\" > label \"team\"\n");
    assert_eq!(run.stderr, "");
}

/// A value of a preset, of a patch for an environment, and of the cluster.
#[test]
fn other_layers() {
    let folder = workspace();
    for (words, place, node) in [
        (
            "memory: 512Mi",
            "models/a.kdl:2:",
            "in preset \"tabular\" > resources",
        ),
        (
            "replicas: 3",
            "models/a.kdl:9:26",
            "in model \"a\" > in \"staging\" > scale",
        ),
        (
            "namespace: ml-staging",
            "mlspec.kdl:5:",
            "> env \"staging\"",
        ),
        (
            "- http://minio.minio.svc:9000",
            "mlspec.kdl:9:",
            "in cluster \"c\" > store",
        ),
    ] {
        why(&folder, DEPLOYMENT, words).prints(place).prints(node);
    }
}

/// A derived number: the formula, and where its inputs come from.
#[test]
fn derived() {
    why(&workspace(), DEPLOYMENT, "progressDeadlineSeconds")
        .prints("progress deadline = fetch time + startup window")
        .prints("bandwidth = 100Mi/s\n")
        .prints("size = 8Ki\n")
        .prints("models/a.kdl:6:");
}

/// A default, and what is always so.
#[test]
fn not_written() {
    let folder = workspace();
    why(
        &folder,
        "ws/deploy/staging/c/a/service-a.yaml",
        "type: ClusterIP",
    )
    .prints("default of `expose");
    why(&folder, DEPLOYMENT, "automountServiceAccountToken").prints("always so: ");
}

/// The place may be given from inside the workspace, and as an absolute path.
#[test]
fn from_anywhere() {
    let folder = workspace();
    let file = "deploy/staging/c/a/deployment-a.yaml:1";
    let absolute = folder.path(&format!("ws/{file}"));
    for (from, place) in [
        ("ws", file),
        ("ws/deploy/staging", "c/a/deployment-a.yaml:1"),
        ("", absolute.to_str().unwrap()),
    ] {
        let asked = super::program(&folder.path(from))
            .args(["why", place])
            .output();
        Run::from(asked.unwrap())
            .exits(0)
            .prints("1: apiVersion: apps/v1\n");
    }
}

/// A file on disk that is not what the spec gives now: said, and the fresh line explained.
#[test]
fn stale() {
    let folder = workspace();
    folder.edit("ws/models/a.kdl", "\"nlp\"", "\"vision\"");
    let run = folder
        .mlspec(&["why", &format!("{DEPLOYMENT}:1")])
        .exits(0)
        .prints("apps/v1");
    run.says("the file on disk differs from what this workspace compiles to");
    folder.mlspec(&["compile", "ws"]).exits(0);
    let run = folder.mlspec(&["why", &format!("{DEPLOYMENT}:1")]).exits(0);
    assert_eq!(run.stderr, "");
}

/// Lists of files for Flux are written too, and so they are explained.
#[test]
fn lists_for_flux() {
    let folder = workspace();
    folder.edit(
        "ws/mlspec.kdl",
        "    use ",
        "    gitops \"flux\" repo=\"https://git.acme.io/d.git\" branch=\"main\"\n    use ",
    );
    folder.mlspec(&["compile", "ws"]).exits(0);
    let list = "ws/deploy/staging/c/a/kustomization.yaml";
    for line in 1..=folder.read(list).lines().count() {
        let run = folder.mlspec(&["why", &format!("{list}:{line}")]).exits(0);
        assert!(run.stdout.contains("Flux"), "{run:?}");
    }
}

/// What cannot be explained is told why.
#[test]
fn refused() {
    let folder = workspace();
    let refused = |place: &str| folder.mlspec(&["why", place]).exits(1).prints_nothing();
    refused("ws/mlspec.kdl").says("is not FILE:LINE");
    refused("ws/mlspec.kdl:x").says("is not FILE:LINE");
    refused("elsewhere.yaml:1").says("lies in no workspace");
    refused(&format!("{DEPLOYMENT}:12:3")).says(&format!("write `{DEPLOYMENT}:12`"));
    refused("ws/mlspec.kdl:1").says("`ws/mlspec.kdl` is not a file that this workspace writes");
    refused("ws/deploy/mlspec.ledger:1").says("is the ledger");
    refused("ws/deploy/elsewhere.yaml:1").says("is not a file that this workspace writes");
    refused(&format!("{DEPLOYMENT}:0")).says("has no line 0");
    refused(&format!("{DEPLOYMENT}:9999")).says("has no line 9999");
    folder.edit("ws/models/a.kdl", "8Ki", "8Kb");
    refused(&format!("{DEPLOYMENT}:1"))
        .says("8Kb")
        .says("has to compile");
}

/// For programs: one object, whose file is the one that was asked for.
#[test]
fn for_programs() {
    let folder = workspace();
    let place = format!("{DEPLOYMENT}:1");
    let run = folder.mlspec(&["why", &place, "--format", "json"]).exits(0);
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&answer["file"], &answer["line"]),
        (&DEPLOYMENT.into(), &1.into())
    );
    assert_eq!(answer["field"], "/apiVersion");
    let origin = answer["origin"].as_str().unwrap();
    assert_eq!(origin.trim(), origin);
}

/// What a patch wrote: its place, in the model and in an environment; beside it the emitter's own.
#[test]
fn patched() {
    let folder = Folder::new();
    folder.two_environments();
    folder.write(
        "ws/models/a.kdl",
        r#"model "a" {
    artifact "s3://models/a/" size="8Ki"
    patch "Deployment" {
        spec {
            minReadySeconds 10
            template { spec { hostAliases { - ip="10.0.0.7" { hostnames "features.acme.io" "b" } } } }
        }
    }
    in "staging" { patch "Deployment" { spec { minReadySeconds 20 } } }
}
"#,
    );
    folder.mlspec(&["compile", "ws"]).exits(0);
    why(&folder, DEPLOYMENT, "minReadySeconds: 20")
        .prints("models/a.kdl:9:64")
        .prints("in model \"a\" > in \"staging\" > patch \"Deployment\" > spec > minReadySeconds");
    why(&folder, DEPLOYMENT, "- features.acme.io")
        .prints("  /spec/template/spec/hostAliases/0/hostnames/0\n")
        .prints("models/a.kdl:6:73");
    why(&folder, DEPLOYMENT, "kind: Deployment").prints("always so:");
}
