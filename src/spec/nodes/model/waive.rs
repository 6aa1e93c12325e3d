//! `waive`: silence one rule at one model.

use crate::spec::table::{Key, NodeKind, Ty, arg, req_prop};

/// `waive "GPU-04" reason="…" until="2027-03-01"`.
pub static WAIVE: NodeKind = NodeKind {
    name: "waive",
    key: Key::Arg,
    args: &[arg("rule", Ty::Text, "The rule's code.")],
    props: &[
        req_prop(
            "reason",
            Ty::Text,
            "Why it is right here; reviewers read it.",
        ),
        req_prop(
            "until",
            Ty::Date,
            "When to look again; an expired waiver is an error.",
        ),
    ],
    doc: "Silences one rule for this model. A waiver that silences nothing is reported.",
    example: r#"model "m" {
    waive "AVL-01" reason="single replica by design" until="2027-03-01"
}"#,
    ..NodeKind::EMPTY
};
