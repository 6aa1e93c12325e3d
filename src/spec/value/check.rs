//! A raw value against its [`Ty`].

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::diag::suggest::{closest, part_of};
use crate::source::Span;
use crate::spec::table::{Bounds, Ty};
use crate::syntax::tree::{Scalar, Value};
use crate::units::{self, Duration, Percent, UnitError};

use super::Val;

/// Checks a raw value. `what` names it in messages: `` `size` ``; `raw` is its text.
///
/// # Errors
/// A diagnostic at the value: wrong type (LNG-06), or not one of its type (LNG-07).
pub fn check(ty: Ty, value: &Value, what: &str, raw: &str) -> Result<Val, Diagnostic> {
    if let Some(annotation) = &value.ty {
        let bare = raw.split_once(')').map_or(raw, |(_, rest)| rest.trim());
        let mut diagnostic = Diagnostic::error(
            "LNG-06",
            annotation.span,
            format!("{what} takes no type annotation"),
        )
        .help(format!("write {}", ty.example()));
        let alone = Value {
            ty: None,
            ..value.clone()
        };
        let joined = format!("{}{}", bare.trim_matches('"'), annotation.text);
        if check(ty, &alone, what, bare).is_ok() {
            diagnostic = diagnostic.fix("drop the annotation", value.span, bare);
        } else if is_text(ty) && accepted(ty, &joined) {
            let joined = format!("\"{joined}\"");
            diagnostic = diagnostic.fix("put the unit into the text", value.span, joined);
        }
        return Err(diagnostic);
    }
    match (&value.scalar, ty) {
        (Scalar::Null, _) => Ok(Val::Null),
        (Scalar::Bool(b), Ty::Bool) => Ok(Val::Bool(*b)),
        (Scalar::Integer(n), Ty::Port) => match units::Port::new(*n) {
            Some(port) => Ok(Val::Port(port)),
            None => Err(expected(ty, value.span, what, raw)),
        },
        (Scalar::Integer(n), Ty::Int { min, max }) => match i64::try_from(*n) {
            Ok(n) if (min..=max).contains(&n) => Ok(Val::Int(n)),
            _ if *n < i128::from(min) => Err(Diagnostic::error(
                "LNG-07",
                value.span,
                format!("{what} is {raw}, but must be {}", ty.example()),
            )),
            _ => Err(Diagnostic::error(
                "LNG-07",
                value.span,
                format!("{what} is {raw}, but must be at most {max}"),
            )),
        },
        (Scalar::String { text, .. }, _) => text_value(ty, text, value.span, what),
        (Scalar::Integer(_) | Scalar::Float(_), _) if is_text(ty) => {
            let diagnostic = expected(ty, value.span, what, raw);
            Err(match quoted(ty, raw) {
                Some(text) if text == raw => {
                    diagnostic.fix("quote it", value.span, format!("\"{text}\""))
                }
                Some(text) => diagnostic.fix(
                    format!("write \"{text}\""),
                    value.span,
                    format!("\"{text}\""),
                ),
                None => diagnostic,
            })
        }
        // A text may well be called so; a name or a path hardly is.
        (Scalar::Bool(b), Ty::AnyText | Ty::Text | Ty::LabelValue) => {
            Err(expected(ty, value.span, what, raw).fix("quote it", value.span, format!("\"{b}\"")))
        }
        _ => Err(expected(ty, value.span, what, raw)),
    }
}

/// Whether values of the type are written with quotes.
fn is_text(ty: Ty) -> bool {
    !matches!(ty, Ty::Int { .. } | Ty::Bool | Ty::Port)
}

fn expected(ty: Ty, span: Span, what: &str, raw: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("LNG-06", span, format!("{what} must be {}", ty.example()));
    match ty {
        Ty::Version => diagnostic
            .note(format!(
                "the number {raw} and the version \"{raw}\" differ: 1.30 is 1.3"
            ))
            .help("quote versions"),
        _ => diagnostic,
    }
}

fn text_value(ty: Ty, text: &SmolStr, span: Span, what: &str) -> Result<Val, Diagnostic> {
    match ty {
        Ty::Word(words) => {
            if words.contains(&text.as_str()) {
                return Ok(Val::Text(text.clone()));
            }
            let diagnostic = Diagnostic::error(
                "LNG-07",
                span,
                format!("{what} is \"{text}\", but must be {}", ty.example()),
            );
            Err(match word_of(text, words) {
                Some(word) => diagnostic
                    .help(format!("did you mean \"{word}\"?"))
                    .suggest(format!("write \"{word}\""), span, format!("\"{word}\"")),
                None => diagnostic,
            })
        }
        Ty::Int { .. } | Ty::Port => {
            let diagnostic = Diagnostic::error(
                "LNG-06",
                span,
                format!("{what} must be {}, without quotes", ty.example()),
            );
            let allowed = |n: &i128| match ty {
                Ty::Int { min, max } => (i128::from(min)..=i128::from(max)).contains(n),
                _ => units::Port::new(*n).is_some(),
            };
            Err(match text.parse::<i128>().ok().filter(allowed) {
                Some(n) => diagnostic.fix("remove the quotes", span, n.to_string()),
                None => diagnostic,
            })
        }
        Ty::Bool => {
            let diagnostic =
                Diagnostic::error("LNG-06", span, format!("{what} must be #true or #false"));
            Err(match text.as_str() {
                "true" | "yes" | "on" => diagnostic.fix("write #true", span, "#true"),
                "false" | "no" | "off" => diagnostic.fix("write #false", span, "#false"),
                _ => diagnostic,
            })
        }
        _ => parse(ty, text).map_err(|error| {
            let message = match text.trim() {
                "" => format!("{what} is empty"),
                _ => format!("{what}: {}", error.message),
            };
            let diagnostic = Diagnostic::error("LNG-07", span, message);
            match error.fix.filter(|fix| accepted(ty, fix)) {
                Some(fix) => diagnostic.fix(format!("write \"{fix}\""), span, format!("\"{fix}\"")),
                None => diagnostic.help(format!("write {}", ty.example())),
            }
        }),
    }
}

/// The word that is meant by another one.
fn word_of(text: &str, words: &'static [&'static str]) -> Option<&'static str> {
    let known = |word: &&str| words.contains(word);
    let all = || words.iter().copied();
    let of_kubernetes = match text {
        "ReadWriteOnce" => Some("RWO"),
        "ReadWriteMany" => Some("RWX"),
        "ReadOnlyMany" => Some("ROX"),
        "ReadWriteOncePod" => Some("RWOP"),
        _ => None,
    };
    of_kubernetes
        .filter(known)
        .or_else(|| closest(text, all()))
        .or_else(|| part_of(text, all()))
}

/// Whether a text is a value of the type: no fix proposes one that is not.
fn accepted(ty: Ty, text: &str) -> bool {
    parse(ty, text).is_ok()
}

/// A number as the text that it stands for, where that is sure: `1.36` is the version `"1.36"`,
/// `1` the share `"1%"`; the time `30` may be seconds or minutes, the amount `4` is hardly 4 bytes.
fn quoted(ty: Ty, raw: &str) -> Option<String> {
    match parse(ty, raw) {
        Ok(_) if matches!(ty, Ty::Bytes | Ty::Rate) => None,
        Ok(_) => Some(raw.to_owned()),
        Err(error) => error.fix.filter(|fix| accepted(ty, fix)),
    }
}

/// Reads a text of a type that is written with quotes.
fn parse(ty: Ty, text: &str) -> Result<Val, UnitError> {
    match ty {
        Ty::Text if text.trim().is_empty() => Err(refused("it says nothing".to_owned())),
        Ty::Text | Ty::AnyText => Ok(Val::Text(text.into())),
        Ty::Word(_) | Ty::Int { .. } | Ty::Port | Ty::Bool => {
            Err(refused("it is no such text".to_owned()))
        }
        Ty::Bytes => units::Bytes::parse(text)
            .and_then(|v| positive(v.get() > 0, v))
            .map(Val::Bytes),
        Ty::Cpu => units::Cpu::parse(text)
            .and_then(|v| positive(v.millis() > 0, v))
            .map(Val::Cpu),
        Ty::Rate => units::Rate::parse(text).map(Val::Rate),
        Ty::PerSecond => units::PerSecond::parse(text).map(Val::PerSecond),
        Ty::Price => units::Price::parse(text).map(Val::Price),
        Ty::Duration(bounds) => {
            let value = Duration::parse(text)?;
            let show = |millis| Duration::from_millis(millis).to_string();
            within(bounds, value.millis(), text, "whole seconds", show)?;
            Ok(Val::Duration(value))
        }
        Ty::Percent(bounds) => {
            let value = Percent::parse(text)?;
            let show = |hundredths: u64| format!("{}%", hundredths as f64 / 100.0);
            within(
                bounds,
                u64::from(value.hundredths()),
                text,
                "whole percents",
                show,
            )?;
            Ok(Val::Percent(value))
        }
        Ty::MigProfile => units::MigProfile::parse(text).map(Val::MigProfile),
        Ty::DnsLabel => units::DnsLabel::parse(text).map(Val::DnsLabel),
        Ty::DnsSubdomain => units::DnsSubdomain::parse(text).map(Val::DnsSubdomain),
        Ty::LabelKey => units::LabelKey::parse(text).map(Val::LabelKey),
        Ty::Release if text.is_empty() => Err(refused("it is empty".to_owned())),
        Ty::Release | Ty::LabelValue => units::LabelValue::parse(text).map(Val::LabelValue),
        Ty::Version => units::Version::parse(text).map(Val::Version),
        Ty::Image => units::ImageRef::parse(text).map(Box::new).map(Val::Image),
        Ty::Sha256 => units::Sha256::parse(text).map(Box::new).map(Val::Sha256),
        Ty::HostPort => units::HostPort::parse(text)
            .map(Box::new)
            .map(Val::HostPort),
        Ty::HostPorts => units::HostPort::parse_list(text).map(Val::HostPorts),
        Ty::MountPath => units::MountPath::parse(text).map(Val::MountPath),
        Ty::SecretKey => units::SecretKey::parse(text)
            .map(Box::new)
            .map(Val::SecretKey),
        Ty::GitUrl => units::GitUrl::parse(text).map(Val::GitUrl),
        Ty::Url => units::HttpUrl::parse(text).map(Box::new).map(Val::Url),
        Ty::ArtifactUri => units::ArtifactUri::parse(text)
            .map(Box::new)
            .map(Val::ArtifactUri),
        Ty::Cron => units::CronSchedule::parse(text).map(Val::Cron),
        Ty::Timezone => units::Timezone::parse(text).map(Val::Timezone),
        Ty::Cidr => units::Cidr::parse(text).map(Val::Cidr),
        Ty::Path => units::HttpPath::parse(text).map(Val::Path),
        Ty::HostPattern => units::DnsSubdomain::parse(text.strip_prefix("*.").unwrap_or(text))
            .map(|_| Val::Text(text.into())),
        Ty::HeaderName => header_name(text),
        Ty::EnvName => units::EnvName::parse(text).map(Val::EnvName),
        Ty::Date => units::Date::parse(text).map(Val::Date),
    }
}

fn refused(message: String) -> UnitError {
    UnitError { message, fix: None }
}

fn positive<T>(holds: bool, value: T) -> Result<T, UnitError> {
    if holds {
        Ok(value)
    } else {
        Err(refused("it must be more than 0".to_owned()))
    }
}

fn within(
    bounds: Bounds,
    value: u64,
    text: &str,
    steps: &str,
    show: impl Fn(u64) -> String,
) -> Result<(), UnitError> {
    if bounds.hold(value) {
        return Ok(());
    }
    let must = if value < bounds.least {
        format!("must be at least {}", show(bounds.least))
    } else if value > bounds.most {
        format!("must be at most {}", show(bounds.most))
    } else {
        format!("must be in {steps}")
    };
    Err(refused(format!("\"{text}\" {must}")))
}

/// A token of HTTP. Source: RFC 9110, section 5.6.2.
fn header_name(text: &str) -> Result<Val, UnitError> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if text.is_empty() || !text.bytes().all(token) {
        let message = format!("\"{text}\" is not the name of a header: letters, digits and `-`");
        return Err(refused(message));
    }
    Ok(Val::Text(text.into()))
}
