//! Where files come from: one interface over object stores, web servers, Hugging Face hubs and folders.

mod cloud;
mod hub;
mod local;
mod web;

use std::collections::BTreeSet;
use std::env;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;

use self::cloud::Cloud;
use self::hub::Hub;
use self::local::Local;
use self::web::Web;
use super::args::FetchArgs;
use super::digest::Sha256;
use super::error::FetchError;
use super::http::{Http, endpoint};
use super::path::RelPath;
use super::uri::{Place, SourceUri};

/// One file of a source.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it goes, below the target folder.
    pub(super) path: RelPath,
    /// How the source names it: a key, a URL, a path.
    pub(super) key: String,
    /// Bytes, where the listing says.
    pub(super) size: Option<u64>,
    /// The source's own promise about its content.
    pub(super) sha256: Option<Sha256>,
}

/// What a source says about one file now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stat {
    /// Bytes, where they are known before the end.
    pub(super) size: Option<u64>,
    /// Changes when the content does: an entity tag or a time.
    pub(super) validator: Option<String>,
    /// Whether parts of the file can be asked for.
    pub(super) ranged: bool,
}

/// A file, or a part of it, being read.
pub(super) struct Opened {
    pub(super) validator: Option<String>,
    pub(super) bytes: BoxStream<'static, Result<Bytes, FetchError>>,
}

/// Where files come from.
pub(super) enum Source {
    Cloud(Cloud),
    Web(Web),
    Hub(Box<Hub>),
    Local(Local),
}

impl Source {
    /// Prepares a source; asks nothing of the network.
    ///
    /// # Errors
    /// `FetchError::Setting` for a flag or variable that is wrong or has no meaning for this source.
    pub(super) fn connect(uri: &SourceUri, args: &FetchArgs) -> Result<Self, FetchError> {
        let base = args.endpoint.as_deref();
        if let Some(base) = base {
            endpoint(base)?;
        }
        let http = || {
            let ca_file = args
                .ca_file
                .clone()
                .or_else(|| variable("AWS_CA_BUNDLE").map(PathBuf::from));
            Http::new(ca_file.as_deref(), Duration::from_secs(args.timeout.into()))
        };
        match &uri.place {
            Place::S3(bucket) => Ok(Self::Cloud(Cloud::s3(bucket, base, http()?)?)),
            Place::Gcs(bucket) => Ok(Self::Cloud(Cloud::gcs(bucket, base, http()?)?)),
            Place::Hub(place) => Ok(Self::Hub(Box::new(Hub::new(place, base, http()?)?))),
            Place::Web(url) => {
                refuse(base.map(|_| "--endpoint"), "an `https://` URI")?;
                Ok(Self::Web(Web::new(http()?, url.clone(), uri.shown.clone())))
            }
            Place::Local(path) => {
                refuse(base.map(|_| "--endpoint"), "a local path")?;
                refuse(args.ca_file.as_ref().map(|_| "--ca-file"), "a local path")?;
                Ok(Self::Local(Local::new(
                    uri.shown.clone(),
                    path.clone(),
                    uri.folder,
                )))
            }
        }
    }

    /// Returns the files that `uri` names, in no order.
    ///
    /// # Errors
    /// `UnsafePath`, `Clash` or `Empty` for names that cannot be written, else what the source says.
    pub(super) async fn list(&self, uri: &SourceUri) -> Result<Vec<Entry>, FetchError> {
        let entries = if uri.folder {
            match self {
                Self::Cloud(cloud) => cloud.list().await?,
                Self::Hub(hub) => hub.list().await?,
                Self::Local(local) => local.list().await?,
                Self::Web(_) => Vec::new(),
            }
        } else {
            let key = match self {
                Self::Cloud(cloud) => cloud.single(),
                Self::Hub(hub) => hub.single(),
                Self::Web(web) => web.single(),
                Self::Local(local) => local.single(),
            };
            vec![Entry {
                path: uri.file_name()?,
                key,
                size: None,
                sha256: None,
            }]
        };
        if entries.is_empty() {
            return Err(FetchError::Empty(uri.shown.clone()));
        }
        refuse_clashes(&entries)?;
        Ok(entries)
    }

    /// Returns what the source says about a file now.
    pub(super) async fn stat(&self, entry: &Entry) -> Result<Stat, FetchError> {
        match self {
            Self::Cloud(cloud) => cloud.stat(&entry.key).await,
            Self::Hub(hub) => hub.stat(&entry.key).await,
            Self::Web(web) => web.stat(web.url()).await,
            Self::Local(local) => local.stat(&entry.key).await,
        }
    }

    /// Starts to read a file, or the bytes `range` of it.
    pub(super) async fn open(
        &self,
        entry: &Entry,
        range: Option<Range<u64>>,
    ) -> Result<Opened, FetchError> {
        match self {
            Self::Cloud(cloud) => cloud.open(&entry.key, range).await,
            Self::Hub(hub) => hub.open(&entry.key, range).await,
            Self::Web(web) => web.open(web.url(), range).await,
            Self::Local(local) => local.open(&entry.key, range).await,
        }
    }

    /// Returns the part of [`Self::stat`] that needs no request, where that is enough to start from nothing.
    pub(super) fn listed(&self, entry: &Entry) -> Option<Stat> {
        match self {
            Self::Cloud(_) | Self::Local(_) => entry.size.map(|size| Stat {
                size: Some(size),
                validator: None,
                ranged: true,
            }),
            // Whether a web server serves ranges only shows when one is asked for.
            Self::Web(_) | Self::Hub(_) => None,
        }
    }
}

fn refuse(flag: Option<&str>, what: &str) -> Result<(), FetchError> {
    match flag {
        Some(flag) => Err(FetchError::Setting(format!(
            "`{flag}` has no meaning for {what}"
        ))),
        None => Ok(()),
    }
}

/// Returns a variable of the environment that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads the path that a listed object gets.
fn listed_path(path: &str) -> Result<RelPath, FetchError> {
    RelPath::parse(path).map_err(|why| FetchError::UnsafePath {
        path: path.to_owned(),
        why,
    })
}

fn refuse_clashes(entries: &[Entry]) -> Result<(), FetchError> {
    let mut files = BTreeSet::new();
    for entry in entries {
        if !files.insert(entry.path.as_str()) {
            let name = entry.path.to_string();
            return Err(FetchError::Clash {
                file: name.clone(),
                inside: name,
            });
        }
    }
    for path in &files {
        for (at, _) in path.match_indices('/') {
            if files.contains(&path[..at]) {
                return Err(FetchError::Clash {
                    file: path[..at].to_owned(),
                    inside: (*path).to_owned(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Entry, refuse_clashes};
    use crate::fetch::path::RelPath;

    #[test]
    fn a_name_cannot_be_file_and_folder() {
        let check = |names: &[&str]| {
            let entry = |name: &&str| Entry {
                path: RelPath::parse(name).unwrap(),
                key: (*name).to_owned(),
                size: None,
                sha256: None,
            };
            refuse_clashes(&names.iter().map(entry).collect::<Vec<_>>())
        };
        assert!(check(&["a/b", "a-b", "ab", "a/c"]).is_ok());
        assert!(check(&["a", "a-b", "a/b/c"]).is_err());
        assert!(check(&["a", "a"]).is_err());
    }
}
