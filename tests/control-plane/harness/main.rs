//! What the control-plane tests do in Rust; `tests/control-plane/run` calls it.
//!
//! `schemas PORT`: writes `schema/objects/` and `src/validate/schema/embedded.rs`.
//! `accepted PORT FOLDER…`: dry-runs, applies, compares and deletes what the compiler writes.
//! `pods PORT TABLE FOLDER…`: what the admission of restricted pod security says of pods.
//! `fixtures PORT FOLDER`: what the catalogue says about the server, asked of the server.
//! `json-schemas PORT TARGET FOLDER…`: schemas for kubeconform.
//! `promql TARGET FOLDER…`: rules and their unit tests for promtool.
//! `differential PORT FOLDER…`: compares the offline verdict with the server's.
//! `measure FOLDER…`: what the offline verdict takes for each kind.
//!
//! `PORT` is that of `kubectl proxy`.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read files and the environment"
)]

mod accepted;
mod api;
mod compact;
mod differential;
mod fixtures;
mod go_enums;
mod http;
mod json_schemas;
mod measure;
mod mutate;
mod objects;
mod pods;
mod promql;
mod schemas;
mod sources;

use std::process::ExitCode;

/// What every part here fails with; the text goes to the person who runs the tests.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["schemas", port] => number(port).and_then(schemas::write),
        ["accepted", port, folders @ ..] => {
            number(port).and_then(|port| accepted::run(port, folders))
        }
        ["fixtures", port, folder] => number(port).and_then(|port| fixtures::run(port, folder)),
        ["pods", port, table, folders @ ..] => {
            number(port).and_then(|port| pods::run(port, table, folders))
        }
        ["json-schemas", port, target, folders @ ..] => {
            number(port).and_then(|port| json_schemas::write(port, target, folders))
        }
        ["differential", port, folders @ ..] => {
            number(port).and_then(|port| differential::run(port, folders))
        }
        ["promql", target, folders @ ..] => promql::write(target, folders),
        ["measure", folders @ ..] => measure::run(folders),
        _ => Err("unknown command; `tests/control-plane/run` knows how this is called".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn number(port: &str) -> Result<u16> {
    Ok(port.parse()?)
}
