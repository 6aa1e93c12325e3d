//! `mlspec fmt`.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::{FAILED, Shell, WRONG};
use crate::compile::{ROOT_FILE, not_readable};
use crate::diag::Diagnostic;
use crate::source::{Source, Sources, Span};
use crate::spec::order::TableOrder;
use crate::syntax;
use crate::system::{OsOutput, OsSystem, OutputDir, System};

/// Format the specs of a workspace, or the files named.
///
/// Comments, blank lines and slashdashed nodes stay. Prints the path of every file that changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The workspace's folder, or files of one.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Write nothing; fail if a file is not formatted. For CI.
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let mut findings = Findings::default();
    for path in &args.paths {
        let (folder, file) = if path.is_file() {
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
            (
                folder.map_or_else(|| PathBuf::from("."), PathBuf::from),
                path.file_name(),
            )
        } else {
            (path.clone(), None)
        };
        let system = OsSystem::new(&folder);
        let files = match file {
            Some(name) => vec![name.to_string_lossy().into_owned()],
            None => match crate::compile::files(&system) {
                Ok(files) => files,
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    let root = system.shown(ROOT_FILE);
                    let found = not_readable(root, &error, &mut findings.sources);
                    findings.wrong(found);
                    continue;
                }
                Err(error) => {
                    let found = if path.is_dir() {
                        super::unreadable(&system.shown(ROOT_FILE), &error)
                    } else {
                        super::unreadable(&path.display().to_string(), &error)
                    };
                    let help = "name a workspace's folder, or files of one";
                    findings.failed(found.help(help));
                    continue;
                }
            },
        };
        let output = OsOutput::new(&folder);
        for file in files {
            one(&file, &system, &output, args.check, &mut findings, shell);
        }
    }
    if findings.unformatted > 0 && shell.for_people() {
        let files = match findings.unformatted {
            1 => "1 file is".to_owned(),
            n => format!("{n} files are"),
        };
        shell.say(&format!("{files} not formatted: run `mlspec fmt`\n"));
    }
    // One report, so that the forms for programs are one document.
    let reported = shell.report(findings.diagnostics, &findings.sources, "");
    findings.code.max(reported)
}

/// What is wrong with files, and the exit code so far.
#[derive(Default)]
struct Findings {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    code: u8,
    /// Files that `--check` would have otherwise.
    unformatted: usize,
}

impl Findings {
    fn failed(&mut self, finding: Diagnostic) {
        self.diagnostics.push(finding);
        self.code = FAILED;
    }

    fn wrong(&mut self, finding: Diagnostic) {
        self.diagnostics.push(finding);
        self.code = self.code.max(WRONG);
    }
}

fn one(
    file: &str,
    system: &OsSystem,
    output: &dyn OutputDir,
    check: bool,
    findings: &mut Findings,
    shell: &Shell,
) {
    let shown = system.shown(file);
    let text = match system.read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            let found = not_readable(shown, &error, &mut findings.sources);
            return findings.wrong(found);
        }
        Err(error) => return findings.failed(super::unreadable(&shown, &error)),
    };
    let changed = || {
        let line = format!("{shown}\n");
        if shell.for_people() {
            shell.result(&line);
        } else if !check {
            shell.say(&line);
        }
    };
    match syntax::format(&text, &TableOrder) {
        Ok(formatted) if formatted == text => {}
        Ok(formatted) if check => {
            changed();
            findings.code = findings.code.max(WRONG);
            findings.unformatted += 1;
            // People have the list of files.
            if !shell.for_people() {
                findings.point_at(shown, &text, &formatted);
            }
        }
        Ok(formatted) => match output.write(file, formatted.as_bytes()) {
            Ok(()) => changed(),
            Err(error) => findings.failed(super::unwritable(&shown, &error)),
        },
        Err(_) => {
            let file = findings.sources.add(Source::new(shown, text));
            let found = syntax::parse(file, &findings.sources.get(file).text).diagnostics;
            findings.diagnostics.extend(found);
            findings.code = findings.code.max(WRONG);
        }
    }
}

impl Findings {
    /// Points at the first line that formatting would change.
    fn point_at(&mut self, path: String, text: &str, formatted: &str) {
        let same = text
            .split_inclusive('\n')
            .zip(formatted.split_inclusive('\n'))
            .take_while(|(old, new)| old == new)
            .map(|(old, _)| old.len())
            .sum();
        let len = text[same..].lines().next().map_or(0, str::len);
        let file = self.sources.add(Source::new(path, text));
        let finding = syntax::codes::NOT_FORMATTED
            .at(
                Span::new(file, same, same + len),
                "this file is not formatted",
            )
            .help("run `mlspec fmt`");
        self.diagnostics.push(finding);
    }
}
