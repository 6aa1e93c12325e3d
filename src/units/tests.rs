//! Laws that hold for every unit.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;

use super::*;

/// Whatever the text: an accepted one reads back from its canonical form, a fix is accepted, and a
/// message keeps the law of messages and is no riddle to a terminal.
fn obeys<T: FromStr<Err = UnitError> + Display + Debug + PartialEq>(text: &str) {
    match text.parse::<T>() {
        Ok(value) => {
            let canonical = value.to_string();
            let again = canonical.parse::<T>();
            assert_eq!(again.as_ref(), Ok(&value), "{text:?} became {canonical:?}");
            assert_eq!(again.map(|v| v.to_string()), Ok(canonical));
        }
        Err(UnitError { message, fix }) => {
            if let Some(fix) = fix {
                let fixed = fix.parse::<T>();
                assert!(
                    fixed.is_ok(),
                    "{text:?} has the fix {fix:?}, which is refused: {fixed:?}"
                );
            }
            let first = message.chars().next();
            assert!(
                first.is_some_and(|c| c == '`' || c.is_lowercase()),
                "{message}"
            );
            assert!(
                !message.ends_with('.') && !message.contains("illegal"),
                "{message}"
            );
            assert!(!message.chars().any(char::is_control), "{message:?}");
        }
    }
}

fn all_obey(text: &str) {
    obeys::<ArtifactUri>(text);
    obeys::<Bytes>(text);
    obeys::<Cidr>(text);
    obeys::<Cpu>(text);
    obeys::<CronSchedule>(text);
    obeys::<Date>(text);
    obeys::<DnsLabel>(text);
    obeys::<DnsSubdomain>(text);
    obeys::<Duration>(text);
    obeys::<EnvName>(text);
    obeys::<GitUrl>(text);
    obeys::<HostPort>(text);
    obeys::<HttpPath>(text);
    obeys::<HttpUrl>(text);
    obeys::<ImageRef>(text);
    obeys::<LabelKey>(text);
    obeys::<LabelValue>(text);
    obeys::<MigProfile>(text);
    obeys::<MountPath>(text);
    obeys::<PerSecond>(text);
    obeys::<Percent>(text);
    obeys::<Port>(text);
    obeys::<Price>(text);
    obeys::<Rate>(text);
    obeys::<SecretKey>(text);
    obeys::<Sha256>(text);
    obeys::<Timezone>(text);
    obeys::<Version>(text);
}

proptest! {
    /// Numbers with anything that looks like a unit.
    #[test]
    fn numbers_with_units(
        number in "[+-]?0?[0-9]{0,20}(\\.[0-9]{0,10})?",
        unit in " ?([KMGTPE]i?[Bb]?|[kmgn]i?|h|d|s|ms|us|m|min|/s|[MG]i/s|[MGk]bps|/h|%|e[0-9]|rps| cores)?",
    ) {
        all_obey(&format!("{number}{unit}"));
    }

    /// Pieces of addresses, names and schedules in any order.
    #[test]
    fn pieces(
        parts in proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(vec![
                    "s3:", "baked:", "https:", "pvc:", "hf:", "//", "/", ":", "@", ".", "..", "-", "_", "*", "?",
                    "#", "sha256:", "[::1]", "10.0.0.1", "8", "80", "1g", "5gb", "+me", "-me", "mon", "a", "bert",
                    "acme.io", "%20", " ", ",", "v1", "main", "2027-03-01", "\u{202e}", "é", "\n", "A",
                ]).prop_map(str::to_owned),
                "[0-9a-fA-F]{64}",
                "[a-z]{60,70}",
            ],
            0..9,
        )
    ) {
        all_obey(&parts.concat());
    }

    /// Any text at all.
    #[test]
    fn anything(text in any::<String>()) {
        all_obey(&text);
    }

    /// Values made from numbers, not from text, also read back.
    #[test]
    fn values_read_back(n in any::<u64>(), scale in 0u32..60) {
        let n = n >> scale;
        let bytes = Bytes::new(n);
        prop_assert_eq!(Bytes::parse(&bytes.to_string()), Ok(bytes));
        let duration = Duration::from_millis(n);
        prop_assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
        // Gateway API's pattern: at most four units of at most five digits.
        let text = duration.to_string();
        let counts: Vec<_> = text.split(|c: char| !c.is_ascii_digit()).filter(|s| !s.is_empty()).collect();
        prop_assert!(counts.len() <= 4 && counts.iter().all(|count| count.len() <= 5), "{}", text);
        if let Ok(cpu) = Cpu::parse(&format!("{}m", n >> 20)) {
            prop_assert_eq!(cpu.millis(), n >> 20);
        }
    }
}
