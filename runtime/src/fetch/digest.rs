//! SHA-256 of files and of folders.
//!
//! A folder's digest is the SHA-256 over one line `<sha256>  <relative path>\n` for each file, sorted by the bytes of the path. It
//! is what this prints inside the folder:
//! `find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum`

use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, Sender, channel};

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use tokio::task::{JoinHandle, spawn_blocking};

use super::path::RelPath;

/// Bytes read at a time while hashing.
const BLOCK: usize = 256 * 1024;

/// A SHA-256: 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(String);

impl Sha256 {
    fn of(context: Context) -> Self {
        let mut hex = String::with_capacity(64);
        for byte in context.finish().as_ref() {
            hex.push_str(&format!("{byte:02x}"));
        }
        Self(hex)
    }

    /// Returns the digest of `bytes`.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(bytes);
        Self::of(context)
    }

    /// Returns the digest of a folder from its files' paths and digests, in any order.
    #[must_use]
    pub fn of_folder<'a>(files: impl IntoIterator<Item = (&'a RelPath, &'a Self)>) -> Self {
        let mut lines: Vec<_> = files.into_iter().collect();
        lines.sort_by_key(|(path, _)| *path);
        let mut context = Context::new(&SHA256);
        for (path, sha256) in lines {
            context.update(format!("{sha256}  {path}\n").as_bytes());
        }
        Self::of(context)
    }

    /// Returns the digest of the file at `path`; blocks.
    ///
    /// # Errors
    /// What opening or reading the file says.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut hashing = Hashing::new();
        let size = file.metadata()?.len();
        hashing.advance(&file, size)?;
        Ok(Self::of(hashing.context))
    }

    /// Returns the 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Sha256 {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hex = text
            .strip_prefix("sha256:")
            .unwrap_or(text)
            .to_ascii_lowercase();
        if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            Ok(Self(hex))
        } else {
            Err("a SHA-256 has 64 hexadecimal digits".to_owned())
        }
    }
}

impl TryFrom<String> for Sha256 {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(sha256: Sha256) -> Self {
        sha256.0
    }
}

/// Hashes a file on its own thread while later parts of it are still being written.
///
/// It reads back what is on disk, so that a resumed download is checked whole and parts may arrive in any order.
pub(super) struct Follower {
    ready: Sender<u64>,
    thread: JoinHandle<io::Result<Sha256>>,
}

impl Follower {
    pub(super) fn start(file: File) -> Self {
        let (ready, offsets) = channel();
        Self {
            ready,
            thread: spawn_blocking(move || follow(&file, &offsets)),
        }
    }

    /// Says that all bytes before `offset` are final.
    pub(super) fn advance(&self, offset: u64) {
        // A follower that is gone has met an error, which `finish` returns.
        let _ = self.ready.send(offset);
    }

    /// Waits for the rest, up to the last offset given.
    pub(super) async fn finish(self) -> io::Result<Sha256> {
        drop(self.ready);
        self.thread.await.map_err(io::Error::other)?
    }
}

fn follow(file: &File, offsets: &Receiver<u64>) -> io::Result<Sha256> {
    let mut hashing = Hashing::new();
    while let Ok(offset) = offsets.recv() {
        hashing.advance(file, offset)?;
    }
    Ok(Sha256::of(hashing.context))
}

struct Hashing {
    context: Context,
    at: u64,
    block: Vec<u8>,
}

impl Hashing {
    fn new() -> Self {
        Self {
            context: Context::new(&SHA256),
            at: 0,
            block: vec![0; BLOCK],
        }
    }

    fn advance(&mut self, file: &File, end: u64) -> io::Result<()> {
        while self.at < end {
            let wanted = usize::try_from(end - self.at).unwrap_or(BLOCK).min(BLOCK);
            let block = &mut self.block[..wanted];
            file.read_exact_at(block, self.at)?;
            self.context.update(block);
            self.at += wanted as u64;
        }
        Ok(())
    }
}
