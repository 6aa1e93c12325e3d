//! Typed values and the check of a raw one against a [`Ty`].

use smol_str::{SmolStr, ToSmolStr};

use crate::diag::Diagnostic;
use crate::diag::suggest::closest;
use crate::source::Span;
use crate::syntax::tree::{Scalar, Value};
use crate::units::{self, UnitError};

use super::table::Ty;

macro_rules! values {
    ($($variant:ident($type:ty);)*) => {
        /// A value of some [`Ty`].
        #[derive(Clone, Debug, PartialEq)]
        pub enum Val {
            /// `#null`: unset.
            Null,
            $(#[doc = concat!("A value of [`Ty`]'s `", stringify!($variant), "`.")] $variant($type),)*
        }

        $(impl FromVal for $type {
            fn from_val(val: &Val) -> Option<&Self> {
                match val { Val::$variant(v) => Some(v), _ => None }
            }
        })*
    };
}

/// A type that some [`Val`] holds. Asking for a type that the table does not declare is a
/// mistake of ours, which the tests of every node's example find.
pub trait FromVal: Clone {
    /// The value, if it is of this type.
    fn from_val(val: &Val) -> Option<&Self>;
}

values! {
    Text(SmolStr);
    Int(i64);
    Bool(bool);
    Bytes(units::Bytes);
    Cpu(units::Cpu);
    Rate(units::Rate);
    PerSecond(units::PerSecond);
    Price(units::Price);
    Duration(units::Duration);
    Percent(units::Percent);
    MigProfile(units::MigProfile);
    DnsLabel(units::DnsLabel);
    DnsSubdomain(units::DnsSubdomain);
    LabelKey(units::LabelKey);
    LabelValue(units::LabelValue);
    Version(units::Version);
    Image(units::ImageRef);
    Sha256(units::Sha256);
    Port(units::Port);
    HostPort(units::HostPort);
    HostPorts(Vec<units::HostPort>);
    MountPath(units::MountPath);
    SecretKey(units::SecretKey);
    GitUrl(units::GitUrl);
    Url(units::HttpUrl);
    ArtifactUri(units::ArtifactUri);
    Cron(units::CronSchedule);
    Timezone(units::Timezone);
    Cidr(units::Cidr);
    Path(units::HttpPath);
    EnvName(units::EnvName);
    Date(crate::system::Date);
}

impl Val {
    /// Whether this is `#null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a value that names something.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            Self::DnsLabel(t) => Some(t.as_str()),
            Self::DnsSubdomain(t) => Some(t.as_str()),
            Self::LabelKey(t) => Some(t.as_str()),
            Self::LabelValue(t) => Some(t.as_str()),
            Self::EnvName(t) => Some(t.as_str()),
            Self::Path(t) => Some(t.as_str()),
            Self::MountPath(t) => Some(t.as_str()),
            _ => None,
        }
    }

    /// The value as the key of its node; empty for values that are never keys.
    #[must_use]
    pub fn key(&self) -> SmolStr {
        match self {
            Self::HostPort(v) => v.to_smolstr(),
            Self::Cidr(v) => v.to_smolstr(),
            Self::MigProfile(v) => v.to_smolstr(),
            other => other.text().map(SmolStr::new).unwrap_or_default(),
        }
    }
}

impl Ty {
    /// What a value of the type looks like, for messages and the manual.
    #[must_use]
    pub fn example(self) -> String {
        let text = match self {
            Self::Text => "a quoted text",
            Self::Word(words) => {
                let quoted: Vec<_> = words.iter().map(|w| format!("\"{w}\"")).collect();
                return quoted.join(", ").replacen("", "one of ", 1);
            }
            Self::Int { min, max } if max >= 1_000_000 => {
                return format!("a whole number from {min}");
            }
            Self::Int { min, max } if min == max => return format!("the number {min}"),
            Self::Int { min, max } => return format!("a whole number from {min} to {max}"),
            Self::Bool => "#true or #false",
            Self::Bytes => "an amount such as \"4Gi\"",
            Self::Cpu => "processors such as \"2\" or \"500m\"",
            Self::Rate => "a rate such as \"200Mi/s\"",
            Self::PerSecond => "requests a second such as \"200/s\"",
            Self::Price => "a price an hour such as \"32.77/h\"",
            Self::Duration => "a time such as \"500ms\", \"30s\" or \"2m\"",
            Self::Percent => "a share such as \"70%\"",
            Self::MigProfile => "a MIG profile such as \"1g.5gb\"",
            Self::DnsLabel => "a name of lower-case letters, digits and `-`, at most 63 long",
            Self::DnsSubdomain => "a name of lower-case letters, digits, `-` and `.`",
            Self::LabelKey => "a label key such as \"team\" or \"acme.io/team\"",
            Self::LabelValue => "a label value: letters, digits, `-`, `_` and `.`, at most 63 long",
            Self::Version => "a quoted version such as \"1.36\"",
            Self::Image => "an image such as \"registry.acme.io/ml/bert:1.0\"",
            Self::Sha256 => "64 hexadecimal digits",
            Self::Port => "a port from 1 to 65535",
            Self::HostPort | Self::HostPorts => "an address such as \"kafka.default.svc:9092\"",
            Self::MountPath => "an absolute path such as \"/models/bert\"",
            Self::SecretKey => "a Secret and its key such as \"bert-keys/api\"",
            Self::GitUrl => "a repository such as \"https://git.acme.io/ml/deploy.git\"",
            Self::Url => "an address such as \"https://minio.acme.io\"",
            Self::ArtifactUri => "an address such as \"s3://models/bert/2.1/\"",
            Self::Cron => "five cron fields such as \"0 8 * * *\"",
            Self::Timezone => "a time zone such as \"Europe/Berlin\"",
            Self::Cidr => "an address range such as \"10.0.0.0/8\"",
            Self::Path => "a path that begins with `/`",
            Self::EnvName => "a variable's name such as \"MODEL_PATH\"",
            Self::Date => "a day such as \"2027-03-01\"",
        };
        text.to_owned()
    }
}

/// Checks a raw value. `what` names it in messages: `` `size` ``; `raw` is its text.
///
/// # Errors
/// A diagnostic at the value: wrong type (LNG-06), or not one of its type (LNG-07).
pub fn check(ty: Ty, value: &Value, what: &str, raw: &str) -> Result<Val, Diagnostic> {
    if let Some(annotation) = &value.ty {
        let bare = raw
            .split_once(')')
            .map_or(raw, |(_, rest)| rest)
            .trim_matches('"');
        let mut diagnostic = Diagnostic::error(
            "LNG-06",
            annotation.span,
            format!("{what} takes no type annotation"),
        )
        .help(format!("write {}", ty.example()));
        let quoted = format!("\"{bare}{}\"", annotation.text);
        if matches!(ty, Ty::Bytes | Ty::Cpu | Ty::Duration | Ty::Rate) {
            diagnostic = diagnostic.suggest("put the unit into the text", value.span, quoted);
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
            _ => Err(Diagnostic::error(
                "LNG-07",
                value.span,
                format!("{what} is {raw}, but must be {}", ty.example()),
            )),
        },
        (Scalar::String { text, .. }, _) => text_value(ty, text, value.span, what),
        (Scalar::Integer(_) | Scalar::Float(_), _) if is_text(ty) => Err(expected(
            ty, value.span, what, raw,
        )
        .fix("quote it", value.span, format!("\"{raw}\""))),
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
    let unit = |result: Result<Val, UnitError>| {
        result.map_err(|error| {
            let diagnostic =
                Diagnostic::error("LNG-07", span, format!("{what}: {}", error.message));
            match error.fix {
                Some(fix) => diagnostic.fix(format!("write \"{fix}\""), span, format!("\"{fix}\"")),
                None => diagnostic.help(format!("write {}", ty.example())),
            }
        })
    };
    match ty {
        Ty::Text => Ok(Val::Text(text.clone())),
        Ty::Word(words) => {
            if words.contains(&text.as_str()) {
                return Ok(Val::Text(text.clone()));
            }
            let diagnostic = Diagnostic::error(
                "LNG-07",
                span,
                format!("{what} is \"{text}\", but must be {}", ty.example()),
            );
            Err(match closest(text, words.iter().copied()) {
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
            Err(match text.parse::<i64>() {
                Ok(n) => diagnostic.fix("remove the quotes", span, n.to_string()),
                Err(_) => diagnostic,
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
        Ty::Bytes => unit(units::Bytes::parse(text).map(Val::Bytes)),
        Ty::Cpu => unit(units::Cpu::parse(text).map(Val::Cpu)),
        Ty::Rate => unit(units::Rate::parse(text).map(Val::Rate)),
        Ty::PerSecond => unit(units::PerSecond::parse(text).map(Val::PerSecond)),
        Ty::Price => unit(units::Price::parse(text).map(Val::Price)),
        Ty::Duration => unit(units::Duration::parse(text).map(Val::Duration)),
        Ty::Percent => unit(units::Percent::parse(text).map(Val::Percent)),
        Ty::MigProfile => unit(units::MigProfile::parse(text).map(Val::MigProfile)),
        Ty::DnsLabel => unit(units::DnsLabel::parse(text).map(Val::DnsLabel)),
        Ty::DnsSubdomain => unit(units::DnsSubdomain::parse(text).map(Val::DnsSubdomain)),
        Ty::LabelKey => unit(units::LabelKey::parse(text).map(Val::LabelKey)),
        Ty::LabelValue => unit(units::LabelValue::parse(text).map(Val::LabelValue)),
        Ty::Version => unit(units::Version::parse(text).map(Val::Version)),
        Ty::Image => unit(units::ImageRef::parse(text).map(Val::Image)),
        Ty::Sha256 => unit(units::Sha256::parse(text).map(Val::Sha256)),
        Ty::HostPort => unit(units::HostPort::parse(text).map(Val::HostPort)),
        Ty::MountPath => unit(units::MountPath::parse(text).map(Val::MountPath)),
        Ty::SecretKey => unit(units::SecretKey::parse(text).map(Val::SecretKey)),
        Ty::GitUrl => unit(units::GitUrl::parse(text).map(Val::GitUrl)),
        Ty::Url => unit(units::HttpUrl::parse(text).map(Val::Url)),
        Ty::ArtifactUri => unit(units::ArtifactUri::parse(text).map(Val::ArtifactUri)),
        Ty::Cron => unit(units::CronSchedule::parse(text).map(Val::Cron)),
        Ty::Timezone => unit(units::Timezone::parse(text).map(Val::Timezone)),
        Ty::Cidr => unit(units::Cidr::parse(text).map(Val::Cidr)),
        Ty::Path => unit(units::HttpPath::parse(text).map(Val::Path)),
        Ty::EnvName => unit(units::EnvName::parse(text).map(Val::EnvName)),
        Ty::Date => unit(units::Date::parse(text).map(Val::Date)),
        Ty::HostPorts => unit(units::HostPort::parse_list(text).map(Val::HostPorts)),
    }
}
