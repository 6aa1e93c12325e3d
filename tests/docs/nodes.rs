//! Every node kind is told in words.

use std::collections::BTreeSet;

use mlspec::source::{FileId, Source};
use mlspec::spec;
use mlspec::spec::table::Key;
use mlspec::spec::walk::kinds;
use mlspec::syntax;

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
    let titles: BTreeSet<String> = kinds().into_iter().map(|e| e.title).collect();
    assert_eq!(titles.len(), kinds().len(), "two pages with one heading");
    assert!(wrong.is_empty(), "no sentence:\n{}", wrong.join("\n"));
}

/// Of most nodes a thousand in one block are read and the next one is reported; of models any number.
#[test]
fn too_many_of_a_kind() {
    let read = |text: String| {
        let document = syntax::parse(FileId(0), &text).document;
        let (nodes, found) = spec::read(&document, &Source::new("a.kdl", text));
        (nodes, found.iter().map(|d| d.code).collect::<Vec<_>>())
    };
    let labels = |count| {
        let labels: String = (0..count)
            .map(|n| format!("label \"n{n}\" \"x\"\n"))
            .collect();
        format!("model \"m\" {{\n{labels}}}\n")
    };
    assert_eq!(read(labels(1000)).1, [""; 0]);
    let (nodes, codes) = read(labels(1500));
    assert_eq!((nodes[0].children.len(), codes), (1000, vec!["LNG-10"]));
    let models = (0..1500)
        .map(|n| format!("model \"m{n}\" {{ }}\n"))
        .collect();
    let (nodes, codes) = read(models);
    assert_eq!((nodes.len(), codes.len()), (1500, 0));
}

/// What tells nodes of one name apart, and the two exceptions, as the merge rule has them.
#[test]
fn keys_of_the_merge_rule() {
    let by_argument = [
        "annotation",
        "auth",
        "claim",
        "env-var",
        "expose",
        "gateway",
        "label",
        "layout",
        "pool",
        "provides",
        "quota",
        "storage-class",
        "store",
        "variant",
        "waive",
    ];
    let replaced = ["artifact", "rollout", "runtime"];
    let exclusive = [
        "allow",
        "disruption",
        "env-var",
        "expose",
        "gpu",
        "pool",
        "scale",
        "variant",
    ];
    let mut seen = BTreeSet::new();
    for entry in kinds() {
        let kind = entry.kind;
        seen.insert(kind.name);
        if kind.name == "on" {
            assert_eq!(kind.key, Key::ArgAnd("name"));
        }
        if by_argument.contains(&kind.name) {
            assert_eq!(kind.key, Key::Arg, "{}", entry.title);
        }
        assert_eq!(
            kind.replaced,
            replaced.contains(&kind.name),
            "{}",
            entry.title
        );
        let has_group = exclusive.contains(&entry.title.as_str());
        assert_eq!(kind.group.is_some(), has_group, "{}", entry.title);
    }
    for name in by_argument.iter().chain(&replaced).chain(&exclusive) {
        assert!(seen.contains(name), "there is no {name}");
    }
}
