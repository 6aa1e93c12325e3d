//! Where the files of a compile go. One shape for writing, comparing, counting and keeping them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use smol_str::SmolStr;

use super::apply::{Apply, apply};
use super::check::check;
use super::hash::Hash;
use super::outcome::Outcome;
use super::survey::Scope;
use super::wanted::Wanted;
use crate::emit::Object;
use crate::system::output::OutputDir;
use crate::system::path;

/// One file of the output.
#[derive(Debug)]
pub struct File {
    /// Its path below the output folder.
    pub path: SmolStr,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The object in it; `None` for a list that Flux reads.
    pub object: Option<Object>,
}

impl File {
    /// The folder it lies in, below the output folder.
    #[must_use]
    pub fn folder(&self) -> &str {
        path::parent(&self.path)
    }
}

/// Takes the files of a compile.
pub trait Sink: Sync {
    /// Takes all files of one folder. Called from several threads, in any order, and before it is
    /// known whether other folders are without errors: nothing may be written yet.
    fn take(&self, files: Vec<File>);

    /// Called once, when every folder was taken and nothing is wrong.
    fn finish(&self, _end: &Finish<'_>) {}
}

/// Makes the files of a folder once more, path and bytes, the same as before.
pub type Again<'a> = dyn Fn(&str) -> Vec<(SmolStr, Vec<u8>)> + Sync + 'a;

/// What a [`Sink`] gets to finish with.
pub struct Finish<'a> {
    /// The output folder, below the workspace.
    pub output: &'a str,
    /// Makes files once more.
    pub again: &'a Again<'a>,
}

/// Counts files.
#[derive(Debug, Default)]
pub struct Count(AtomicUsize);

impl Count {
    /// How many files there are.
    #[must_use]
    pub fn files(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Sink for Count {
    fn take(&self, files: Vec<File>) {
        self.0.fetch_add(files.len(), Ordering::Relaxed);
    }
}

/// Keeps files with their objects: for tests, and for who looks into them.
pub struct Memory {
    wanted: Box<dyn Fn(&str) -> bool + Sync>,
    files: Mutex<BTreeMap<SmolStr, File>>,
}

impl Default for Memory {
    /// Keeps all files.
    fn default() -> Self {
        Self::only(|_| true)
    }
}

impl Memory {
    /// Keeps the files whose paths are `wanted`.
    #[must_use]
    pub fn only(wanted: impl Fn(&str) -> bool + Sync + 'static) -> Self {
        Self {
            wanted: Box::new(wanted),
            files: Mutex::default(),
        }
    }

    /// The files by path. Some may be missing where the compile failed.
    #[must_use]
    pub fn into_files(self) -> BTreeMap<SmolStr, File> {
        self.files
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn take(&self, files: Vec<File>) {
        let kept = files.into_iter().filter(|file| (self.wanted)(&file.path));
        locked(&self.files).extend(kept.map(|file| (file.path.clone(), file)));
    }
}

/// Brings the files into a folder ([`apply`]), or compares it with them ([`check`]).
pub struct Folder<O> {
    /// Opens the output folder by its path below the workspace.
    open: Box<dyn Fn(&str) -> O + Sync>,
    job: Job,
    wanted: Mutex<Wanted>,
    outcome: Mutex<Option<Outcome>>,
}

enum Job {
    Write(Apply),
    Compare(Scope),
}

impl<O: OutputDir> Folder<O> {
    /// Writes into the folder that `open` gives for its path below the workspace.
    pub fn writer(open: impl Fn(&str) -> O + Sync + 'static, options: Apply) -> Self {
        Self::new(Box::new(open), Job::Write(options))
    }

    /// Compares with the folder that `open` gives; no bytes are kept.
    pub fn comparer(open: impl Fn(&str) -> O + Sync + 'static, scope: Scope) -> Self {
        Self::new(Box::new(open), Job::Compare(scope)).with_room(0)
    }

    fn new(open: Box<dyn Fn(&str) -> O + Sync>, job: Job) -> Self {
        Self {
            open,
            job,
            wanted: Mutex::default(),
            outcome: Mutex::new(None),
        }
    }

    /// Keeps at most this many bytes until they are written; files beyond are made a second time.
    #[must_use]
    pub fn with_room(self, bytes: usize) -> Self {
        Self {
            wanted: Mutex::new(Wanted::with_room(bytes)),
            ..self
        }
    }

    /// What became of it; `None` where the spec has errors, so that nothing was done.
    #[must_use]
    pub fn into_outcome(self) -> Option<Outcome> {
        self.outcome
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<O: OutputDir> Sink for Folder<O> {
    fn take(&self, files: Vec<File>) {
        let hashed: Vec<_> = files
            .into_iter()
            .map(|file| (Hash::of(&file.bytes), file))
            .collect();
        let mut wanted = locked(&self.wanted);
        for (hash, file) in hashed {
            wanted.add(file, hash);
        }
    }

    fn finish(&self, end: &Finish<'_>) {
        let out = (self.open)(end.output);
        let wanted = locked(&self.wanted);
        let outcome = match &self.job {
            Job::Write(options) => apply(&out, &wanted, end.again, options),
            Job::Compare(scope) => check(&out, &wanted, scope),
        };
        *locked(&self.outcome) = Some(outcome);
    }
}

/// What a panicking thread left is as good as before: each change is whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
