//! Random KDL 2 documents, in all the spellings the language has.

use proptest::prelude::*;
use proptest::strategy::Union;
use proptest::{collection, option};

/// A whole document.
pub(super) fn document() -> impl Strategy<Value = String> {
    let head = prop_oneof![8 => Just(""), 1 => Just("\u{feff}"), 1 => Just("/- kdl-version 2\n")];
    (head, nodes(2)).prop_map(|(head, nodes)| format!("{head}{nodes}"))
}

fn nodes(depth: u32) -> BoxedStrategy<String> {
    let between = one_of(&[
        "",
        "\n",
        "\n\n\n",
        " ",
        "// note\n",
        "/* a /* b */ */",
        "\\\n",
        "\r\n",
    ]);
    let ended = (between.clone(), node(depth), end()).prop_map(|(b, n, e)| format!("{b}{n}{e}"));
    (collection::vec(ended, 0..4), between)
        .prop_map(|(all, last)| all.concat() + last)
        .boxed()
}

fn end() -> impl Strategy<Value = &'static str> + Clone {
    one_of(&[
        "\n",
        "\n",
        ";",
        " ;",
        " // why\n",
        "\r\n",
        " /* x */\n",
        "; // y\n",
        "\\\n\n",
        "\u{2028}",
    ])
}

fn node(depth: u32) -> BoxedStrategy<String> {
    let entries = collection::vec((space(), disabled(), entry()), 0..4).prop_map(|entries| {
        entries
            .into_iter()
            .map(|(s, d, e)| format!("{s}{d}{e}"))
            .collect::<String>()
    });
    let head = (disabled(), ty(), word());
    if depth == 0 {
        return (head, entries)
            .prop_map(|((d, t, w), e)| format!("{d}{t}{w}{e}"))
            .boxed();
    }
    let closed = one_of(&["", " ", "\n", ";", "/*c*/"]);
    let block = (nodes(depth - 1), option::of((node(depth - 1), closed)))
        .prop_map(|(nodes, last)| {
            let last = last.map(|(node, closed)| node + closed).unwrap_or_default();
            format!("{{{nodes}{last}}}")
        })
        .boxed();
    let off = option::weighted(0.2, (space(), dash(), block.clone()));
    let on = option::weighted(0.5, (space(), block));
    (head, entries, off.clone(), on, off)
        .prop_map(|((d, t, w), entries, before, on, behind)| {
            let off = |part: Option<(&str, &str, String)>| {
                part.map(|(s, d, b)| format!("{s}{d}{b}"))
                    .unwrap_or_default()
            };
            let on = on.map(|(s, b)| format!("{s}{b}")).unwrap_or_default();
            format!("{d}{t}{w}{entries}{}{on}{}", off(before), off(behind))
        })
        .boxed()
}

fn entry() -> impl Strategy<Value = String> {
    let equals = one_of(&["=", " =", "= ", " = ", "/*a*/=/*b*/", " \\\n = \\\n "]);
    let property = ("k[a-z0-9]{2,5}", equals, value()).prop_map(|(k, e, v)| format!("{k}{e}{v}"));
    let quoted = ("[a-z ]{2,6}", value()).prop_map(|(k, v)| format!("\"{k}\"={v}"));
    prop_oneof![3 => value(), 3 => property, 1 => quoted]
}

fn value() -> impl Strategy<Value = String> + Clone {
    (ty(), prop_oneof![word(), number(), keyword()]).prop_map(|(t, v)| format!("{t}{v}"))
}

fn ty() -> impl Strategy<Value = String> + Clone {
    let shape = one_of(&["(_)", "(_) ", "( _ )", "(/*x*/_)/*y*/"]);
    option::weighted(0.2, (shape, word())).prop_map(|ty| {
        ty.map(|(shape, w)| shape.replace('_', &w))
            .unwrap_or_default()
    })
}

/// A text in any of its spellings, or a bare word.
fn word() -> impl Strategy<Value = String> + Clone {
    prop_oneof![4 => bare(), 2 => quoted(), 1 => raw(), 1 => lines(), 1 => raw_lines()]
}

fn bare() -> impl Strategy<Value = String> + Clone {
    let word = prop_oneof![
        "[a-z_][a-z0-9_.+-]{0,8}",
        "[-+.]",
        "[-+][a-z.][a-z.]{0,3}",
        "[-a-z<>!?*%&|^~$@é日😀]{1,6}",
    ];
    let keywords = ["true", "false", "null", "inf", "-inf", "nan"];
    word.prop_filter("keyword", move |word| !keywords.contains(&word.as_str()))
}

fn quoted() -> impl Strategy<Value = String> + Clone {
    let escapes = one_of(&[
        "\\n", "\\t", "\\\\", "\\\"", "\\s", "\\b", "\\u{e9}", "\\   ", "\\\n  ", "\\r",
    ]);
    let piece = prop_oneof!["[a-z #'{}/;=é日]{0,5}", escapes.prop_map(str::to_owned)];
    collection::vec(piece, 0..5).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn raw() -> impl Strategy<Value = String> + Clone {
    ("[a-z \\\\]{0,4}", "[a-z\\\\ é]{0,4}", 1..3_usize).prop_map(|(a, b, hashes)| {
        let hashes = "#".repeat(hashes);
        let inner = if hashes.len() > 1 { "\"#" } else { "\"" };
        let inner = if a.is_empty() { "" } else { inner };
        format!("{hashes}\"{a}{inner}{b}\"{hashes}")
    })
}

fn lines() -> impl Strategy<Value = String> + Clone {
    let line = prop_oneof![
        "[a-z #'{}/é]{0,8}",
        "[a-z]{0,3}\\\\[nst\"]",
        "[ ]{0,5}",
        "\"{0,2}[a-z]"
    ];
    text_of_lines(line, "")
}

fn raw_lines() -> impl Strategy<Value = String> + Clone {
    text_of_lines("[a-z \\\\\"é]{0,6}[a-z]", "#")
}

fn text_of_lines(
    line: impl Strategy<Value = String> + Clone,
    hash: &'static str,
) -> impl Strategy<Value = String> + Clone {
    let margin = one_of(&["", "  ", "    ", "\t"]);
    let newline = one_of(&["\n", "\r\n"]);
    (collection::vec(line, 0..4), margin, newline).prop_map(move |(lines, margin, newline)| {
        let lines = lines.into_iter().map(|line| {
            // Three quotes would end the text.
            format!("{margin}{}{newline}", line.replace("\"\"\"", "\"\""))
        });
        format!(
            "{hash}\"\"\"{newline}{}{margin}\"\"\"{hash}",
            lines.collect::<String>()
        )
    })
}

fn number() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        "[-+]?[0-9][0-9_]{0,8}",
        "[-+]?[0-9]{1,4}\\.[0-9][0-9_]{0,4}",
        "[-+]?[0-9]{1,3}(\\.[0-9]{1,3})?[eE][-+]?[0-9]{1,2}",
        "[-+]?0x[0-9a-fA-F][0-9a-fA-F_]{0,8}",
        "[-+]?0o[0-7][0-7_]{0,8}",
        "[-+]?0b[01][01_]{0,8}",
    ]
}

fn keyword() -> impl Strategy<Value = String> + Clone {
    one_of(&["#true", "#false", "#null", "#inf", "#-inf", "#nan"]).prop_map(str::to_owned)
}

/// Whitespace within a node.
fn space() -> impl Strategy<Value = &'static str> + Clone {
    one_of(&[
        " ",
        " ",
        " ",
        "   ",
        "\t",
        " /* c */ ",
        " \\\n  ",
        " \\ // why\n",
        "\u{3000}",
        " /*\n*/ ",
    ])
}

/// `/-`, sometimes.
fn disabled() -> impl Strategy<Value = &'static str> + Clone {
    prop_oneof![6 => Just(""), 1 => dash()]
}

fn dash() -> impl Strategy<Value = &'static str> + Clone {
    one_of(&["/-", "/- ", "/-\n", "/-/* d */", "/- // e\n", "/-\\\n"])
}

fn one_of(texts: &[&'static str]) -> impl Strategy<Value = &'static str> + Clone + use<> {
    Union::new(texts.iter().map(|text| Just(*text)))
}
