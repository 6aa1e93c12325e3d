//! The server that runs a model.

use smol_str::SmolStr;

use crate::source::Span;
use crate::units::{Bytes, DnsSubdomain, Duration, HttpPath, ImageRef, MountPath, Port};

use super::super::origin::Traced;

/// Which server.
#[derive(Clone, Debug)]
pub enum Runtime {
    /// The server of this project.
    Mlserve(Box<Mlserve>),
    /// Any image.
    Container(Box<Container>),
}

/// The server of this project.
#[derive(Clone, Debug)]
pub struct Mlserve {
    /// Its image.
    pub image: Traced<ImageRef>,
    /// `auto`, `ort` or `tract`.
    pub engine: Traced<SmolStr>,
    /// Rows of one batch at most; default 32.
    pub max_batch: Traced<u64>,
    /// The longest a request waits for company; default 5 ms.
    pub max_delay: Traced<Duration>,
}

/// Any image.
#[derive(Clone, Debug)]
pub struct Container {
    /// The image.
    pub image: Traced<ImageRef>,
    /// The port it serves HTTP on.
    pub port: Traced<Port>,
    /// Entry point.
    pub command: Vec<Traced<SmolStr>>,
    /// Its arguments.
    pub args: Vec<Traced<SmolStr>>,
    /// The user it runs as; `None` where the image must say it.
    pub user: Option<Traced<i64>>,
    /// Folders it writes to.
    pub writable: Vec<(Traced<MountPath>, Traced<Bytes>)>,
    /// Secrets mounted as files.
    pub files: Vec<(Traced<MountPath>, Traced<DnsSubdomain>)>,
    /// Port it serves gRPC on.
    pub grpc: Option<Traced<Port>>,
    /// The liveness probe.
    pub liveness: Option<Probe>,
    /// The readiness probe.
    pub readiness: Option<Probe>,
    /// Its metrics.
    pub metrics: Option<Metrics>,
    /// The node's name.
    pub span: Span,
}

/// A probe over HTTP.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Path that answers 200.
    pub path: Traced<HttpPath>,
    /// Time between two; default 10 s.
    pub every: Traced<Duration>,
    /// How long an answer may take; default 5 s.
    pub timeout: Traced<Duration>,
    /// Failures in a row that count; default 3.
    pub failures: Traced<u64>,
}

/// Metrics of a container.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Their path.
    pub path: Traced<HttpPath>,
    /// Their port.
    pub port: Traced<Port>,
    /// A histogram of request seconds.
    pub latency: Option<Traced<SmolStr>>,
    /// A counter of requests.
    pub requests: Option<Traced<SmolStr>>,
    /// The matcher of failed ones.
    pub errors: Option<Traced<SmolStr>>,
}

impl Runtime {
    /// The image.
    #[must_use]
    pub fn image(&self) -> &Traced<ImageRef> {
        match self {
            Self::Mlserve(m) => &m.image,
            Self::Container(c) => &c.image,
        }
    }

    /// The server of this project, if it is that.
    #[must_use]
    pub fn mlserve(&self) -> Option<&Mlserve> {
        match self {
            Self::Mlserve(m) => Some(m),
            Self::Container(_) => None,
        }
    }

    /// The container, if it is another image.
    #[must_use]
    pub fn container(&self) -> Option<&Container> {
        match self {
            Self::Mlserve(_) => None,
            Self::Container(c) => Some(c),
        }
    }
}
