//! `label`, `annotation` and `selector`.

use crate::spec::table::{Key, NodeKind, Ty, arg};

/// `label "app" "nlp-inference"`.
pub static LABEL: NodeKind = NodeKind {
    name: "label",
    key: Key::Arg,
    args: &[
        arg("key", Ty::LabelKey, "Label key."),
        arg("value", Ty::LabelValue, "Label value."),
    ],
    doc: "A label of every object and pod of the model.",
    example: r#"model "m" { label "team" "nlp" }"#,
    ..NodeKind::EMPTY
};

/// `annotation "team.acme.io/owner" "nlp"`.
pub static ANNOTATION: NodeKind = NodeKind {
    name: "annotation",
    key: Key::Arg,
    args: &[
        arg("key", Ty::LabelKey, "Annotation key."),
        arg("value", Ty::AnyText, "Annotation value."),
    ],
    doc: "An annotation of every object and pod of the model. Changing it restarts the pods.",
    example: r#"model "m" { annotation "team.acme.io/owner" "nlp" }"#,
    ..NodeKind::EMPTY
};

/// `selector "app" "nlp-inference"`.
pub static SELECTOR: NodeKind = NodeKind {
    name: "selector",
    key: Key::Arg,
    args: &[
        arg("key", Ty::LabelKey, "Label key."),
        arg("value", Ty::LabelValue, "Label value."),
    ],
    doc: "The workload's selector, only to take over a Deployment that exists: a selector cannot \
          be changed. Default: `app.kubernetes.io/name` and the model's name.",
    example: r#"model "m" { selector "app" "nlp-inference" }"#,
    ..NodeKind::EMPTY
};
