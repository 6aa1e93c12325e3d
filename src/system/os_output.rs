//! The output folder on disk.
#![expect(
    clippy::disallowed_methods,
    reason = "the one place that writes to the disk"
)]

use std::collections::BTreeSet;
use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use super::output::{Lock, Obstacle, OutputDir, Standing};
use super::path;

/// An output folder on disk. It may itself be reached through symbolic links: where the output
/// goes is the user's choice, what lies below is ours.
#[derive(Debug)]
pub struct OsOutput {
    root: PathBuf,
    name: String,
    /// Folders below the root that are known to be folders and no links.
    folders: RwLock<BTreeSet<String>>,
}

/// What the folders above a path are.
enum Above {
    Folders,
    Missing,
    Obstacle(Obstacle, String),
}

impl OsOutput {
    /// The folder `root`, which need not exist; messages call it as it is given.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let shown = root.to_string_lossy().replace('\\', "/");
        Self {
            root: root.to_owned(),
            name: shown.strip_prefix("./").unwrap_or(&shown).to_owned(),
            folders: RwLock::default(),
        }
    }

    /// The path on disk, none of whose folders is a link.
    fn resolve(&self, inside: &str) -> io::Result<PathBuf> {
        path::check(inside)?;
        match self.look_above(inside)? {
            Above::Folders | Above::Missing => Ok(self.root.join(inside)),
            Above::Obstacle(_, at) => {
                let message = format!("`{at}` is no folder");
                Err(io::Error::new(ErrorKind::NotADirectory, message))
            }
        }
    }

    fn look_above(&self, inside: &str) -> io::Result<Above> {
        if self.is_known(path::parent(inside)) {
            return Ok(Above::Folders);
        }
        for folder in path::parents(inside) {
            if self.is_known(folder) {
                continue;
            }
            let Some(metadata) = look_at(&self.root.join(folder))? else {
                return Ok(Above::Missing);
            };
            if !metadata.is_dir() {
                let obstacle = obstacle(metadata.file_type()).unwrap_or(Obstacle::File);
                return Ok(Above::Obstacle(obstacle, folder.to_owned()));
            }
            self.remember(folder);
        }
        Ok(Above::Folders)
    }

    fn is_known(&self, folder: &str) -> bool {
        let known = self.folders.read();
        folder.is_empty()
            || known
                .unwrap_or_else(PoisonError::into_inner)
                .contains(folder)
    }

    fn remember(&self, folder: &str) {
        let known = self.folders.write();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .insert(folder.to_owned());
    }

    fn forget(&self, folder: &str) {
        let known = self.folders.write();
        known.unwrap_or_else(PoisonError::into_inner).remove(folder);
    }

    /// The file that becomes `name` once it is whole.
    fn unfinished(&self, name: &str) -> PathBuf {
        self.root.join(format!("{name}.new"))
    }
}

impl OutputDir for OsOutput {
    fn name(&self) -> &str {
        &self.name
    }

    fn lock(&self, replaced: &str) -> io::Result<Lock> {
        fs::create_dir_all(&self.root)?;
        let folder = lock_folder(&self.root)?;
        match fs::remove_file(self.unfinished(replaced)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(Box::new(folder)),
        }
    }

    fn read(&self, inside: &str) -> io::Result<Standing> {
        path::check(inside)?;
        match self.look_above(inside)? {
            Above::Folders => read_at(&self.root.join(inside), inside),
            Above::Missing => Ok(Standing::Nothing),
            Above::Obstacle(obstacle, at) => Ok(Standing::Obstacle(obstacle, at)),
        }
    }

    fn create_folder(&self, inside: &str) -> io::Result<()> {
        if inside.is_empty() {
            return fs::create_dir_all(&self.root);
        }
        path::check(inside)?;
        for folder in path::parents(inside).chain([inside]) {
            if !self.is_known(folder) {
                make_folder(&self.root.join(folder))?;
                self.remember(folder);
            }
        }
        Ok(())
    }

    fn write(&self, inside: &str, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        let mut file = without_links(&mut options).open(self.resolve(inside)?)?;
        file.write_all(bytes)
    }

    fn remove_file(&self, inside: &str) -> io::Result<()> {
        fs::remove_file(self.resolve(inside)?)
    }

    fn remove_folder(&self, inside: &str) -> io::Result<bool> {
        let resolved = self.resolve(inside)?;
        match fs::remove_dir(resolved) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => return Ok(false),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.forget(inside);
        Ok(true)
    }

    fn replace(&self, name: &str, bytes: &[u8], synced: bool) -> io::Result<()> {
        path::check(name)?;
        let unfinished = self.unfinished(name);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&unfinished)?;
        let finish = |file: &mut File| {
            file.write_all(bytes)?;
            if synced {
                file.sync_all()?;
            }
            fs::rename(&unfinished, self.root.join(name))
        };
        if let Err(error) = finish(&mut file) {
            // That error is the one to report; the next `lock` removes what stays.
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        if synced {
            sync_folder(&self.root)
        } else {
            Ok(())
        }
    }
}

/// Metadata of what stands at a path; a link is not followed.
fn look_at(path: &Path) -> io::Result<Option<fs::Metadata>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// Opens first and asks questions only if that fails, since nearly always a file is there.
fn read_at(path: &Path, inside: &str) -> io::Result<Standing> {
    let mut options = OpenOptions::new();
    let mut file = match without_links(options.read(true)).open(path) {
        Ok(file) => file,
        Err(error) => {
            return match look_at(path)? {
                None => Ok(Standing::Nothing),
                Some(found) => match obstacle(found.file_type()) {
                    Some(obstacle) => Ok(Standing::Obstacle(obstacle, inside.to_owned())),
                    None => Err(error),
                },
            };
        }
    };
    let metadata = file.metadata()?;
    if let Some(obstacle) = obstacle(metadata.file_type()) {
        return Ok(Standing::Obstacle(obstacle, inside.to_owned()));
    }
    if metadata.is_dir() {
        return Ok(Standing::Folder);
    }
    // Not `read_to_end`, which asks for the length again and reads on for an end it has seen.
    let mut bytes = vec![0; metadata.len() as usize];
    file.read_exact(&mut bytes)?;
    Ok(Standing::File(bytes))
}

/// What mlspec never writes.
fn obstacle(kind: FileType) -> Option<Obstacle> {
    if kind.is_symlink() {
        Some(Obstacle::Link)
    } else if kind.is_file() || kind.is_dir() {
        None
    } else {
        Some(Obstacle::Special)
    }
}

/// Makes one folder, or finds a real one there.
fn make_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match look_at(folder)? {
            Some(found) if found.is_dir() => Ok(()),
            _ => Err(error),
        },
        made => made,
    }
}

/// Has the path's last component not followed if it is a link, and no pipe waited for.
#[cfg(unix)]
fn without_links(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
}

#[cfg(not(unix))]
fn without_links(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Locks the folder itself, so that no lock file has to lie in it. A file system that knows no
/// locks gives none.
#[cfg(unix)]
fn lock_folder(root: &Path) -> io::Result<Option<File>> {
    let folder = File::open(root)?;
    match folder.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Err(ErrorKind::WouldBlock.into()),
        Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(Some(folder)),
    }
}

/// Other systems do not open folders, so two runs at once are not noticed there.
#[cfg(not(unix))]
fn lock_folder(_: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

/// Brings a rename to the disk.
#[cfg(unix)]
fn sync_folder(root: &Path) -> io::Result<()> {
    File::open(root)?.sync_all()
}

/// Other systems write a rename through.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
