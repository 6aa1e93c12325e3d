//! `cargo bench --bench hostile`: a megabyte of anything is answered within a second.
//!
//! Each text is a model file of the UI tests' workspace, checked as a whole, and what is found is
//! shown in the form for people and as JSON. Fails where one takes longer, alone on the machine.
//!
//! What is right is not hostile, and takes the time that `--bench compile` measures: a megabyte of models of one
//! line each is 37,000 of them with 185,000 objects, which take 3 s on two processors.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and the tests' files"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use mlspec::compile::{Options, compile};
use mlspec::diag::{self, Format};
use mlspec::render::Count;
use mlspec::system::MemorySystem;

const SIZE: usize = 1_000_000;
const LIMIT: Duration = Duration::from_secs(1);

/// Repeated until a megabyte is full.
const REPEATED: &[(&str, &str)] = &[
    ("quotes", "\""),
    ("quotes, one a line", "\"\n"),
    ("words with a quote", "a\" "),
    ("three quotes", "\"\"\" "),
    ("raw string openings", "a #\" "),
    ("braces", "{"),
    ("nested nodes", "a {\n"),
    ("closing braces", "}"),
    ("parentheses", "("),
    ("brackets", "a ["),
    ("list items", "a [b,"),
    ("slashdashes", "/-"),
    ("slashdashed nodes", "/-a\n"),
    ("slashdashed blocks", "a /-{} "),
    ("comment openings", "a /* "),
    ("patterns", "a/* "),
    ("URLs", "a s3://b "),
    ("other quotes", "' "),
    ("typographic quotes", "“ "),
    ("variables", "a ${ "),
    ("colons", "a: "),
    ("commas", "a,b,"),
    ("equals signs", "a = "),
    ("semicolons", ";"),
    ("continuations", "\\ "),
    ("keywords of KDL 1", "a true\n"),
    ("quantities", "a 3Gi "),
    ("banned characters", "a \u{1} "),
    ("one long word", "a"),
    ("one long line", "a "),
    ("one property", "p=1 "),
    ("spaces", " "),
    ("one model", "model \"a\" { }\n"),
    ("unknown nodes", "modle \"a\" { }\n"),
];

/// The same within a model.
const IN_A_MODEL: &[(&str, &str)] = &[
    ("one variable", "env-var \"A\" \"b\"\n"),
    ("variables without a name", "env-var\n"),
    ("one label", "label \"a\" \"b\"\n"),
    ("labels without a key", "label\n"),
    ("one environment", "in \"staging\" { scale 1 }\n"),
    ("unknown environments", "in \"x\" { }\n"),
    ("removals", "(remove)label \"x\"\n"),
    ("unset properties", "resources cpu=#null\n"),
    ("interpolations", "env-var \"A\" \"${x}\"\n"),
    ("misspelled nodes", "lable \"a\" \"b\"\n"),
    ("misspelled properties", "gpu cuont=1\n"),
];

/// Each with another number in the place of `#`.
const NUMBERED: &[(&str, &str)] = &[
    ("variables", "env-var \"A#\" \"b\"\n"),
    ("labels", "label \"a#\" \"b\"\n"),
    ("annotations", "annotation \"a#\" \"b\"\n"),
    ("environments", "in \"e#\" { }\n"),
    ("callers", "allow from=\"a#\"\n"),
    ("callees", "egress \"a#:1\"\n"),
    (
        "routes",
        "expose \"v#\" gateway=\"public\" host=\"a.acme.io\" path=\"/#\"\n",
    ),
    (
        "waivers",
        "waive \"GPU-#\" reason=\"x\" until=\"2030-01-01\"\n",
    ),
];

fn texts() -> Vec<(String, String)> {
    let model = |body: String| {
        format!("model \"a\" {{\nartifact \"s3://models/a/\" size=\"1Mi\"\n{body}}}\n")
    };
    let repeated = |text: &str| text.repeat(SIZE / text.len());
    let numbered = |text: &str| -> String {
        let mut all = String::with_capacity(SIZE);
        for number in 0.. {
            if all.len() >= SIZE - 100 {
                break;
            }
            all.push_str(&text.replace('#', &number.to_string()));
        }
        all
    };
    let mut texts = Vec::new();
    for (name, text) in REPEATED {
        texts.push(((*name).to_owned(), repeated(text)));
    }
    for (name, text) in IN_A_MODEL {
        texts.push((format!("in a model: {name}"), model(repeated(text))));
    }
    for (name, text) in NUMBERED {
        texts.push((format!("different {name}"), model(numbered(text))));
    }
    texts.push((
        "different models".to_owned(),
        numbered("model \"a#\" { }\n"),
    ));
    texts.push((
        "different clusters".to_owned(),
        numbered("cluster \"a#\" { }\n"),
    ));
    texts.extend(several_nodes());
    texts.push((
        "escapes".to_owned(),
        format!("a \"{}\"", "\\q".repeat(SIZE / 2)),
    ));
    texts
}

/// What takes several kinds of nodes: names looked up among many, and one model with the children of
/// many layers.
fn several_nodes() -> Vec<(String, String)> {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| -> String {
        (0..count).map(line).collect::<Vec<_>>().join("\n")
    };
    let artifact = r#"artifact "s3://models/a/" size="1Gi"; resources memory="2Gi""#;
    let misspelled_presets = lines(10_000, &|n| format!("preset \"preset{n}x\" {{ scale 1 }}"))
        + "\n"
        + &lines(6000, &|n| {
            format!("model \"m{n}\" {{ {artifact}; like \"preset{n}\" }}")
        });
    let misspelled = |node: &str| {
        lines(8000, &|n| {
            format!(
                "model \"m{n}\" {{ {artifact}; {} }}",
                node.replace('#', &n.to_string())
            )
        })
    };
    let routes = lines(6000, &|n| {
        format!(
            "model \"m{n}\" {{ {artifact}; scale 1; only \"staging\"; expose gateway=\"public\" host=\"h.acme.io\" path=\"/p\" }}"
        )
    });
    let gpus = lines(8000, &|n| {
        format!("model \"m{n}\" {{ {artifact}; scale 1; only \"prod\"; gpu mig=\"1g.5gb\" }}")
    });
    let layers = 25;
    let files = lines(layers, &|layer| {
        let files = lines(900, &|n| {
            format!("file \"/etc/{layer}/{n}\" secret=\"s{layer}-{n}\"")
        });
        format!(
            "preset \"p{layer}\" {{ runtime \"container\" image=\"a:1\" port=80 {{ user 1000; readiness \"/r\"\n{files} }} }}"
        )
    });
    let all = lines(layers, &|n| format!("like \"p{n}\""))
        .replace('\n', " ")
        .replace("like ", "");
    let files =
        format!("{files}\nmodel \"m\" {{ like {all}; {artifact}; startup \"60s\"; scale 1 }}");
    [
        ("misspelled presets", misspelled_presets),
        ("misspelled environments", misspelled("only \"stagin#\"")),
        (
            "misspelled gateways",
            misspelled("only \"staging\"; expose gateway=\"publik#\" host=\"a.acme.io\""),
        ),
        ("routes of one address", routes),
        ("models on one pool", gpus),
        ("files of many layers", files),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

/// Where most texts stand.
const MODELS: &str = "models/hostile.kdl";

/// Texts in the place of the workspace's root.
fn roots() -> Vec<(String, &'static str, String)> {
    let names: Vec<String> = (0..9000).map(|n| format!("\"c{n}\"")).collect();
    let workspace = |clusters: &[String]| {
        format!(
            "workspace \"w\" edition=1 {{ env \"prod\" namespace=\"ml\" {{ cluster {} }} }}\n",
            clusters.join(" ")
        )
    };
    let nodes = |word: &str| -> String {
        let clusters = names
            .iter()
            .map(|name| format!("{word} {name} {{ kubernetes \"1.36\" }}\n"));
        clusters.collect()
    };
    let model = "model \"m\" { artifact \"s3://models/a/\" size=\"1Gi\"; scale 1 }\n";
    let missing: Vec<String> = names.iter().map(|n| n.replace('c', "k")).collect();
    [
        (
            "clusters of an environment",
            workspace(&names) + &nodes("cluster") + model,
        ),
        (
            "misspelled clusters",
            workspace(&missing) + &nodes("cluster") + model,
        ),
    ]
    .map(|(name, text)| (name.to_owned(), "mlspec.kdl", text))
    .into()
}

fn main() -> ExitCode {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui/_prelude/");
    let prelude = ["mlspec.kdl", "clusters/gpu.kdl", "clusters/small.kdl"].map(|path| {
        let text = std::fs::read_to_string(format!("{folder}{path}")).unwrap_or_default();
        (path, text)
    });
    let mut slow = 0;
    println!("{:<36} {:>8}", "a megabyte of", "ms");
    let models = texts().into_iter().map(|(name, text)| (name, MODELS, text));
    for (name, file, text) in models.chain(roots()) {
        let system = prelude
            .iter()
            .fold(MemorySystem::default(), |system, (path, text)| {
                system.file(*path, text.as_str())
            });
        let system = system.file(file, text);
        let started = Instant::now();
        let compilation = compile(&system, &Options::default(), &Count::default());
        let sorted = diag::sort(compilation.diagnostics, &compilation.sources);
        for format in [Format::Human, Format::Json] {
            let options = diag::Options::default();
            std::hint::black_box(diag::render(
                format,
                &sorted,
                &compilation.sources,
                &options,
            ));
        }
        let took = started.elapsed();
        let mark = if took > LIMIT { "  too long" } else { "" };
        slow += u32::from(took > LIMIT);
        println!("{name:<36} {:>8}{mark}", took.as_millis());
    }
    ExitCode::from(u8::from(slow > 0))
}
