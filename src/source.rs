//! Files and places in them. Everything that reports speaks in [`Span`]s; only renderers turn
//! them into lines and columns.

use std::sync::{Arc, OnceLock};

/// A file known to one compilation: an index into [`Sources`].
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Half-open byte range `start..end` into the text of one file.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A range in `file`. Offsets are bytes; texts above 4 GiB are refused when read.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self {
            file,
            start: start as u32,
            end: end as u32,
        }
    }

    /// The empty range at the first byte of this one.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self {
            end: self.start,
            ..self
        }
    }

    /// The empty range after the last byte of this one.
    #[must_use]
    pub fn at_end(self) -> Self {
        Self {
            start: self.end,
            ..self
        }
    }

    /// From the start of this range to the end of `other`, which lies in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            end: other.end.max(self.end),
            ..self
        }
    }

    /// The range as `usize` offsets.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One text with the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path relative to the workspace root, with `/` on every platform.
    pub path: Arc<str>,
    /// The text, UTF-8, as it is on disk.
    pub text: Arc<str>,
    lines: Arc<OnceLock<LineIndex>>,
}

impl Source {
    /// A text under a path relative to the workspace root.
    #[must_use]
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            lines: Arc::default(),
        }
    }

    /// The line starts, computed on first use.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// All files of one compilation, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a file and returns its id.
    pub fn add(&mut self, source: Source) -> FileId {
        self.0.push(source);
        FileId(self.0.len() as u32 - 1)
    }

    /// The file of an id that [`Sources::add`] returned.
    #[must_use]
    pub fn get(&self, file: FileId) -> &Source {
        &self.0[file.0 as usize]
    }

    /// The text a span covers.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        &self.get(span.file).text[span.range()]
    }

    /// Files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.0
            .iter()
            .enumerate()
            .map(|(i, s)| (FileId(i as u32), s))
    }

    /// Number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no file was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A place for people: line and column, both from 1.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// Bytes from one count of characters to the next in a [`LineIndex`].
const BLOCK: usize = 1024;

/// Line starts of one text, and enough counts of its characters that a column on a line of any
/// length is found at once.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Characters in front of each multiple of [`BLOCK`] bytes.
    characters: Vec<u32>,
}

/// Number of characters that start in some bytes of UTF-8.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u32
}

impl LineIndex {
    /// Finds the lines of `text`; `\n`, `\r\n` and a lone `\r` end one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (i, b) in bytes.iter().enumerate() {
            if *b == b'\n' || (*b == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
                starts.push(i as u32 + 1);
            }
        }
        let mut sum = 0;
        let characters = bytes
            .chunks(BLOCK)
            .map(|block| {
                let before = sum;
                sum += characters(block);
                before
            })
            .collect();
        Self { starts, characters }
    }

    /// Characters that start in front of the byte `offset`, which is at most the text's length.
    fn characters_before(&self, text: &str, offset: usize) -> u32 {
        let block = offset / BLOCK;
        let Some(before) = self.characters.get(block) else {
            // The text ends with a whole block, or is empty.
            let rest = &text.as_bytes()[offset.saturating_sub(BLOCK)..offset];
            return self.characters.last().copied().unwrap_or(0) + characters(rest);
        };
        before + characters(&text.as_bytes()[block * BLOCK..offset])
    }

    /// Line (from 1) that holds the byte `offset`.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|s| *s <= offset) as u32
    }

    /// First byte of a line (from 1), if the text has that many.
    #[must_use]
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }

    /// Line and column of a byte offset in the `text` this index was made from.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.characters_before(text, start.min(end));
        let column = self.characters_before(text, end) - before + 1;
        Position { line, column }
    }

    /// UTF-16 column (from 0), as the Language Server Protocol counts.
    #[must_use]
    pub fn utf16_column(&self, text: &str, offset: u32) -> u32 {
        let start = self.starts[self.line(offset) as usize - 1] as usize;
        text.get(start..offset as usize)
            .map_or(0, |s| s.encode_utf16().count() as u32)
    }

    /// Number of lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: an empty text has one line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns count characters, not bytes, and `\r\n` is one line end.
    #[test]
    fn positions() {
        let text = "a\r\nbé c\rd";
        let index = LineIndex::new(text);
        assert_eq!(index.len(), 3);
        let c = text.find('c').unwrap() as u32;
        assert_eq!(index.position(text, c), Position { line: 2, column: 4 });
        assert_eq!(
            index.position(text, text.len() as u32),
            Position { line: 3, column: 2 }
        );
    }

    /// Columns on a long line are those of counting from its start, around every block's edge.
    #[test]
    fn long_lines() {
        let text = format!("a\n{}", "é1€".repeat(BLOCK));
        let index = LineIndex::new(&text);
        for (count, (at, _)) in text.char_indices().skip(2).enumerate() {
            let column = count as u32 + 1;
            assert_eq!(
                index.position(&text, at as u32),
                Position { line: 2, column }
            );
        }
        for len in [0, BLOCK, 2 * BLOCK] {
            let text = "x".repeat(len);
            let end = LineIndex::new(&text).position(&text, len as u32);
            assert_eq!(
                end,
                Position {
                    line: 1,
                    column: len as u32 + 1
                }
            );
        }
    }
}
