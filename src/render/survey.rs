//! Compares what stands in the output folder with what the spec asks for and what the ledger
//! remembers, file by file.

use std::collections::BTreeMap;
use std::io;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::findings::Findings;
use super::hash::Hash;
use super::ledger::{Entry, Fault, LEDGER, Ledger, State};
use super::paths;
use super::wanted::Wanted;
use crate::diag::Diagnostic;
use crate::system::output::{Obstacle, OutputDir, Standing};

/// Which part of the output folder is looked at; the rest is neither touched nor forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    #[default]
    Everything,
    /// What lies below these folders.
    Folders(Vec<SmolStr>),
}

impl Scope {
    /// Whether a path belongs to it.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Folders(folders) => folders.iter().any(|folder| {
                path.strip_prefix(folder.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
            }),
        }
    }
}

/// The state of one file.
#[derive(Debug)]
pub(super) enum Condition {
    /// Right, and the ledger knows it.
    Current,
    /// Right, but the ledger does not know it, or not so.
    Unlisted,
    /// Wanted, and not there.
    Missing,
    /// Wanted, ours, and of another content.
    Stale,
    /// Wanted, and not ours.
    Foreign,
    /// Wanted and once ours, but edited since.
    Edited(Edit),
    /// Ours, and no longer wanted.
    Leftover,
    /// No longer wanted and once ours, but edited since.
    LeftoverEdited,
    /// No longer wanted, and not there.
    Gone,
    /// Something else stands there or above; `None` is a folder.
    Blocked(Option<Obstacle>, String),
    /// The operating system would not tell.
    Unreadable(io::Error),
}

/// How a file was edited.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// Its text.
    Text,
    /// Its line ends alone, which Git does where it is not told to leave them.
    LineEnds,
}

/// One file that is wanted, or ours, or both.
#[derive(Debug)]
pub(super) struct Surveyed<'f> {
    pub(super) path: &'f SmolStr,
    /// The hash of the bytes that are wanted.
    pub(super) wanted: Option<Hash>,
    pub(super) condition: Condition,
}

/// Reads the ledger; an output folder without one owns nothing.
pub(super) fn read_ledger(out: &dyn OutputDir) -> Result<(Ledger, Vec<u8>), Diagnostic> {
    let findings = Findings(out);
    let bytes = match out
        .read(LEDGER)
        .map_err(|error| findings.access("read", LEDGER, &error))?
    {
        Standing::Nothing => return Ok((Ledger::default(), Vec::new())),
        Standing::File(bytes) => bytes,
        Standing::Folder => return Err(findings.in_the_way(LEDGER, None, LEDGER)),
        Standing::Obstacle(obstacle, at) => {
            return Err(findings.in_the_way(LEDGER, Some(obstacle), &at));
        }
    };
    let ledger = Ledger::parse(&bytes).map_err(|fault: Fault| findings.ledger(&fault))?;
    Ok((ledger, bytes))
}

/// Looks at every file in scope that is wanted or ours; sorted by path.
pub(super) fn survey<'f>(
    out: &dyn OutputDir,
    wanted: &'f Wanted,
    ledger: &'f Ledger,
    scope: &Scope,
) -> Result<Vec<Surveyed<'f>>, Vec<Diagnostic>> {
    let in_scope = || wanted.files().filter(|(path, _)| scope.covers(path));
    let paths: Vec<&str> = in_scope().map(|(path, _)| path.as_str()).collect();
    let owned: Vec<&str> = ledger.0.keys().map(SmolStr::as_str).collect();
    let found = paths::check(&paths, &owned, Findings(out));
    if !found.is_empty() {
        return Err(found);
    }
    let mut all: BTreeMap<&SmolStr, (Option<Hash>, Option<&Entry>)> = in_scope()
        .map(|(path, hash)| (path, (Some(hash), None)))
        .collect();
    for (path, entry) in ledger.0.iter().filter(|(path, _)| scope.covers(path)) {
        all.entry(path).or_default().1 = Some(entry);
    }
    let all: Vec<_> = all.into_iter().collect();
    let surveyed = all.into_par_iter().map(|(path, (wanted, entry))| Surveyed {
        path,
        wanted,
        condition: condition(out, path, wanted, entry),
    });
    Ok(surveyed.collect())
}

fn condition(
    out: &dyn OutputDir,
    path: &str,
    wanted: Option<Hash>,
    entry: Option<&Entry>,
) -> Condition {
    let found = match (out.read(path), wanted) {
        (Err(error), _) => return Condition::Unreadable(error),
        (Ok(Standing::Nothing), Some(_)) => return Condition::Missing,
        (Ok(Standing::Nothing), None) => return Condition::Gone,
        (Ok(Standing::Folder), _) => return Condition::Blocked(None, path.to_owned()),
        (Ok(Standing::Obstacle(obstacle, at)), _) => {
            return Condition::Blocked(Some(obstacle), at);
        }
        (Ok(Standing::File(found)), _) => found,
    };
    let bytes = found;
    let found = Hash::of(&bytes);
    match (wanted, entry) {
        (Some(hash), Some(entry)) if hash == found => match entry.state {
            State::Done if entry.hash == hash => Condition::Current,
            State::Done | State::Pending => Condition::Unlisted,
        },
        (Some(hash), None) if hash == found => Condition::Unlisted,
        _ => different(found, &bytes, wanted.is_some(), entry),
    }
}

/// The condition of a file whose content is not what is wanted.
fn different(found: Hash, bytes: &[u8], wanted: bool, entry: Option<&Entry>) -> Condition {
    let ours = entry.map(|entry| entry.state == State::Pending || entry.hash == found);
    match (wanted, ours) {
        (_, None) => Condition::Foreign,
        (true, Some(true)) => Condition::Stale,
        (true, Some(false)) => {
            let unix: Vec<u8> = bytes.iter().copied().filter(|b| *b != b'\r').collect();
            let is_same = entry.is_some_and(|entry| entry.hash == Hash::of(&unix));
            Condition::Edited(if is_same { Edit::LineEnds } else { Edit::Text })
        }
        (false, Some(true)) => Condition::Leftover,
        (false, Some(false)) => Condition::LeftoverEdited,
    }
}
