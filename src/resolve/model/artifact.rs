//! The model's files.

use crate::source::Span;
use crate::units::{ArtifactUri, Bytes, DnsLabel, DnsSubdomain, HttpUrl, MountPath, Sha256};

use super::super::cluster::Access;
use super::super::origin::Traced;

/// Where the model's files come from and how they reach the server.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// The address.
    pub uri: Traced<ArtifactUri>,
    /// Digest of the content.
    pub sha256: Option<Traced<Sha256>>,
    /// Size of the content.
    pub size: Option<Traced<Bytes>>,
    /// Secret with credentials: the artifact's, else the store's.
    pub secret: Option<Traced<DnsSubdomain>>,
    /// Address of the S3 service: the artifact's, else the store's.
    pub endpoint: Option<Traced<HttpUrl>>,
    /// How the files reach the server.
    pub delivery: Traced<Delivery>,
    /// Folder the server finds them in; default `/models/<model>`.
    pub at: Traced<MountPath>,
    /// The node's name.
    pub span: Span,
}

/// How files reach the server.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// An init container fetches them into an emptyDir.
    Init,
    /// A volume is mounted read-only.
    Mount,
    /// They are in the image.
    Baked,
}

/// A claim to be made for a model.
#[derive(Clone, Debug)]
pub struct ModelClaim {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// Its size.
    pub size: Traced<Bytes>,
    /// Its access mode.
    pub access: Traced<Access>,
    /// Its StorageClass; `None` for the cluster's default.
    pub storage_class: Option<Traced<DnsSubdomain>>,
}
