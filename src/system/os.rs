//! The workspace as it is on disk.
#![expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the disk and the clock"
)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Date, DirEntry, NotUtf8, System, path};

const SECONDS_A_DAY: u64 = 24 * 60 * 60;

/// A workspace folder. A symbolic link is followed where it leads to a place inside; one that
/// leads out is an error, so that what a compile reads is what the repository holds.
#[derive(Clone, Debug)]
pub struct OsSystem {
    root: PathBuf,
    /// The root without symbolic links, once it was needed.
    real_root: OnceLock<PathBuf>,
}

impl OsSystem {
    /// The workspace in the folder `root`; where that is none, every call fails.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            real_root: OnceLock::new(),
        }
    }

    fn resolve(&self, inside: &str) -> io::Result<PathBuf> {
        let root = match self.real_root.get() {
            Some(root) => root,
            None => {
                let root = fs::canonicalize(&self.root)?;
                self.real_root.get_or_init(|| root)
            }
        };
        if inside.is_empty() {
            return Ok(root.clone());
        }
        path::check(inside)?;
        let resolved = fs::canonicalize(root.join(inside))?;
        if resolved.starts_with(root) {
            return Ok(resolved);
        }
        let message = "a symbolic link leads out of the workspace";
        Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
    }
}

impl System for OsSystem {
    fn read(&self, inside: &str) -> io::Result<String> {
        let resolved = self.resolve(inside)?;
        let metadata = fs::metadata(&resolved)?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // A pipe would block for ever, a device never end.
        if !metadata.is_file() {
            let message = "neither a file nor a folder";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        // Spans are 32 bits wide.
        if metadata.len() > u64::from(u32::MAX) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        String::from_utf8(fs::read(resolved)?).map_err(|error| NotUtf8::from(error).into())
    }

    /// A link to a folder is listed as no folder, so that walking the tree ends; naming it in a
    /// path still follows it.
    fn list(&self, inside: &str) -> io::Result<Vec<DirEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.resolve(inside)?)? {
            let entry = entry?;
            // A name that is not UTF-8 becomes one that no file has: reading it is an error.
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_dir = entry.file_type()?.is_dir();
            entries.push(DirEntry { name, is_dir });
        }
        entries.sort();
        Ok(entries)
    }

    fn shown(&self, inside: &str) -> String {
        format!("{}{inside}", path::prefix(&self.root))
    }

    /// 1970-01-01 where the clock stands before that day.
    fn today(&self) -> Date {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        date(since.map_or(0, |since| since.as_secs() / SECONDS_A_DAY))
    }
}

/// The day that many days after 1970-01-01, in the Gregorian calendar.
fn date(days: u64) -> Date {
    let mut left = days;
    let mut year = 1970;
    while left >= days_of_year(year) {
        left -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while left >= days_of_month(year, month) {
        left -= days_of_month(year, month);
        month += 1;
    }
    Date {
        year,
        month,
        day: left as u8 + 1,
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u16) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u16, month: u8) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, date};

    /// Known days, among them the leap day of a century.
    #[test]
    fn calendar() {
        let day = |year, month, day| Date { year, month, day };
        assert_eq!(date(0), day(1970, 1, 1));
        assert_eq!(date(58), day(1970, 2, 28));
        assert_eq!(date(59), day(1970, 3, 1));
        assert_eq!(date(11_016), day(2000, 2, 29));
        assert_eq!(date(20_088), day(2024, 12, 31));
        assert_eq!(date(20_782), day(2026, 11, 25));
    }
}
