//! `resources`: processor, memory and disk of the server's container.

use crate::spec::table::{NodeKind, Ty, prop, prop_or};

/// `resources cpu="2" memory="4Gi" memory-limit="8Gi" disk="10Gi" shm="2Gi"`.
pub static RESOURCES: NodeKind = NodeKind {
    name: "resources",
    props: &[
        prop_or(
            "cpu",
            Ty::Cpu,
            "1",
            "Processor requested; there is no processor limit.",
        ),
        prop_or(
            "memory",
            Ty::Bytes,
            "2 × artifact size + 512Mi",
            "Memory requested.",
        ),
        prop_or("memory-limit", Ty::Bytes, "memory", "Memory limit."),
        prop(
            "disk",
            Ty::Bytes,
            "Scratch disk, of `/tmp` above all. The pod requests it and is limited to it, with room \
             for the model's files, `writable` folders and logs added.",
        ),
        prop(
            "shm",
            Ty::Bytes,
            "Size of `/dev/shm`; it counts against the memory limit.",
        ),
    ],
    doc: "What each replica requests. No processor limit: throttling costs latency and protects \
          nobody who has requests.",
    example: r#"model "m" { resources cpu="2" memory="4Gi" memory-limit="8Gi" }"#,
    ..NodeKind::EMPTY
};
