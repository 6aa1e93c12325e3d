//! Files and folders of a mounted volume.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::try_unfold;

use super::super::error::FetchError;
use super::super::files::blocking;
use super::{Entry, Opened, Stat, listed_path};

/// Bytes read at a time.
const BLOCK: u64 = 256 * 1024;

/// A file or a folder.
pub(in super::super) struct Local {
    shown: String,
    root: PathBuf,
    folder: bool,
}

impl Local {
    pub(super) fn new(shown: String, root: PathBuf, folder: bool) -> Self {
        Self {
            shown,
            root,
            folder,
        }
    }

    pub(super) fn single(&self) -> String {
        String::new()
    }

    pub(super) async fn list(&self) -> Result<Vec<Entry>, FetchError> {
        let root = self.root.clone();
        let found = blocking(move || {
            let mut found = Vec::new();
            walk(&root, "", &mut found)?;
            Ok(found)
        });
        let found = found.await.map_err(|e| self.error(&self.root, e))?;
        let entry = |(path, size): (String, u64)| {
            Ok(Entry {
                path: listed_path(&path)?,
                key: path,
                size: Some(size),
                sha256: None,
            })
        };
        found.into_iter().map(entry).collect()
    }

    pub(super) async fn stat(&self, key: &str) -> Result<Stat, FetchError> {
        let path = self.file(key);
        let meta = {
            let path = path.clone();
            blocking(move || fs::metadata(path))
                .await
                .map_err(|e| self.error(&self.file(key), e))?
        };
        if !meta.is_file() {
            return Err(FetchError::Missing(self.shown.clone()));
        }
        Ok(Stat {
            size: Some(meta.len()),
            validator: Some(validator(&meta)),
            ranged: true,
        })
    }

    pub(super) async fn open(
        &self,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<Opened, FetchError> {
        let path = self.file(key);
        let opened = {
            let path = path.clone();
            blocking(move || {
                let mut file = File::open(path)?;
                let meta = file.metadata()?;
                let range = range.unwrap_or(0..meta.len());
                file.seek(SeekFrom::Start(range.start))?;
                Ok((file, validator(&meta), range.end - range.start))
            })
        };
        let (file, validator, left) = opened.await.map_err(|e| self.error(&path, e))?;
        let bytes = try_unfold((file, left), move |(mut file, left)| {
            let path = path.clone();
            async move {
                if left == 0 {
                    return Ok(None);
                }
                let read = blocking(move || {
                    let mut block = Vec::new();
                    file.by_ref()
                        .take(left.min(BLOCK))
                        .read_to_end(&mut block)?;
                    Ok((file, block))
                });
                let (file, block) = read
                    .await
                    .map_err(|source| FetchError::Disk { path, source })?;
                // A file that became shorter ends here; the reader counts what it got.
                let left = if block.is_empty() {
                    0
                } else {
                    left - block.len() as u64
                };
                Ok(Some((Bytes::from(block), (file, left))))
            }
        });
        Ok(Opened {
            validator: Some(validator),
            bytes: bytes.boxed(),
        })
    }

    fn file(&self, key: &str) -> PathBuf {
        if self.folder {
            self.root.join(key)
        } else {
            self.root.clone()
        }
    }

    fn error(&self, path: &Path, source: io::Error) -> FetchError {
        match source.kind() {
            io::ErrorKind::NotFound => FetchError::Missing(path.display().to_string()),
            _ => FetchError::Disk {
                path: path.to_owned(),
                source,
            },
        }
    }
}

fn validator(meta: &Metadata) -> String {
    format!("{}.{:09} {}", meta.mtime(), meta.mtime_nsec(), meta.len())
}

/// Finds the files below `folder`; links to files are followed, links to folders refused because they may lead in a circle.
fn walk(folder: &Path, below: &str, found: &mut Vec<(String, u64)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the name {} is not UTF-8", name.display()),
            )
        })?;
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        let is_link = entry.file_type()?.is_symlink();
        let meta = fs::metadata(entry.path())?;
        if meta.is_dir() && is_link {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("`{path}` is a link to a folder"),
            ));
        } else if meta.is_dir() {
            walk(&entry.path(), &path, found)?;
        } else if meta.is_file() {
            found.push((path, meta.len()));
        } else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("`{path}` is neither file nor folder"),
            ));
        }
    }
    Ok(())
}
