//! Did-you-mean: the known name that a wrong word most likely stands for.

/// Longer words are compared without counting edits, which takes time by the product of their lengths.
const LONGEST: usize = 300;

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
        let other = fold(candidate);
        let in_order = parts.len() > 1 && other.len() == folded.len();
        let edits = if other == folded || in_order && sorted_parts(candidate) == parts {
            Some(0)
        } else {
            distance(&folded, &other, best.map(|(edits, _)| edits))
        };
        if let Some(edits) = edits
            && best.is_none_or(|best| (edits, candidate) < best)
        {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns the one candidate that is a part of `word`, or of which `word` is a part, where parts are
/// what `-`, `_` and capital letters set apart: `group` for `consumerGroup`, `max-size` for `size`.
pub fn part_of<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let parts = parts(word);
    let own = parts.concat();
    let is_part = |candidate: &&'a str| {
        let others = self::parts(candidate);
        match (parts.len(), others.len()) {
            (1, 1) => false,
            (1, _) => others.contains(&own),
            (_, 1) => parts.contains(&others[0]),
            _ => false,
        }
    };
    let mut found = candidates.into_iter().filter(is_part);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The parts of a word in lower case.
fn parts(word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in word.chars() {
        if matches!(c, '-' | '_') || c.is_uppercase() {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut().filter(|_| !matches!(c, '-' | '_')) {
            last.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Edits between the words, if they are few enough, and no more than the best so far.
fn distance(a: &str, b: &str, best: Option<usize>) -> Option<usize> {
    let (a_len, b_len) = (a.chars().count(), b.chars().count());
    let longer = a_len.max(b_len);
    let most = (longer / 3).max(1);
    let most = best.map_or(most, |best| most.min(best));
    // Two lower bounds spare most pairs the table.
    if longer > LONGEST || a_len.abs_diff(b_len) > most || least(a, b) > most {
        return None;
    }
    let edits = strsim::osa_distance(a, b);
    (edits <= most).then_some(edits)
}

/// Edits that the words' bytes alone ask for, in any order: each edit adds, takes or replaces a
/// character, of one byte or more.
fn least(a: &str, b: &str) -> usize {
    let mut counts = [0_i16; 32];
    for byte in a.bytes().filter(u8::is_ascii) {
        counts[usize::from(byte % 32)] += 1;
    }
    for byte in b.bytes().filter(u8::is_ascii) {
        counts[usize::from(byte % 32)] -= 1;
    }
    let over: i16 = counts.iter().filter(|n| **n > 0).sum();
    let under: i16 = counts.iter().filter(|n| **n < 0).sum();
    usize::from(over.unsigned_abs().max(under.unsigned_abs()))
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

    /// Parts count in both directions, whole ones only, and only where one candidate has them.
    #[test]
    fn parts_of_words() {
        let props = ["servers", "topic", "group", "lag", "max-size", "max-delay"];
        for (word, meant) in [
            ("consumerGroup", Some("group")),
            ("consumer-group", Some("group")),
            ("lagThreshold", Some("lag")),
            ("size", Some("max-size")),
            ("max", None),
            ("grouping", None),
            ("group-topic", None),
            ("RollingLag", Some("lag")),
            ("", None),
        ] {
            assert_eq!(part_of(word, props), meant, "{word}");
        }
    }

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

    /// What a word has and another lacks never promises more edits than there are.
    #[test]
    fn lower_bound() {
        let words = [
            "scale",
            "scael",
            "resources",
            "preset12x",
            "preset921",
            "ä-b",
            "",
            "aAa",
        ];
        for a in words {
            for b in words {
                assert!(least(a, b) <= strsim::osa_distance(a, b), "{a} {b}");
            }
        }
        assert_eq!(least("preset12x", "preset34x"), 2);
        assert_eq!(least("abc", "bcd"), 1);
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
