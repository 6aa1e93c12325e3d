//! `store`: an object store as this cluster reaches it.

use crate::spec::table::{Key, NodeKind, Ty, arg, prop};

/// `store "s3://models/" endpoint="https://minio.acme.io" secret="models-s3" bandwidth="200Mi/s"`.
pub static STORE: NodeKind = NodeKind {
    name: "store",
    key: Key::Arg,
    args: &[arg(
        "prefix",
        Ty::Text,
        "What artifact addresses begin with, `s3://bucket/`.",
    )],
    props: &[
        prop(
            "endpoint",
            Ty::Url,
            "Address of the service, where it is not AWS.",
        ),
        prop(
            "secret",
            Ty::DnsSubdomain,
            "Secret with the store's credentials, as environment.",
        ),
        prop(
            "bandwidth",
            Ty::Rate,
            "What one pod gets from it: the startup window rests on it.",
        ),
    ],
    doc: "Facts about an object store: its address, its credentials, its speed. The longest \
          prefix that fits an artifact counts.",
    example: r#"cluster "eks" {
    store "s3://models/" endpoint="https://minio.acme.io" secret="models-s3" bandwidth="200Mi/s"
}"#,
    ..NodeKind::EMPTY
};
