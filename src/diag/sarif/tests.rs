//! The log against the official schema, and what the schema cannot say.

use serde_json::{Value, json};

use super::render;
use crate::diag::{Applicability, Diagnostic, Edit, Options, RuleInfo, Severity};
use crate::source::{FileId, Source, Sources, Span};

const SCHEMA: &str = include_str!("../../../tests/data/sarif-schema-2.1.0.json");

const RULES: [RuleInfo<'static>; 2] = [
    RuleInfo {
        code: "GPU-02",
        name: "mig-profile-not-offered",
        severity: Severity::Error,
        summary: "a MIG profile that no pool offers",
        page: "## What it checks\n…",
    },
    RuleInfo {
        code: "AVL-01",
        name: "disruption-blocks-drain",
        severity: Severity::Warning,
        summary: "a disruption budget that blocks every drain",
        page: "## What it checks\n…",
    },
];

fn sources() -> (Sources, FileId, FileId) {
    let mut sources = Sources::default();
    let a = sources.add(Source::new("mlspec.kdl", "workspace \"é\" {\n}\n"));
    let b = sources.add(Source::new(
        "models/b ü:1.kdl",
        "gpu mig=\"1g\"\ngpu mig=\"1g\"\n",
    ));
    (sources, a, b)
}

/// A log with everything that can be in one.
fn log() -> Value {
    let (sources, a, b) = sources();
    let span = Span::new(b, 9, 11);
    let again = Span::new(b, 22, 24);
    let edits = vec![
        Edit {
            span,
            text: "1g.5gb".to_owned(),
        },
        Edit {
            span: Span::new(a, 10, 14),
            text: "\"x\"".to_owned(),
        },
    ];
    let diagnostics = [
        Diagnostic::error("GPU-02", span, "no pool offers `1g`")
            .label("here")
            .also(Span::new(a, 10, 14), "in this workspace")
            .note("why")
            .help("what to do")
            .fix_edits("name the memory", edits, Applicability::Machine),
        Diagnostic::error("GPU-02", again, "no pool offers `1g`"),
        Diagnostic::warning("KDL-02", Span::new(a, 0, 19), "two lines"),
        Diagnostic::new("OUT-01", Severity::Note, "no place"),
    ];
    let options = Options {
        rules: &RULES,
        prefix: "ml/",
        ..Options::default()
    };
    serde_json::from_str(&render(&diagnostics, &sources, &options)).unwrap()
}

fn violations(log: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::draft4::new(&schema).unwrap();
    validator
        .iter_errors(log)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect()
}

/// A full and an empty log are valid; one that is broken on purpose is not.
#[test]
fn is_valid_by_the_official_schema() {
    let mut full = log();
    assert_eq!(violations(&full), Vec::<String>::new());
    let empty = render(&[], &Sources::default(), &Options::default());
    let empty: Value = serde_json::from_str(&empty).unwrap();
    assert_eq!(violations(&empty), Vec::<String>::new());
    assert_eq!(empty["runs"][0]["results"], json!([]));
    full["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] =
        json!(0);
    assert_eq!(violations(&full).len(), 1);
}

/// Every rule is listed once, known ones in words, and each result points at its own.
#[test]
fn rules_and_results_agree() {
    let log = log();
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let ids: Vec<_> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["AVL-01", "GPU-02", "KDL-02", "OUT-01"]);
    assert_eq!(rules[1]["name"], "mig-profile-not-offered");
    assert_eq!(rules[0]["defaultConfiguration"]["level"], "warning");
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(result["ruleId"], ids[index]);
    }
}

/// Places are 1-based relative URIs without anything a URI may not hold.
#[test]
fn places() {
    let log = log();
    let results = &log["runs"][0]["results"];
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "ml/models/b%20%C3%BC%3A1.kdl"
    );
    assert_eq!(
        place["region"],
        json!({"startLine": 1, "startColumn": 10, "endLine": 1, "endColumn": 12})
    );
    let related = &results[0]["relatedLocations"][0];
    // Columns count characters: `é` is one.
    assert_eq!(related["physicalLocation"]["region"]["endColumn"], 14);
    assert_eq!(related["message"]["text"], "in this workspace");
    // GitHub takes no result without a place.
    let place = &results[3]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "ml/mlspec.kdl");
    assert_eq!(place["region"]["startLine"], 1);
    let changes = results[0]["fixes"][0]["artifactChanges"]
        .as_array()
        .unwrap();
    assert_eq!(changes.len(), 2);
}

/// A fingerprint survives lines added above, and two equal lines have different ones.
#[test]
fn fingerprints() {
    let print = |text: &str| {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.kdl", text));
        let found: Vec<_> = text
            .match_indices("bad")
            .map(|(at, _)| Diagnostic::error("GPU-02", Span::new(file, at, at + 3), "wrong"))
            .collect();
        let log: Value =
            serde_json::from_str(&render(&found, &sources, &Options::default())).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results
            .iter()
            .map(|r| {
                r["partialFingerprints"]["primaryLocationLineHash"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    let before = print("bad 1\nbad 1\n");
    assert_eq!(before, print("// a comment\n  bad   1\nbad 1\n"));
    assert_ne!(before[0], before[1]);
    assert_ne!(before[0], print("bad 2\n")[0]);
}
