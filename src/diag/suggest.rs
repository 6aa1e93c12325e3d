//! Did-you-mean: the known name that a wrong word most likely stands for.

/// Returns the candidate closest to `word`, if one is close enough; of equally close ones the
/// first in alphabetical order.
///
/// Close enough is: the same but for case, `-`, `_` and the order of the parts between them; or at
/// most one edit (insertion, deletion, replacement, swap of neighbors) for every three characters
/// of the longer word, at least one. A lone character has no suggestion. The third is rustc's
/// measure; a half makes `cpu` of `gpu` and of `up` alike.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A lone character resembles everything.
    word.chars().nth(1)?;
    let folded = fold(word);
    let parts = sorted_parts(word);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        if candidate == word {
            continue;
        }
        let distance = if fold(candidate) == folded || sorted_parts(candidate) == parts {
            0
        } else {
            distance(&folded, &fold(candidate)).unwrap_or(usize::MAX)
        };
        let found = (distance, candidate);
        if distance != usize::MAX && best.is_none_or(|best| found < best) {
            best = Some(found);
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits between the words, if they are few enough.
fn distance(a: &str, b: &str) -> Option<usize> {
    let (a_len, b_len) = (a.chars().count(), b.chars().count());
    let most = (a_len.max(b_len) / 3).max(1);
    // The difference in length is a lower bound that spares long candidates the table.
    if a_len.abs_diff(b_len) > most {
        return None;
    }
    let edits = strsim::osa_distance(a, b);
    (edits <= most).then_some(edits)
}

fn fold(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn sorted_parts(word: &str) -> Vec<String> {
    let mut parts: Vec<_> = word.split(['-', '_']).map(str::to_lowercase).collect();
    parts.sort_unstable();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: [&str; 9] = [
        "artifact",
        "batch",
        "gpu",
        "max-size",
        "memory",
        "memory-limit",
        "resources",
        "scale",
        "timeout",
    ];

    /// Slips of every kind are mended.
    #[test]
    fn finds_what_was_meant() {
        for (word, meant) in [
            ("memori", "memory"),
            ("scael", "scale"),
            ("scal", "scale"),
            ("Scale", "scale"),
            ("memoryLimit", "memory-limit"),
            ("memory_limit", "memory-limit"),
            ("size-max", "max-size"),
            ("resource", "resources"),
            ("gpus", "gpu"),
            ("time-out", "timeout"),
        ] {
            assert_eq!(closest(word, NODES), Some(meant), "{word}");
        }
    }

    /// A far word is left alone, and a name is no correction of itself.
    #[test]
    fn stays_silent() {
        for word in ["x", "", "replicas", "foo", "up", "mem"] {
            assert_eq!(closest(word, NODES), None, "{word}");
        }
        assert_eq!(closest("gpu", ["gpu"]), None);
    }

    /// The order of the candidates does not matter.
    #[test]
    fn is_deterministic() {
        assert_eq!(closest("cat", ["car", "bat"]), Some("bat"));
        assert_eq!(closest("cat", ["bat", "car"]), Some("bat"));
    }
}
