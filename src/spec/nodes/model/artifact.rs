//! `artifact`: where the model's files come from.

use crate::spec::table::{NodeKind, Ty, arg, prop, prop_or};

/// `artifact "s3://bucket/key/" sha256="…" size="438Mi" …`.
pub static ARTIFACT: NodeKind = NodeKind {
    name: "artifact",
    args: &[arg(
        "uri",
        Ty::ArtifactUri,
        "`s3://bucket/key/`, `gs://…`, `https://…`, `hf://org/repo@revision`, \
         `pvc://claim/folder`, `nfs://server/path` or `baked:/path`.",
    )],
    props: &[
        prop(
            "sha256",
            Ty::Sha256,
            "Digest of the content; the fetcher refuses anything else.",
        ),
        prop(
            "size",
            Ty::Bytes,
            "Size of the content: startup window and volume size rest on it.",
        ),
        prop(
            "secret",
            Ty::DnsSubdomain,
            "Secret with the source's credentials; overrides the store's.",
        ),
        prop(
            "endpoint",
            Ty::Url,
            "Address of the S3 service; overrides the store's.",
        ),
        prop_or(
            "delivery",
            Ty::Word(&["init", "mount", "baked"]),
            "init for fetched sources, mount for pvc and nfs, baked for baked",
            "How the files reach the server.",
        ),
        prop_or(
            "at",
            Ty::MountPath,
            "/models/<model>",
            "Folder the server finds the files in.",
        ),
    ],
    replaced: true,
    doc: "The model's files. Fetched by an init container of the same image, mounted read-only, \
          or inside the image already.",
    example: r#"model "m" {
    artifact "s3://models/bert/2.1/" size="438Mi" at="/models/bert"
}"#,
    ..NodeKind::EMPTY
};
