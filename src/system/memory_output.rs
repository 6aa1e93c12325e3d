//! An output folder in memory that can fail at any moment: for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::output::{Lock, Obstacle, OutputDir, Standing};
use super::path;

/// What stands at one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A file and its bytes.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
}

/// An output folder in memory.
#[derive(Debug, Default)]
pub struct MemoryOutput(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    nodes: BTreeMap<String, Node>,
    denied: BTreeSet<String>,
    /// Calls so far that change anything.
    changes: usize,
    /// The change from which on everything fails, and how.
    fault: Option<(usize, ErrorKind)>,
}

impl MemoryOutput {
    /// Puts something at a path, and folders above it.
    pub fn put(&self, path: &str, node: Node) {
        let mut state = self.state();
        for folder in path::parents(path) {
            state.nodes.insert(folder.to_owned(), Node::Folder);
        }
        state.nodes.insert(path.to_owned(), node);
    }

    /// Takes away what stands at a path.
    pub fn take(&self, path: &str) {
        self.state().nodes.remove(path);
    }

    /// Everything that stands anywhere.
    #[must_use]
    pub fn nodes(&self) -> BTreeMap<String, Node> {
        self.state().nodes.clone()
    }

    /// How many calls have changed anything, or tried to.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.state().changes
    }

    /// From the change number `change` on (the next one is 0) every call fails with `error`; that
    /// change itself is done by half, as by a full disk or a killed program.
    pub fn fail_at(&self, change: usize, error: ErrorKind) {
        let mut state = self.state();
        state.changes = 0;
        state.fault = Some((change, error));
    }

    /// Lets neither read nor write what stands at a path.
    pub fn deny(&self, path: &str) {
        self.state().denied.insert(path.to_owned());
    }

    /// Ends every failure.
    pub fn recover(&self) {
        let mut state = self.state();
        state.fault = None;
        state.denied.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a change may go.
enum Extent {
    Whole,
    Half(ErrorKind),
}

impl State {
    fn may_read(&self, path: &str) -> io::Result<()> {
        match self.fault {
            Some((change, error)) if self.changes > change => Err(error.into()),
            _ if self.denied.contains(path) => Err(ErrorKind::PermissionDenied.into()),
            _ => Ok(()),
        }
    }

    fn may_change(&mut self, path: &str) -> io::Result<Extent> {
        self.may_read(path)?;
        if self.denied.contains(path::parent(path)) {
            return Err(ErrorKind::PermissionDenied.into());
        }
        self.changes += 1;
        Ok(match self.fault {
            Some((change, error)) if self.changes > change => Extent::Half(error),
            _ => Extent::Whole,
        })
    }

    fn standing(&self, path: &str) -> Standing {
        for folder in path::parents(path) {
            match self.nodes.get(folder) {
                Some(Node::Folder) => {}
                None => return Standing::Nothing,
                Some(Node::File(_)) => {
                    return Standing::Obstacle(Obstacle::File, folder.to_owned());
                }
                Some(Node::Link) => return Standing::Obstacle(Obstacle::Link, folder.to_owned()),
            }
        }
        match self.nodes.get(path) {
            None => Standing::Nothing,
            Some(Node::Folder) => Standing::Folder,
            Some(Node::File(bytes)) => Standing::File(bytes.clone()),
            Some(Node::Link) => Standing::Obstacle(Obstacle::Link, path.to_owned()),
        }
    }

    fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.standing(path) == Standing::Folder
    }
}

impl OutputDir for MemoryOutput {
    fn name(&self) -> &str {
        "deploy"
    }

    fn lock(&self, replaced: &str) -> io::Result<Lock> {
        let mut state = self.state();
        state.may_read("")?;
        state.nodes.remove(&format!("{replaced}.new"));
        Ok(Box::new(()))
    }

    fn read(&self, path: &str) -> io::Result<Standing> {
        path::check(path)?;
        let state = self.state();
        state.may_read(path)?;
        Ok(state.standing(path))
    }

    fn create_folder(&self, path: &str) -> io::Result<()> {
        if path.is_empty() {
            return Ok(());
        }
        let mut state = self.state();
        for folder in path::parents(path).chain([path]) {
            match state.standing(folder) {
                Standing::Folder => continue,
                Standing::Nothing => {}
                _ => return Err(ErrorKind::AlreadyExists.into()),
            }
            if let Extent::Half(error) = state.may_change(folder)? {
                return Err(error.into());
            }
            state.nodes.insert(folder.to_owned(), Node::Folder);
        }
        Ok(())
    }

    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        path::check(path)?;
        let mut state = self.state();
        if !state.is_folder(path::parent(path)) {
            return Err(ErrorKind::NotFound.into());
        }
        if !matches!(state.standing(path), Standing::Nothing | Standing::File(_)) {
            return Err(ErrorKind::IsADirectory.into());
        }
        let extent = state.may_change(path)?;
        let (kept, result) = match extent {
            Extent::Whole => (bytes, Ok(())),
            Extent::Half(error) => (&bytes[..bytes.len() / 2], Err(error.into())),
        };
        state
            .nodes
            .insert(path.to_owned(), Node::File(kept.to_vec()));
        result
    }

    fn remove_file(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        let Standing::File(_) = state.standing(path) else {
            return Err(ErrorKind::NotFound.into());
        };
        if let Extent::Half(error) = state.may_change(path)? {
            return Err(error.into());
        }
        state.nodes.remove(path);
        Ok(())
    }

    fn remove_folder(&self, path: &str) -> io::Result<bool> {
        let mut state = self.state();
        if state.standing(path) == Standing::Nothing {
            return Ok(true);
        }
        if state
            .nodes
            .range(format!("{path}/")..format!("{path}0"))
            .next()
            .is_some()
        {
            return Ok(false);
        }
        if let Extent::Half(error) = state.may_change(path)? {
            return Err(error.into());
        }
        state.nodes.remove(path);
        Ok(true)
    }

    fn replace(&self, name: &str, bytes: &[u8], _synced: bool) -> io::Result<()> {
        let mut state = self.state();
        match state.may_change(name)? {
            Extent::Whole => {
                state
                    .nodes
                    .insert(name.to_owned(), Node::File(bytes.to_vec()));
                Ok(())
            }
            Extent::Half(error) => {
                let half = bytes[..bytes.len() / 2].to_vec();
                state.nodes.insert(format!("{name}.new"), Node::File(half));
                Err(error.into())
            }
        }
    }
}
