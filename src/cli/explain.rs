//! `mlspec explain`.

use super::{FINE, Shell};
use crate::check::{self, Level, rules};
use crate::diag::suggest::closest;
use crate::diag::{RuleInfo, Severity};
use crate::{render, spec, syntax};

/// Explain a code (`GPU-02`, `KDL-07`, `LNG-11`) or a node (`scale`, `model/gpu`).
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The code or node; without it, all are listed.
    what: Option<String>,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let Some(what) = &args.what else {
        shell.result(&list());
        return FINE;
    };
    let code = what.to_ascii_uppercase();
    if let Some(page) = page(&code) {
        shell.result(&page);
        return FINE;
    }
    let kinds = spec::walk::kinds();
    let mut called: Vec<_> = kinds.iter().filter(|e| is_called(e, what)).collect();
    called.sort_by_key(|entry| entry.title != *what);
    let pages: Vec<_> = called
        .into_iter()
        .map(|e| spec::reference::page(e, "# "))
        .collect();
    if !pages.is_empty() {
        shell.result(&pages.join("\n"));
        return FINE;
    }
    let names = codes()
        .map(|(code, _)| code)
        .chain(kinds.iter().map(|e| e.kind.name))
        .chain(kinds.iter().filter_map(word));
    let help = closest(&code, names.clone())
        .or_else(|| closest(what, names))
        .map_or_else(
            || "`mlspec explain` lists all".to_owned(),
            |n| format!("did you mean `{n}`?"),
        );
    shell.wrong(format!("there is no code or node `{what}`"), &help)
}

/// Whether a node is meant by its name (`scale`), its whole path, its name below one it may
/// stand in (`model/scale`), or the argument that chooses it (`kafka`, `on/kafka`).
fn is_called(entry: &spec::walk::Entry, what: &str) -> bool {
    let (above, name) = what.rsplit_once('/').unwrap_or(("", what));
    let parent = above.rsplit('/').next().unwrap_or_default();
    let last = entry.path.rsplit('/').next().unwrap_or_default();
    entry.path == what
        || entry.title == what
        || (entry.kind.name == name || last == name)
            && (parent.is_empty() || entry.parents.contains(&parent))
        || word(entry) == Some(name) && (parent.is_empty() || entry.kind.name == parent)
}

/// The argument that chooses a node: `kafka` of `on "kafka"`.
fn word(entry: &spec::walk::Entry) -> Option<&str> {
    entry.title.strip_suffix('"')?.rsplit('"').next()
}

/// Every code with its name.
fn codes() -> impl Iterator<Item = (&'static str, &'static str)> + Clone {
    let syntax = syntax::codes::CODES.iter().map(|c| (c.id, c.name));
    let language = spec::codes::CODES.iter().map(|p| (p.code, p.name));
    let output = render::codes::CODES.iter().map(|p| (p.code, p.name));
    let objects = check::codes::CODES.iter().map(|p| (p.code, p.name));
    let rules = rules::RULES.iter().map(|r| (r.code, r.name));
    syntax
        .chain(language)
        .chain(output)
        .chain(objects)
        .chain(rules)
}

/// The page of a code.
fn page(code: &str) -> Option<String> {
    if let Some(rule) = rules::find(code) {
        let level = match rule.level {
            Level::Error => "error",
            Level::Final => "error, cannot be waived",
            Level::Warning => "warning",
            Level::Production => "error in production, else warning",
        };
        return Some(format!(
            "# {}: {} ({level})\n\n{}\n",
            rule.code,
            rule.name,
            rule.page.trim()
        ));
    }
    if let Some(code) = syntax::codes::find(code) {
        let mut text = format!("# {}: {}\n\n{}\n", code.id, code.name, code.doc);
        if !code.fails.is_empty() {
            text.push_str(&format!(
                "\n## Example\n\n```kdl\n{}\n```\n\n## Instead\n\n```kdl\n{}\n```\n",
                code.fails, code.mended
            ));
        }
        return Some(text);
    }
    let pages = spec::codes::CODES
        .iter()
        .chain(render::codes::CODES)
        .chain(check::codes::CODES);
    let page = pages.into_iter().find(|p| p.code == code)?;
    Some(format!(
        "# {}: {}\n\n{}\n",
        page.code,
        page.name,
        page.text.trim()
    ))
}

fn list() -> String {
    let mut text = String::from("Codes (`mlspec explain CODE`):\n");
    for (code, name) in codes() {
        text.push_str(&format!("  {code:<8} {name}\n"));
    }
    text.push_str("\nNodes (`mlspec explain NODE`):\n");
    for entry in spec::walk::kinds() {
        text.push_str(&format!("  {}\n", entry.title));
    }
    text
}

/// What SARIF says of rules.
pub(super) fn rule_infos() -> Vec<RuleInfo<'static>> {
    rules::RULES
        .iter()
        .map(|rule| RuleInfo {
            code: rule.code,
            name: rule.name,
            severity: if rule.level == Level::Warning {
                Severity::Warning
            } else {
                Severity::Error
            },
            summary: summary(rule.page),
            page: rule.page,
        })
        .collect()
}

/// The first sentence of a page's text; it may go over lines.
fn summary(page: &'static str) -> &'static str {
    let first = page
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let start = page.find(first).unwrap_or_default();
    let text = &page[start..];
    let end = text.find("\n\n").unwrap_or(text.len());
    let sentence = [". ", ".\n"]
        .iter()
        .filter_map(|stop| text[..end].find(stop));
    &text[..sentence.min().map_or(end, |at| at + 1)]
}
