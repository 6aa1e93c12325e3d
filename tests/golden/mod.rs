//! Golden trees: every example with its committed `deploy/`, and every `tests/golden/<case>/`
//! with `in/` and `out/`. `MLSPEC_BLESS=1 cargo test` rewrites them.
//!
//! Each is compiled four times, with files listed in reverse order and on one and eight threads,
//! and must come out byte for byte the same.

#![expect(
    clippy::disallowed_methods,
    reason = "reads what is committed, and blesses it where a variable asks for it"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use mlspec::compile::{Compilation, Options, compile};
use mlspec::diag;
use mlspec::emit::Body;
use mlspec::render::{File, Finish, Memory, Sink};
use mlspec::system::{Date, DirEntry, OsSystem, System, path};
use mlspec::why;
use smol_str::SmolStr;

/// A workspace that is compiled, and where its output is committed.
struct Case {
    workspace: PathBuf,
    output: PathBuf,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = |path: &str| -> Vec<PathBuf> {
        let mut found: Vec<_> = std::fs::read_dir(root.join(path))
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.is_dir())
            .collect();
        found.sort();
        found
    };
    let examples = folders("examples").into_iter().map(|folder| Case {
        output: folder.join("deploy"),
        workspace: folder,
    });
    let golden = folders("tests/golden").into_iter().map(|folder| Case {
        output: folder.join("out"),
        workspace: folder.join("in"),
    });
    examples.chain(golden).collect()
}

/// Lists folders backwards, and judges waivers on one fixed day.
struct Backwards {
    inner: OsSystem,
    reverse: bool,
}

impl System for Backwards {
    fn read(&self, path: &str) -> io::Result<String> {
        self.inner.read(path)
    }

    fn list(&self, path: &str) -> io::Result<Vec<DirEntry>> {
        let mut entries = self.inner.list(path)?;
        if self.reverse {
            entries.reverse();
        }
        Ok(entries)
    }

    fn today(&self) -> Date {
        Date {
            year: 2026,
            month: 11,
            day: 24,
        }
    }
}

fn compile_case(case: &Case, reverse: bool, threads: usize) -> (Compilation, Files) {
    let system = Backwards {
        inner: OsSystem::new(&case.workspace),
        reverse,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let memory = Memory::default();
    let options = Options {
        recording: true,
        ..Options::default()
    };
    let compilation = pool.install(|| compile(&system, &options, &memory));
    (compilation, memory.into_files())
}

type Files = BTreeMap<SmolStr, File>;

fn files((compilation, files): &(Compilation, Files), case: &Case) -> BTreeMap<String, Vec<u8>> {
    // A note is no fault: it tells what was taken for granted.
    let worse = compilation
        .diagnostics
        .iter()
        .filter(|d| d.severity != diag::Severity::Note);
    let sorted = diag::sort(worse.cloned().collect(), &compilation.sources);
    let shown = diag::render(
        diag::Format::Concise,
        &sorted,
        &compilation.sources,
        &diag::Options::default(),
    );
    assert_eq!(
        shown,
        "",
        "{} does not compile clean",
        case.workspace.display()
    );
    files
        .iter()
        .map(|(path, file)| (path.to_string(), file.bytes.clone()))
        .collect()
}

/// Manifests below a folder; the ledger is not one.
fn committed(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
            if path.is_dir() {
                walk(&path, &format!("{name}/"), found);
            } else if name != "mlspec.ledger" {
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

/// The output of every case is what is committed, whatever the order of files and the number
/// of threads.
#[test]
fn output_is_as_committed() {
    let bless = std::env::var_os("MLSPEC_BLESS").is_some();
    for case in cases() {
        let first = files(&compile_case(&case, false, 1), &case);
        for (reverse, threads) in [(true, 1), (false, 8), (true, 8)] {
            let again = files(&compile_case(&case, reverse, threads), &case);
            assert!(
                first == again,
                "{}: order or threads change the output",
                case.workspace.display()
            );
        }
        if bless && case.output.ends_with("out") {
            let _ = std::fs::remove_dir_all(&case.output);
            for (path, bytes) in &first {
                let path = case.output.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
        }
        let committed = committed(&case.output);
        let names = |m: &BTreeMap<String, Vec<u8>>| m.keys().cloned().collect::<Vec<_>>();
        assert_eq!(
            names(&first),
            names(&committed),
            "{}",
            case.output.display()
        );
        for (path, bytes) in &first {
            let (new, old) = (
                String::from_utf8_lossy(bytes),
                String::from_utf8_lossy(&committed[path]),
            );
            assert_eq!(
                new,
                old,
                "{}/{path}: run `MLSPEC_BLESS=1 cargo test golden`, or compile the example",
                case.output.display()
            );
        }
    }
}

/// Asks for every file once more at the end.
#[derive(Default)]
struct Twice {
    first: Mutex<BTreeMap<SmolStr, Vec<u8>>>,
    again: Mutex<BTreeMap<SmolStr, Vec<u8>>>,
}

impl Sink for Twice {
    fn take(&self, files: Vec<File>) {
        let files = files.into_iter().map(|f| (f.path, f.bytes));
        self.first.lock().unwrap().extend(files);
    }

    fn finish(&self, end: &Finish<'_>) {
        let first = self.first.lock().unwrap();
        let folders: BTreeSet<&str> = first.keys().map(|p| path::parent(p)).collect();
        let mut again = self.again.lock().unwrap();
        for folder in folders {
            let files = (end.again)(folder);
            assert!(files.iter().all(|(p, _)| path::parent(p) == folder));
            again.extend(files);
        }
    }
}

/// What the writer did not keep is made a second time: the same files with the same bytes.
#[test]
fn files_are_the_same_when_made_again() {
    for case in cases() {
        let system = Backwards {
            inner: OsSystem::new(&case.workspace),
            reverse: false,
        };
        let twice = Twice::default();
        let _ = compile(&system, &Options::default(), &twice);
        let first = twice.first.into_inner().unwrap();
        assert!(!first.is_empty());
        assert!(
            first == twice.again.into_inner().unwrap(),
            "{}",
            case.workspace.display()
        );
    }
}

/// Every line of every file tells where it comes from, and no note speaks for a field that is
/// not there.
#[test]
fn every_line_has_a_source() {
    for case in cases() {
        for (path, file) in &compile_case(&case, false, 2).1 {
            let text = String::from_utf8_lossy(&file.bytes);
            // What is no object: lists of files for Flux.
            let Some(object) = &file.object else {
                for line in 1..=text.lines().count() {
                    assert!(
                        why::explain(file, line).is_some(),
                        "{path}:{line}: no source"
                    );
                }
                continue;
            };
            let lines = why::lines(object);
            assert_eq!(lines.len(), text.lines().count(), "{path}");
            for (number, (line, why)) in text.lines().zip(&lines).enumerate() {
                let why = why.as_ref();
                assert!(
                    why.is_some_and(|w| !w.noted.is_empty()),
                    "{path}:{}: no source for `{line}`",
                    number + 1
                );
            }
            let value = serde_json::to_value(object.content()).unwrap();
            let gaps = object.trace.gaps(&value);
            assert!(gaps.is_empty(), "{path}: {gaps:#?}");
        }
    }
}

/// The server reads every configuration that the compiler writes, and finds nothing wrong.
#[test]
fn the_server_reads_its_configuration() {
    let mut seen = 0;
    for case in cases() {
        for (path, file) in &compile_case(&case, false, 2).1 {
            let Some(Body::ConfigMap(map)) = file.object.as_ref().map(|o| &o.body) else {
                continue;
            };
            let text = &map.data.as_ref().unwrap()[mlspec_contract::paths::CONFIG_KEY];
            let config: mlspec_contract::config::ServerConfig = serde_yaml::from_str(text).unwrap();
            assert_eq!(config.validate(), [], "{path}");
            seen += 1;
        }
    }
    assert!(seen >= 3, "only {seen} configurations");
}
