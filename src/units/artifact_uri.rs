//! Where a model's files come from.

use std::fmt;

use smol_str::SmolStr;

use super::{DnsLabel, HttpUrl, MountPath, UnitError, dns, host_port};

const SCHEMES: &str =
    "expected `s3://`, `gs://`, `https://`, `hf://`, `pvc://`, `nfs://` or `baked:`";

/// The address of an artifact, by scheme.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArtifactUri {
    /// `s3://bucket/key`: AWS or any other S3.
    S3 {
        /// Name of the bucket.
        bucket: SmolStr,
        /// Key or prefix of keys; may be empty or end in `/`.
        key: SmolStr,
    },
    /// `gs://bucket/key`: Google Cloud Storage.
    Gs {
        /// Name of the bucket.
        bucket: SmolStr,
        /// Key or prefix of keys; may be empty or end in `/`.
        key: SmolStr,
    },
    /// `https://host/path` (or `http://`): one file.
    Https(HttpUrl),
    /// `hf://org/repo@revision`: a repository of the Hugging Face Hub.
    Hf {
        /// `org/repo`.
        repo: SmolStr,
        /// Branch, tag or commit; absent, the default branch of the hub.
        revision: Option<SmolStr>,
    },
    /// `pvc://claim/folder`: in a persistent volume claim.
    Pvc {
        /// Name of the claim.
        claim: DnsLabel,
        /// Folder in the volume, without `/` at either end; empty for the whole volume.
        path: SmolStr,
    },
    /// `nfs://server/path`: an NFS export.
    Nfs {
        /// Host of the server.
        server: SmolStr,
        /// Absolute path of the export.
        path: SmolStr,
    },
    /// `baked:/path`: inside the image.
    Baked {
        /// Where it lies.
        path: MountPath,
    },
}

impl ArtifactUri {
    /// Reads an address.
    ///
    /// # Errors
    /// An unknown scheme (the message names the known ones), credentials, or parts that the
    /// scheme does not allow.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = |reason: &str| UnitError::new(text, "an artifact", reason);
        if let Some(path) = text.strip_prefix("baked:") {
            let path = MountPath::parse(path).map_err(|inner| {
                error("expected an absolute path in the image, such as `baked:/models/bert`")
                    .maybe_fix(inner.fix.map(|fix| format!("baked:{fix}")))
            })?;
            return Ok(Self::Baked { path });
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(|| error(SCHEMES))?;
        let authority = rest.split('/').next().unwrap_or(rest);
        if authority.contains('@') {
            // The text is not shown: it holds a secret.
            let message =
                "an artifact's address must not hold credentials: name a secret by `secret=`";
            return Err(UnitError {
                message: message.to_owned(),
                fix: None,
            });
        }
        if rest.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(error("it must have no spaces"));
        }
        match scheme {
            "s3" | "gs" => {
                let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
                if !is_bucket(bucket) {
                    return Err(error(
                        "expected a bucket of 3 to 63 lower-case letters, digits, `-` and `.`",
                    ));
                }
                if !is_key(key) {
                    return Err(error("expected a key without empty, `.` or `..` parts"));
                }
                let (bucket, key) = (bucket.into(), key.into());
                Ok(if scheme == "s3" {
                    Self::S3 { bucket, key }
                } else {
                    Self::Gs { bucket, key }
                })
            }
            "https" | "http" => {
                let url = HttpUrl::parse(text)?;
                if url.path().len() < 2 {
                    return Err(error("expected the path of a file"));
                }
                Ok(Self::Https(url))
            }
            "hf" => hf(rest).ok_or_else(|| error("expected `hf://org/repo@revision`")),
            "pvc" => pvc(rest).ok_or_else(|| {
                error("expected a claim and a folder, such as `pvc://weights/ranker`")
            }),
            "nfs" => nfs(rest).ok_or_else(|| {
                error("expected a server and a path, such as `nfs://nfs.acme.io/export/bert`")
            }),
            _ => {
                let lower = format!("{}://{rest}", scheme.to_ascii_lowercase());
                let is_one = lower != text && Self::parse(&lower).is_ok();
                Err(error(SCHEMES).maybe_fix(is_one.then_some(lower)))
            }
        }
    }

    /// The scheme's name: `s3`, `gs`, `https` (also for `http`), `hf`, `pvc`, `nfs`, `baked`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        match self {
            Self::S3 { .. } => "s3",
            Self::Gs { .. } => "gs",
            Self::Https(_) => "https",
            Self::Hf { .. } => "hf",
            Self::Pvc { .. } => "pvc",
            Self::Nfs { .. } => "nfs",
            Self::Baked { .. } => "baked",
        }
    }

    /// Whether the files are fetched over the network before the server starts (not mounted, not
    /// in the image).
    #[must_use]
    pub fn is_downloaded(&self) -> bool {
        matches!(
            self,
            Self::S3 { .. } | Self::Gs { .. } | Self::Https(_) | Self::Hf { .. }
        )
    }
}

/// 3–63 of lower-case letters, digits, `.` and `-`, alphanumeric at both ends; `_` too, which
/// Google Cloud Storage allows.
fn is_bucket(text: &str) -> bool {
    (3..=63).contains(&text.len()) && dns::is_subdomain(&text.replace('_', "-"))
}

/// Parts that are not empty, `.` or `..`; one `/` at the end is fine.
fn is_key(key: &str) -> bool {
    let stem = key.strip_suffix('/').unwrap_or(key);
    key.len() <= 1024 && (key.is_empty() || is_parts(stem)) && !key.contains(['?', '#'])
}

fn is_parts(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn hf(rest: &str) -> Option<ArtifactUri> {
    let (repo, revision) = match rest.split_once('@') {
        Some((repo, revision)) => (repo, Some(revision)),
        None => (rest, None),
    };
    let (org, name) = repo.split_once('/')?;
    let is_name = |text: &str| {
        (1..=96).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let revision_ok = revision.is_none_or(|r| {
        !r.is_empty()
            && is_parts(r)
            && r.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b))
    });
    let valid = is_name(org) && is_name(name) && revision_ok;
    valid.then(|| ArtifactUri::Hf {
        repo: repo.into(),
        revision: revision.map(Into::into),
    })
}

fn pvc(rest: &str) -> Option<ArtifactUri> {
    let (claim, path) = rest.split_once('/').unwrap_or((rest, ""));
    let claim = DnsLabel::parse(claim).ok()?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let valid = path.is_empty() || (is_parts(path) && !path.contains(':'));
    valid.then(|| ArtifactUri::Pvc {
        claim,
        path: path.into(),
    })
}

fn nfs(rest: &str) -> Option<ArtifactUri> {
    let (server, path) = rest.split_at(rest.find('/')?);
    let path = path.strip_suffix('/').unwrap_or(path);
    let valid = host_port::is_host(server) && path.len() > 1 && is_parts(&path[1..]);
    valid.then(|| ArtifactUri::Nfs {
        server: server.into(),
        path: path.into(),
    })
}

impl fmt::Display for ArtifactUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::S3 { bucket, key } => write!(f, "s3://{bucket}/{key}"),
            Self::Gs { bucket, key } => write!(f, "gs://{bucket}/{key}"),
            Self::Https(url) => write!(f, "{url}"),
            Self::Hf {
                repo,
                revision: Some(revision),
            } => write!(f, "hf://{repo}@{revision}"),
            Self::Hf {
                repo,
                revision: None,
            } => write!(f, "hf://{repo}"),
            Self::Pvc { claim, path } => write!(f, "pvc://{claim}/{path}"),
            Self::Nfs { server, path } => write!(f, "nfs://{server}{path}"),
            Self::Baked { path } => write!(f, "baked:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each scheme reads back.
    #[test]
    fn reads() {
        for text in [
            "s3://models/bert-base-uncased/2.1/",
            "s3://models/bert.onnx",
            "s3://models/",
            "gs://my_models/bert/",
            "https://files.acme.io/bert.onnx",
            "hf://acme/bert@main",
            "hf://acme/bert@refs/pr/1",
            "hf://acme/bert",
            "pvc://weights/ranker",
            "pvc://weights/",
            "nfs://nfs.acme.io/export/bert",
            "baked:/models/bert",
        ] {
            assert_eq!(ArtifactUri::parse(text).unwrap().to_string(), text);
        }
        let trailing = ArtifactUri::parse("pvc://weights/ranker/").unwrap();
        assert_eq!(trailing.to_string(), "pvc://weights/ranker");
        assert!(!trailing.is_downloaded());
        assert_eq!(trailing.scheme(), "pvc");
    }

    /// Unknown schemes, broken parts, and secrets that must not be repeated.
    #[test]
    fn refuses() {
        for bad in [
            "",
            "bert",
            "/models/bert",
            "ftp://a/b",
            "s3:",
            "s3://",
            "s3://ab",
            "s3://Models/x",
            "s3://models/a//b",
            "s3://models/../b",
            "s3://models/a b",
            "https://a",
            "https://a/",
            "hf://bert",
            "hf://acme/bert@",
            "pvc:///x",
            "pvc://Weights/x",
            "pvc://w/../x",
            "nfs://a",
            "nfs://a/",
            "baked:models",
            "baked:/",
        ] {
            assert!(ArtifactUri::parse(bad).is_err(), "{bad}");
        }
        for secret in ["s3://id:hunter2@models/x", "https://u:hunter2@a/x"] {
            let error = ArtifactUri::parse(secret).unwrap_err();
            assert!(!error.message.contains("hunter2") && error.message.contains("credentials"));
        }
        let error = ArtifactUri::parse("ftp://a/b").unwrap_err();
        assert!(error.message.contains("`s3://`"), "{error}");
        let error = ArtifactUri::parse("S3://models/a/").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("s3://models/a/"));
        assert_eq!(
            ArtifactUri::parse("baked:/models/")
                .unwrap_err()
                .fix
                .as_deref(),
            Some("baked:/models")
        );
    }
}
