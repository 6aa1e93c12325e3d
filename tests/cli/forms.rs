//! The five forms of findings, on a workspace where several files are wrong.

use serde_json::Value;

use super::{Folder, Run};

/// One error in each of three files, and one in the root.
fn broken() -> Folder {
    let folder = Folder::new();
    folder.two_environments();
    folder.edit("ws/mlspec.kdl", "cpu=\"8\"", "cpu=8");
    folder.write("ws/models/syntax.kdl", "model \"s\" {\n");
    folder.write(
        "ws/models/unit.kdl",
        "model \"u\" { artifact \"s3://models/u/\" size=\"8KiB\" }\n",
    );
    folder.write(
        "ws/models/unknown.kdl",
        "model \"k\" { artefact \"s3://models/k/\" }\n",
    );
    folder
}

const FILES: [&str; 4] = [
    "ws/mlspec.kdl",
    "ws/models/syntax.kdl",
    "ws/models/unit.kdl",
    "ws/models/unknown.kdl",
];

fn check(folder: &Folder, format: &str) -> Run {
    folder.mlspec(&["check", "ws", "--format", format]).exits(1)
}

/// One run tells all errors of all files, in every form.
#[test]
fn all_errors_at_once() {
    let folder = broken();
    for format in ["human", "concise", "json", "github", "sarif"] {
        let run = check(&folder, format);
        for file in FILES {
            let told = run.stdout.contains(file) || run.stderr.contains(file);
            assert!(told, "{format} says nothing of {file}: {run:#?}");
        }
    }
}

/// Forms for people and for pull requests go to stderr; those that are a document, to stdout alone.
#[test]
fn where_they_go() {
    let folder = broken();
    for format in ["human", "concise", "github"] {
        let run = check(&folder, format).prints_nothing();
        assert!(!run.stderr.is_empty());
    }
    for format in ["json", "sarif"] {
        let run = check(&folder, format);
        assert_eq!(run.stderr, "");
        serde_json::from_str::<Value>(&run.stdout).unwrap();
    }
    folder
        .mlspec(&["check", "ws", "--format", "xml"])
        .exits(2)
        .prints_nothing();
}

/// The same document where nothing is wrong, and where the output folder is: one, and nothing beside.
#[test]
fn a_document_at_any_end() {
    let folder = Folder::initialized();
    for format in ["json", "sarif"] {
        for args in [
            vec!["check"],
            vec!["compile"],
            vec!["compile", "--check"],
            vec!["compile", "--dry-run"],
        ] {
            let run = folder
                .mlspec(&[args.as_slice(), &["ws", "--format", format]].concat())
                .exits(0);
            assert_eq!(run.stderr, "", "{args:?}");
            serde_json::from_str::<Value>(&run.stdout).unwrap();
        }
        folder.edit(
            "ws/deploy/dev/dev/hello/service-hello.yaml",
            "name: hello",
            "name: hullo",
        );
        let run = folder
            .mlspec(&["compile", "ws", "--format", format])
            .exits(1);
        assert!(run.stdout.contains("OUT-02"), "{run:?}");
        serde_json::from_str::<Value>(&run.stdout).unwrap();
        folder.mlspec(&["compile", "--overwrite", "ws"]).exits(0);
        let run = folder
            .mlspec(&["compile", "nowhere", "--format", format])
            .exits(2);
        serde_json::from_str::<Value>(&run.stdout).unwrap();
    }
}

/// The JSON form has exactly the fields it is documented with.
#[test]
fn json_has_its_form() {
    let run = check(&broken(), "json");
    assert_eq!(run.stdout.lines().count(), 1);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(keys(&report), ["diagnostics", "errors", "warnings"]);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let count = |severity: &str| {
        diagnostics
            .iter()
            .filter(|d| d["severity"] == severity)
            .count()
    };
    assert_eq!(report["errors"], count("error"));
    assert_eq!(report["warnings"], count("warning"));
    assert!(count("error") >= FILES.len());
    for diagnostic in diagnostics {
        assert_eq!(
            keys(diagnostic),
            [
                "code",
                "column",
                "end_column",
                "end_line",
                "file",
                "fixes",
                "helps",
                "labels",
                "line",
                "message",
                "notes",
                "severity"
            ]
        );
    }
    let unit = diagnostics
        .iter()
        .find(|d| d["message"].as_str().unwrap().contains("8KiB"))
        .unwrap();
    assert_eq!(unit["file"], "ws/models/unit.kdl");
    let place = ["line", "column", "end_line", "end_column"].map(|key| unit[key].as_u64().unwrap());
    // From the quotation mark to behind the other.
    assert_eq!(place, [1, 44, 1, 50], "{unit:#}");
    assert_eq!(unit["fixes"][0]["edits"][0]["text"], "\"8Ki\"", "{unit:#}");
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// SARIF: valid by its official schema, rules described, places relative to the repository.
#[test]
fn sarif_is_valid() {
    let run = check(&broken(), "sarif");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let schema: Value =
        serde_json::from_str(include_str!("../data/sarif-schema-2.1.0.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&report)
        .map(|e| e.to_string())
        .collect();
    assert_eq!(faults, [""; 0]);
    for rule in report["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
    {
        let Some(text) = rule["shortDescription"]["text"].as_str() else {
            continue;
        };
        assert!(
            text.ends_with('.') && !text.contains('\n'),
            "no sentence: {text}"
        );
    }
    let results = report["runs"][0]["results"].as_array().unwrap();
    let files: Vec<&str> = results
        .iter()
        .filter_map(|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str())
        .collect();
    for file in FILES {
        assert!(files.contains(&file), "no {file} in {files:?}");
    }
}

/// Concise: one line each, beginning with the place; the last tells how many.
#[test]
fn concise_is_one_line_each() {
    let folder = broken();
    let report: Value = serde_json::from_str(&check(&folder, "json").stdout).unwrap();
    let count = report["diagnostics"].as_array().unwrap().len();
    let run = check(&folder, "concise");
    let lines: Vec<&str> = run.stderr.lines().collect();
    let placed = lines
        .iter()
        .filter(|line| line.starts_with("ws/") && line.contains(": error"))
        .count();
    assert_eq!(placed, count, "{run:#?}");
    assert!(lines.len() <= count + 1, "{run:#?}");
}

/// GitHub: one command each, with file and line.
#[test]
fn github_annotates() {
    let run = check(&broken(), "github");
    for file in FILES {
        let command = format!("::error file={file},line=");
        assert!(
            run.stderr.lines().any(|line| line.starts_with(&command)),
            "no {command} in {run:#?}"
        );
    }
}

/// No color without a terminal, none with `NO_COLOR`; `--color always` colors all the same, and
/// machine forms never.
#[test]
fn color() {
    let folder = broken();
    let run = |color: &str, format: &str, no_color: bool| -> Run {
        let mut program = super::program(&folder.path(""));
        program.args(["check", "ws", "--format", format, "--color", color]);
        if no_color {
            program.env("NO_COLOR", "1");
        }
        program.output().unwrap().into()
    };
    let colored = |run: Run| run.stdout.contains('\u{1b}') || run.stderr.contains('\u{1b}');
    assert!(
        !colored(run("auto", "human", false)),
        "no terminal, and yet color"
    );
    assert!(!colored(run("auto", "human", true)));
    assert!(!colored(run("never", "human", false)));
    assert!(colored(run("always", "human", false)));
    assert!(
        colored(run("always", "human", true)),
        "what is asked for on the command line wins"
    );
    for format in ["json", "sarif", "github"] {
        assert!(!colored(run("always", format, false)), "{format}");
    }
}

/// A message is as wide as the terminal says, at most.
#[test]
fn width() {
    let folder = Folder::new();
    folder.write("ws/mlspec.kdl", "workspace \"w\" edition=1 { use \"*.kdl\"; env \"e\" namespace=\"n\" { cluster \"no-such-cluster\" } }");
    let widest = |columns: &str| {
        let output = super::program(&folder.path(""))
            .args(["check", "ws"])
            .env("COLUMNS", columns)
            .output();
        let run = Run::from(output.unwrap()).exits(1);
        run.stderr
            .lines()
            .filter(|l| l.contains("help:") || l.contains('×'))
            .map(|l| l.chars().count())
            .max()
            .unwrap()
    };
    assert!(widest("40") <= 40);
    // Nonsense is not obeyed.
    assert_eq!(widest("x"), widest("100"));
}
