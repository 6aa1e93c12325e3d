//! Files of a web server.

use std::ops::Range;

use futures_util::{StreamExt as _, TryStreamExt as _};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED, RANGE,
};
use reqwest::{Response, StatusCode};
use url::Url;

use super::super::error::FetchError;
use super::super::failure::Failure;
use super::super::http::{Http, broken, host_of, refusal};
use super::{Opened, Stat};

/// A web server, with one file of it where the URI names one.
pub(in super::super) struct Web {
    http: Http,
    url: Url,
    shown: String,
    token: Option<HeaderValue>,
}

impl Web {
    pub(super) fn new(http: Http, url: Url, shown: String) -> Self {
        Self {
            http,
            url,
            shown,
            token: None,
        }
    }

    /// Sends `token` with every request; it is left out where a redirect leads to another host.
    pub(super) fn with_token(self, token: Option<HeaderValue>) -> Self {
        Self { token, ..self }
    }

    pub(super) fn single(&self) -> String {
        self.shown.clone()
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) async fn stat(&self, url: &Url) -> Result<Stat, FetchError> {
        // A range of one byte, and no HEAD: a presigned URL is good for GET alone.
        let response = self.request(url, Some(0..1)).await?;
        let validator = validator(response.headers());
        match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                let total = content_range(response.headers()).and_then(|(_, total)| total);
                Ok(Stat {
                    size: total,
                    validator,
                    ranged: total.is_some(),
                })
            }
            StatusCode::RANGE_NOT_SATISFIABLE if is_empty(response.headers()) => Ok(Stat {
                size: Some(0),
                validator,
                ranged: false,
            }),
            status if status.is_success() => Ok(Stat {
                size: response.content_length(),
                validator,
                ranged: false,
            }),
            _ => Err(self.failed(url, refusal(response).await)),
        }
    }

    pub(super) async fn open(
        &self,
        url: &Url,
        range: Option<Range<u64>>,
    ) -> Result<Opened, FetchError> {
        let wanted = range.as_ref().map(|range| range.start);
        let response = self.request(url, range).await?;
        if !response.status().is_success() {
            return Err(self.failed(url, refusal(response).await));
        }
        let got = match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                content_range(response.headers()).map(|(start, _)| start)
            }
            _ => None,
        };
        let host = host_of(response.url());
        if wanted != got {
            let why = "it sent other bytes than those asked for".to_owned();
            return Err(self.failed(url, Failure::Nonsense { host, why }));
        }
        let validator = validator(response.headers());
        let what = self.shown_of(url);
        let bytes = response
            .bytes_stream()
            .map_err(move |e| FetchError::Server {
                what: what.clone(),
                failure: broken(e, &host),
            });
        Ok(Opened {
            validator,
            bytes: bytes.boxed(),
        })
    }

    /// Reads a whole answer of at most `limit` bytes.
    pub(super) async fn read(
        &self,
        url: &Url,
        limit: usize,
    ) -> Result<(HeaderMap, Vec<u8>), FetchError> {
        let mut response = self.request(url, None).await?;
        if !response.status().is_success() {
            return Err(self.failed(url, refusal(response).await));
        }
        let host = host_of(response.url());
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|e| self.failed(url, broken(e, &host)))?
        {
            if body.len() + chunk.len() > limit {
                let why = format!("it is longer than {limit} bytes");
                return Err(self.failed(url, Failure::Nonsense { host, why }));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((response.headers().clone(), body))
    }

    async fn request(&self, url: &Url, range: Option<Range<u64>>) -> Result<Response, FetchError> {
        // A compressed answer would make sizes, ranges and entity tags those of other bytes.
        let mut request = self
            .http
            .get(url.clone())
            .header(ACCEPT_ENCODING, "identity");
        if let Some(range) = range {
            request = request.header(
                RANGE,
                format!("bytes={}-{}", range.start, range.end.saturating_sub(1)),
            );
        }
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        self.http
            .send(request)
            .await
            .map_err(|failure| self.failed(url, failure))
    }

    pub(super) fn failed(&self, url: &Url, failure: Failure) -> FetchError {
        FetchError::Server {
            what: self.shown_of(url),
            failure,
        }
    }

    fn shown_of(&self, url: &Url) -> String {
        if *url == self.url {
            self.shown.clone()
        } else {
            without_query(url)
        }
    }
}

fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.into()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Returns what changes when the content does; a weak tag is good enough, since every part is also checked by the whole's hash.
fn validator(headers: &HeaderMap) -> Option<String> {
    let tag = text(headers, ETAG).map(|tag| tag.strip_prefix("W/").unwrap_or(tag));
    tag.or_else(|| text(headers, LAST_MODIFIED))
        .map(str::to_owned)
}

/// Reads `bytes START-END/TOTAL`; the total is `*` where the server does not know it.
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let (range, total) = text(headers, CONTENT_RANGE)?
        .trim()
        .strip_prefix("bytes ")?
        .split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.parse().ok()?, total.parse().ok()))
}

fn is_empty(headers: &HeaderMap) -> bool {
    text(headers, CONTENT_RANGE).is_some_and(|range| range.trim() == "bytes */0")
}
