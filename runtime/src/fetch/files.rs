//! What the fetcher asks of the file system, off the network's thread.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use rustix::io::Errno;
use tokio::task::spawn_blocking;

use super::error::FetchError;

/// Runs `work` where it may wait for the disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Takes `size` bytes for `file` now, so that a full disk shows before the download and not near its end.
pub(super) fn reserve(file: &File, size: u64) -> io::Result<()> {
    if size == 0 {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::empty(), 0, size) {
        // Not every file system can: NFS before 4.2, some FUSE.
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => file.set_len(size),
        other => other.map_err(io::Error::from),
    }
}

/// Returns how many bytes may be written in the file system of `path`.
pub(super) fn free(path: &Path) -> io::Result<u64> {
    let stat = statvfs(path)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Returns the error for what failed at `path`, below the target folder `dir`.
pub(super) fn failed(dir: &Path, path: &Path, source: io::Error) -> FetchError {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FetchError::NoSpace {
            dir: dir.to_owned(),
            needed: None,
            free: free(dir).unwrap_or(0),
        },
        _ => FetchError::Disk {
            path: path.to_owned(),
            source,
        },
    }
}
