//! Downloads one file in parts: in parallel, synced and noted one by one, hashed while the rest arrives.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::Semaphore;

use super::digest::{Follower, Sha256};
use super::error::FetchError;
use super::files::{blocking, failed, reserve};
use super::partial::{Head, Journal, Partial};
use super::path::RelPath;
use super::patience::Patience;
use super::progress::Progress;
use super::source::{Entry, Source, Stat};

/// Bytes of one part: large enough to be worth a request and a sync, small enough to lose.
const PART: u64 = 8 << 20;
/// Bytes that one connection gathers before it writes them.
const WRITE: usize = 256 << 10;

/// What all files of one fetch share.
pub(super) struct Downloads<'a> {
    pub(super) source: &'a Source,
    /// The target folder, for messages about the disk.
    pub(super) dir: &'a Path,
    pub(super) partial: &'a Partial,
    pub(super) patience: &'a Patience<'a>,
    pub(super) progress: &'a Progress,
    /// One permit for each connection.
    pub(super) slots: &'a Semaphore,
    pub(super) parallel: usize,
    /// Largest sum of all files, from `--size`.
    pub(super) most: Option<u64>,
    /// How the source is called in messages.
    pub(super) shown: &'a str,
}

/// A file that is whole in the partial folder.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    pub(super) path: RelPath,
    pub(super) size: u64,
    pub(super) sha256: Sha256,
    pub(super) validator: Option<String>,
}

/// One file on its way.
struct Job<'a> {
    entry: &'a Entry,
    file: Arc<File>,
    stat: Stat,
    /// That of the first answer; all others must agree.
    validator: Mutex<Option<String>>,
    journal: Mutex<Option<Journal>>,
}

/// A run of bytes that one request asks for.
struct Part {
    number: u64,
    start: u64,
    /// Unknown only where the source does not tell its size.
    end: Option<u64>,
}

impl Downloads<'_> {
    /// Fetches one file, or what an earlier run has left to fetch of it.
    ///
    /// # Errors
    /// What the source or the disk says; `WrongHash` where the source's own list promised other content.
    pub(super) async fn file(
        &self,
        entry: &Entry,
        stat: Option<Stat>,
    ) -> Result<Fetched, FetchError> {
        let path = self.partial.file(&entry.path);
        let disk = |e| failed(self.dir, &path, e);
        let left = self.partial.resume(&entry.path).map_err(disk)?;
        // An empty file is never opened, so its validator must come from here.
        let enough = |stat: &Stat| left.is_none() && stat.size != Some(0);
        let stat = match stat.or_else(|| self.source.listed(entry).filter(enough)) {
            Some(stat) => stat,
            None => {
                self.patience
                    .ask(async || self.source.stat(entry).await)
                    .await?
            }
        };
        let left = left.filter(|journal| {
            head(&stat, stat.validator.as_deref()).as_ref() == Some(&journal.head)
        });
        let file = {
            let (path, size, fresh) = (path.clone(), stat.size, left.is_none());
            blocking(move || create(&path, size, fresh))
                .await
                .map_err(disk)?
        };
        let job = Job {
            entry,
            file: Arc::new(file),
            validator: Mutex::new(stat.validator.clone()),
            journal: Mutex::new(left),
            stat,
        };
        let follower = Follower::start(job.file.try_clone().map_err(disk)?);
        let size = self.parts(&job, &follower).await?;
        let sha256 = follower.finish().await.map_err(disk)?;
        if let Some(expected) = entry.sha256.clone().filter(|expected| *expected != sha256) {
            self.partial.discard(&entry.path).map_err(disk)?;
            return Err(FetchError::WrongHash {
                what: self.what(entry),
                expected,
                found: sha256,
            });
        }
        Ok(Fetched {
            path: entry.path.clone(),
            size,
            sha256,
            validator: job.validator(),
        })
    }

    /// Brings all parts of a file and returns its size.
    async fn parts(&self, job: &Job<'_>, follower: &Follower) -> Result<u64, FetchError> {
        let parts = split(&job.stat);
        let Some(last) = parts.last() else {
            return Ok(0);
        };
        let size = last.end;
        let mut finished = vec![false; parts.len()];
        let mut waiting = Vec::new();
        for part in &parts {
            if job.has(part.number) {
                finished[part.number as usize] = true;
                self.progress.resume(part.length());
            } else {
                waiting.push(part);
            }
        }
        let mut ready = 0;
        let mut advance = |finished: &[bool]| {
            while finished.get(ready) == Some(&true) {
                ready += 1;
            }
            if let Some(end) = ready.checked_sub(1).and_then(|number| parts[number].end) {
                follower.advance(end);
            }
        };
        advance(&finished);
        let mut end = 0;
        let mut arriving = stream::iter(waiting)
            .map(|part| self.part(job, part))
            .buffer_unordered(self.parallel);
        while let Some((number, at)) = arriving.try_next().await? {
            finished[number as usize] = true;
            end = at;
            advance(&finished);
        }
        if size.is_none() {
            // An earlier try may have written beyond it.
            let file = Arc::clone(&job.file);
            blocking(move || file.set_len(end))
                .await
                .map_err(|e| self.disk(job, e))?;
            follower.advance(end);
        }
        Ok(size.unwrap_or(end))
    }

    /// Brings one part to disk; returns its number and where it ended.
    async fn part(&self, job: &Job<'_>, part: &Part) -> Result<(u64, u64), FetchError> {
        let _slot = self.slots.acquire().await;
        let mut at = part.start;
        let mut tries = 0;
        loop {
            let before = at;
            let Err(error) = self.read(job, part, &mut at).await else {
                break;
            };
            if at > before {
                tries = 0;
            }
            if !job.stat.ranged {
                self.progress.lose(at - part.start);
                at = part.start;
            }
            self.patience.pause(error, &mut tries).await?;
        }
        let file = Arc::clone(&job.file);
        let synced = blocking(move || file.sync_data()).await;
        synced
            .and_then(|()| job.record(self.partial, part.number))
            .map_err(|e| self.disk(job, e))?;
        Ok((part.number, at))
    }

    /// Reads from `at` to the end of the part; what has arrived is on disk and in `at` even where it fails.
    async fn read(&self, job: &Job<'_>, part: &Part, at: &mut u64) -> Result<(), FetchError> {
        let range = part.end.filter(|_| job.stat.ranged).map(|end| *at..end);
        let mut opened = self.source.open(job.entry, range).await?;
        if !job.agrees(opened.validator.take()) {
            return Err(FetchError::Changed(self.what(job.entry)));
        }
        let mut buffer = Vec::with_capacity(WRITE);
        let outcome = loop {
            let chunk = match opened.bytes.next().await {
                Some(Ok(chunk)) => chunk,
                Some(Err(error)) => break Err(error),
                None => break Ok(()),
            };
            let arrived = *at + (buffer.len() + chunk.len()) as u64;
            if part.end.is_some_and(|end| arrived > end) {
                break Err(FetchError::Changed(self.what(job.entry)));
            }
            buffer.extend_from_slice(&chunk);
            if buffer.len() >= WRITE {
                buffer = self.write(job, buffer, at).await?;
            }
        };
        self.write(job, buffer, at).await?;
        outcome?;
        match part.end {
            Some(wanted) if *at < wanted => Err(FetchError::Short {
                what: self.what(job.entry),
                got: *at,
                wanted,
            }),
            _ => Ok(()),
        }
    }

    async fn write(
        &self,
        job: &Job<'_>,
        mut buffer: Vec<u8>,
        at: &mut u64,
    ) -> Result<Vec<u8>, FetchError> {
        let (file, offset, count) = (Arc::clone(&job.file), *at, buffer.len() as u64);
        let written = blocking(move || {
            file.write_all_at(&buffer, offset)?;
            buffer.clear();
            Ok(buffer)
        });
        let buffer = written.await.map_err(|e| self.disk(job, e))?;
        *at += count;
        self.progress.add(count);
        match self.most {
            Some(most) if self.progress.done() > most => Err(FetchError::TooLarge {
                what: self.shown.to_owned(),
                size: self.progress.done(),
                most,
            }),
            _ => Ok(buffer),
        }
    }

    fn disk(&self, job: &Job<'_>, error: io::Error) -> FetchError {
        failed(self.dir, &self.partial.file(&job.entry.path), error)
    }

    fn what(&self, entry: &Entry) -> String {
        if self.shown.ends_with('/') {
            format!("{}{}", self.shown, entry.path)
        } else {
            self.shown.to_owned()
        }
    }
}

impl Job<'_> {
    fn has(&self, number: u64) -> bool {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal
            .as_ref()
            .is_some_and(|journal| journal.done.contains(&number))
    }

    /// Notes a part, where the source says enough to trust the note later.
    fn record(&self, partial: &Partial, number: u64) -> io::Result<()> {
        let Some(head) = head(&self.stat, self.validator().as_deref()) else {
            return Ok(());
        };
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if journal.is_none() {
            *journal = Some(partial.begin(&self.entry.path, head)?);
        }
        match &mut *journal {
            Some(journal) => journal.record(number),
            None => Ok(()),
        }
    }

    fn validator(&self) -> Option<String> {
        self.validator
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Says whether an answer is of the content that the first one was of.
    fn agrees(&self, answer: Option<String>) -> bool {
        let mut first = self
            .validator
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if first.is_none() {
            first.clone_from(&answer);
        }
        *first == answer
    }
}

impl Part {
    fn length(&self) -> u64 {
        self.end.unwrap_or(self.start) - self.start
    }
}

fn head(stat: &Stat, validator: Option<&str>) -> Option<Head> {
    let size = stat.size.filter(|_| stat.ranged)?;
    Some(Head {
        size,
        validator: validator?.to_owned(),
        part: PART,
    })
}

fn split(stat: &Stat) -> Vec<Part> {
    match stat.size {
        Some(0) => Vec::new(),
        Some(size) if stat.ranged => (0..size.div_ceil(PART))
            .map(|number| {
                let Range { start, end } = number * PART..size.min((number + 1) * PART);
                Part {
                    number,
                    start,
                    end: Some(end),
                }
            })
            .collect(),
        end => vec![Part {
            number: 0,
            start: 0,
            end,
        }],
    }
}

fn create(path: &Path, size: Option<u64>, fresh: bool) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(fresh)
        .open(path)?;
    if let Some(size) = size.filter(|_| fresh) {
        reserve(&file, size)?;
    }
    Ok(file)
}
