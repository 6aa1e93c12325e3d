//! A workspace that exists in memory only: for tests and the editor.

use std::collections::BTreeMap;
use std::io;

use super::{Date, DirEntry, System, path};

/// Files by path. A folder exists where a file lies below it.
#[derive(Clone, Debug)]
pub struct MemorySystem {
    files: BTreeMap<String, Content>,
    today: Date,
}

#[derive(Clone, Debug)]
enum Content {
    Text(String),
    Unreadable(io::ErrorKind),
}

impl Default for MemorySystem {
    /// No file, on the first day of 1970.
    fn default() -> Self {
        let today = Date {
            year: 1970,
            month: 1,
            day: 1,
        };
        Self {
            files: BTreeMap::new(),
            today,
        }
    }
}

impl MemorySystem {
    /// Adds or replaces a file.
    #[must_use]
    pub fn file(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.files.insert(path.into(), Content::Text(text.into()));
        self
    }

    /// Adds a file that is listed and fails to be read.
    #[must_use]
    pub fn unreadable(mut self, path: impl Into<String>, error: io::ErrorKind) -> Self {
        self.files.insert(path.into(), Content::Unreadable(error));
        self
    }

    /// Sets the day.
    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.today = today;
        self
    }

    /// What lies below a folder: the rest of its path and its content.
    fn below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let from = self.files.range(prefix.clone()..);
        from.map_while(move |(path, _)| path.strip_prefix(prefix.as_str()))
    }
}

impl System for MemorySystem {
    fn read(&self, path: &str) -> io::Result<String> {
        path::check(path)?;
        match self.files.get(path) {
            Some(Content::Text(text)) => Ok(text.clone()),
            Some(Content::Unreadable(error)) => Err((*error).into()),
            None if self.below(path).next().is_some() => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, path: &str) -> io::Result<Vec<DirEntry>> {
        if !path.is_empty() {
            path::check(path)?;
            if self.files.contains_key(path) {
                return Err(io::ErrorKind::NotADirectory.into());
            }
            if self.below(path).next().is_none() {
                return Err(io::ErrorKind::NotFound.into());
            }
        }
        let mut entries: Vec<DirEntry> = self
            .below(path)
            .map(|rest| match rest.split_once('/') {
                Some((folder, _)) => DirEntry {
                    name: folder.to_owned(),
                    is_dir: true,
                },
                None => DirEntry {
                    name: rest.to_owned(),
                    is_dir: false,
                },
            })
            .collect();
        entries.sort();
        entries.dedup();
        Ok(entries)
    }

    fn today(&self) -> Date {
        self.today
    }
}
