//! The command line. One file per command; this one holds what they share.

mod check;
mod compile;
mod completions;
mod explain;
mod fmt;
mod init;
mod man;
mod schema;
mod server_dry_run;
mod why;

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::diag::{self, Diagnostic, Severity};
use crate::source::Sources;
use crate::system::path::prefix as prefix_of;

/// All was well.
const FINE: u8 = 0;
/// The spec is wrong, or `--check` found something.
const WRONG: u8 = 1;
/// The tool or its surroundings failed.
const FAILED: u8 = 2;

/// Compiles ML model specs (KDL) into complete, checked Kubernetes manifests.
#[derive(Debug, Parser)]
#[command(name = "mlspec", version, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 fine, 1 the spec is wrong, 2 the tool or its surroundings failed."
)]
struct Cli {
    /// How findings are written.
    #[arg(long, value_enum, default_value = "human", global = true)]
    format: Format,
    /// Whether to color findings.
    #[arg(long, value_enum, default_value = "auto", global = true)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Compile(compile::Args),
    Fmt(fmt::Args),
    Explain(explain::Args),
    Why(why::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Forms of findings.
#[derive(Copy, Clone, Debug, ValueEnum)]
enum Format {
    /// Drawn excerpts for people.
    Human,
    /// One line each.
    Concise,
    /// One JSON object.
    Json,
    /// Annotations of a GitHub pull request.
    Github,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What every command gets: how to write findings.
struct Shell {
    format: diag::Format,
    color: bool,
    width: usize,
    /// Whether a result could not be written.
    lost: Cell<bool>,
}

/// Runs the command line and returns the exit code.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap writes help to stdout and mistakes to stderr.
            let code = if error.use_stderr() { FAILED } else { FINE };
            return if error.print().is_ok() {
                ExitCode::from(code)
            } else {
                ExitCode::from(FAILED)
            };
        }
    };
    let shell = Shell::new(&cli);
    let code = match &cli.command {
        Command::Init(args) => init::run(args, &shell),
        Command::Check(args) => check::run(args, &shell),
        Command::Compile(args) => compile::run(args, &shell),
        Command::Fmt(args) => fmt::run(args, &shell),
        Command::Explain(args) => explain::run(args, &shell),
        Command::Why(args) => why::run(args, &shell),
        Command::Schema(args) => schema::run(args, &shell),
        Command::Completions(args) => completions::run(args, &shell),
        Command::Man(args) => man::run(args, &shell),
    };
    ExitCode::from(if shell.lost.get() { FAILED } else { code })
}

/// The command line's definition, for completions and the manual page.
fn definition() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

impl Shell {
    #[expect(
        clippy::disallowed_methods,
        reason = "only how findings look depends on the environment"
    )]
    fn new(cli: &Cli) -> Self {
        let format = match cli.format {
            Format::Human => diag::Format::Human,
            Format::Concise => diag::Format::Concise,
            Format::Json => diag::Format::Json,
            Format::Github => diag::Format::Github,
            Format::Sarif => diag::Format::Sarif,
        };
        let color = match cli.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
            }
        };
        let width = std::env::var("COLUMNS")
            .ok()
            .and_then(|w| w.parse().ok())
            .unwrap_or(100);
        Self {
            format,
            color,
            width,
            lost: Cell::new(false),
        }
    }

    /// Writes findings: machine forms to stdout, since they are the result; forms for people to
    /// stderr. Returns what they mean for the exit code.
    fn report(&self, diagnostics: Vec<Diagnostic>, sources: &Sources, prefix: &str) -> u8 {
        let diagnostics = diag::sort(diagnostics, sources);
        let rules = explain::rule_infos();
        let options = diag::Options {
            color: self.color,
            width: self.width,
            prefix,
            rules: &rules,
        };
        let text = diag::render(self.format, &diagnostics, sources, &options);
        match self.format {
            diag::Format::Json | diag::Format::Sarif => self.result(&text),
            _ => self.say(&text),
        }
        let counts = diag::Counts::of(&diagnostics);
        if counts.errors > 0 { WRONG } else { FINE }
    }

    /// Writes a result to stdout. A closed pipe ends nothing: the reader has what it wanted. A
    /// result that is lost otherwise makes the run a failed one.
    fn result(&self, text: &str) {
        let mut stdout = std::io::stdout();
        let written = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
        if let Err(error) = written
            && error.kind() != std::io::ErrorKind::BrokenPipe
            && !self.lost.replace(true)
        {
            self.say(&format!("error: cannot write to stdout: {error}\n"));
        }
    }

    /// Writes a word to people to stderr.
    fn say(&self, text: &str) {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Whether people read the findings, so that a summary helps.
    fn for_people(&self) -> bool {
        matches!(self.format, diag::Format::Human | diag::Format::Concise)
    }

    /// Reports what is wrong with the command line, or what it names: something that is not there.
    fn wrong(&self, message: impl Into<String>, help: &str) -> u8 {
        let finding = Diagnostic::new("LNG-14", Severity::Error, message);
        self.report(vec![finding.help(help)], &Sources::default(), "")
    }

    /// Reports a failure of the surroundings.
    fn failed(&self, finding: Diagnostic) -> u8 {
        self.report(vec![finding], &Sources::default(), "");
        FAILED
    }
}

/// The workspace a path lies in: the folder itself, or the nearest one above with `mlspec.kdl`.
fn workspace_of(path: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(path).ok()?;
    start
        .ancestors()
        .find(|folder| folder.join(crate::compile::ROOT_FILE).is_file())
        .map(Path::to_owned)
}

/// A file that cannot be read.
fn unreadable(path: &str, error: &impl std::fmt::Display) -> Diagnostic {
    let message = format!("cannot read `{path}`: {error}");
    Diagnostic::new("LNG-23", Severity::Error, message)
}

/// A file that cannot be written.
fn unwritable(path: &str, error: &impl std::fmt::Display) -> Diagnostic {
    let message = format!("cannot write `{path}`: {error}");
    Diagnostic::new("OUT-12", Severity::Error, message)
}
