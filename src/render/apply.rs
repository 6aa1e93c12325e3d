//! Makes the output folder what the spec asks for, such that it can be killed at any moment.
//!
//! 1. Look at every file; if anything is not ours to change, stop: nothing has been touched.
//! 2. Replace the ledger by one that lists every file about to change as pending, synced.
//! 3. Write those files in place, then delete those no longer wanted and the folders they leave empty.
//! 4. Replace the ledger by the final one.
//!
//! Files are known by their hashes; bytes that were not kept are made once more in 3, folder by folder.
//!
//! A run that is killed in 3 or 4 leaves pending files; they are ours whatever their bytes are, so
//! the next run writes or deletes exactly those. No content needs a journal, since it can be
//! compiled again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::findings::Findings;
use super::ledger::{Entry, LEDGER, Ledger, State};
use super::outcome::Outcome;
use super::sink::Again;
use super::survey::{Condition, Edit, Scope, Surveyed, read_ledger, survey};
use super::wanted::Wanted;
use crate::diag::Diagnostic;
use crate::system::output::OutputDir;
use crate::system::path;

/// What [`apply`] may do.
#[derive(Clone, Debug, Default)]
pub struct Apply {
    /// Replace files that mlspec did not write.
    pub adopt: bool,
    /// Replace and delete files that were edited since mlspec wrote them.
    pub overwrite: bool,
    /// Change nothing; the outcome says what would be done.
    pub dry_run: bool,
    /// What is written and deleted. Wanted files outside of it are left for another time.
    pub scope: Scope,
}

/// Brings the files wanted, and in the scope nothing else of ours, into the folder. `again` makes
/// files whose bytes were not kept.
pub fn apply(out: &dyn OutputDir, wanted: &Wanted, again: &Again<'_>, options: &Apply) -> Outcome {
    let findings = Findings(out);
    let _lock = if options.dry_run {
        None
    } else {
        match out.lock(LEDGER) {
            Ok(lock) => Some(lock),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Outcome::ended(vec![findings.in_use()]);
            }
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::AlreadyExists | ErrorKind::NotADirectory
                ) =>
            {
                return Outcome::ended(vec![findings.root_in_the_way()]);
            }
            Err(error) => return Outcome::ended(vec![findings.access("write to", "", &error)]),
        }
    };
    let (ledger, ledger_bytes) = match read_ledger(out) {
        Ok(read) => read,
        Err(found) => return Outcome::ended(vec![found]),
    };
    let surveyed = match survey(out, wanted, &ledger, &options.scope) {
        Ok(surveyed) => surveyed,
        Err(found) => return Outcome::ended(found),
    };
    let work = Work::plan(&surveyed, &ledger, options, findings);
    if !work.outcome.diagnostics.is_empty() {
        return Outcome::ended(Findings::once_each(work.outcome.diagnostics));
    }
    if options.dry_run {
        return work.outcome;
    }
    let source = Source { wanted, again };
    match work.carry_out(out, &ledger_bytes, &source) {
        Ok(()) => work.outcome,
        Err(found) => Outcome::ended(vec![found]),
    }
}

/// Writes a file of a path.
type Write<'w> = dyn FnMut(&str, &[u8]) -> Result<(), Diagnostic> + 'w;

/// Where the bytes of files come from.
struct Source<'s> {
    wanted: &'s Wanted,
    again: &'s Again<'s>,
}

impl Source<'_> {
    /// Gives the bytes of each of `paths`, files of one folder, to `write`.
    fn files(&self, paths: &[&SmolStr], write: &mut Write<'_>) -> Result<(), Diagnostic> {
        let mut made = None;
        for path in paths {
            if let Some(bytes) = self.wanted.kept(path) {
                write(path, bytes)?;
                continue;
            }
            let files = made.get_or_insert_with(|| (self.again)(path::parent(path)));
            if let Some((path, bytes)) = files.iter().find(|(made, _)| made == *path) {
                write(path, bytes)?;
            }
        }
        Ok(())
    }
}

/// What has to be done.
struct Work<'f> {
    write: Vec<&'f SmolStr>,
    remove: Vec<&'f SmolStr>,
    /// Files deleted by a run that was killed before it could delete their folders.
    removed_before: Vec<&'f SmolStr>,
    /// The ledger as it was.
    first: &'f Ledger,
    /// The ledger when all is done.
    last: Ledger,
    outcome: Outcome,
}

impl<'f> Work<'f> {
    fn plan(
        surveyed: &[Surveyed<'f>],
        ledger: &'f Ledger,
        options: &Apply,
        findings: Findings<'_>,
    ) -> Self {
        let mut work = Self {
            write: Vec::new(),
            remove: Vec::new(),
            removed_before: Vec::new(),
            first: ledger,
            last: Ledger(BTreeMap::new()),
            outcome: Outcome::default(),
        };
        let beside = ledger
            .0
            .iter()
            .filter(|(path, _)| !options.scope.covers(path));
        work.last.0 = beside.map(|(path, entry)| (path.clone(), *entry)).collect();
        for file in surveyed {
            if let Err(found) = work.add(file, options, findings) {
                work.outcome.diagnostics.push(found);
            }
        }
        work
    }

    fn add(
        &mut self,
        file: &Surveyed<'f>,
        options: &Apply,
        findings: Findings<'_>,
    ) -> Result<(), Diagnostic> {
        let path = file.path;
        match &file.condition {
            Condition::Current | Condition::Unlisted => self.outcome.unchanged += 1,
            Condition::Missing => self.outcome.created.push(path.clone()),
            Condition::Stale => self.outcome.changed.push(path.clone()),
            Condition::Foreign if options.adopt => self.outcome.changed.push(path.clone()),
            Condition::Edited(_) if options.overwrite => self.outcome.changed.push(path.clone()),
            Condition::Leftover => self.outcome.removed.push(path.clone()),
            Condition::LeftoverEdited if options.overwrite => {
                self.outcome.removed.push(path.clone())
            }
            Condition::Gone => {
                if self
                    .first
                    .0
                    .get(path)
                    .is_some_and(|entry| entry.state == State::Pending)
                {
                    self.removed_before.push(path);
                }
            }
            Condition::Foreign => return Err(findings.foreign(path)),
            Condition::Edited(edit) => return Err(findings.edited(path, *edit)),
            Condition::LeftoverEdited => return Err(findings.edited(path, Edit::Text)),
            Condition::Blocked(obstacle, at) => {
                return Err(findings.in_the_way(path, *obstacle, at));
            }
            Condition::Unreadable(error) => return Err(findings.access("read", path, error)),
        }
        let Some(hash) = file.wanted else {
            if !matches!(file.condition, Condition::Gone) {
                self.remove.push(path);
            }
            return Ok(());
        };
        if !matches!(file.condition, Condition::Current | Condition::Unlisted) {
            self.write.push(path);
        }
        self.last.0.insert(
            path.clone(),
            Entry {
                hash,
                state: State::Done,
            },
        );
        Ok(())
    }

    fn carry_out(
        &self,
        out: &dyn OutputDir,
        before: &[u8],
        source: &Source<'_>,
    ) -> Result<(), Diagnostic> {
        let findings = Findings(out);
        let mut stands = Cow::Borrowed(before);
        if !(self.write.is_empty() && self.remove.is_empty() && self.removed_before.is_empty()) {
            let pending = self.pending().to_bytes();
            out.replace(LEDGER, &pending, true)
                .map_err(|error| findings.access("write", LEDGER, &error))?;
            stands = pending.into();
            self.write_files(out, source)?;
            self.remove_files(out)?;
        }
        self.finish(out, &stands)
            .map_err(|error| findings.interrupted("write", LEDGER, &error))
    }

    /// Leaves the final ledger where another one `stands`; where nothing is owned, none.
    fn finish(&self, out: &dyn OutputDir, stands: &[u8]) -> io::Result<()> {
        let last = self.last.to_bytes();
        match (self.last.0.is_empty(), stands.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => out.remove_file(LEDGER),
            (false, _) if last == stands => Ok(()),
            (false, _) => out.replace(LEDGER, &last, false),
        }
    }

    /// The ledger while files change.
    fn pending(&self) -> Ledger {
        let mut ledger = self.last.clone();
        for path in &self.write {
            if let Some(entry) = ledger.0.get_mut(*path) {
                entry.state = State::Pending;
            }
        }
        for path in self.remove.iter().chain(&self.removed_before) {
            if let Some(entry) = self.first.0.get(*path) {
                let entry = Entry {
                    state: State::Pending,
                    ..*entry
                };
                ledger.0.insert((*path).clone(), entry);
            }
        }
        ledger
    }

    fn write_files(&self, out: &dyn OutputDir, source: &Source<'_>) -> Result<(), Diagnostic> {
        let findings = Findings(out);
        // Sorted by path, so that files of a folder stand together.
        let by_folder: Vec<&[&SmolStr]> = self
            .write
            .chunk_by(|a, b| path::parent(a) == path::parent(b))
            .collect();
        let folders: BTreeSet<&str> = by_folder
            .iter()
            .map(|paths| path::parent(paths[0]))
            .filter(|f| !f.is_empty())
            .collect();
        for folder in folders {
            out.create_folder(folder)
                .map_err(|error| findings.interrupted("create", folder, &error))?;
        }
        by_folder.par_iter().try_for_each(|paths| {
            source.files(paths, &mut |path, bytes| {
                out.write(path, bytes)
                    .map_err(|error| findings.interrupted("write", path, &error))
            })
        })
    }

    fn remove_files(&self, out: &dyn OutputDir) -> Result<(), Diagnostic> {
        let findings = Findings(out);
        self.remove.par_iter().try_for_each(|path| {
            out.remove_file(path)
                .map_err(|error| findings.interrupted("delete", path, &error))
        })?;
        let left = self.remove.iter().chain(&self.removed_before);
        let mut folders: BTreeSet<&str> = left.flat_map(|path| path::parents(path)).collect();
        // Inner folders sort behind their outer ones.
        while let Some(folder) = folders.pop_last() {
            out.remove_folder(folder)
                .map_err(|error| findings.interrupted("delete", folder, &error))?;
        }
        Ok(())
    }
}
