//! What can go wrong with the output folder: the table of `OUT` codes and their pages.

use crate::diag::page::Page;

macro_rules! codes {
    ($($constant:ident = $code:literal $name:literal;)*) => {
        $(pub(crate) const $constant: &str = $code;)*

        /// Every code, sorted.
        pub static CODES: &[Page] = &[$(Page {
            code: $code,
            name: $name,
            text: include_str!(concat!("codes/", $code, ".md")),
        }),*];
    };
}

codes! {
    FOREIGN = "OUT-01" "foreign-file";
    EDITED = "OUT-02" "edited-file";
    UNFINISHED = "OUT-03" "unfinished-compile";
    STALE = "OUT-04" "stale-file";
    MISSING = "OUT-05" "missing-file";
    LEFTOVER = "OUT-06" "leftover-file";
    OUTDATED = "OUT-07" "outdated-ledger";
    LEDGER = "OUT-08" "unreadable-ledger";
    COLLISION = "OUT-09" "path-collision";
    PATH = "OUT-10" "impossible-path";
    IN_THE_WAY = "OUT-11" "in-the-way";
    ACCESS = "OUT-12" "cannot-access";
    IN_USE = "OUT-13" "folder-in-use";
    TWICE = "OUT-14" "object-twice";
    NOT_YAML = "OUT-15" "not-yaml";
    NO_ORIGIN = "OUT-16" "line-without-origin";
}

/// Whether the surroundings are at fault, not the spec or a decision that is the user's: the exit
/// code is then 2, else 1.
#[must_use]
pub fn is_surroundings(code: &str) -> bool {
    [LEDGER, IN_THE_WAY, ACCESS, IN_USE, NOT_YAML, NO_ORIGIN].contains(&code)
}

#[cfg(test)]
mod tests {
    use super::CODES;

    /// Codes are unique and sorted, names are words, and every page tells what to do.
    #[test]
    fn table() {
        assert!(CODES.is_sorted_by(|a, b| a.code < b.code));
        for page in CODES {
            assert!(
                page.name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{}",
                page.name
            );
            for heading in ["## What happened\n", "## What to do\n"] {
                assert!(page.text.contains(heading), "{} lacks {heading}", page.code);
            }
        }
    }
}
