//! Model repositories of the Hugging Face Hub and its mirrors.
//!
//! The interface of the Hub, checked 2026-11: `/api/models/ORG/REPO/revision/REV` names the commit, `…/tree/REV/PATH?recursive=true`
//! lists files in pages linked by a `Link` header, `/ORG/REPO/resolve/REV/PATH` is the file.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderValue, LINK};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use url::Url;

use super::super::digest::Sha256;
use super::super::error::FetchError;
use super::super::failure::Failure;
use super::super::http::{Http, endpoint, host_of};
use super::super::uri::HubPlace;
use super::web::Web;
use super::{Entry, Opened, Stat, listed_path, variable};

/// The public Hub.
const PUBLIC: &str = "https://huggingface.co";
/// Longest page of a listing; the Hub's own hold 1,000 files, about 300 bytes each.
const PAGE: usize = 8 << 20;
/// What stays as it is in one part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A repository, or a place in it.
pub(in super::super) struct Hub {
    web: Web,
    base: Url,
    place: HubPlace,
    /// The commit that the revision named at the first request, so that all files are of one commit.
    commit: OnceCell<String>,
}

#[derive(Deserialize)]
struct Revision {
    sha: String,
}

#[derive(Deserialize)]
struct TreeItem {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    size: u64,
    lfs: Option<Lfs>,
}

/// A large file's pointer; its identifier is the SHA-256 of the content.
#[derive(Deserialize)]
struct Lfs {
    oid: String,
}

impl Hub {
    pub(super) fn new(
        place: &HubPlace,
        base: Option<&str>,
        http: Http,
    ) -> Result<Self, FetchError> {
        let base = base.map(str::to_owned).or_else(|| variable("HF_ENDPOINT"));
        let base = endpoint(base.as_deref().unwrap_or(PUBLIC).trim_end_matches('/'))?;
        let token = match variable("HF_TOKEN") {
            Some(token) => {
                let mut value =
                    HeaderValue::try_from(format!("Bearer {}", token.trim())).map_err(|_| {
                        FetchError::Setting(
                            "`HF_TOKEN` holds characters that no token has".to_owned(),
                        )
                    })?;
                value.set_sensitive(true);
                Some(value)
            }
            None => None,
        };
        let shown = format!("hf://{}@{}", place.repo, place.revision);
        let web = Web::new(http, base.clone(), shown).with_token(token);
        Ok(Self {
            web,
            base,
            place: place.clone(),
            commit: OnceCell::new(),
        })
    }

    pub(super) fn single(&self) -> String {
        self.place.path.clone()
    }

    pub(super) async fn list(&self) -> Result<Vec<Entry>, FetchError> {
        let commit = self.commit().await?;
        let mut next = Some(self.url(
            &["api", "models"],
            &["tree", commit],
            &self.place.path,
            "recursive=true",
        )?);
        let mut entries = Vec::new();
        while let Some(url) = next {
            let (headers, items): (_, Vec<TreeItem>) = self.json(&url).await?;
            for item in items {
                if item.kind == "file" {
                    entries.push(self.entry(item)?);
                }
            }
            next = self.next_page(&url, &headers)?;
        }
        Ok(entries)
    }

    pub(super) async fn stat(&self, path: &str) -> Result<Stat, FetchError> {
        self.web.stat(&self.file(path).await?).await
    }

    pub(super) async fn open(
        &self,
        path: &str,
        range: Option<Range<u64>>,
    ) -> Result<Opened, FetchError> {
        self.web.open(&self.file(path).await?, range).await
    }

    async fn commit(&self) -> Result<&str, FetchError> {
        let ask = async || {
            let url = self.url(
                &["api", "models"],
                &["revision", &self.place.revision],
                "",
                "",
            )?;
            let (_, revision): (_, Revision) = self.json(&url).await?;
            Ok(revision.sha)
        };
        self.commit.get_or_try_init(ask).await.map(String::as_str)
    }

    async fn file(&self, path: &str) -> Result<Url, FetchError> {
        self.url(&[], &["resolve", self.commit().await?], path, "")
    }

    fn entry(&self, item: TreeItem) -> Result<Entry, FetchError> {
        let below = match &*self.place.path {
            "" => Some(&*item.path),
            folder => item
                .path
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/')),
        };
        let path = listed_path(below.unwrap_or(&item.path))?;
        let sha256 = match item.lfs {
            Some(lfs) => Some(
                lfs.oid
                    .parse::<Sha256>()
                    .map_err(|why| self.nonsense(&self.base, why))?,
            ),
            None => None,
        };
        Ok(Entry {
            path,
            key: item.path,
            size: Some(item.size),
            sha256,
        })
    }

    fn url(
        &self,
        before: &[&str],
        after: &[&str],
        path: &str,
        query: &str,
    ) -> Result<Url, FetchError> {
        let mut text = self.base.as_str().trim_end_matches('/').to_owned();
        let parts = before
            .iter()
            .copied()
            .chain(self.place.repo.split('/'))
            .chain(after.iter().copied());
        for part in parts.chain(path.split('/').filter(|part| !part.is_empty())) {
            text.push('/');
            text.extend(utf8_percent_encode(part, PART));
        }
        if !query.is_empty() {
            text.push('?');
            text.push_str(query);
        }
        Url::parse(&text).map_err(|e| self.nonsense(&self.base, e.to_string()))
    }

    async fn json<T: DeserializeOwned>(&self, url: &Url) -> Result<(HeaderMap, T), FetchError> {
        let (headers, body) = self.web.read(url, PAGE).await?;
        let value = serde_json::from_slice(&body).map_err(|e| self.nonsense(url, e.to_string()))?;
        Ok((headers, value))
    }

    /// Returns the URL marked `rel="next"`; only on the same server, which alone may see the token.
    fn next_page(&self, url: &Url, headers: &HeaderMap) -> Result<Option<Url>, FetchError> {
        let links = headers
            .get(LINK)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let next = links.split(',').find(|link| link.contains("rel=\"next\""));
        let Some((_, rest)) = next.and_then(|link| link.split_once('<')) else {
            return Ok(None);
        };
        let target = rest.split_once('>').map_or(rest, |(target, _)| target);
        let next = url
            .join(target)
            .map_err(|e| self.nonsense(url, e.to_string()))?;
        if next.origin() != self.base.origin() || next == *url {
            return Err(self.nonsense(url, format!("its next page is `{next}`")));
        }
        Ok(Some(next))
    }

    fn nonsense(&self, url: &Url, why: String) -> FetchError {
        self.web.failed(
            url,
            Failure::Nonsense {
                host: host_of(&self.base),
                why,
            },
        )
    }
}
