//! All that the core may ask of the world. Tests, editor and watch bring their own.

pub mod memory;
pub mod memory_output;
mod not_utf8;
pub mod os;
pub mod os_output;
pub mod output;
pub mod path;

use std::io;

pub use memory::MemorySystem;
pub use memory_output::MemoryOutput;
pub use not_utf8::NotUtf8;
pub use os::OsSystem;
pub use os_output::OsOutput;
pub use output::OutputDir;

/// A calendar day; waivers end on one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year, 1970 or later.
    pub year: u16,
    /// Month, 1–12.
    pub month: u8,
    /// Day of the month, 1–31.
    pub day: u8,
}

/// One entry of a listed folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    /// The last component of its path.
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// What the core reads of the outside world. Paths are relative to the workspace root, with `/`.
pub trait System: Sync {
    /// Reads a file as UTF-8.
    ///
    /// # Errors
    /// As the operating system says; `InvalidData` around [`NotUtf8`] where the file is not UTF-8.
    fn read(&self, path: &str) -> io::Result<String>;

    /// Lists a folder, sorted by name; the root is `""`.
    ///
    /// # Errors
    /// As the operating system says.
    fn list(&self, path: &str) -> io::Result<Vec<DirEntry>>;

    /// Today's date in UTC: only for judging a waiver's `until`.
    fn today(&self) -> Date;

    /// A path as people are told it: with the workspace's folder, as they named it, in front.
    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}
