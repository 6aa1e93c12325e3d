//! Typed values and the [`check`] of a raw one against a [`Ty`].

mod check;
#[cfg(test)]
mod tests;

use smol_str::{SmolStr, ToSmolStr};

use crate::units;

use super::table::Ty;

pub use check::check;

macro_rules! values {
    ($($variant:ident($type:ty);)* => boxed: $($large:ident($boxed:ty);)*) => {
        /// A value of some [`Ty`]. Large ones are boxed: a workspace holds many small ones.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Val {
            /// `#null`: unset.
            Null,
            /// Given, but not of its type, which is reported: it is not missing.
            Wrong,
            $(#[doc = concat!("A value of [`Ty`]'s `", stringify!($variant), "`.")] $variant($type),)*
            $(#[doc = concat!("A value of [`Ty`]'s `", stringify!($large), "`.")] $large(Box<$boxed>),)*
        }

        $(impl FromVal for $type {
            fn from_val(val: &Val) -> Option<&Self> {
                match val { Val::$variant(v) => Some(v), _ => None }
            }
        })*

        $(impl FromVal for $boxed {
            fn from_val(val: &Val) -> Option<&Self> {
                match val { Val::$large(v) => Some(v), _ => None }
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
    Port(units::Port);
    HostPorts(Vec<units::HostPort>);
    MountPath(units::MountPath);
    GitUrl(units::GitUrl);
    Cron(units::CronSchedule);
    Timezone(units::Timezone);
    Cidr(units::Cidr);
    Path(units::HttpPath);
    EnvName(units::EnvName);
    Date(crate::system::Date);
    => boxed:
    Image(units::ImageRef);
    Sha256(units::Sha256);
    HostPort(units::HostPort);
    SecretKey(units::SecretKey);
    Url(units::HttpUrl);
    ArtifactUri(units::ArtifactUri);
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
            Self::Text | Self::AnyText => "a quoted text",
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
            Self::Duration(bounds) if bounds.step > 1 => {
                "a time in whole seconds such as \"30s\" or \"2m\""
            }
            Self::Duration(_) => "a time such as \"500ms\", \"30s\" or \"2m\"",
            Self::Percent(_) => "a share such as \"70%\"",
            Self::MigProfile => "a MIG profile such as \"1g.5gb\"",
            Self::DnsLabel => "a name of lower-case letters, digits and `-`, at most 63 long",
            Self::DnsSubdomain => "a name of lower-case letters, digits, `-` and `.`",
            Self::LabelKey => "a label key such as \"team\" or \"acme.io/team\"",
            Self::LabelValue => "a label value: letters, digits, `-`, `_` and `.`, at most 63 long",
            Self::Release => {
                "a version such as \"2.1\": letters, digits, `-`, `_` and `.`, at most 63 long"
            }
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
            Self::HostPattern => "a host name such as \"nlp.acme.io\" or \"*.acme.io\"",
            Self::HeaderName => "the name of a header such as \"x-beta\"",
            Self::EnvName => "a variable's name such as \"MODEL_PATH\"",
            Self::Date => "a day such as \"2027-03-01\"",
        };
        text.to_owned()
    }
}
