//! S3 and compatible stores, and Google Cloud Storage.

use std::ops::Range;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::{Error as PathError, Path};
use object_store::{
    BackoffConfig, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, RetryConfig,
};

use super::super::error::FetchError;
use super::super::failure::{Failure, chain};
use super::super::http::{Http, endpoint, is_metadata_host};
use super::super::path::RelPath;
use super::super::uri::Bucket;
use super::{Entry, Opened, Stat, listed_path};

/// A bucket of an object store.
pub(in super::super) struct Cloud {
    store: Box<dyn ObjectStore>,
    kind: Kind,
    bucket: Bucket,
}

/// What differs between the stores beside their protocol.
struct Kind {
    scheme: &'static str,
    name: &'static str,
    /// What to set where no credentials are found.
    credentials: &'static str,
}

const S3: Kind = Kind {
    scheme: "s3",
    name: "S3",
    credentials: "set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` or a web identity (`AWS_SKIP_SIGNATURE=true` for a public bucket)",
};
const GCS: Kind = Kind {
    scheme: "gs",
    name: "Google Cloud Storage",
    credentials: "set `GOOGLE_APPLICATION_CREDENTIALS` or a workload identity (`GOOGLE_SKIP_SIGNATURE=true` for a public bucket)",
};

impl Cloud {
    pub(super) fn s3(bucket: &Bucket, base: Option<&str>, http: Http) -> Result<Self, FetchError> {
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&bucket.name)
            .with_retry(no_retries())
            .with_http_connector(http);
        if let Some(base) = base {
            // This key and not `Endpoint`, because the variable behind it would win.
            builder = builder.with_config(AmazonS3ConfigKey::S3Endpoint, base);
        }
        for key in [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint] {
            if let Some(base) = builder.get_config_value(&key) {
                endpoint(&base)?;
            }
        }
        let store = builder.build().map_err(|e| setting(&S3, &e))?;
        Ok(Self {
            store: Box::new(store),
            kind: S3,
            bucket: bucket.clone(),
        })
    }

    pub(super) fn gcs(bucket: &Bucket, base: Option<&str>, http: Http) -> Result<Self, FetchError> {
        let mut builder = GoogleCloudStorageBuilder::from_env()
            .with_bucket_name(&bucket.name)
            .with_retry(no_retries())
            .with_http_connector(http);
        if let Some(base) = base {
            builder = builder.with_base_url(base.trim_end_matches('/'));
        }
        if let Some(base) = builder.get_config_value(&GoogleConfigKey::BaseUrl) {
            endpoint(&base)?;
        }
        let store = builder.build().map_err(|e| setting(&GCS, &e))?;
        Ok(Self {
            store: Box::new(store),
            kind: GCS,
            bucket: bucket.clone(),
        })
    }

    pub(super) fn single(&self) -> String {
        self.bucket.key.clone()
    }

    pub(super) async fn list(&self) -> Result<Vec<Entry>, FetchError> {
        let folder = self.bucket.key.trim_end_matches('/');
        let prefix = self.path(folder)?;
        let objects: Vec<_> = self
            .store
            .list(Some(&prefix))
            .try_collect()
            .await
            .map_err(|e| self.error(&self.bucket.key, &e))?;
        let mut entries = Vec::with_capacity(objects.len());
        for object in objects {
            let key = String::from(object.location);
            let below = if folder.is_empty() {
                Some(&*key)
            } else {
                key.strip_prefix(folder)
            };
            let below = below
                .map(|path| path.strip_prefix('/').unwrap_or(path))
                .unwrap_or_default();
            // The store's own marker of the folder itself.
            if below.is_empty() {
                continue;
            }
            let path = listed_path(below)?;
            entries.push(Entry {
                path,
                key,
                size: Some(object.size),
                sha256: None,
            });
        }
        self.without_markers(entries).await
    }

    /// Drops objects that only mark a folder: empty, with a `/` at the end of their key that the listing does not show.
    async fn without_markers(&self, entries: Vec<Entry>) -> Result<Vec<Entry>, FetchError> {
        let mut kept = Vec::with_capacity(entries.len());
        let paths: Vec<RelPath> = entries.iter().map(|entry| entry.path.clone()).collect();
        for entry in entries {
            if entry.size == Some(0) {
                if paths.iter().any(|path| entry.path.is_above(path)) {
                    continue;
                }
                match self.stat(&entry.key).await {
                    Ok(_) => {}
                    Err(FetchError::Server {
                        failure: Failure::Refused { status: 404, .. },
                        ..
                    }) => continue,
                    Err(other) => return Err(other),
                }
            }
            kept.push(entry);
        }
        Ok(kept)
    }

    pub(super) async fn stat(&self, key: &str) -> Result<Stat, FetchError> {
        let meta = self
            .store
            .head(&self.path(key)?)
            .await
            .map_err(|e| self.error(key, &e))?;
        Ok(Stat {
            size: Some(meta.size),
            validator: meta.e_tag,
            ranged: true,
        })
    }

    pub(super) async fn open(
        &self,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<Opened, FetchError> {
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        let answer = self
            .store
            .get_opts(&self.path(key)?, options)
            .await
            .map_err(|e| self.error(key, &e))?;
        let validator = answer.meta.e_tag.clone();
        let what = self.shown(key);
        let kind = (self.kind.name, self.kind.credentials);
        let bytes = answer
            .into_stream()
            .map_err(move |e| error(what.clone(), kind, &e))
            .boxed();
        Ok(Opened { validator, bytes })
    }

    fn shown(&self, key: &str) -> String {
        format!("{}://{}/{key}", self.kind.scheme, self.bucket.name)
    }

    fn path(&self, key: &str) -> Result<Path, FetchError> {
        Path::parse(key).map_err(|e| unsafe_path(&e))
    }

    fn error(&self, key: &str, error: &object_store::Error) -> FetchError {
        self::error(
            self.shown(key),
            (self.kind.name, self.kind.credentials),
            error,
        )
    }
}

/// The fetcher counts and logs retries itself, with one budget for all requests.
fn no_retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: 0,
        retry_timeout: Duration::ZERO,
    }
}

fn setting(kind: &Kind, error: &object_store::Error) -> FetchError {
    let why = chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    FetchError::Setting(format!("environment for {}: {why}", kind.name))
}

fn error(
    what: String,
    (store, set): (&'static str, &'static str),
    error: &object_store::Error,
) -> FetchError {
    if let Some(path) = chain(error).find_map(|e| e.downcast_ref::<PathError>()) {
        return unsafe_path(path);
    }
    match chain(error).find_map(|e| e.downcast_ref::<Failure>()) {
        Some(Failure::Unreachable { host, .. } | Failure::Silent { host })
            if is_metadata_host(host) =>
        {
            FetchError::NoCredentials { store, set }
        }
        Some(failure) => FetchError::Server {
            what,
            failure: failure.clone(),
        },
        None => {
            let why = chain(error)
                .last()
                .map(ToString::to_string)
                .unwrap_or_default();
            FetchError::Store { what, why }
        }
    }
}

fn unsafe_path(error: &PathError) -> FetchError {
    match error {
        PathError::EmptySegment { path } => FetchError::UnsafePath {
            path: path.clone(),
            why: "it has an empty part",
        },
        PathError::BadSegment { path, .. } => FetchError::UnsafePath {
            path: path.clone(),
            why: "it could leave the target folder or holds a control character",
        },
        other => FetchError::UnsafePath {
            path: other.to_string(),
            why: "the store's client cannot read it",
        },
    }
}

#[cfg(test)]
mod tests {
    use object_store::client::{HttpError, HttpErrorKind};

    use super::{Failure, S3, error};

    #[test]
    fn a_silent_metadata_service_means_no_credentials() {
        let about = |host: &str| {
            let failure = Failure::Silent {
                host: host.to_owned(),
            };
            let source = Box::new(HttpError::new(HttpErrorKind::Timeout, failure));
            let cause = object_store::Error::Generic {
                store: "S3",
                source,
            };
            error("s3://b/k".to_owned(), (S3.name, S3.credentials), &cause)
        };
        let missing = about("169.254.169.254");
        assert!(
            missing.to_string().contains("`AWS_ACCESS_KEY_ID`"),
            "{missing}"
        );
        assert_eq!((missing.exit_code(), missing.is_transient()), (1, false));
        let silent = about("minio.acme.io");
        assert_eq!((silent.exit_code(), silent.is_transient()), (2, true));
    }
}
