//! The one HTTP client of all sources: same TLS, proxies, timeouts and errors everywhere.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt as _;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use url::{Host, Url};

use super::error::FetchError;
use super::failure::Failure;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest wait for a cloud's metadata service, which is either on the same machine or absent.
const METADATA: Duration = Duration::from_secs(2);
/// Longest part of an error's body that is read for its code.
const ERROR_BODY: usize = 8 * 1024;
/// Longest pause that a server may ask for.
const LONGEST_PAUSE: u64 = 60;

/// An HTTP client that can also serve an object store.
#[derive(Clone, Debug)]
pub(super) struct Http(reqwest::Client);

impl Http {
    /// Makes a client that trusts the system's certificate authorities and those of `ca_file`, and waits `timeout` for each read.
    ///
    /// # Errors
    /// `FetchError::Setting` where the file cannot be read or no certificate authority is known.
    pub(super) fn new(ca_file: Option<&Path>, timeout: Duration) -> Result<Self, FetchError> {
        // Fails only where a provider has been chosen already, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let authorities = ca_file.map(authorities).transpose()?.unwrap_or_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("mlserve/", env!("CARGO_PKG_VERSION")))
            .tls_certs_merge(authorities)
            .connect_timeout(CONNECT.min(timeout))
            .read_timeout(timeout)
            .redirect(Policy::custom(|attempt| {
                let was_secure = attempt
                    .previous()
                    .last()
                    .is_some_and(|url| url.scheme() == "https");
                if was_secure && attempt.url().scheme() != "https" {
                    attempt.error("it redirects from `https://` to `http://`")
                } else if attempt.previous().len() > 10 {
                    attempt.error("it redirects more than 10 times")
                } else {
                    attempt.follow()
                }
            }))
            // One connection for each range: on HTTP/2 all ranges would share one.
            .http1_only()
            .build()
            .map_err(|e| {
                FetchError::Setting(format!("the HTTP client cannot be set up: {}", cause(&e)))
            })?;
        Ok(Self(client))
    }

    pub(super) fn get(&self, url: Url) -> reqwest::RequestBuilder {
        self.0.get(url)
    }

    /// Sends a request and returns the answer, whatever its status.
    pub(super) async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, Failure> {
        let (client, request) = request.build_split();
        let request = request.map_err(|e| broken(e, ""))?;
        let host = host_of(request.url());
        client.execute(request).await.map_err(|e| broken(e, &host))
    }
}

/// Returns what an error of the client means, without the URL, whose query may be secret.
pub(super) fn broken(error: reqwest::Error, host: &str) -> Failure {
    Failure::from_client(&error.without_url(), host)
}

/// Reads why `response`, which is no success, was given.
pub(super) async fn refusal(response: reqwest::Response) -> Failure {
    let host = host_of(response.url());
    let response: http::Response<reqwest::Body> = response.into();
    let (parts, body) = response.into_parts();
    let text = first_bytes(body).await;
    refused(host, parts.status.as_u16(), &parts.headers, &text)
}

/// Returns host and, where it is not the scheme's own, port.
pub(super) fn host_of(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

/// Says whether `host` is where clouds hand out credentials to machines and pods.
pub(super) fn is_metadata_host(host: &str) -> bool {
    host.starts_with("169.254.")
        || host.starts_with("[fd00:ec2:")
        || host.starts_with("metadata.google.internal")
}

#[async_trait]
impl HttpService for Http {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let host = request
            .uri()
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default();
        if is_metadata_host(&host) {
            // Its refusals steer the store's own search for credentials, and pass as they are.
            return match tokio::time::timeout(METADATA, self.0.call(request)).await {
                Ok(Ok(response)) => Ok(response),
                Ok(Err(e)) => Err(HttpError::new(e.kind(), Failure::from_client(&e, &host))),
                Err(_) => Err(HttpError::new(
                    HttpErrorKind::Timeout,
                    Failure::Silent { host },
                )),
            };
        }
        let response = self
            .0
            .call(request)
            .await
            .map_err(|e| HttpError::new(e.kind(), Failure::from_client(&e, &host)))?;
        let (parts, body) = response.into_parts();
        if !parts.status.is_success() {
            let text = first_bytes(body).await;
            let failure = refused(host, parts.status.as_u16(), &parts.headers, &text);
            return Err(HttpError::new(HttpErrorKind::Unknown, failure));
        }
        let body = body.map_err(move |e| HttpError::new(e.kind(), Failure::from_client(&e, &host)));
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(body)))
    }
}

impl HttpConnector for Http {
    /// Returns this client: its settings, not `options`, hold for every store.
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

fn refused(host: String, status: u16, headers: &HeaderMap, body: &str) -> Failure {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let of_region = matches!(status, 301 | 307 | 308 | 400);
    let wait = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    Failure::Refused {
        host,
        status,
        code: header("x-error-code").or_else(|| xml_code(body)),
        region: header("x-amz-bucket-region").filter(|_| of_region),
        retry_after: wait.map(|seconds| Duration::from_secs(seconds.min(LONGEST_PAUSE))),
    }
}

fn xml_code(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    (code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| code.to_owned())
}

async fn first_bytes<B>(body: B) -> String
where
    B: http_body::Body<Data = bytes::Bytes> + Unpin,
{
    let mut body = body;
    let mut text = Vec::new();
    // What cannot be read of an error's body costs only its code.
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(data) = frame.into_data() {
            text.extend_from_slice(&data[..data.len().min(ERROR_BODY - text.len())]);
        }
        if text.len() == ERROR_BODY {
            break;
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn authorities(file: &Path) -> Result<Vec<reqwest::Certificate>, FetchError> {
    let wrong = |why: String| {
        FetchError::Setting(format!(
            "certificate authorities in `{}`: {why}",
            file.display()
        ))
    };
    let pem = std::fs::read(file).map_err(|e| wrong(e.to_string()))?;
    let found = reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| wrong(cause(&e)))?;
    if found.is_empty() {
        return Err(wrong("no certificate in it".to_owned()));
    }
    Ok(found)
}

fn cause(error: &reqwest::Error) -> String {
    super::failure::chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// Reads the base URL of a service.
///
/// # Errors
/// `FetchError::Setting` where it is no `http://` or `https://` URL.
pub(super) fn endpoint(text: &str) -> Result<Url, FetchError> {
    let wrong = |why: &str| FetchError::Setting(format!("endpoint `{text}` is no base URL: {why}"));
    let url = Url::parse(text).map_err(|e| wrong(&e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("it starts with neither `https://` nor `http://`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it must not hold credentials"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it has a query or fragment"));
    }
    match url.host() {
        Some(Host::Domain("") | Host::Domain(".")) | None => Err(wrong("the host is missing")),
        Some(_) => Ok(url),
    }
}

#[cfg(test)]
mod tests {
    use super::{endpoint, xml_code};

    #[test]
    fn the_code_of_an_s3_error_is_found() {
        let body = "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Key>x</Key></Error>";
        assert_eq!(xml_code(body).as_deref(), Some("NoSuchKey"));
        assert_eq!(xml_code("<Code>a\nb</Code>"), None);
        assert_eq!(xml_code("not found"), None);
    }

    #[test]
    fn endpoints_are_base_urls() {
        for good in ["http://127.0.0.1:8333", "https://minio.acme.io/"] {
            assert!(endpoint(good).is_ok(), "{good}");
        }
        for bad in [
            "minio.acme.io",
            "ftp://x",
            "https://u:p@x",
            "https://x/?a",
            "minio:9000",
        ] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }
}
