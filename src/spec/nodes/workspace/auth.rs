//! `auth`: credentials that triggers use, by reference to a Secret.

use crate::spec::table::{Key, NodeKind, Ty, arg, req_prop};

/// A credential taken from one key of the Secret.
macro_rules! credential {
    ($($name:ident $text:literal $example:literal $doc:literal;)*) => {$(
        static $name: NodeKind = NodeKind {
            name: $text,
            props: &[req_prop("key", Ty::Text, "The key of the Secret that holds it.")],
            doc: $doc,
            example: $example,
            ..NodeKind::EMPTY
        };
    )*};
}

credential! {
    USERNAME "username"
        r#"auth "kafka-prod" secret="kafka" { username key="user"; password key="pass" }"#
        "The user name.";
    PASSWORD "password"
        r#"auth "kafka-prod" secret="kafka" { username key="user"; password key="pass" }"#
        "The password.";
    CA "ca"
        r#"auth "kafka-tls" secret="kafka" { ca key="ca.crt" }"#
        "The certificate authority, PEM.";
    CERT "cert"
        r#"auth "kafka-tls" secret="kafka" { ca key="ca.crt"; cert key="tls.crt"; key key="tls.key" }"#
        "The client certificate, PEM.";
    CLIENT_KEY "key"
        r#"auth "kafka-tls" secret="kafka" { ca key="ca.crt"; cert key="tls.crt"; key key="tls.key" }"#
        "The client's private key, PEM.";
    HOST "host"
        r#"auth "mq" secret="rabbitmq" { host key="amqp-url" }"#
        "The whole address with its credentials (RabbitMQ).";
    BEARER "bearer-token"
        r#"auth "metrics" secret="prometheus" { bearer-token key="token" }"#
        "A bearer token (Prometheus).";
}

/// `auth "kafka-prod" secret="kafka" { username key="user"; password key="pass" }`.
pub static AUTH: NodeKind = NodeKind {
    name: "auth",
    key: Key::Arg,
    args: &[arg(
        "name",
        Ty::DnsLabel,
        "Name that a trigger's `auth=` gives.",
    )],
    props: &[req_prop(
        "secret",
        Ty::DnsSubdomain,
        "The Secret in the environment's namespace.",
    )],
    children: &[
        &USERNAME,
        &PASSWORD,
        &CA,
        &CERT,
        &CLIENT_KEY,
        &HOST,
        &BEARER,
    ],
    doc: "Credentials for triggers, emitted as a KEDA TriggerAuthentication beside each model \
          that uses them. The Secret itself never enters Git.",
    example: r#"workspace "acme" edition=1 {
    auth "kafka-prod" secret="kafka" { username key="user"; password key="pass" }
    env "prod" namespace="ml" { cluster "eks" }
}"#,
    ..NodeKind::EMPTY
};
