//! `runtime`: which server runs the model.

use crate::spec::table::{
    Key, NodeKind, Prop, SECONDS, Ty, arg, args, opt_arg, prop, prop_or, req_prop,
};

static COMMAND: NodeKind = NodeKind {
    name: "command",
    args: &[args(
        "word",
        Ty::AnyText,
        "The program and its first arguments, one word each.",
    )],
    doc: "The entry point, in exec form.",
    example: r#"runtime "container" image="acme/m:1" port=8080 { command "python" "app.py" }"#,
    ..NodeKind::EMPTY
};
static ARGS: NodeKind = NodeKind {
    name: "args",
    args: &[args("word", Ty::AnyText, "Arguments, one word each.")],
    doc: "Arguments of the entry point.",
    example: r#"runtime "container" image="acme/m:1" port=8080 { args "--workers" "1" }"#,
    ..NodeKind::EMPTY
};
static USER: NodeKind = NodeKind {
    name: "user",
    args: &[arg(
        "id",
        Ty::Int {
            min: 1,
            max: 4_294_967_294,
        },
        "A numeric user id that is not 0.",
    )],
    doc: "The user the container runs as; restricted pod security forbids root.",
    example: r#"runtime "container" image="acme/m:1" port=8080 { user 10001 }"#,
    ..NodeKind::EMPTY
};
static WRITABLE: NodeKind = NodeKind {
    name: "writable",
    key: Key::Arg,
    args: &[arg(
        "path",
        Ty::MountPath,
        "A folder the program writes to.",
    )],
    props: &[req_prop("size", Ty::Bytes, "The most it may hold.")],
    doc: "An empty folder for scratch data; everything else of the root filesystem is read-only.",
    example: r#"runtime "container" image="acme/m:1" port=8080 { writable "/tmp" size="1Gi" }"#,
    ..NodeKind::EMPTY
};
static FILE: NodeKind = NodeKind {
    name: "file",
    key: Key::Arg,
    args: &[arg(
        "path",
        Ty::MountPath,
        "Folder the Secret's keys appear in as files.",
    )],
    props: &[req_prop("secret", Ty::DnsSubdomain, "The Secret.")],
    doc: "A Secret mounted read-only.",
    example: r#"runtime "container" image="acme/m:1" port=8080 { file "/etc/gcp" secret="gcp-key" }"#,
    ..NodeKind::EMPTY
};
static PORT: NodeKind = NodeKind {
    name: "port",
    key: Key::Arg,
    args: &[
        arg("name", Ty::Word(&["grpc"]), "What is spoken on it."),
        arg("port", Ty::Port, "The port."),
    ],
    doc: "A further port of the container, also on its Service.",
    example: r#"runtime "container" image="acme/m:1" port=8080 { port "grpc" 9000 }"#,
    ..NodeKind::EMPTY
};
static PROBE: &[Prop] = &[
    prop_or("every", SECONDS, "10s", "Time between two probes."),
    prop_or("timeout", SECONDS, "5s", "How long an answer may take."),
    prop_or(
        "failures",
        Ty::Int { min: 1, max: 1000 },
        "3",
        "Failures in a row that count.",
    ),
];
static LIVENESS: NodeKind = NodeKind {
    name: "liveness",
    args: &[arg(
        "path",
        Ty::Path,
        "Path that answers 200 while the process is sound.",
    )],
    props: PROBE,
    doc: "The liveness probe: the container is restarted when it fails.",
    example: r#"runtime "container" image="acme/m:1" port=8080 {
    liveness "/health" every="10s" timeout="5s" failures=3
}"#,
    ..NodeKind::EMPTY
};
static READINESS: NodeKind = NodeKind {
    name: "readiness",
    args: &[arg(
        "path",
        Ty::Path,
        "Path that answers 200 once the model is loaded.",
    )],
    props: PROBE,
    doc: "The readiness probe: traffic stops while it fails. Without it, liveness' path.",
    example: r#"runtime "container" image="acme/m:1" port=8080 { readiness "/ready" }"#,
    ..NodeKind::EMPTY
};
static METRICS: NodeKind = NodeKind {
    name: "metrics",
    args: &[arg("path", Ty::Path, "Path of the Prometheus text.")],
    props: &[
        prop_or(
            "port",
            Ty::Port,
            "the runtime's port",
            "Port of the metrics.",
        ),
        prop(
            "latency",
            Ty::Text,
            "Name of a histogram of request seconds, without `_bucket`.",
        ),
        prop("requests", Ty::Text, "Name of a counter of requests."),
        prop(
            "errors",
            Ty::Text,
            "Label matcher that picks failed requests of `requests`.",
        ),
    ],
    doc: "Where the container's metrics are, and which series alerts and the latency trigger \
          read. Without it, the mesh's or gateway's series are used where there are any.",
    example: r##"runtime "container" image="acme/m:1" port=8080 {
    metrics "/metrics" port=9090 latency="http_request_duration_seconds" requests="http_requests_total" errors=#"code=~"5..""#
}"##,
    ..NodeKind::EMPTY
};

/// `runtime "container" image="…" port=8080 { … }`.
pub static CONTAINER: NodeKind = NodeKind {
    name: "runtime",
    args: &[arg(
        "kind",
        Ty::Word(&["mlserve", "container"]),
        "`container`: any image.",
    )],
    props: &[
        req_prop("image", Ty::Image, "The image."),
        req_prop("port", Ty::Port, "The port it serves HTTP on."),
    ],
    children: &[
        &COMMAND, &ARGS, &USER, &WRITABLE, &FILE, &PORT, &LIVENESS, &READINESS, &METRICS,
    ],
    replaced: true,
    doc: "Any image. What mlspec cannot know of it (user, probes, startup, metrics) the spec says.",
    example: r#"model "m" {
    runtime "container" image="acme/m:1.0" port=8080 {
        user 10001
        liveness "/health"
    }
    startup "60s"
}"#,
    ..NodeKind::EMPTY
};

/// `runtime "mlserve"`.
pub static MLSERVE: NodeKind = NodeKind {
    name: "runtime",
    args: &[arg(
        "kind",
        Ty::Word(&["mlserve", "container"]),
        "`mlserve`: the server of this project.",
    )],
    props: &[
        prop(
            "image",
            Ty::Image,
            "The image; default: the workspace's `image \"mlserve\"`.",
        ),
        prop_or(
            "engine",
            Ty::Word(&["auto", "ort", "tract"]),
            "auto",
            "The inference engine.",
        ),
    ],
    replaced: true,
    doc: "The server of this project. Ports, probes, metrics and configuration come from its \
          contract.",
    example: r#"model "m" { runtime "mlserve" engine="ort" }"#,
    ..NodeKind::EMPTY
};

/// `runtime`, before its first argument is known.
pub static RUNTIME: NodeKind = NodeKind {
    name: "runtime",
    args: &[opt_arg(
        "kind",
        Ty::Word(&["mlserve", "container"]),
        "Which server.",
    )],
    by_arg: &[("mlserve", &MLSERVE), ("container", &CONTAINER)],
    replaced: true,
    doc: "Which server runs the model: `mlserve` (default) or `container`, any image.",
    example: r#"model "m" { runtime "container" image="acme/m:1.0" port=8080; startup "60s" }"#,
    ..NodeKind::EMPTY
};
