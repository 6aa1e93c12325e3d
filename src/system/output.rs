//! The folder that a compile writes to, and nothing outside of it.

use std::any::Any;
use std::io;

/// What stands at a path of the output folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing; folders above may be missing too.
    Nothing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// Something that mlspec never writes stands at this path, which is the one asked for or a
    /// folder above it.
    Obstacle(Obstacle, String),
}

/// What can stand in the way of a file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A symbolic link, wherever it leads.
    Link,
    /// A file where a folder is needed.
    File,
    /// A device, pipe or socket.
    Special,
}

/// Held while an output folder is written to; dropping it lets others write.
pub type Lock = Box<dyn Any>;

/// The output folder. Paths are relative to it, with `/`; a path that [`super::path::problem`]
/// finds fault with is refused. No call follows a symbolic link below the folder.
///
/// Against files that others change while mlspec runs there is no protection but [`Self::lock`].
pub trait OutputDir: Sync {
    /// How messages call the folder, `deploy`.
    fn name(&self) -> &str;

    /// Makes the folder if it is missing, keeps other runs of mlspec out of it until the lock is
    /// dropped, and removes what a killed [`Self::replace`] of the file `replaced` left behind.
    ///
    /// # Errors
    /// `WouldBlock` where another run holds the lock; else as the operating system says.
    fn lock(&self, replaced: &str) -> io::Result<Lock>;

    /// What stands at a path; of a file, all its bytes.
    ///
    /// # Errors
    /// As the operating system says; that nothing or something else stands there is no error.
    fn read(&self, path: &str) -> io::Result<Standing>;

    /// Makes a folder and those above it, unless they are there; the empty path is the output
    /// folder itself.
    ///
    /// # Errors
    /// As the operating system says.
    fn create_folder(&self, path: &str) -> io::Result<()>;

    /// Writes a file in place; its folder is there. A file that was there keeps its permissions.
    ///
    /// # Errors
    /// As the operating system says; the file may then hold anything.
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// As the operating system says.
    fn remove_file(&self, path: &str) -> io::Result<()>;

    /// Removes a folder if it is empty; says whether it is gone.
    ///
    /// # Errors
    /// As the operating system says; that something lies in it is no error.
    fn remove_folder(&self, path: &str) -> io::Result<bool>;

    /// Replaces a file in the folder itself in one step: whenever the program is killed or the
    /// power fails, the old content or the new is there, whole. With `synced`, the new content is on
    /// the disk before this returns.
    ///
    /// # Errors
    /// As the operating system says; the old content is then still there.
    fn replace(&self, name: &str, bytes: &[u8], synced: bool) -> io::Result<()>;
}
