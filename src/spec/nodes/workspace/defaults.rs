//! `defaults`: what every model starts from.

use crate::spec::nodes::model::PARTS_WITH_IN;
use crate::spec::table::NodeKind;

/// `defaults { grace "45s" }`.
pub static DEFAULTS: NodeKind = NodeKind {
    name: "defaults",
    children: &PARTS_WITH_IN,
    removable: false,
    doc: "A partial model that lies under every model of the workspace: presets, models and \
          variants override it by the one merge rule.",
    example: r#"workspace "acme" edition=1 {
    env "prod" namespace="ml" { cluster "eks" }
    defaults { grace "45s"; label "team" "nlp" }
}"#,
    ..NodeKind::EMPTY
};
