//! What patches had no effect, over all models and environments that they reach.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostic;
use crate::source::Span;

/// Findings about patches. A preset's patch reaches many models: it is right where it has an
/// effect in one of them, so what seems to be without is reported only at the end.
#[derive(Debug, Default)]
pub struct Findings {
    /// What is wrong wherever it stands.
    wrong: BTreeMap<Span, Diagnostic>,
    /// What had an effect.
    hit: BTreeSet<Span>,
    /// What had none, by its place.
    missed: BTreeMap<Span, Diagnostic>,
}

impl Findings {
    /// What stands at `span` has an effect.
    pub(super) fn hit(&mut self, span: Span) {
        self.hit.insert(span);
    }

    /// What stands at `span` has no effect here.
    pub(super) fn miss(&mut self, span: Span, diagnostic: impl FnOnce() -> Diagnostic) {
        if !self.hit.contains(&span) {
            self.missed.entry(span).or_insert_with(diagnostic);
        }
    }

    /// What stands at `span` is wrong, with or without effect.
    pub(super) fn wrong(&mut self, span: Span, diagnostic: Diagnostic) {
        self.wrong.entry(span).or_insert(diagnostic);
    }

    /// Takes in what was found about other models.
    pub fn absorb(&mut self, other: Self) {
        self.hit.extend(other.hit);
        for (span, found) in other.missed {
            self.missed.entry(span).or_insert(found);
        }
        for (span, found) in other.wrong {
            self.wrong.entry(span).or_insert(found);
        }
    }

    /// Everything that is wrong, once all models were seen; in source order.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.missed.retain(|span, _| !self.hit.contains(span));
        self.wrong
            .into_values()
            .chain(self.missed.into_values())
            .collect()
    }
}
