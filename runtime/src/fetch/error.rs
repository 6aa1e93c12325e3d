//! What can go wrong, in one line each, and whose turn it is.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use mlspec_contract::exit;

use super::digest::Sha256;
use super::failure::Failure;
use super::units::bytes;

/// Why a fetch failed. The target folder then holds no file of the new model that looks whole.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The URI cannot be read.
    #[error("`{uri}` is no source URI: {why}")]
    Uri {
        /// As given, without query.
        uri: String,
        /// Which part is wrong.
        why: String,
    },

    /// A flag or variable of the environment is wrong.
    #[error("{0}")]
    Setting(String),

    /// The store wants credentials and none were found.
    #[error("no credentials for {store}: {set}, and the instance metadata service does not answer")]
    NoCredentials {
        /// Name of the kind of store.
        store: &'static str,
        /// What to set.
        set: &'static str,
    },

    /// A server refused, did not answer, or answered wrongly.
    #[error("{}", .failure.sentence(.what))]
    Server {
        /// URI of the object.
        what: String,
        /// What happened.
        failure: Failure,
    },

    /// The store's client failed on this side: a token file that cannot be read, an answer that it does not understand.
    #[error("`{what}` cannot be read: {why}")]
    Store {
        /// URI of the object.
        what: String,
        /// The client's own words.
        why: String,
    },

    /// The source has no such file.
    #[error("`{0}` not found; a folder's URI ends in `/`")]
    Missing(String),

    /// An object's name is no safe file name.
    #[error("object name `{path}` is refused: {why}")]
    UnsafePath {
        /// The name below the URI.
        path: String,
        /// In words that follow the name.
        why: &'static str,
    },

    /// One object would be a file and a folder.
    #[error(
        "`{file}` and `{inside}` cannot both be written: the first would be a file and a folder"
    )]
    Clash {
        /// The shorter name.
        file: String,
        /// The name below it.
        inside: String,
    },

    /// Nothing lies below the URI.
    #[error("no object below `{0}`")]
    Empty(String),

    /// The source is larger than `--size` allows.
    #[error(
        "`{what}` holds {} and at most {} may be fetched; raise the artifact's `size`",
        bytes(*.size),
        bytes(*.most)
    )]
    TooLarge {
        /// URI of the source.
        what: String,
        /// Bytes found, at least.
        size: u64,
        /// Bytes of `--size` and a quarter.
        most: u64,
    },

    /// Content differs from what was promised; it was deleted.
    #[error("`{what}` has SHA-256 {found}, expected {expected}")]
    WrongHash {
        /// URI of the source, or of one file of it.
        what: String,
        /// The promise of `--sha256` or of the source's own list.
        expected: Sha256,
        /// That of the bytes received.
        found: Sha256,
    },

    /// The object was replaced while parts of it were being read.
    #[error("`{0}` changed while it was being fetched; run it again")]
    Changed(String),

    /// An answer ended early, though the server meant it to be whole.
    #[error("`{what}` ended after {got} of {wanted} bytes")]
    Short {
        /// URI of the object.
        what: String,
        /// Bytes received in all.
        got: u64,
        /// Where the answer should have ended.
        wanted: u64,
    },

    /// The disk is full, or will be.
    #[error("not enough space in `{}`: {}{} free; raise the volume's size", .dir.display(), .needed.map(|n| format!("{} more needed, ", bytes(n))).unwrap_or_default(), bytes(*.free))]
    NoSpace {
        /// The target folder.
        dir: PathBuf,
        /// Bytes needed, where they are known.
        needed: Option<u64>,
        /// Bytes that may be written.
        free: u64,
    },

    /// The disk failed.
    #[error("`{}`: {source}", .path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// SIGTERM or SIGINT came; what was downloaded is kept for the next run.
    #[error("stopped by a signal; the next run goes on where this one stopped")]
    Interrupted,
}

impl FetchError {
    /// Returns `exit::CONFIG` where the input is wrong, `exit::FAILED` where the surroundings failed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Server { failure, .. } if failure.is_input() => exit::CONFIG,
            Self::Server { .. }
            | Self::Store { .. }
            | Self::Changed(_)
            | Self::Short { .. }
            | Self::NoSpace { .. }
            | Self::Disk { .. }
            | Self::Interrupted => exit::FAILED,
            Self::Uri { .. }
            | Self::Setting(_)
            | Self::NoCredentials { .. }
            | Self::Missing(_)
            | Self::UnsafePath { .. }
            | Self::Clash { .. }
            | Self::Empty(_)
            | Self::TooLarge { .. }
            | Self::WrongHash { .. } => exit::CONFIG,
        }
    }

    /// Says whether the same request may succeed a little later.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Server { failure, .. } => failure.is_transient(),
            Self::Short { .. } => true,
            _ => false,
        }
    }

    /// Returns how long the server asks to be left alone.
    pub(super) fn retry_after(&self) -> Duration {
        match self {
            Self::Server { failure, .. } => failure.retry_after().unwrap_or_default(),
            _ => Duration::ZERO,
        }
    }
}
