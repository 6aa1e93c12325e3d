//! Calendar days as waivers name them.

use std::fmt;

use super::UnitError;
use crate::system::Date;

impl Date {
    /// Reads `2027-03-01`.
    ///
    /// # Errors
    /// A text in another form, or a day that no calendar has.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a date", "expected one such as `2027-03-01`");
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| match i {
                4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !shape {
            return Err(error());
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u16>().unwrap_or(0);
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        if year < 1970 || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
            return Err(UnitError::new(text, "a date", "no calendar has that day"));
        }
        Ok(Self {
            year,
            month: month as u8,
            day: day as u8,
        })
    }
}

fn days_in(year: u16, month: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u16::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Leap years and lengths of months.
    #[test]
    fn reads_and_refuses() {
        for good in ["2027-03-01", "2028-02-29", "2000-02-29", "2027-12-31"] {
            assert_eq!(Date::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "2027-02-29",
            "2100-02-29",
            "2027-04-31",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "1969-01-01",
            "2027-3-1",
            "01.03.2027",
            "2027/03/01",
            "",
            "2027-03-01T",
            "²027-03-0",
        ] {
            assert!(Date::parse(bad).is_err(), "{bad}");
        }
        assert!(Date::parse("2027-03-01").unwrap() < Date::parse("2027-10-01").unwrap());
    }
}
