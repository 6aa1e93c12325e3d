//! Small files with one duty.

use super::files::files;

/// Most lines of a file that gives no reason.
const MOST: usize = 600;

/// Files above [`MOST`] lines and why that is right.
const LONG: &[(&str, &str)] = &[];

/// The budget of `ARCHITECTURE.md`: median at most 150 lines, 90th percentile at most 350.
#[test]
fn files_are_small() {
    let mut sizes: Vec<usize> = ["src", "runtime"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .map(|file| file.text.lines().count())
        .collect();
    sizes.sort_unstable();
    let (median, p90) = (sizes[sizes.len() / 2], sizes[sizes.len() * 9 / 10]);
    assert!(median <= 150, "the median file has {median} lines");
    assert!(p90 <= 350, "one file in ten has {p90} lines or more");
}

/// A file above 600 lines states its reason here; a reason for a short or gone file goes.
#[test]
fn long_files_have_a_reason() {
    let all = ["src", "runtime", "tests", "benches"];
    let long: Vec<(String, usize)> = all
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .map(|file| (file.path, file.text.lines().count()))
        .filter(|(_, lines)| *lines > MOST)
        .collect();
    for (path, lines) in &long {
        let reason = LONG.iter().find(|(known, _)| known == path);
        assert!(reason.is_some(), "{path} has {lines} lines and no reason");
    }
    for (path, reason) in LONG {
        assert!(
            long.iter().any(|(known, _)| known == path),
            "{path} is not long: {reason}"
        );
    }
}
