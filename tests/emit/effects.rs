//! Nothing that a model can say is without effect.
//!
//! The specs of `effects/` use every argument and property that may stand in a model. Each value in
//! turn is replaced by another one of its type: then the files are others, or something is reported
//! that was not before.
#![expect(clippy::disallowed_methods, reason = "reads the tests' prelude")]

use std::collections::{BTreeMap, BTreeSet};

use mlspec::compile::{Options, compile};
use mlspec::render::Memory;
use mlspec::source::{FileId, Source};
use mlspec::spec::table::{NodeKind, Ty};
use mlspec::spec::walk::kinds;
use mlspec::spec::{self, Written};
use mlspec::syntax;
use mlspec::system::{Date, MemorySystem};

const SPECS: [(&str, &str); 4] = [
    ("everything", include_str!("effects/everything.kdl")),
    ("container", include_str!("effects/container.kdl")),
    ("split", include_str!("effects/split.kdl")),
    ("devices", include_str!("effects/devices.kdl")),
];

/// Beside what the prelude says: credentials for triggers.
const AUTHS: &str = r#"    auth "kafka-prod" secret="kafka" { username key="user"; password key="pass" }
    auth "mq" secret="mq" { host key="url" }
    auth "prometheus" secret="prometheus" { bearer-token key="token" }
    env "staging""#;

/// What is told to people alone, or only tells nodes apart when layers are merged.
const WORDS: [&str; 3] = ["waive reason", "on \"cpu\" name", "on \"memory\" name"];

/// All that a workspace comes to: files, and what is reported.
#[derive(PartialEq)]
struct Result {
    files: BTreeMap<String, Vec<u8>>,
    reported: BTreeSet<(String, String)>,
}

fn result(spec: &str) -> Result {
    let prelude = |path: &str| {
        let root = env!("CARGO_MANIFEST_DIR");
        std::fs::read_to_string(format!("{root}/tests/ui/_prelude/{path}")).unwrap()
    };
    let mut system = MemorySystem::default().on(Date {
        year: 2026,
        month: 12,
        day: 1,
    });
    for path in ["clusters/gpu.kdl", "clusters/small.kdl"] {
        system = system.file(path, prelude(path));
    }
    let root = prelude("mlspec.kdl").replace("    env \"staging\"", AUTHS);
    system = system.file("mlspec.kdl", root);
    let memory = Memory::default();
    let system = system.file("models/spec.kdl", spec);
    let compilation = compile(&system, &Options::default(), &memory);
    let files = memory.into_files().into_iter();
    Result {
        files: files
            .map(|(path, file)| (path.to_string(), file.bytes))
            .collect(),
        reported: compilation
            .diagnostics
            .iter()
            .map(|d| (d.code.to_owned(), d.message.clone()))
            .collect(),
    }
}

/// Another value of a type, as it is written.
fn other(ty: Ty, written: &str) -> String {
    let one_of = |a: &str, b: &str| {
        let quoted = format!("\"{a}\"");
        if written == quoted {
            format!("\"{b}\"")
        } else {
            quoted
        }
    };
    match ty {
        Ty::Bool => {
            let flipped = if written == "#true" {
                "#false"
            } else {
                "#true"
            };
            flipped.to_owned()
        }
        Ty::Int { max, .. } => {
            let number: i64 = written.parse().unwrap();
            let near = if number < max { number + 1 } else { number - 1 };
            near.to_string()
        }
        Ty::Word(words) => {
            let word = words.iter().find(|word| format!("\"{word}\"") != written);
            // Of a single word there is no other: then none must be allowed.
            format!("\"{}\"", word.copied().unwrap_or("none-such"))
        }
        Ty::Text | Ty::AnyText | Ty::HeaderName => one_of("other", "others"),
        Ty::HostPattern => one_of("*.other.io", "*.others.io"),
        Ty::Bytes => one_of("33Gi", "55Gi"),
        Ty::Cpu => one_of("3", "4"),
        Ty::Rate => one_of("10Mi/s", "20Mi/s"),
        Ty::PerSecond => one_of("90000/s", "80000/s"),
        Ty::Price => one_of("1/h", "2/h"),
        Ty::Duration(_) => one_of("77s", "78s"),
        Ty::Percent(_) => one_of("55%", "56%"),
        Ty::MigProfile => one_of("1g.5gb", "3g.20gb"),
        Ty::DnsLabel | Ty::DnsSubdomain | Ty::LabelKey | Ty::LabelValue => {
            one_of("other", "others")
        }
        Ty::Release => one_of("2.1", "2.2"),
        Ty::Version => one_of("1.2.3", "1.2.4"),
        Ty::Image => one_of(
            "registry.acme.io/ml/other:1.0",
            "registry.acme.io/ml/others:1.0",
        ),
        Ty::Sha256 => one_of(&"a".repeat(64), &"b".repeat(64)),
        Ty::Port => {
            let port = if written == "9999" { "9998" } else { "9999" };
            port.to_owned()
        }
        Ty::HostPort | Ty::HostPorts => one_of("other.db.svc:1234", "others.db.svc:1234"),
        Ty::MountPath | Ty::Path => one_of("/other", "/others"),
        Ty::SecretKey => one_of("other/key", "others/key"),
        Ty::GitUrl | Ty::Url => one_of("https://other.acme.io", "https://others.acme.io"),
        Ty::ArtifactUri => one_of("s3://models/other/", "s3://models/others/"),
        Ty::Cron => one_of("7 7 * * *", "8 8 * * *"),
        Ty::Timezone => one_of("Europe/Paris", "Asia/Tokyo"),
        Ty::Cidr => one_of("192.168.0.0/16", "172.16.0.0/12"),
        Ty::EnvName => one_of("OTHER", "OTHERS"),
        Ty::Date => one_of("2026-01-01", "2026-01-02"),
    }
}

/// One value of a spec: what it is called, its type and where it stands.
struct Value {
    name: String,
    ty: Ty,
    at: std::ops::Range<usize>,
}

fn called(kind: &NodeKind, part: &str) -> String {
    let title = kinds()
        .into_iter()
        .find(|e| std::ptr::eq(e.kind, kind))
        .unwrap()
        .title;
    format!("{title} {part}")
}

fn values(node: &Written, found: &mut Vec<Value>) {
    for (position, given) in node.args.iter().enumerate() {
        let arg = &node.kind.args[position.min(node.kind.args.len() - 1)];
        found.push(Value {
            name: called(node.kind, arg.name),
            ty: arg.ty,
            at: given.span.range(),
        });
    }
    for (index, given) in &node.props {
        let prop = &node.kind.props[*index];
        found.push(Value {
            name: called(node.kind, prop.name),
            ty: prop.ty,
            at: given.span.range(),
        });
    }
    // Raw fields are no part of the language.
    for child in node.children.iter().filter(|_| !node.kind.raw) {
        values(child, found);
    }
}

/// Every argument and property that may stand in a model.
fn expected() -> BTreeSet<String> {
    fn below(
        kind: &'static NodeKind,
        seen: &mut Vec<*const NodeKind>,
        names: &mut BTreeSet<String>,
    ) {
        if seen.contains(&std::ptr::from_ref(kind)) {
            return;
        }
        seen.push(kind);
        // Where the first argument chooses the kind, the chosen ones have all there is to say.
        if kind.by_arg.is_empty() {
            let args = kind.args.iter().map(|arg| arg.name);
            let props = kind.props.iter().map(|prop| prop.name);
            names.extend(args.chain(props).map(|part| called(kind, part)));
        }
        let chosen = kind.by_arg.iter().map(|(_, kind)| *kind);
        for child in kind.children.iter().copied().chain(chosen) {
            below(child, seen, names);
        }
    }
    let model = kinds()
        .into_iter()
        .find(|entry| entry.path == "model")
        .unwrap();
    let mut names = BTreeSet::new();
    below(model.kind, &mut Vec::new(), &mut names);
    names
}

/// Another value is another output, or a report; and no value is left out.
#[test]
fn every_value_has_an_effect() {
    let mut seen = BTreeSet::new();
    let mut without = Vec::new();
    for (name, spec) in SPECS {
        let before = result(spec);
        assert!(!before.files.is_empty(), "{name}: {:?}", before.reported);
        let document = syntax::parse(FileId(0), spec).document;
        let (nodes, _) = spec::read(&document, &Source::new("spec.kdl", spec));
        let mut all = Vec::new();
        for node in &nodes {
            values(node, &mut all);
        }
        for value in all {
            let written = &spec[value.at.clone()];
            let mut changed = spec.to_owned();
            changed.replace_range(value.at.clone(), &other(value.ty, written));
            if !WORDS.contains(&value.name.as_str()) && result(&changed) == before {
                without.push(format!("{name}: {} {written}", value.name));
            }
            seen.insert(value.name);
        }
    }
    assert_eq!(without, [""; 0], "without effect");
    let missing: Vec<_> = expected().difference(&seen).cloned().collect();
    assert_eq!(missing, [""; 0], "not in a spec of `effects/`");
}
