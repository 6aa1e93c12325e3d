//! The files that a compile wants in the output folder, known by their hashes.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::hash::Hash;
use super::sink::File;

/// Paths and hashes; bytes as long as there is room for them.
#[derive(Debug)]
pub struct Wanted {
    files: BTreeMap<SmolStr, (Hash, Option<Vec<u8>>)>,
    /// How many more bytes may be kept.
    room: usize,
}

/// Bytes kept for writing. What goes beyond is made a second time, which costs less than the
/// memory would.
const ROOM: usize = 64 << 20;

impl Default for Wanted {
    /// No file.
    fn default() -> Self {
        Self::with_room(ROOM)
    }
}

impl Wanted {
    /// No file, and room to keep this many bytes.
    #[must_use]
    pub fn with_room(room: usize) -> Self {
        Self {
            files: BTreeMap::new(),
            room,
        }
    }

    /// Adds a file whose hash is known.
    pub fn add(&mut self, file: File, hash: Hash) {
        let kept = (file.bytes.len() <= self.room).then_some(file.bytes);
        self.room -= kept.as_ref().map_or(0, Vec::len);
        self.files.insert(file.path, (hash, kept));
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&SmolStr, Hash)> {
        self.files.iter().map(|(path, (hash, _))| (path, *hash))
    }

    /// The bytes of a file, if they were kept.
    #[must_use]
    pub fn kept(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path)?.1.as_deref()
    }
}
