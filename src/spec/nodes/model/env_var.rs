//! `env-var`: environment of the server's container.

use crate::spec::table::{Key, NodeKind, Ty, arg, opt_arg, prop};

/// `env-var "MODEL_PATH" "/models/bert"`, `env-var "API_KEY" secret="bert-keys/api"`.
pub static ENV_VAR: NodeKind = NodeKind {
    name: "env-var",
    key: Key::Arg,
    args: &[
        arg("name", Ty::EnvName, "Name of the variable."),
        opt_arg("value", Ty::AnyText, "Its value."),
    ],
    props: &[prop(
        "secret",
        Ty::SecretKey,
        "`secret/key`: take the value from a Secret.",
    )],
    group: Some(&[&["@1"], &["secret"]]),
    doc: "A variable of the container. Secrets are referred to, never written down (NET-08).",
    example: r#"model "m" {
    env-var "BATCH_SIZE" "32"
    env-var "API_KEY" secret="bert-keys/api"
}"#,
    ..NodeKind::EMPTY
};
