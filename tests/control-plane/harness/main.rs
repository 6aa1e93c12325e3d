//! What the control-plane tests do in Rust; `tests/control-plane/run` calls it.
//!
//! `schemas PORT`: writes `schema/objects/` and `src/validate/schema/embedded.rs`.
//! `differential PORT FOLDER…`: compares the offline verdict with the server's.
//!
//! `PORT` is that of `kubectl proxy`.

#![expect(clippy::disallowed_methods, reason = "tests read files and the environment")]

mod api;
mod compact;
mod differential;
mod http;
mod mutate;
mod objects;
mod schemas;
mod sources;

use std::process::ExitCode;

/// What every part here fails with; the text goes to the person who runs the tests.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["schemas", port] => port.parse().map_err(Into::into).and_then(schemas::write),
        ["differential", port, folders @ ..] => {
            port.parse().map_err(Into::into).and_then(|port| differential::run(port, folders))
        }
        _ => Err("usage: schemas PORT | differential PORT FOLDER…".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
