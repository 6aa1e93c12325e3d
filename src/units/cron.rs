//! Times of day and week.

use smol_str::SmolStr;

use super::{UnitError, text_newtype};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Name, lowest and highest value, and words of each field.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &MONTHS),
    ("day of the week", 0, 6, &DAYS),
];

/// Five fields as KEDA's cron trigger reads them: minute, hour, day of the month, month, day of
/// the week (0–6, 0 is Sunday; 7 is refused there). Each is `*`, a value, a range, a step, or a
/// list of them. Source: robfig/cron v3, which KEDA 2.20 uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CronSchedule(SmolStr);

text_newtype!(CronSchedule);

impl CronSchedule {
    /// Reads a schedule.
    ///
    /// # Errors
    /// Another number of fields or a field out of range; with a fix for `@daily` and its like,
    /// for extra spaces and for Sunday as 7.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = |reason: &str| UnitError::new(text, "a cron schedule", reason);
        if text.starts_with('@') {
            return Err(
                error("expected five fields, such as `0 8 * * *`").maybe_fix(macro_of(text))
            );
        }
        let fields: Vec<&str> = text.split_whitespace().collect();
        let fields: [&str; 5] = fields.try_into().map_err(|fields: Vec<_>| {
            error(&format!(
                "expected five fields, such as `0 8 * * *`, and found {}",
                fields.len()
            ))
        })?;
        for (field, (name, low, high, words)) in fields.iter().zip(FIELDS) {
            if !field.split(',').all(|item| is_item(item, low, high, words)) {
                let reason = format!("the {name} `{field}` must lie in {low} to {high}");
                let mut sunday = fields;
                sunday[4] = "0";
                let fix = (fields[4] == "7").then(|| sunday.join(" "));
                let fix = fix.filter(|fix| Self::parse(fix).is_ok());
                return Err(error(&reason).maybe_fix(fix));
            }
        }
        let tidy = fields.join(" ");
        if tidy != text {
            return Err(error("put one space between fields").fix(tidy));
        }
        Ok(Self(text.into()))
    }
}

fn macro_of(text: &str) -> Option<&'static str> {
    Some(match text {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        _ => return None,
    })
}

/// `*`, `5`, `1-5`, `mon-fri`, and any of them with `/step`.
fn is_item(item: &str, low: u32, high: u32, words: &[&str]) -> bool {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    if step.is_some_and(|step| number(step).is_none_or(|n| n == 0)) {
        return false;
    }
    if range == "*" {
        return true;
    }
    let value = |text: &str| {
        let word = words
            .iter()
            .position(|word| text.eq_ignore_ascii_case(word));
        word.map(|at| at as u32 + low)
            .or_else(|| number(text))
            .filter(|n| (low..=high).contains(n))
    };
    match range.split_once('-') {
        Some((from, to)) => value(from)
            .zip(value(to))
            .is_some_and(|(from, to)| from <= to),
        None => value(range).is_some(),
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fields, ranges, steps, lists and words.
    #[test]
    fn reads_and_refuses() {
        for good in [
            "0 8 * * *",
            "*/15 8-20 * * mon-fri",
            "0,30 8 1-31/2 JAN,feb 0",
            "5/10 * * * *",
        ] {
            assert_eq!(CronSchedule::parse(good).unwrap().as_str(), good);
        }
        for (bad, fix) in [
            ("@daily", Some("0 0 * * *")),
            ("0  8 * * *", Some("0 8 * * *")),
            ("0 8 * * 7", Some("0 8 * * 0")),
            ("@reboot", None),
            ("0 0 8 * * *", None),
            ("0 8 * *", None),
            ("60 8 * * *", None),
            ("0 24 * * *", None),
            ("0 8 0 * *", None),
            ("0 8 * 13 *", None),
            ("0 8 * * fri-mon", None),
            ("*/0 8 * * *", None),
            ("1- 8 * * *", None),
            ("a 8 * * *", None),
            (", 8 * * *", None),
            ("", None),
        ] {
            assert_eq!(
                CronSchedule::parse(bad).unwrap_err().fix.as_deref(),
                fix,
                "{bad}"
            );
        }
    }
}
