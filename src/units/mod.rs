//! Values that cannot be wrong once built: one newtype per file, made by `parse` from the text a
//! user writes and shown in the form the Kubernetes API server would keep.
//!
//! Every type also is [`std::str::FromStr`], so that a decoder can be generic over them.

mod artifact_uri;
mod bytes;
mod cidr;
mod cpu;
mod cron;
mod date;
mod decimal;
mod dns;
mod duration;
mod env_name;
mod error;
mod git_url;
mod host_port;
mod http_path;
mod http_url;
mod image;
mod label;
mod mig;
mod mount_path;
mod per_second;
mod percent;
mod port;
mod price;
mod rate;
mod secret_key;
mod sha256;
#[cfg(test)]
mod tests;
mod timezone;
mod version;

pub use artifact_uri::ArtifactUri;
pub use bytes::Bytes;
pub use cidr::Cidr;
pub use cpu::Cpu;
pub use cron::CronSchedule;
pub use dns::{DnsLabel, DnsSubdomain};
pub use duration::Duration;
pub use env_name::EnvName;
pub use error::UnitError;
pub use git_url::GitUrl;
pub use host_port::HostPort;
pub use http_path::HttpPath;
pub use http_url::HttpUrl;
pub use image::ImageRef;
pub use label::{LabelKey, LabelValue};
pub use mig::{MigAttribute, MigProfile};
pub use mount_path::MountPath;
pub use per_second::PerSecond;
pub use percent::Percent;
pub use port::Port;
pub use price::Price;
pub use rate::Rate;
pub use secret_key::SecretKey;
pub use sha256::Sha256;
pub use timezone::Timezone;
pub use version::Version;

pub use crate::system::Date;

/// Implements `FromStr` by the inherent `parse`.
macro_rules! from_str {
    ($($name:ty),* $(,)?) => {$(
        impl std::str::FromStr for $name {
            type Err = UnitError;

            fn from_str(text: &str) -> Result<Self, UnitError> {
                Self::parse(text)
            }
        }
    )*};
}

from_str!(
    ArtifactUri,
    Bytes,
    Cidr,
    Cpu,
    CronSchedule,
    Date,
    DnsLabel,
    DnsSubdomain,
    Duration,
    EnvName,
    GitUrl,
    HostPort,
    HttpPath,
    HttpUrl,
    ImageRef,
    LabelKey,
    LabelValue,
    MigProfile,
    MountPath,
    PerSecond,
    Percent,
    Port,
    Price,
    Rate,
    SecretKey,
    Sha256,
    Timezone,
    Version,
);

/// Gives a newtype around a `SmolStr` its `as_str` and `Display`.
macro_rules! text_newtype {
    ($name:ident) => {
        impl $name {
            /// The text, as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use text_newtype;
