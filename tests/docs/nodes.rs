//! Every node kind is told in words.

use mlspec::spec::walk::kinds;

/// Documentation, and a sentence for each argument and property.
#[test]
fn every_node_is_documented() {
    let sentence = |text: &str| {
        text.len() > 5 && text.ends_with('.') && text.starts_with(|c: char| !c.is_lowercase())
    };
    let mut wrong = Vec::new();
    for entry in kinds() {
        let kind = entry.kind;
        let mut check = |what: String, text: &str| {
            if !sentence(text) {
                wrong.push(format!("{what}: \"{text}\""));
            }
        };
        check(entry.path.clone(), kind.doc);
        for arg in kind.args {
            check(format!("{} {}", entry.path, arg.name), arg.doc);
        }
        for prop in kind.props {
            check(format!("{} {}=", entry.path, prop.name), prop.doc);
        }
        assert!(
            !kind.example.trim().is_empty(),
            "{} has no example",
            entry.path
        );
    }
    assert!(wrong.is_empty(), "no sentence:\n{}", wrong.join("\n"));
}
