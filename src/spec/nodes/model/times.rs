//! `startup`, `grace` and `timeout`: the times a model is given.

use crate::spec::table::{NodeKind, SECONDS, TIME, arg};

/// `startup "60s"`.
pub static STARTUP: NodeKind = NodeKind {
    name: "startup",
    args: &[arg(
        "window",
        SECONDS,
        "From container start to ready, at worst.",
    )],
    doc: "How long the model may take to load. Default: derived from the artifact's size, the \
          store's bandwidth and warm-up. Needed where there is no artifact to derive it from.",
    example: r#"model "m" { startup "60s" }"#,
    ..NodeKind::EMPTY
};

/// `grace "30s"`.
pub static GRACE: NodeKind = NodeKind {
    name: "grace",
    args: &[arg("time", SECONDS, "From the signal to the kill.")],
    doc: "The whole time a pod gets to end. Default: derived from timeout and batch delay.",
    example: r#"model "m" { grace "45s" }"#,
    ..NodeKind::EMPTY
};

/// `timeout "2s"`.
pub static TIMEOUT: NodeKind = NodeKind {
    name: "timeout",
    args: &[arg("time", TIME, "The longest a request may take.")],
    doc: "How long a client waits for an answer. Routes, drain and queue bounds follow from it. \
          Default 30s.",
    example: r#"model "m" { timeout "2s" }"#,
    ..NodeKind::EMPTY
};
