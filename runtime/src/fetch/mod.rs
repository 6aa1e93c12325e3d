//! `mlserve fetch`: brings a model from where it is published into a folder.
//!
//! [`FetchArgs`] → [`run`] → [`FetchReport`]. A source (`source/`) lists files and opens ranges of them; `download.rs` brings one
//! file to disk in parts; `target.rs` puts the files in place. The folder never holds a half model that looks whole, a killed run is
//! gone on with by the next one, and a run that finds the right content does nothing. Memory is bounded by the number of
//! connections, whatever the size of the model.

mod args;
mod command;
mod digest;
mod download;
mod error;
mod failure;
mod files;
mod http;
mod partial;
mod path;
mod patience;
mod progress;
mod source;
mod target;
mod units;
mod uri;

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;

pub use self::args::FetchArgs;
pub use self::command::main;
pub use self::digest::Sha256;
pub use self::error::FetchError;
pub use self::failure::Failure;
pub use self::path::RelPath;
pub use self::target::unfinished;

use self::download::{Downloads, Fetched};
use self::partial::Partial;
use self::patience::Patience;
use self::progress::Progress;
use self::source::{Entry, Source, Stat};
use self::target::{MarkedFile, Marker, Target};
use self::uri::SourceUri;

/// What a fetch has done.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchReport {
    /// Digest of the object or folder, for `sha256=` in the spec.
    pub sha256: Sha256,
    /// Number of files in place.
    pub files: usize,
    /// Bytes of all files.
    pub size: u64,
    /// Bytes that came from the source in this run.
    pub fetched: u64,
    /// Bytes that an earlier run had left.
    pub resumed: u64,
    /// The folder held the model already.
    pub unchanged: bool,
    /// From start to end.
    pub elapsed: Duration,
}

/// Fetches what `args` name; reports its progress on standard error.
///
/// Must run on a tokio runtime with time and I/O. Ends early, keeping what it has, on SIGTERM and SIGINT.
///
/// # Errors
/// See [`FetchError`]; [`FetchError::exit_code`] tells a wrong input from failed surroundings.
pub async fn run(args: FetchArgs) -> Result<FetchReport, FetchError> {
    let progress = Progress::new();
    tokio::select! {
        done = fetch(&args, &progress) => done,
        stopped = stopped() => Err(stopped),
        () = progress.report() => Err(FetchError::Interrupted),
    }
}

/// Waits for a signal to stop; the first process of a container gets none that it does not ask for.
async fn stopped() -> FetchError {
    let listen = |kind| {
        signal(kind).map_err(|e| FetchError::Setting(format!("signals cannot be received: {e}")))
    };
    match (
        listen(SignalKind::terminate()),
        listen(SignalKind::interrupt()),
    ) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            FetchError::Interrupted
        }
        (Err(e), _) | (_, Err(e)) => e,
    }
}

async fn fetch(args: &FetchArgs, progress: &Progress) -> Result<FetchReport, FetchError> {
    let uri = SourceUri::parse(&args.uri)?;
    let source = Source::connect(&uri, args)?;
    let target = Target::open(&args.to, progress).await?;
    let patience = Patience::new(progress, Duration::from_secs(args.retry_for.into()));

    let marker = target.marker()?.filter(|marker| marker.uri == uri.shown);
    if let Some(marker) = marker
        .as_ref()
        .filter(|marker| args.sha256.as_ref() == Some(&marker.sha256))
        && target.holds(marker).await?
    {
        return unchanged(&target, marker, progress).await;
    }
    let entries = patience.ask(async || source.list(&uri).await).await?;
    if let Some(marker) = marker.as_ref().filter(|_| args.sha256.is_none())
        && is_current(&source, &patience, &entries, marker).await?
        && target.holds(marker).await?
    {
        return unchanged(&target, marker, progress).await;
    }

    let disk = |e| files::failed(target.dir(), target.dir(), e);
    let stats = ask_sizes(&source, &patience, &entries).await?;
    let partial = Partial::open(target.dir(), &uri.shown).map_err(disk)?;
    let size = known_size(&entries, &stats);
    if let Some(size) = size {
        room_for(size, args, &uri, &target, &partial)?;
        progress.expect(size);
    }
    let parallel = usize::from(args.parallel);
    let slots = Semaphore::new(parallel);
    let downloads = Downloads {
        source: &source,
        dir: target.dir(),
        partial: &partial,
        patience: &patience,
        progress,
        slots: &slots,
        parallel,
        most: args.most(),
        shown: &uri.shown,
    };
    let mut files: Vec<Fetched> = stream::iter(entries.iter().zip(stats))
        .map(|(entry, stat)| downloads.file(entry, stat))
        .buffer_unordered(parallel)
        .try_collect()
        .await?;
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let sha256 = digest_of(&uri, &files);
    if let Some(expected) = args.sha256.clone().filter(|expected| *expected != sha256) {
        partial.clear().map_err(disk)?;
        return Err(FetchError::WrongHash {
            what: uri.shown,
            expected,
            found: sha256,
        });
    }
    let marker = Marker {
        uri: uri.shown,
        sha256,
        files: files.into_iter().map(marked).collect(),
    };
    target.place(&partial, &marker).await?;
    Ok(report(&marker, progress, false))
}

/// Says whether the source still has exactly what `marker` lists.
async fn is_current(
    source: &Source,
    patience: &Patience<'_>,
    entries: &[Entry],
    marker: &Marker,
) -> Result<bool, FetchError> {
    if entries.len() != marker.files.len() {
        return Ok(false);
    }
    for entry in entries {
        let Some(file) = marker.files.iter().find(|file| file.path == entry.path) else {
            return Ok(false);
        };
        let stat = patience.ask(async || source.stat(entry).await).await?;
        // Without a validator there is no telling.
        if stat.validator.is_none()
            || stat.validator != file.validator
            || stat.size != Some(file.size)
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Asks for what the listing left open, before anything is written.
async fn ask_sizes(
    source: &Source,
    patience: &Patience<'_>,
    entries: &[Entry],
) -> Result<Vec<Option<Stat>>, FetchError> {
    let mut stats = Vec::with_capacity(entries.len());
    for entry in entries {
        stats.push(match entry.size {
            Some(_) => None,
            None => Some(patience.ask(async || source.stat(entry).await).await?),
        });
    }
    Ok(stats)
}

fn known_size(entries: &[Entry], stats: &[Option<Stat>]) -> Option<u64> {
    let sizes = entries
        .iter()
        .zip(stats)
        .map(|(entry, stat)| entry.size.or_else(|| stat.as_ref()?.size));
    sizes.sum()
}

/// Refuses what is larger than planned, or than the disk.
fn room_for(
    size: u64,
    args: &FetchArgs,
    uri: &SourceUri,
    target: &Target,
    partial: &Partial,
) -> Result<(), FetchError> {
    if let Some(most) = args.most().filter(|most| size > *most) {
        return Err(FetchError::TooLarge {
            what: uri.shown.clone(),
            size,
            most,
        });
    }
    let disk = |e| files::failed(target.dir(), target.dir(), e);
    let free = files::free(target.dir()).map_err(disk)?;
    let needed = size.saturating_sub(partial.taken().map_err(disk)?);
    if needed > free {
        return Err(FetchError::NoSpace {
            dir: target.dir().to_owned(),
            needed: Some(needed),
            free,
        });
    }
    Ok(())
}

fn digest_of(uri: &SourceUri, files: &[Fetched]) -> Sha256 {
    match files {
        [file] if !uri.folder => file.sha256.clone(),
        files => Sha256::of_folder(files.iter().map(|file| (&file.path, &file.sha256))),
    }
}

fn marked(file: Fetched) -> MarkedFile {
    MarkedFile {
        path: file.path,
        size: file.size,
        sha256: file.sha256,
        validator: file.validator,
    }
}

async fn unchanged(
    target: &Target,
    marker: &Marker,
    progress: &Progress,
) -> Result<FetchReport, FetchError> {
    target.clean().await?;
    Ok(report(marker, progress, true))
}

fn report(marker: &Marker, progress: &Progress, unchanged: bool) -> FetchReport {
    FetchReport {
        sha256: marker.sha256.clone(),
        files: marker.files.len(),
        size: marker.files.iter().map(|file| file.size).sum(),
        fetched: progress.done() - progress.resumed(),
        resumed: progress.resumed(),
        unchanged,
        elapsed: progress.elapsed(),
    }
}
