//! What makes a finding the same one after lines above it were added or removed.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::source::{Sources, Span};

/// Counts equal lines, so that equal findings on them differ.
pub(super) struct Hasher<'a> {
    sources: &'a Sources,
    seen: BTreeMap<(&'a str, &'a str, String), u32>,
}

impl<'a> Hasher<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            seen: BTreeMap::new(),
        }
    }

    /// Hash of the rule and the line's text without white space, and how many such lines of the
    /// file had that rule's finding so far: `a1b2c3d4e5f60718:1`. Neither path nor line number
    /// counts, so that a moved line keeps its fingerprint.
    pub(super) fn line(&mut self, code: &'a str, span: Span) -> String {
        let source = self.sources.get(span.file);
        let lines = source.lines();
        let line = lines.line(span.start);
        let start = lines.start(line).unwrap_or(0) as usize;
        let end = lines
            .start(line + 1)
            .map_or(source.text.len(), |next| next as usize);
        let packed: String = source.text[start..end].split_whitespace().collect();
        let digest = Sha256::digest(format!("{code}\n{packed}"));
        let hash: String = digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let count = self.seen.entry((&source.path, code, packed)).or_insert(0);
        *count += 1;
        format!("{hash}:{count}")
    }
}
