//! What makes a finding the same one after lines above it were added or removed.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::source::{FileId, Source, Sources, Span};

/// Counts equal lines, so that equal findings on them differ.
pub(super) struct Hasher<'a> {
    sources: &'a Sources,
    /// Findings so far by file, rule and hash.
    seen: BTreeMap<(FileId, &'a str, String), u32>,
    /// The hash of the line asked for last: findings come line by line, and a line can be long.
    last: Option<((FileId, u32, &'a str), String)>,
}

impl<'a> Hasher<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            seen: BTreeMap::new(),
            last: None,
        }
    }

    /// Hash of the rule and the line's text without white space, and how many such lines of the
    /// file had that rule's finding so far: `a1b2c3d4e5f60718:1`. Neither path nor line number
    /// counts, so that a moved line keeps its fingerprint.
    pub(super) fn line(&mut self, code: &'a str, span: Span) -> String {
        let source = self.sources.get(span.file);
        let lines = source.lines();
        let line = lines.line(span.start);
        let place = (span.file, line, code);
        let hash = match &self.last {
            Some((at, hash)) if *at == place => hash.clone(),
            _ => self.hash(code, source, line),
        };
        self.last = Some((place, hash.clone()));
        let count = self
            .seen
            .entry((span.file, code, hash.clone()))
            .or_insert(0);
        *count += 1;
        format!("{hash}:{count}")
    }

    fn hash(&self, code: &str, source: &Source, line: u32) -> String {
        let lines = source.lines();
        let start = lines.start(line).unwrap_or(0) as usize;
        let end = lines
            .start(line + 1)
            .map_or(source.text.len(), |next| next as usize);
        let packed: String = source.text[start..end].split_whitespace().collect();
        let digest = Sha256::digest(format!("{code}\n{packed}"));
        digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
