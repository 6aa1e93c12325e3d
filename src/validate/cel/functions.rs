//! The functions that rules of the embedded schemas call.

use super::duration;
use super::value::{Failure, Val};
use crate::validate::schema::Pattern;

/// A function; a receiver is its first argument.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum Function {
    /// `size(x)`: characters, items or names.
    Size,
    /// `a.contains(b)`
    Contains,
    /// `a.startsWith(b)`
    StartsWith,
    /// `a.endsWith(b)`
    EndsWith,
    /// `a.matches(b)` where the pattern is no literal
    Matches,
    /// `duration("1h")`
    Duration,
    /// `string(x)`
    String,
    /// `int(x)`
    Int,
    /// `a.lowerAscii()`
    LowerAscii,
}

impl Function {
    /// The function of a name and a number of arguments.
    pub(super) fn find(name: &str, arguments: usize) -> Option<Self> {
        let (function, takes) = match name {
            "size" => (Self::Size, 1),
            "contains" => (Self::Contains, 2),
            "startsWith" => (Self::StartsWith, 2),
            "endsWith" => (Self::EndsWith, 2),
            "matches" => (Self::Matches, 2),
            "duration" => (Self::Duration, 1),
            "string" => (Self::String, 1),
            "int" => (Self::Int, 1),
            "lowerAscii" => (Self::LowerAscii, 1),
            _ => return None,
        };
        (takes == arguments).then_some(function)
    }

    /// Applies the function to its arguments, as many as [`Function::find`] asked for.
    pub(super) fn apply<'a>(self, arguments: &[Val<'a>]) -> Result<Val<'a>, Failure> {
        let first = &arguments[0];
        match self {
            Self::Size => size(first),
            Self::Contains => on_text(first, &arguments[1], |a, b| a.contains(b)),
            Self::StartsWith => on_text(first, &arguments[1], |a, b| a.starts_with(b)),
            Self::EndsWith => on_text(first, &arguments[1], |a, b| a.ends_with(b)),
            Self::Matches => on_text(first, &arguments[1], |a, b| Pattern::new(b).matches(a)),
            Self::Duration => {
                let text = first
                    .text()
                    .ok_or(Failure::new("`duration` takes a string"))?;
                let parsed = duration::parse(text);
                parsed
                    .map(Val::Duration)
                    .ok_or_else(|| Failure::of(format!("invalid duration {text:?}")))
            }
            Self::String => match first {
                Val::Int(n) => Ok(Val::Owned(n.to_string().into())),
                Val::Bool(b) => Ok(Val::Owned(b.to_string().into())),
                Val::Str(_) | Val::Owned(_) => Ok(first.clone()),
                _ => Err(Failure::new("`string` cannot convert this")),
            },
            Self::Int => match first {
                Val::Int(n) => Ok(Val::Int(*n)),
                #[expect(clippy::cast_possible_truncation, reason = "CEL truncates too")]
                Val::Double(d) => Ok(Val::Int(*d as i64)),
                other => {
                    let parsed = other.text().and_then(|text| text.parse().ok());
                    parsed
                        .map(Val::Int)
                        .ok_or(Failure::new("`int` cannot convert this"))
                }
            },
            Self::LowerAscii => {
                let text = first
                    .text()
                    .ok_or(Failure::new("`lowerAscii` takes a string"))?;
                Ok(Val::Owned(text.to_ascii_lowercase().into()))
            }
        }
    }
}

fn size<'a>(of: &Val<'a>) -> Result<Val<'a>, Failure> {
    let count = match of.text() {
        Some(text) => text.chars().count(),
        None => of
            .len()
            .ok_or(Failure::new("`size` takes a string, list or map"))?,
    };
    i64::try_from(count)
        .map(Val::Int)
        .map_err(|_| Failure::new("too large"))
}

fn on_text<'a>(
    a: &Val<'a>,
    b: &Val<'a>,
    test: impl Fn(&str, &str) -> bool,
) -> Result<Val<'a>, Failure> {
    match (a.text(), b.text()) {
        (Some(a), Some(b)) => Ok(Val::Bool(test(a, b))),
        _ => Err(Failure::new("expected two strings")),
    }
}
