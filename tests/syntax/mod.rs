//! Parser and formatter.

mod canonical;
mod differential;
mod format;
mod generate;
mod suite;
mod traps;

use mlspec::diag::{Applicability, Diagnostic, Edit};
use mlspec::source::FileId;
use mlspec::syntax::{Parsed, codes, parse};
use proptest::test_runner::{Config as ProptestConfig, RngAlgorithm, TestRng, TestRunner};

const FILE: FileId = FileId(0);

fn parsed(text: &str) -> Parsed {
    parse(FILE, text)
}

/// Runs a law over random values, the same ones every time: no run of the tests is a matter of luck.
fn runner(cases: u32) -> TestRunner {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Codes of the findings, in order.
fn codes_of(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|d| d.code).collect()
}

/// The findings that KDL 2 itself would also make.
fn kdl_errors(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let beyond = |d: &&Diagnostic| codes::find(d.code).is_some_and(|code| code.beyond_kdl);
    diagnostics.iter().filter(|d| !beyond(d)).collect()
}

/// The text with the first fix of every finding applied; `machine_only` leaves out guesses.
fn fixed(text: &str, diagnostics: &[Diagnostic], machine_only: bool) -> String {
    let wanted = |a| a == Applicability::Machine || !machine_only;
    let fixes = diagnostics.iter().filter_map(|d| d.fixes.first());
    let fixes = fixes.filter(|fix| wanted(fix.applicability));
    let mut edits: Vec<&Edit> = fixes.flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut mended = String::new();
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        assert!(range.start >= at, "edits overlap in {text:?}");
        mended.push_str(&text[at..range.start]);
        mended.push_str(&edit.text);
        at = range.end;
    }
    mended + &text[at..]
}
