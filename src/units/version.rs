//! Versions of clusters and of what they provide.

use std::cmp::Ordering;
use std::fmt;

use super::UnitError;

/// One to three numbers joined by `.`: `1.36`, `2.20.1`. Missing numbers count as 0 when compared:
/// `1.36` equals `1.36.0`.
#[derive(Copy, Clone, Debug)]
pub struct Version {
    parts: [u32; 3],
    written: u8,
}

impl Version {
    /// A version of two numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32) -> Self {
        Self {
            parts: [major, minor, 0],
            written: 2,
        }
    }

    /// The first number.
    #[must_use]
    pub const fn major(self) -> u32 {
        self.parts[0]
    }

    /// The second number.
    #[must_use]
    pub const fn minor(self) -> u32 {
        self.parts[1]
    }

    /// The third number.
    #[must_use]
    pub const fn patch(self) -> u32 {
        self.parts[2]
    }

    /// This version without its third number.
    #[must_use]
    pub const fn without_patch(self) -> Self {
        Self::new(self.parts[0], self.parts[1])
    }

    /// Reads `1.36`, `2.20.1`.
    ///
    /// # Errors
    /// A text in another form; with a fix for `v1.36` and for build suffixes such as
    /// `1.36.2-eks-1a2b`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a version", "expected one such as `1.36` or `2.20.1`");
        let bare = text.trim().trim_start_matches(['v', 'V']);
        let plain = bare.split(['-', '+']).next().unwrap_or(bare);
        read(text).ok_or_else(|| error().maybe_fix(read(plain)))
    }
}

fn read(text: &str) -> Option<Version> {
    let mut parts = [0; 3];
    let mut written = 0;
    for part in text.split('.') {
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits || (part.len() > 1 && part.starts_with('0')) {
            return None;
        }
        *parts.get_mut(usize::from(written))? = part.parse().ok()?;
        written += 1;
    }
    Some(Version { parts, written })
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.parts[0])?;
        self.parts[1..usize::from(self.written)]
            .iter()
            .try_for_each(|part| write!(f, ".{part}"))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts.cmp(&other.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers, not text, are compared.
    #[test]
    fn order() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("1.9") < version("1.36"));
        assert_eq!(version("1.36"), version("1.36.0"));
        assert!(version("2.20") < version("2.20.1"));
        assert_eq!(version("26.3").to_string(), "26.3");
        assert_eq!(version("1").to_string(), "1");
        assert_eq!(version("1.36.2").without_patch().to_string(), "1.36");
        assert_eq!((version("1.36").major(), version("1.36").minor()), (1, 36));
    }

    /// Other forms are refused.
    #[test]
    fn refuses_other_forms() {
        for (text, fix) in [
            ("v1.36", Some("1.36")),
            ("1.36.2-eks-1a2b", Some("1.36.2")),
            ("1.2.3.4", None),
            ("1.x", None),
            ("1.", None),
            ("01.2", None),
            ("latest", None),
            ("", None),
        ] {
            assert_eq!(
                Version::parse(text).unwrap_err().fix.as_deref(),
                fix,
                "{text}"
            );
        }
    }
}
