//! `compile` as it is used day by day.

use super::Folder;

const SERVICE: &str = "ws/deploy/dev/dev/hello/service-hello.yaml";

/// Compile, commit, check; an edited spec is stale until it is compiled.
#[test]
fn check_follows_the_spec() {
    let folder = Folder::initialized();
    folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(1)
        .says("OUT-05")
        .prints_nothing();
    folder
        .mlspec(&["compile", "ws"])
        .exits(0)
        .prints(&format!("+ {SERVICE}\n"));
    let run = folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(0)
        .prints_nothing();
    assert!(run.stderr.contains("unchanged 5"), "{run:?}");
    folder
        .mlspec(&["compile", "ws"])
        .exits(0)
        .prints_nothing()
        .says("unchanged 5");

    folder.edit("ws/models/hello.kdl", "version \"1.0\"", "version \"1.1\"");
    let before = folder.tree("ws");
    folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(1)
        .says(&format!("`{SERVICE}` is not what the spec asks for now"))
        .says("the spec no longer asks for `ws/deploy/dev/dev/hello/configmap-hello-config-")
        .prints_nothing();
    assert!(before == folder.tree("ws"), "--check wrote");
    folder
        .mlspec(&["compile", "ws"])
        .exits(0)
        .prints(&format!("~ {SERVICE}\n"))
        .prints("\n- ws/deploy/");
    folder.mlspec(&["compile", "--check", "ws"]).exits(0);
}

/// `--dry-run` tells what a compile would do and does none of it.
#[test]
fn dry_run_writes_nothing() {
    let folder = Folder::initialized();
    let before = folder.tree("ws");
    let dry = folder
        .mlspec(&["compile", "--dry-run", "ws"])
        .exits(0)
        .says("would be created 5");
    assert!(before == folder.tree("ws") && !folder.path("ws/deploy").exists());
    let real = folder.mlspec(&["compile", "ws"]).exits(0);
    assert_eq!(dry.stdout, real.stdout);
}

/// A file that was edited by hand stays until `--overwrite`; `--check` refuses it.
#[test]
fn edited_by_hand() {
    let folder = Folder::initialized();
    folder.mlspec(&["compile", "ws"]).exits(0);
    let written = folder.read(SERVICE);
    folder.edit(SERVICE, "port: 80\n", "port: 81\n");
    let edited = folder.tree("ws");
    let message = format!("`{SERVICE}` was changed after mlspec wrote it");
    folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(1)
        .says(&message);
    folder
        .mlspec(&["compile", "ws"])
        .exits(1)
        .says(&message)
        .says("--overwrite")
        .prints_nothing();
    folder
        .mlspec(&["compile", "--adopt", "ws"])
        .exits(1)
        .says(&message);
    assert!(edited == folder.tree("ws"));
    folder
        .mlspec(&["compile", "--overwrite", "ws"])
        .exits(0)
        .prints(&format!("~ {SERVICE}\n"));
    assert_eq!(folder.read(SERVICE), written);
}

/// A file that mlspec did not write stays until `--adopt`; one beside ours always stays.
#[test]
fn foreign_files() {
    let folder = Folder::initialized();
    folder.write(SERVICE, "mine");
    folder.write("ws/deploy/dev/dev/hello/notes.yaml", "mine too");
    let before = folder.tree("ws");
    let message = format!("`{SERVICE}` exists and was not written by mlspec");
    folder
        .mlspec(&["compile", "ws"])
        .exits(1)
        .says(&message)
        .says("--adopt")
        .prints_nothing();
    folder
        .mlspec(&["compile", "--overwrite", "ws"])
        .exits(1)
        .says(&message);
    assert!(
        before == folder.tree("ws"),
        "something was written beside a refusal"
    );
    folder.mlspec(&["compile", "--adopt", "ws"]).exits(0);
    assert!(folder.read(SERVICE).starts_with("apiVersion: v1\n"));

    folder.edit("ws/models/hello.kdl", "model \"hello\"", "model \"other\"");
    folder
        .mlspec(&["compile", "ws"])
        .exits(0)
        .says("created 5, changed 0, deleted 5");
    let left: Vec<String> = folder.tree("ws/deploy/dev/dev/hello").into_keys().collect();
    assert_eq!(left, ["notes.yaml"]);
}

/// `--env` writes one environment's files and forgets nothing of the other.
#[test]
fn one_environment() {
    let folder = Folder::new();
    folder.two_environments();
    let run = folder
        .mlspec(&["compile", "--env", "staging", "ws"])
        .exits(0)
        .prints("+ ws/deploy/staging/");
    assert!(!run.stdout.contains("/prod/") && !folder.path("ws/deploy/prod").exists());
    folder
        .mlspec(&["compile", "--check", "--env", "staging", "ws"])
        .exits(0);
    folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(1)
        .says("deploy/prod/");
    folder.mlspec(&["compile", "ws"]).exits(0);

    let prod = folder.tree("ws/deploy/prod");
    folder.edit("ws/models/a.kdl", "500m", "750m");
    folder
        .mlspec(&["compile", "--env", "staging", "ws"])
        .exits(0);
    assert!(
        prod == folder.tree("ws/deploy/prod"),
        "--env staging wrote to prod"
    );
    folder
        .mlspec(&["compile", "--check", "--env", "staging", "ws"])
        .exits(0);
    // The ledger still knows prod's files: nothing is foreign, and they are only out of date.
    let run = folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(1)
        .says("OUT-04");
    assert!(
        !run.stderr.contains("OUT-01") && !run.stderr.contains("/staging/"),
        "{run:?}"
    );
    folder
        .mlspec(&["compile", "ws"])
        .exits(0)
        .prints("~ ws/deploy/prod/");
}

/// An environment that is not there is told with what is.
#[test]
fn unknown_environment() {
    let folder = Folder::new();
    folder.two_environments();
    let near = folder
        .mlspec(&["compile", "--env", "stagin", "ws"])
        .exits(1)
        .prints_nothing();
    assert!(
        near.stderr.contains("did you mean \"staging\"?"),
        "{near:?}"
    );
    let far = folder
        .mlspec(&["compile", "--env", "qqqqqq", "ws"])
        .exits(1)
        .prints_nothing();
    assert!(
        far.stderr.contains("there are \"prod\", \"staging\""),
        "{far:?}"
    );
    assert!(!folder.path("ws/deploy").exists());
}

/// A spec with an error writes nothing and leaves what is there.
#[test]
fn an_error_writes_nothing() {
    let folder = Folder::initialized();
    folder.mlspec(&["compile", "ws"]).exits(0);
    folder.edit("ws/models/hello.kdl", "size=\"8Ki\"", "size=\"8Kb\"");
    let before = folder.tree("ws");
    for command in ["compile", "check"] {
        folder
            .mlspec(&[command, "ws"])
            .exits(1)
            .says("8Kb")
            .says("ws/models/hello.kdl:4")
            .prints_nothing();
    }
    folder
        .mlspec(&["compile", "--check", "ws"])
        .exits(1)
        .prints_nothing();
    assert!(before == folder.tree("ws"));
}

/// What contradicts `--check` is refused, and so is an unknown flag.
#[test]
fn contradictions() {
    let folder = Folder::initialized();
    for flag in ["--dry-run", "--adopt", "--overwrite"] {
        folder
            .mlspec(&["compile", "--check", flag, "ws"])
            .exits(2)
            .says("cannot be used with")
            .prints_nothing();
    }
    folder
        .mlspec(&["compile", "--chek", "ws"])
        .exits(2)
        .says("--check")
        .prints_nothing();
    assert!(!folder.path("ws/deploy").exists());
}

/// What an API server never changes is held against what is committed, each finding at what was
/// written: the first key of a selector, a claim's access or class, the claim where its class is gone.
#[test]
fn what_cannot_be_changed() {
    let folder = Folder::new();
    folder.two_environments();
    folder.edit(
        "ws/mlspec.kdl",
        "    pool ",
        "    storage-class \"efs\" { access \"RWX\" \"RWO\" }\n    storage-class \"gp3\" { access \"RWX\" \"RWO\" }\n    pool ",
    );
    let model = r#"model "a" {
    artifact "s3://models/a/" size="8Ki"
    resources cpu="500m"
    selector "app" "a"
    selector "tier" "web"
    claim "one" size="1Gi" access="RWX" storage-class="efs"
    claim "two" size="1Gi" access="RWX" storage-class="efs"
    only "staging"
}
"#;
    folder.write("ws/models/a.kdl", model);
    folder.mlspec(&["compile", "ws"]).exits(0);
    folder.mlspec(&["compile", "ws"]).exits(0).says("unchanged");
    let two = r#"claim "two" size="1Gi" access="RWX" storage-class="efs""#;
    for (old, new, place, message) in [
        (
            r#""tier" "web""#,
            r#""tier" "api""#.to_owned(),
            "4:14",
            "the selector of Deployment \"a\" was `app: a, tier: web` and would become `app: a, tier: api`",
        ),
        (
            two,
            two.replace("RWX", "RWO"),
            "7:35",
            "`access` of claim \"two\" was ReadWriteMany and would become ReadWriteOnce",
        ),
        (
            two,
            two.replace("efs", "gp3"),
            "7:55",
            "`storage-class` of claim \"two\" was efs and would become gp3",
        ),
        (
            two,
            two.replace(r#" storage-class="efs""#, ""),
            "7:11",
            "`storage-class` of claim \"two\" was efs and would become the default",
        ),
    ] {
        folder.write("ws/models/a.kdl", &model.replace(old, &new));
        let run = folder
            .mlspec(&["--format", "concise", "compile", "ws"])
            .exits(1);
        let wanted = format!("ws/models/a.kdl:{place}: error[ROL-06]: {message}");
        assert!(run.stderr.contains(&wanted), "no `{wanted}` in {run:#?}");
        assert_eq!(run.stderr.matches("ROL-06").count(), 1, "{run:#?}");
    }
}
