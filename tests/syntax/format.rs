//! The formatter: cases as files in `tests/fmt`, and laws over random documents.

#![expect(clippy::disallowed_methods, reason = "reads the cases")]

use std::fs;
use std::path::Path;

use mlspec::syntax::tree::{Block, Node};
use mlspec::syntax::{PropertyOrder, format};

use proptest::prop_assert_eq;

use super::{canonical, codes_of, generate, parsed, runner};

/// `min` and `max` first, others as written.
pub(super) struct MinMax;

impl PropertyOrder for MinMax {
    fn rank(&self, _path: &[&str], _node: &str, property: &str) -> usize {
        ["min", "max"]
            .iter()
            .position(|name| *name == property)
            .unwrap_or(2)
    }
}

pub(super) fn formatted(text: &str) -> String {
    let result = format(text, &MinMax).map_err(|errors| (text.to_owned(), errors));
    result.expect("a text without mistakes")
}

/// What must not change: the document but for the order of properties, and how many parts are
/// disabled.
pub(super) fn meaning(text: &str) -> (String, usize) {
    let document = parsed(text).document;
    (canonical::print(&document), disabled(&document))
}

fn disabled(block: &Block) -> usize {
    let within = |node: &Node| {
        let children = node
            .children
            .as_ref()
            .map_or(0, |children| disabled(&children.block));
        node.disabled.len() + children
    };
    block.disabled.len() + block.nodes.iter().map(within).sum::<usize>()
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fmt");
    let mut count = 0;
    for file in fs::read_dir(&folder).expect("tests/fmt") {
        let name = file
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("UTF-8");
        let Some(case) = name.strip_suffix(".in.kdl") else {
            continue;
        };
        let text = fs::read_to_string(folder.join(&name)).expect("the case");
        let expected =
            fs::read_to_string(folder.join(format!("{case}.out.kdl"))).expect("the result");
        assert_eq!(formatted(&text), expected, "{case}");
        assert_eq!(formatted(&expected), expected, "{case} again");
        assert_eq!(meaning(&text), meaning(&expected), "{case}");
        count += 1;
    }
    assert_eq!(count, 8, "a case was added or lost");
}

/// A text with an error is refused, with the errors.
#[test]
fn refused() {
    let errors = format("a 80Gi\n", &MinMax).unwrap_err();
    assert_eq!(codes_of(&errors), ["KDL-31"]);
}

/// The order is asked with the ancestors, outermost first.
#[test]
fn asks_with_path() {
    struct Deep;
    impl PropertyOrder for Deep {
        fn rank(&self, path: &[&str], node: &str, property: &str) -> usize {
            usize::from(path == ["a", "b"] && node == "c" && property == "x")
        }
    }
    let text = "c x=1 y=2\na {\n    b { c x=1 y=2 }\n}\n";
    assert_eq!(
        format(text, &Deep).unwrap(),
        "c x=1 y=2\na {\n    b { c y=2 x=1 }\n}\n"
    );
}

#[test]
fn a_comment_that_moves_continues_the_line() {
    struct ByLength;
    impl PropertyOrder for ByLength {
        fn rank(&self, _: &[&str], _: &str, property: &str) -> usize {
            property.len()
        }
    }
    let name = "k".repeat(80);
    let text = format!("on \"{name}\" servers=1 topic=2 group=3 \\ // c\n\n");
    let once = format(&text, &ByLength).unwrap();
    assert_eq!(
        once,
        format!("on \"{name}\" topic=2 \\\n    group=3 \\ // c\n    servers=1\n")
    );
    assert_eq!(format(&once, &ByLength).unwrap(), once);
}

/// Nothing is left of nothing.
#[test]
fn empty_files() {
    for text in ["", "\n\n", "  \t"] {
        assert_eq!(formatted(text), "");
    }
}

/// Formatting twice is formatting once, and the document stays what it was.
#[test]
fn laws() {
    let result = runner(150).run(&generate::document(), |text| {
        if let Ok(once) = format(&text, &MinMax) {
            prop_assert_eq!(&formatted(&once), &once, "{:?}", text);
            prop_assert_eq!(meaning(&text), meaning(&once), "{:?}", text);
            prop_assert_eq!(comments(&text), comments(&once), "{:?}", text);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

/// The generator's comments, each of which is one letter or word, sorted.
fn comments(text: &str) -> Vec<char> {
    let marks = [
        "// note",
        "// why",
        "// y",
        "// e",
        "/* a /* b */ */",
        "/* x */",
        "/*c*/",
        "/* c */",
        "/*a*/",
        "/*b*/",
        "/*x*/",
        "/*y*/",
        "/* d */",
        "/*\n*/",
    ];
    let count = |(at, mark): (usize, &&str)| {
        let times = text.matches(*mark).count();
        std::iter::repeat_n(char::from(b'a' + at as u8), times)
    };
    marks.iter().enumerate().flat_map(count).collect()
}
