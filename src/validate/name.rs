//! Names of fields, told apart by a number first: an object is asked for hundreds of names, most
//! of which it does not have.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A number of a name. Equal names have equal numbers; different ones nearly always have
/// different numbers, so the names still have to be compared.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Digest(u32);

impl Digest {
    /// Of length, first, middle and last letter. For a constant name the compiler computes it.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "part of a number is a number"
    )]
    pub(crate) const fn of(name: &str) -> Self {
        let (name, len) = (name.as_bytes(), name.len());
        if len == 0 {
            return Self(0);
        }
        let (first, middle, last) = (name[0] as u32, name[len / 2] as u32, name[len - 1] as u32);
        Self(len as u32 ^ first << 8 ^ middle << 16 ^ last << 24)
    }

    /// One bit of 64, for sets of names.
    #[inline]
    pub(crate) const fn bit(self) -> u64 {
        // The upper bits of a product with an odd constant depend on all bits of the number.
        1 << (self.0.wrapping_mul(0x9e37_79b1) >> 26)
    }
}

/// A name in a schema. Sorts as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "SmolStr", into = "SmolStr")]
pub struct Name {
    text: SmolStr,
    digest: Digest,
}

impl Name {
    /// The name itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[inline]
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<SmolStr> for Name {
    fn from(text: SmolStr) -> Self {
        let digest = Digest::of(&text);
        Self { text, digest }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::from(SmolStr::from(text))
    }
}

impl From<Name> for SmolStr {
    fn from(name: Name) -> Self {
        name.text
    }
}
