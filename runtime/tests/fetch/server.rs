//! A web server on loopback that serves ranges, and fails in every way a real one can.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, RANGE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

type Body = UnsyncBoxBody<Bytes, io::Error>;
/// Answers a request that no file answers.
type Dynamic = Box<dyn Fn(&Seen) -> Option<Response<Bytes>> + Send>;

/// What goes wrong with one answer.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// This status, headers and body instead of the file.
    Answer(u16, Vec<(&'static str, String)>, &'static str),
    /// The connection ends after so many bytes of the body.
    Cut(usize),
    /// Nothing comes after so many bytes of the body.
    Stall(usize),
    /// A complete answer that has so many bytes less than asked for.
    Short(usize),
    /// Other bytes than those asked for.
    Shifted,
    /// None.
    Fine,
}

/// A file of the server.
#[derive(Clone)]
pub(super) struct File {
    pub(super) body: Bytes,
    pub(super) etag: Option<String>,
    /// Whether ranges are served; all else is the whole file.
    pub(super) ranges: bool,
    /// Whether the size is told.
    pub(super) length: bool,
    /// One for each answer to come, but those to a probe of one byte.
    pub(super) faults: VecDeque<Fault>,
    /// For every answer without a fault of its own, probes too.
    pub(super) always: Fault,
}

impl File {
    pub(super) fn new(body: Vec<u8>) -> Self {
        Self {
            etag: Some(format!("\"{}\"", &super::sha256(&body)[..16])),
            body: body.into(),
            ranges: true,
            length: true,
            faults: VecDeque::new(),
            always: Fault::Fine,
        }
    }

    pub(super) fn failing(fault: Fault) -> Self {
        Self {
            always: fault,
            ..Self::new(b"model".to_vec())
        }
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: BTreeMap<String, String>,
}

impl Seen {
    fn of(request: &Request<Incoming>) -> Self {
        let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        };
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            headers: request.headers().iter().map(header).collect(),
        }
    }

    /// Returns the bytes asked for.
    pub(super) fn range(&self) -> Option<(u64, u64)> {
        let (start, last) = self
            .headers
            .get(RANGE.as_str())?
            .strip_prefix("bytes=")?
            .split_once('-')?;
        Some((start.parse().unwrap(), last.parse::<u64>().unwrap() + 1))
    }

    fn is_probe(&self) -> bool {
        self.method == "HEAD" || self.range() == Some((0, 1))
    }
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, File>,
    seen: Vec<Seen>,
    dynamic: Option<Dynamic>,
}

/// The server; it stops when dropped.
pub(super) struct Server {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<Mutex<State>>,
    runtime: Option<Runtime>,
    authority: TempDir,
}

impl Server {
    /// Starts one with TLS and a certificate authority of its own.
    pub(super) fn https() -> Self {
        let authority = tempfile::tempdir().unwrap();
        let acceptor = acceptor(&authority.path().join("ca.pem"));
        Self::start("https", Some(acceptor), authority)
    }

    /// Starts one without TLS.
    pub(super) fn http() -> Self {
        Self::start("http", None, tempfile::tempdir().unwrap())
    }

    fn start(scheme: &'static str, tls: Option<TlsAcceptor>, authority: TempDir) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        runtime.spawn(accept(listener, tls, Arc::clone(&state)));
        Self {
            address,
            scheme,
            state,
            runtime: Some(runtime),
            authority,
        }
    }

    pub(super) fn ca(&self) -> PathBuf {
        self.authority.path().join("ca.pem")
    }

    pub(super) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Returns the URL of `path` on `127.0.0.1`.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// Returns the URL of `path` by the server's other name, another host to a client.
    pub(super) fn other_url(&self, path: &str) -> String {
        format!("{}://localhost:{}{path}", self.scheme, self.address.port())
    }

    pub(super) fn put(&self, path: &str, file: File) {
        self.lock().files.insert(path.to_owned(), file);
    }

    pub(super) fn answer(
        &self,
        dynamic: impl Fn(&Seen) -> Option<Response<Bytes>> + Send + 'static,
    ) {
        self.lock().dynamic = Some(Box::new(dynamic));
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// Returns the ranges that were asked for, but probes, since the last [`Self::forget`], sorted.
    pub(super) fn ranges(&self) -> Vec<(u64, u64)> {
        let seen = self.seen();
        let mut ranges: Vec<_> = seen
            .iter()
            .filter(|seen| !seen.is_probe())
            .filter_map(Seen::range)
            .collect();
        ranges.sort_unstable();
        ranges
    }

    pub(super) fn forget(&self) {
        self.lock().seen.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn acceptor(ca_file: &Path) -> TlsAcceptor {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    std::fs::write(ca_file, ca.pem()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let certificate = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &ca)
        .unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(
        tokio_rustls::rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(
        vec![certificate.der().clone()],
        PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
    )
    .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, state) = (tls.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let answer = answer(&mut state.lock().unwrap(), &request);
                async move { Ok::<_, Infallible>(answer) }
            });
            let http = hyper::server::conn::http1::Builder::new();
            match tls {
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        let _ = http.serve_connection(TokioIo::new(stream), service).await;
                    }
                }
                None => {
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                }
            }
        });
    }
}

fn answer(state: &mut State, request: &Request<Incoming>) -> Response<Body> {
    let seen = Seen::of(request);
    state.seen.push(seen.clone());
    // Google's clients escape the `/` in object names.
    let decoded = percent_decode_str(&seen.path).decode_utf8_lossy();
    let path = if state.files.contains_key(&seen.path) {
        &seen.path
    } else {
        &*decoded
    };
    if let Some(file) = state.files.get_mut(path) {
        return serve(file, &seen);
    }
    match state.dynamic.as_ref().and_then(|dynamic| dynamic(&seen)) {
        Some(answer) => answer.map(whole),
        None => Response::builder()
            .status(404)
            .body(whole(Bytes::new()))
            .unwrap(),
    }
}

fn serve(file: &mut File, seen: &Seen) -> Response<Body> {
    let own = if seen.is_probe() {
        None
    } else {
        file.faults.pop_front()
    };
    let fault = own.unwrap_or_else(|| file.always.clone());
    let total = file.body.len();
    let mut response =
        Response::builder().header(ACCEPT_RANGES, if file.ranges { "bytes" } else { "none" });
    if let Fault::Answer(status, headers, text) = fault {
        for (name, value) in headers {
            response = response.header(name, value);
        }
        return response
            .status(status)
            .body(whole(Bytes::from_static(text.as_bytes())))
            .unwrap();
    }
    if let Some(etag) = &file.etag {
        response = response.header(ETAG, etag);
    }
    if seen.method == "HEAD" {
        // As object stores answer; their clients ask for both.
        response = response.header("last-modified", "Mon, 02 Nov 2026 10:00:00 GMT");
        return response
            .header(CONTENT_LENGTH, total)
            .body(whole(Bytes::new()))
            .unwrap();
    }
    response = response.header("last-modified", "Mon, 02 Nov 2026 10:00:00 GMT");
    let mut body = file.body.clone();
    if let Some((start, end)) = seen.range().filter(|_| file.ranges) {
        let (start, end) = (start as usize, (end as usize).min(total));
        if start >= total {
            let response = response.status(StatusCode::RANGE_NOT_SATISFIABLE);
            return response
                .header(CONTENT_RANGE, format!("bytes */{total}"))
                .body(whole(Bytes::new()))
                .unwrap();
        }
        response = response.status(StatusCode::PARTIAL_CONTENT);
        let start = start + usize::from(matches!(fault, Fault::Shifted));
        response = response.header(CONTENT_RANGE, format!("bytes {start}-{}/{total}", end - 1));
        body = body.slice(start..end);
    }
    if let Fault::Short(less) = fault {
        return response
            .body(whole(body.slice(..body.len() - less)))
            .unwrap();
    }
    if file.length {
        response = response.header(CONTENT_LENGTH, body.len());
    }
    response.body(streamed(body, &fault)).unwrap()
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes)
        .map_err(|never| match never {})
        .boxed_unsync()
}

fn streamed(body: Bytes, fault: &Fault) -> Body {
    let end = match fault {
        Fault::Cut(after) | Fault::Stall(after) => body.len().min(*after),
        _ => body.len(),
    };
    let stalls = matches!(fault, Fault::Stall(_));
    let cuts = matches!(fault, Fault::Cut(_));
    let body = body.slice(..end);
    let blocks: Vec<_> = (0..end)
        .step_by(64 << 10)
        .map(|at| body.slice(at..end.min(at + (64 << 10))))
        .collect();
    let blocks = stream::iter(blocks.into_iter().map(|block| Ok(Frame::data(block))));
    let tail = stream::once(async move {
        if stalls {
            std::future::pending::<()>().await;
        }
        // Time for what was sent to arrive before the connection breaks.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        Err(io::Error::other("cut on purpose"))
    });
    let tail = tail.take(usize::from(cuts || stalls));
    StreamBody::new(blocks.chain(tail)).boxed_unsync()
}
