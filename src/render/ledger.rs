//! The ledger: which files of the output folder are ours, and which were about to change.
//!
//! Text, one file a line, sorted by path; neither YAML nor JSON, since Argo CD reads every such
//! file. `end` closes it, so that a torn one is noticed. Nothing in it depends on how many files
//! there are, so that two branches that add different files merge.
//!
//! ```text
//! mlspec ledger 1
//! # …
//! done    e3b0c442… prod/eks-us/bert/deployment-bert.yaml
//! pending 98fc1c14… prod/eks-us/bert/service-bert.yaml
//! end
//! ```

use std::collections::BTreeMap;
use std::fmt;

use smol_str::SmolStr;

use super::hash::Hash;
use crate::system::path;

/// The ledger's name, below the output folder.
pub const LEDGER: &str = "mlspec.ledger";

const MAGIC: &str = "mlspec ledger ";
const VERSION: &str = "1";
const COMMENT: &str = "# The files that mlspec wrote here. Commit it with them and do not edit it: \
                       `mlspec explain OUT-08`";
const END: &str = "end";

/// How far the change of a file has come.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The file was written and has the hash, unless somebody edited it.
    Done,
    /// The file was about to be written or removed: it is ours whatever its bytes are.
    Pending,
}

/// One owned file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of the bytes that were written, or were to be.
    pub hash: Hash,
    /// How far its change has come.
    pub state: State,
}

/// Owned files by path below the output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger(pub BTreeMap<SmolStr, Entry>);

/// Why a text is no ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It was written by another release, under this version of the format.
    Version(String),
    /// Its lines end as they do on Windows.
    LineEnds,
    /// A line (from 1) that cannot be, and what is wrong with it.
    Line(usize, &'static str),
}

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            Fault::Line(before.split(|b| *b == b'\n').count(), "it is not UTF-8")
        })?;
        let mut lines = text.split_inclusive('\n').zip(1..);
        let version = lines
            .next()
            .and_then(|(line, _)| line.strip_prefix(MAGIC)?.strip_suffix('\n'));
        match version {
            Some(VERSION) => {}
            Some(version) if version.ends_with('\r') => return Err(Fault::LineEnds),
            Some(version) => return Err(Fault::Version(version.to_owned())),
            None => return Err(Fault::Line(1, "it does not begin as a ledger does")),
        }
        let mut entries = BTreeMap::new();
        let mut last = 1;
        while let Some((line, number)) = lines.next() {
            last = number;
            let line = line
                .strip_suffix('\n')
                .ok_or(Fault::Line(number, "it is cut off"))?;
            if line == END {
                return match lines.next() {
                    None => Ok(Self(entries)),
                    Some((_, number)) => Err(Fault::Line(number, "it stands behind the end")),
                };
            }
            if line.starts_with('#') {
                continue;
            }
            let (path, entry) = parse_line(line).map_err(|why| Fault::Line(number, why))?;
            if entries.insert(path, entry).is_some() {
                return Err(Fault::Line(number, "its file is listed twice"));
            }
        }
        Err(Fault::Line(last, "the end is missing after it"))
    }

    /// The ledger as text.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(200 + 140 * self.0.len());
        for part in [MAGIC, VERSION, "\n", COMMENT, "\n"] {
            out.extend_from_slice(part.as_bytes());
        }
        for (path, entry) in &self.0 {
            out.extend_from_slice(match entry.state {
                State::Done => b"done    ",
                State::Pending => b"pending ",
            });
            entry.hash.write(&mut out);
            out.push(b' ');
            out.extend_from_slice(path.as_bytes());
            out.push(b'\n');
        }
        out.extend_from_slice(END.as_bytes());
        out.push(b'\n');
        out
    }

    /// The files whose change was begun and not finished.
    pub fn pending(&self) -> impl Iterator<Item = &SmolStr> {
        self.0
            .iter()
            .filter(|(_, entry)| entry.state == State::Pending)
            .map(|(path, _)| path)
    }
}

fn parse_line(line: &str) -> Result<(SmolStr, Entry), &'static str> {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        return Err("it is the mark of a merge conflict");
    }
    let (state, rest) = if let Some(rest) = line.strip_prefix("done    ") {
        (State::Done, rest)
    } else if let Some(rest) = line.strip_prefix("pending ") {
        (State::Pending, rest)
    } else {
        return Err("it begins with neither `done` nor `pending`");
    };
    let (hash, path) = rest.split_once(' ').ok_or("it has no path")?;
    let hash = Hash::parse(hash).ok_or("its hash is not 64 hexadecimal digits")?;
    if path::problem(path).is_some() {
        return Err("its path could leave the output folder");
    }
    if path == LEDGER {
        return Err("its file is the ledger itself");
    }
    Ok((path.into(), Entry { hash, state }))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => {
                write!(
                    f,
                    "it has version `{}`, this mlspec knows `{VERSION}`",
                    version.escape_debug()
                )
            }
            Self::LineEnds => f.write_str("its line ends were changed"),
            Self::Line(number, why) => write!(f, "line {number}: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Ledger {
        let entry = |state| Entry {
            hash: Hash::of(b"x"),
            state,
        };
        Ledger(BTreeMap::from([
            ("a/b c.yaml".into(), entry(State::Done)),
            ("a/größe".into(), entry(State::Pending)),
        ]))
    }

    /// What is written reads back.
    #[test]
    fn reads_back() {
        assert_eq!(Ledger::parse(&sample().to_bytes()), Ok(sample()));
        let none = Ledger::default();
        assert_eq!(Ledger::parse(&none.to_bytes()), Ok(none));
    }

    /// Cut off anywhere, it is refused: half a ledger would disown files.
    #[test]
    fn torn() {
        let whole = sample().to_bytes();
        for len in 0..whole.len() {
            assert!(Ledger::parse(&whole[..len]).is_err(), "{len}");
        }
    }

    /// Each fault by line.
    #[test]
    fn faults() {
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for (body, fault) in [
            (
                format!("done    {hash} ../a\n"),
                "line 3: its path could leave the output folder",
            ),
            (
                format!("done    {hash} /etc/a\n"),
                "line 3: its path could leave the output folder",
            ),
            (
                format!("done    {hash} a/../../b\n"),
                "line 3: its path could leave the output folder",
            ),
            (
                format!("done    {hash} mlspec.ledger\n"),
                "line 3: its file is the ledger itself",
            ),
            (
                format!("done    {hash} a\ndone    {hash} a\n"),
                "line 4: its file is listed twice",
            ),
            (
                format!("gone    {hash} a\n"),
                "line 3: it begins with neither `done` nor `pending`",
            ),
            (
                format!("done    {} a\n", &hash[1..]),
                "line 3: its hash is not 64 hexadecimal digits",
            ),
            (
                "<<<<<<< HEAD\n".to_owned(),
                "line 3: it is the mark of a merge conflict",
            ),
            ("end\n".to_owned(), "line 4: it stands behind the end"),
        ] {
            let text = format!("mlspec ledger 1\n# a\n{body}end\n");
            assert_eq!(
                Ledger::parse(text.as_bytes()).unwrap_err().to_string(),
                fault
            );
        }
        let newer = Ledger::parse(b"mlspec ledger 2\nend\n").unwrap_err();
        assert_eq!(
            newer.to_string(),
            "it has version `2`, this mlspec knows `1`"
        );
        let other = Ledger::parse(b"apiVersion: v1\n").unwrap_err();
        assert_eq!(
            other.to_string(),
            "line 1: it does not begin as a ledger does"
        );
        assert_eq!(
            Ledger::parse(b"mlspec ledger 1\n\xff\n")
                .unwrap_err()
                .to_string(),
            "line 2: it is not UTF-8"
        );
    }
}
