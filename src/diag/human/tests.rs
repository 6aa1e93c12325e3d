//! What people see.

use proptest::prelude::*;

use super::*;
use crate::diag::{Applicability, Edit};
use crate::source::Source;

const CLUSTER: &str =
    "cluster \"eks-us\" {\n    kubernetes \"1.36\"\n    pool \"a100\" gpu=\"A100-SXM4-80GB\"\n}\n";
const MODEL: &str = "// the BERT service\nmodel \"bert\" {\n    gpu mig=\"1g.5gb\"\n    memory 80Gi\n    scale min=2 max=20\n}\n";

fn sources() -> (Sources, FileId, FileId) {
    let mut sources = Sources::default();
    let cluster = sources.add(Source::new("clusters/eks-us.kdl", CLUSTER));
    let model = sources.add(Source::new("models/bert.kdl", MODEL));
    (sources, cluster, model)
}

fn at(sources: &Sources, file: FileId, words: &str) -> Span {
    let start = sources.get(file).text.find(words).unwrap();
    Span::new(file, start, start + words.len())
}

fn rendered(diagnostic: Diagnostic, sources: &Sources) -> String {
    render(
        &[diagnostic],
        sources,
        &Options {
            width: 72,
            ..Options::default()
        },
    )
}

/// Labels in two files, notes, helps and a guess are all there.
#[test]
fn everything() {
    let (sources, cluster, model) = sources();
    let slice = at(&sources, model, "1g.5gb");
    let diagnostic = Diagnostic::error(
        "GPU-03",
        slice,
        "no GPU of cluster `eks-us` offers `1g.5gb`",
    )
    .label("asked for here")
    .also(
        at(&sources, cluster, "A100-SXM4-80GB"),
        "its smallest slice is `1g.10gb`",
    )
    .note("an A100 of 80 GB is cut into slices of 10 GB, which is why `1g.5gb-like` names differ")
    .help("take the larger slice")
    .suggest("take the pool's slice", slice, "1g.10gb");
    let expected = "\
error[GPU-03]

  × no GPU of cluster `eks-us` offers `1g.5gb`
   ╭─[models/bert.kdl:3:14]
 2 │ model \"bert\" {
 3 │     gpu mig=\"1g.5gb\"
   ·              ───┬──
   ·                 ╰── asked for here
 4 │     memory 80Gi
   ╰────
   ╭─[clusters/eks-us.kdl:3:22]
 2 │     kubernetes \"1.36\"
 3 │     pool \"a100\" gpu=\"A100-SXM4-80GB\"
   ·                      ───────┬──────
   ·                             ╰── its smallest slice is `1g.10gb`
 4 │ }
   ╰────
  note: an A100 of 80 GB is cut into slices of 10 GB, which is why
        `1g.5gb-like` names differ
  help: take the larger slice
  try: take the pool's slice
       - gpu mig=\"1g.5gb\"
       + gpu mig=\"1g.10gb\"
";
    assert_eq!(rendered(diagnostic, &sources), expected);
}

/// The end of a file, where a brace is missing, can be pointed at.
#[test]
fn end_of_file() {
    let (sources, _, model) = sources();
    let end = Span::new(model, MODEL.len(), MODEL.len());
    let expected = "\
error[KDL-09]

  × missing `}`
   ╭─[models/bert.kdl:7:1]
 6 │ }
 7 │ \n   · ▲
   ╰────
";
    assert_eq!(
        rendered(Diagnostic::error("KDL-09", end, "missing `}`"), &sources),
        expected
    );
}

/// A fix in another file names it, and a diagnostic without a place has no excerpt.
#[test]
fn without_a_place() {
    let (sources, cluster, _) = sources();
    let diagnostic = Diagnostic::new("OUT-01", Severity::Warning, "cannot write `deploy`").fix(
        "name the version",
        at(&sources, cluster, "1.36"),
        "1.37",
    );
    let expected = "\
warning[OUT-01]

  ⚠ cannot write `deploy`
  fix: name the version
       in clusters/eks-us.kdl
       - kubernetes \"1.36\"
       + kubernetes \"1.37\"
";
    assert_eq!(rendered(diagnostic, &sources), expected);
}

/// Color is on only if asked for, and the words stay the same.
#[test]
fn color() {
    let (sources, _, model) = sources();
    let diagnostics = [
        Diagnostic::error("KDL-02", at(&sources, model, "80Gi"), "quote it")
            .note("why")
            .fix("quote", at(&sources, model, "80Gi"), "\"80Gi\""),
    ];
    let plain = render(&diagnostics, &sources, &Options::default());
    let color = render(
        &diagnostics,
        &sources,
        &Options {
            color: true,
            ..Options::default()
        },
    );
    assert!(!plain.contains('\u{1b}'));
    assert!(color.contains("\u{1b}[31m- memory 80Gi"));
    let stripped: String = color
        .split('\u{1b}')
        .enumerate()
        .map(|(i, part)| {
            if i == 0 {
                part
            } else {
                part.split_once('m').unwrap().1
            }
        })
        .collect();
    assert_eq!(stripped, plain);
}

/// A line of a megabyte is cut around the place, and the place stays right.
#[test]
fn long_lines_are_cut() {
    let mut sources = Sources::default();
    let text = format!("{}here{}\n", "é ".repeat(200_000), " x".repeat(200_000));
    let file = sources.add(Source::new("a.kdl", text.as_str()));
    let out = rendered(
        Diagnostic::error("KDL-01", at(&sources, file, "here"), "wrong"),
        &sources,
    );
    assert!(out.len() < 2000, "{}", out.len());
    assert!(
        out.contains("a.kdl:1:400001") && out.contains("here"),
        "{out}"
    );
}

/// What a spec holds cannot steer the terminal.
#[test]
fn control_characters() {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("a\u{1b}[2J.kdl", "a \"\u{1b}[31m\u{202e}\"\n"));
    let span = Span::new(file, 2, 8);
    let diagnostic = Diagnostic::error("KDL-01", span, "bad `\u{1b}[0m`")
        .label("\u{7}")
        .note("\u{1b}c")
        .fix("\u{1b}", span, "\u{1b}");
    let out = rendered(diagnostic, &sources);
    assert!(out.chars().all(|c| c == '\n' || !c.is_control()), "{out:?}");
}

fn ranges(text: &str) -> impl Strategy<Value = Vec<(usize, usize)>> + use<> {
    let ends: Vec<usize> = (0..=text.len())
        .filter(|at| text.is_char_boundary(*at))
        .collect();
    let end = proptest::sample::select(ends);
    proptest::collection::vec((end.clone(), end), 1..5).prop_map(|pairs| {
        pairs
            .into_iter()
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect()
    })
}

proptest! {
    /// Any text with any spans is drawn, with every label's words.
    #[test]
    fn draws_anything(
        (text, ranges) in "[a-z{}\"\t\r\n é\u{1f600}\u{0}]{0,80}"
            .prop_flat_map(|text| (Just(text.clone()), ranges(&text)))
    ) {
        let mut sources = Sources::default();
        let files = [
            sources.add(Source::new("a.kdl", text.as_str())),
            sources.add(Source::new("b.kdl", text.as_str())),
        ];
        let span = |i: usize| Span::new(files[i % 2], ranges[i].0, ranges[i].1);
        let mut diagnostic = Diagnostic::error("KDL-01", span(0), "wrong").label("label0");
        for i in 1..ranges.len() {
            diagnostic = diagnostic.also(span(i), format!("label{i}"));
        }
        diagnostic = diagnostic.fix_edits(
            "mend",
            vec![Edit { span: span(0), text: "x\ny".to_owned() }],
            Applicability::Maybe,
        );
        let out = rendered(diagnostic, &sources);
        for i in 0..ranges.len() {
            prop_assert!(out.contains(&format!("label{i}")), "{text:?} {ranges:?}\n{out}");
        }
    }
}
