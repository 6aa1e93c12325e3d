//! The folder that receives a model: its lock, its marker, and the moves that put files in place.
//!
//! `DIR/.mlserve-fetch.json` is the marker: it says which model the folder holds, file by file, and is there only while that is
//! true. A new model's files are moved in like this: the old marker is set aside, old files that the new model lacks are deleted,
//! the new files are renamed into place, the new marker is written, the download folder is deleted. A run that is killed on the
//! way leaves no marker and a `.partial-…` folder; see [`unfinished`].

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::digest::Sha256;
use super::error::FetchError;
use super::files::{blocking, failed};
use super::partial::{PREFIX, Partial, remove_if_there};
use super::path::RelPath;
use super::progress::Progress;

const MARKER: &str = ".mlserve-fetch.json";
const MARKER_DRAFT: &str = ".mlserve-fetch.json.new";
const PREVIOUS: &str = ".mlserve-fetch.previous.json";
const LOCK: &str = ".mlserve-fetch.lock";
/// Time between two looks at a lock that another run holds.
const LOOK: Duration = Duration::from_millis(500);

/// Which model a folder holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Marker {
    /// As shown, without query.
    pub(super) uri: String,
    /// Of the one file, or of the folder.
    pub(super) sha256: Sha256,
    /// Sorted by path.
    pub(super) files: Vec<MarkedFile>,
}

/// One file of a model in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MarkedFile {
    pub(super) path: RelPath,
    pub(super) size: u64,
    pub(super) sha256: Sha256,
    /// What the source called this content.
    pub(super) validator: Option<String>,
}

/// The folder that receives a model, locked against other runs.
pub(super) struct Target {
    dir: PathBuf,
    /// Held until this is dropped; `None` where the file system has no locks.
    _lock: Option<File>,
}

impl Target {
    /// Makes the folder and waits until no other run is at work in it, on a shared volume perhaps on another node.
    pub(super) async fn open(dir: &Path, progress: &Progress) -> Result<Self, FetchError> {
        let path = dir.join(LOCK);
        if dir.is_file() {
            let why = format!("`{}` is a file; `--to` takes a folder", dir.display());
            return Err(FetchError::Setting(why));
        }
        let disk = |e| failed(dir, dir, e);
        fs::create_dir_all(dir).map_err(disk)?;
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(disk)?;
        let mut said = false;
        let lock = loop {
            match file.try_lock() {
                Ok(()) => break Some(file),
                Err(TryLockError::WouldBlock) => {
                    if !said {
                        progress.say(&format!(
                            "waiting for another fetch into `{}`",
                            dir.display()
                        ));
                        said = true;
                    }
                    sleep(LOOK).await;
                }
                Err(TryLockError::Error(e)) => {
                    progress.say(&format!(
                        "warning: `{}` cannot be locked ({e}); run one fetch at a time",
                        dir.display()
                    ));
                    break None;
                }
            }
        };
        Ok(Self {
            dir: dir.to_owned(),
            _lock: lock,
        })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns what the folder says that it holds; `None` where it says nothing that can be read.
    pub(super) fn marker(&self) -> Result<Option<Marker>, FetchError> {
        self.read(MARKER)
    }

    fn read(&self, name: &str) -> Result<Option<Marker>, FetchError> {
        match fs::read(self.dir.join(name)) {
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(failed(&self.dir, &self.dir.join(name), e)),
        }
    }

    /// Reads all files that `marker` lists and says whether each has its content.
    pub(super) async fn holds(&self, marker: &Marker) -> Result<bool, FetchError> {
        let (dir, files) = (self.dir.clone(), marker.files.clone());
        let checked = blocking(move || {
            for file in files {
                let path = file.path.below(&dir);
                match fs::metadata(&path) {
                    Ok(meta) if meta.is_file() && meta.len() == file.size => {}
                    _ => return Ok(false),
                }
                if Sha256::of_file(&path)? != file.sha256 {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        checked.await.map_err(|e| failed(&self.dir, &self.dir, e))
    }

    /// Moves the files of `marker` from `partial` into place.
    pub(super) async fn place(&self, partial: &Partial, marker: &Marker) -> Result<(), FetchError> {
        let previous = match self.read(MARKER)? {
            Some(previous) => Some(previous),
            // Of a run that was killed while it placed.
            None => self.read(PREVIOUS)?,
        };
        let (dir, partial, marker) = (self.dir.clone(), partial.clone(), marker.clone());
        let placed = blocking(move || place(&dir, &partial, &marker, previous.as_ref()));
        placed.await.map_err(|e| failed(&self.dir, &self.dir, e))
    }

    /// Deletes downloads that were left, of this source and of others.
    pub(super) async fn clean(&self) -> Result<(), FetchError> {
        let dir = self.dir.clone();
        blocking(move || clean(&dir))
            .await
            .map_err(|e| failed(&self.dir, &self.dir, e))
    }
}

/// Returns the download folder in `dir` whose fetch has not ended, if `dir` holds no whole model.
///
/// A server that finds one should refuse to load: the files beside it may be a part of a model.
///
/// # Errors
/// What reading the folder says.
pub fn unfinished(dir: &Path) -> io::Result<Option<PathBuf>> {
    if dir.join(MARKER).exists() {
        return Ok(None);
    }
    downloads(dir).map(|found| found.into_iter().next())
}

fn downloads(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn clean(dir: &Path) -> io::Result<()> {
    for download in downloads(dir)? {
        fs::remove_dir_all(download)?;
    }
    remove_if_there(&dir.join(PREVIOUS))?;
    remove_if_there(&dir.join(MARKER_DRAFT))
}

fn place(
    dir: &Path,
    partial: &Partial,
    marker: &Marker,
    previous: Option<&Marker>,
) -> io::Result<()> {
    if dir.join(MARKER).exists() {
        fs::rename(dir.join(MARKER), dir.join(PREVIOUS))?;
    }
    if let Some(previous) = previous {
        let kept: BTreeSet<_> = marker.files.iter().map(|file| &file.path).collect();
        for file in previous
            .files
            .iter()
            .filter(|file| !kept.contains(&file.path))
        {
            remove_with_folders(dir, &file.path)?;
        }
    }
    let mut folders = BTreeSet::from([dir.to_owned()]);
    for file in &marker.files {
        let to = file.path.below(dir);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
            folders.extend(
                folder
                    .ancestors()
                    .take_while(|above| above.starts_with(dir))
                    .map(Path::to_owned),
            );
        }
        fs::rename(partial.file(&file.path), &to)?;
    }
    for folder in &folders {
        File::open(folder)?.sync_all()?;
    }
    let draft = dir.join(MARKER_DRAFT);
    let mut file = File::create(&draft)?;
    file.write_all(&serde_json::to_vec_pretty(marker)?)?;
    file.sync_all()?;
    fs::rename(&draft, dir.join(MARKER))?;
    File::open(dir)?.sync_all()?;
    clean(dir)
}

/// Deletes a file and the folders above it that are then empty.
fn remove_with_folders(dir: &Path, path: &RelPath) -> io::Result<()> {
    let file = path.below(dir);
    remove_if_there(&file)?;
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != dir) {
        match fs::remove_dir(folder) {
            Err(e) if e.kind() == io::ErrorKind::DirectoryNotEmpty => break,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}
