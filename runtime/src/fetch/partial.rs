//! The folder of a download in progress, from which a later run goes on.
//!
//! `DIR/.partial-ID/tree/` holds the files, `DIR/.partial-ID/parts/` one journal for each file: a first line of JSON that says which
//! content the parts belong to, then the number of each part that is safely on disk.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::digest::Sha256;
use super::path::RelPath;

/// How the name of such a folder begins.
pub(super) const PREFIX: &str = ".partial-";

/// The folder of a download in progress.
#[derive(Clone, Debug)]
pub(super) struct Partial {
    root: PathBuf,
}

impl Partial {
    /// Opens or makes the folder for the source `uri` in `dir`.
    pub(super) fn open(dir: &Path, uri: &str) -> io::Result<Self> {
        let id = Sha256::of_bytes(uri.as_bytes());
        let root = dir.join(format!("{PREFIX}{}", &id.as_str()[..12]));
        fs::create_dir_all(root.join("tree"))?;
        fs::create_dir_all(root.join("parts"))?;
        Ok(Self { root })
    }

    /// Returns the bytes on disk that this folder takes.
    pub(super) fn taken(&self) -> io::Result<u64> {
        fn below(folder: &Path) -> io::Result<u64> {
            let mut taken = 0;
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let meta = entry.metadata()?;
                taken += if meta.is_dir() {
                    below(&entry.path())?
                } else {
                    meta.blocks() * 512
                };
            }
            Ok(taken)
        }
        below(&self.root.join("tree"))
    }

    /// Returns where a file is kept until it is whole.
    pub(super) fn file(&self, path: &RelPath) -> PathBuf {
        path.below(&self.root.join("tree"))
    }

    fn journal(&self, path: &RelPath) -> PathBuf {
        self.root
            .join("parts")
            .join(Sha256::of_bytes(path.as_str().as_bytes()).as_str())
    }

    /// Returns what an earlier run has left of a file.
    pub(super) fn resume(&self, path: &RelPath) -> io::Result<Option<Journal>> {
        if !self.file(path).exists() {
            return Ok(None);
        }
        Journal::read(&self.journal(path))
    }

    /// Starts a file's journal anew.
    pub(super) fn begin(&self, path: &RelPath, head: Head) -> io::Result<Journal> {
        Journal::create(&self.journal(path), head)
    }

    /// Forgets what there is of a file.
    pub(super) fn discard(&self, path: &RelPath) -> io::Result<()> {
        for file in [self.journal(path), self.file(path)] {
            remove_if_there(&file)?;
        }
        Ok(())
    }

    /// Forgets all files.
    pub(super) fn clear(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.root)
    }
}

/// Deletes a file that may be gone already.
pub(super) fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Which content a journal's parts belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) size: u64,
    pub(super) validator: String,
    /// Bytes of each part but the last.
    pub(super) part: u64,
}

/// The parts of one file that are safely on disk.
pub(super) struct Journal {
    pub(super) head: Head,
    pub(super) done: BTreeSet<u64>,
    file: File,
}

impl Journal {
    fn create(path: &Path, head: Head) -> io::Result<Self> {
        let mut file = File::create(path)?;
        writeln!(file, "{}", serde_json::to_string(&head)?)?;
        Ok(Self {
            head,
            done: BTreeSet::new(),
            file,
        })
    }

    /// Returns `None` where there is no journal, or none that can be read: the file is then fetched anew.
    fn read(path: &Path) -> io::Result<Option<Self>> {
        let file = match OpenOptions::new().read(true).append(true).open(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let mut lines = BufReader::new(&file);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Ok(head) = serde_json::from_str::<Head>(&line) else {
            return Ok(None);
        };
        let mut done = BTreeSet::new();
        loop {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                break;
            }
            // A last line that was cut off by a kill may be the beginning of a larger number.
            let Some(number) = line
                .strip_suffix('\n')
                .and_then(|number| number.parse().ok())
            else {
                return Ok(None);
            };
            done.insert(number);
        }
        Ok(Some(Self { head, done, file }))
    }

    /// Notes a part whose bytes have been synced.
    pub(super) fn record(&mut self, number: u64) -> io::Result<()> {
        self.file.write_all(format!("{number}\n").as_bytes())?;
        self.done.insert(number);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, Partial};
    use crate::fetch::path::RelPath;

    fn head() -> Head {
        Head {
            size: 30,
            validator: "\"a\"".to_owned(),
            part: 10,
        }
    }

    #[test]
    fn a_journal_survives_and_a_torn_one_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let partial = Partial::open(dir.path(), "s3://b/k").unwrap();
        let path = RelPath::parse("a/model.onnx").unwrap();
        std::fs::create_dir_all(partial.file(&path).parent().unwrap()).unwrap();
        std::fs::write(partial.file(&path), "x").unwrap();
        assert!(partial.resume(&path).unwrap().is_none());

        partial.begin(&path, head()).unwrap().record(2).unwrap();
        partial.resume(&path).unwrap().unwrap().record(0).unwrap();
        let journal = partial.resume(&path).unwrap().unwrap();
        assert_eq!(
            (journal.head, journal.done.into_iter().collect::<Vec<_>>()),
            (head(), vec![0, 2])
        );

        let file = partial.journal(&path);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.strip_suffix('\n').unwrap()).unwrap();
        assert!(partial.resume(&path).unwrap().is_none());
    }

    #[test]
    fn a_journal_without_its_file_is_worth_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let partial = Partial::open(dir.path(), "s3://b/k").unwrap();
        let path = RelPath::parse("model.onnx").unwrap();
        partial.begin(&path, head()).unwrap().record(0).unwrap();
        assert!(partial.resume(&path).unwrap().is_none());
    }
}
