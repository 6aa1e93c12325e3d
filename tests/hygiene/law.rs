//! The law of messages, over every blessed rendering.

use super::files::files;

/// Most characters of a message: more is no line that can be read at a glance.
const MOST: usize = 160;

/// Words that blame or beg instead of saying what is wrong.
const BANNED: [&str; 4] = ["illegal", "please", "sorry", "oops"];

/// Names that keep their capital at the start of a sentence.
const NAMES: [&str; 8] = [
    "Argo",
    "Flux",
    "Grafana",
    "Istio",
    "Kafka",
    "Kubernetes",
    "Prometheus",
    "Triton",
];

/// A sentence of a rendering and what it is.
#[derive(Debug, PartialEq, Eq)]
struct Sentence {
    kind: &'static str,
    text: String,
}

/// Messages, notes, helps, fix titles and labels of a human rendering, each on one line again.
fn sentences(rendering: &str) -> Vec<Sentence> {
    let mut found: Vec<Sentence> = Vec::new();
    // The indentation under which the sentence at hand goes on.
    let mut rest: Option<String> = None;
    for line in rendering.lines() {
        if let Some((kind, text, more)) = start(line) {
            found.push(Sentence {
                kind,
                text: text.to_owned(),
            });
            rest = more;
        } else if let Some(more) = rest
            .as_ref()
            .and_then(|indent| line.strip_prefix(indent.as_str()))
            && let Some(sentence) = found.last_mut()
            && !more.starts_with([' ', '-', '+'])
        {
            sentence.text.push(' ');
            sentence.text.push_str(more);
        } else {
            rest = None;
        }
    }
    found
}

/// Kind and text of a line that starts a sentence, and the indentation of its next line.
fn start(line: &str) -> Option<(&'static str, &str, Option<String>)> {
    for mark in ["  × ", "  ⚠ ", "  ☞ "] {
        if let Some(text) = line.strip_prefix(mark) {
            return Some(("message", text, Some("  │ ".to_owned())));
        }
    }
    for kind in ["note", "help", "fix", "try"] {
        if let Some(text) = line.strip_prefix(&format!("  {kind}: ")) {
            return Some((kind, text, Some(" ".repeat(kind.len() + 4))));
        }
    }
    let label = ["╰── ", "╰──── "]
        .iter()
        .find_map(|mark| line.rsplit_once(mark));
    label.map(|(_, text)| ("label", text, None))
}

/// What is wrong with a sentence.
fn breaches(sentence: &Sentence) -> Vec<&'static str> {
    let text = sentence.text.as_str();
    let first = text.split_whitespace().next().unwrap_or_default();
    let capitals = first.chars().filter(|c| c.is_uppercase()).count();
    let mut found = Vec::new();
    // `GPU`, `KEDA` and `HTTPRoute` keep their capitals.
    let name = capitals > 1 || NAMES.iter().any(|name| first.starts_with(name));
    if text.is_empty() || (first.starts_with(char::is_uppercase) && !name) {
        found.push("it starts with a capital");
    }
    if text.ends_with('.') && !text.ends_with("etc.") || text.ends_with('!') {
        found.push("it ends in a period");
    }
    if BANNED.iter().any(|word| {
        text.to_lowercase()
            .split(|c: char| !c.is_alphabetic())
            .any(|w| w == *word)
    }) {
        found.push("it blames or begs");
    }
    if text.matches('`').count() % 2 == 1 {
        found.push("a backtick is missing");
    }
    if sentence.kind == "message" && text.chars().count() > MOST {
        found.push("it is longer than a line");
    }
    found
}

/// Every sentence that a user can read keeps the law.
#[test]
fn messages_keep_the_law() {
    let mut found = Vec::new();
    for file in files("tests", &[".stderr"]) {
        let read = sentences(&file.text);
        let shown = file
            .text
            .lines()
            .filter(|line| start_of_report(line))
            .count();
        let messages = read.iter().filter(|s| s.kind == "message").count();
        assert_eq!(
            messages, shown,
            "{}: some message was not understood",
            file.path
        );
        for sentence in read {
            for breach in breaches(&sentence) {
                found.push(format!("{}: {breach}: {}", file.path, sentence.text));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// `error[GPU-02]`, alone on its line.
fn start_of_report(line: &str) -> bool {
    ["error[", "warning[", "note["]
        .iter()
        .any(|s| line.starts_with(s))
        && line.ends_with(']')
}

/// Sentences are put together again from a real rendering.
#[test]
fn reads_renderings() {
    use mlspec::diag::{Diagnostic, Format, Options, render};
    use mlspec::source::{Source, Sources, Span};
    let mut sources = Sources::default();
    let file = sources.add(Source::new("a.kdl", "memory 80Gi\ngpu\n"));
    let span = Span::new(file, 7, 11);
    let diagnostic = Diagnostic::error("KDL-02", span, "a message of so many words that it breaks")
        .label("the label")
        .also(Span::new(file, 0, 16), "all of it")
        .note("a note of so many words that it also breaks")
        .help("the help")
        .fix("quote it", span, "\"80Gi\"");
    let options = Options {
        width: 30,
        ..Options::default()
    };
    let read = sentences(&render(Format::Human, &[diagnostic], &sources, &options));
    let expected = [
        ("message", "a message of so many words that it breaks"),
        ("label", "the label"),
        ("label", "all of it"),
        ("note", "a note of so many words that it also breaks"),
        ("help", "the help"),
        ("fix", "quote it"),
    ];
    assert_eq!(
        read,
        expected.map(|(kind, text)| Sentence {
            kind,
            text: text.to_owned()
        })
    );
}

/// The law notices each way to break it.
#[test]
fn wrong_sentences_are_noticed() {
    let count = |text: &str| {
        breaches(&Sentence {
            kind: "message",
            text: text.to_owned(),
        })
        .len()
    };
    for wrong in [
        "The pool",
        "no pool.",
        "illegal value",
        "please quote it",
        "`gpu has",
        "no!",
        "",
        &"x".repeat(161),
    ] {
        assert_eq!(count(wrong), 1, "{wrong}");
    }
    for right in [
        "`gpu` is unknown",
        "KEDA needs it",
        "HTTPRoute has",
        "Istio's gateway",
        "2 pools",
        "a.b",
    ] {
        assert_eq!(count(right), 0, "{right}");
    }
}
