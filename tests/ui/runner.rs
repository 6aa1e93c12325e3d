//! Cases run and compared.

use std::path::Path;

use mlspec::diag::{Counts, Diagnostic, Format, Options, render, sort};
use mlspec::source::Sources;

use super::annotations::{announced, differences, made};
use super::case::{Case, Text, bless, cases, delete, join, product};
use super::fixes::fixed;

/// What is under test: the files of a workspace in, all diagnostics out.
pub(super) type Check<'a> = &'a dyn Fn(&[Text]) -> (Vec<Diagnostic>, Sources);

/// Runs every case below `root`; returns a report for each that fails. `blessing` rewrites what the
/// cases produce instead of comparing it; annotations are compared all the same.
pub(super) fn run(root: &Path, check: Check<'_>, blessing: bool) -> Vec<String> {
    let (cases, strays) = cases(root);
    let mut failures = Vec::new();
    for path in strays {
        if blessing {
            delete(&path);
        } else {
            failures.push(format!("{} belongs to no case", path.display()));
        }
    }
    for case in &cases {
        for problem in run_case(root, case, check, blessing) {
            failures.push(format!("{}: {problem}", case.name));
        }
    }
    failures
}

fn run_case(root: &Path, case: &Case, check: Check<'_>, blessing: bool) -> Vec<String> {
    let announced = match announced(&case.own) {
        Ok(announced) => announced,
        Err(problem) => return vec![problem],
    };
    let mut problems = Vec::new();
    if announced.is_empty() != case.must_pass() {
        problems.push("cases in pass/ announce nothing, and only those".to_owned());
    }
    let (diagnostics, sources) = check(&case.files(&case.own));
    let diagnostics = sort(diagnostics, &sources);
    problems.extend(differences(
        &announced,
        &made(&diagnostics, &sources, &case.own),
    ));
    let fixed = fixed(case, check).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let shown = (!diagnostics.is_empty()).then(|| shown(&diagnostics, &sources));
    let file_name = case.name.rsplit('/').next().unwrap_or(&case.name);
    let fixed = fixed.map(|texts| join(&texts, &format!("models/{file_name}.kdl")));
    for (ending, text) in [(".stderr", shown), (".fixed.kdl", fixed)] {
        if blessing {
            bless(root, case, ending, text.as_deref());
            continue;
        }
        let blessed = product(root, case, ending);
        if blessed != text {
            problems.push(format!("{ending} differs; {}", difference(blessed, text)));
        }
    }
    problems
}

/// What a user sees: the rendering and the exit code.
fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let rendering = render(Format::Human, diagnostics, sources, &Options::default());
    let counts = Counts::of(diagnostics);
    let exit = u8::from(counts.errors > 0);
    format!("{rendering}\n{counts}\nexit code {exit}\n")
}

/// The first line that differs, of both.
fn difference(blessed: Option<String>, made: Option<String>) -> String {
    let (Some(blessed), Some(made)) = (&blessed, &made) else {
        let word = |text: &Option<String>| if text.is_some() { "some" } else { "none" };
        return format!("blessed: {}, made: {}", word(&blessed), word(&made));
    };
    let count = blessed.lines().count().max(made.lines().count());
    for i in 0..count {
        let (old, new) = (blessed.lines().nth(i), made.lines().nth(i));
        if old != new {
            let shown = |line: Option<&str>| line.unwrap_or("(end)").to_owned();
            return format!(
                "line {}\n  blessed: {}\n  made:    {}\n{made}",
                i + 1,
                shown(old),
                shown(new)
            );
        }
    }
    "only in line breaks".to_owned()
}
