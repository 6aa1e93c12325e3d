//! `rollout`: how a new version replaces the old one.

use crate::spec::table::{COUNT0, NodeKind, SECONDS, Ty, arg, opt_arg, prop_or};

static KINDS: Ty = Ty::Word(&["rolling", "recreate"]);
const DEADLINE: crate::spec::table::Prop = prop_or(
    "deadline",
    SECONDS,
    "startup window + 5m, at least 10m",
    "When a rollout that makes no progress counts as failed.",
);

/// `rollout "rolling" max-surge=1 max-unavailable=0 deadline="10m"`.
pub static ROLLING: NodeKind = NodeKind {
    name: "rollout",
    args: &[arg("kind", KINDS, "`rolling`: a few pods at a time.")],
    props: &[
        prop_or(
            "max-surge",
            COUNT0,
            "1 where capacity is free, else 0",
            "Pods beyond the wanted number.",
        ),
        prop_or(
            "max-unavailable",
            COUNT0,
            "0 with a surge, else 1",
            "Pods that may be away.",
        ),
        DEADLINE,
    ],
    replaced: true,
    doc: "Replaces pods a few at a time.",
    example: r#"model "m" { rollout "rolling" max-surge=1 max-unavailable=0 }"#,
    ..NodeKind::EMPTY
};

/// `rollout "recreate"`.
pub static RECREATE: NodeKind = NodeKind {
    name: "rollout",
    args: &[arg("kind", KINDS, "`recreate`: all at once.")],
    props: &[DEADLINE],
    replaced: true,
    doc: "Ends all pods, then starts new ones: an outage, for what cannot run twice.",
    example: r#"model "m" { rollout "recreate" }"#,
    ..NodeKind::EMPTY
};

/// `rollout`, before its first argument is known.
pub static ROLLOUT: NodeKind = NodeKind {
    name: "rollout",
    args: &[opt_arg("kind", KINDS, "`rolling` or `recreate`.")],
    by_arg: &[("rolling", &ROLLING), ("recreate", &RECREATE)],
    replaced: true,
    doc: "How a new version replaces the old one. Default: rolling, its numbers derived from the \
          capacity that is free and the startup window.",
    example: r#"model "m" { rollout "rolling" max-surge=1 max-unavailable=0 deadline="10m" }"#,
    ..NodeKind::EMPTY
};
