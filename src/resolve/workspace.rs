//! The whole workspace, resolved.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::source::Span;
use crate::units::{DnsLabel, DnsSubdomain, GitUrl, ImageRef};

use super::cluster::Cluster;
use super::origin::Traced;

/// A workspace without its models: those are many, and made one at a time by
/// [`Models`](super::Models).
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// The output folder; default `deploy`.
    pub output: Traced<SmolStr>,
    /// The image of the server of this project.
    pub mlserve: Option<Traced<ImageRef>>,
    /// Credentials.
    pub auths: Vec<Arc<Auth>>,
    /// The tool that syncs the output.
    pub gitops: Option<Gitops>,
    /// Clusters, sorted by name.
    pub clusters: Vec<Arc<Cluster>>,
    /// Environments on clusters, sorted by environment and cluster.
    pub targets: Vec<Target>,
}

/// An environment on a cluster.
#[derive(Clone, Debug)]
pub struct Target {
    /// The environment.
    pub env: Arc<Env>,
    /// The cluster.
    pub cluster: Arc<Cluster>,
    /// Whether what the target rests on has errors, so that no model can be made for it.
    pub faulty: bool,
}

/// An environment.
#[derive(Clone, Debug)]
pub struct Env {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// Its namespace.
    pub namespace: Traced<DnsLabel>,
    /// Whether checks marked P are errors.
    pub production: Traced<bool>,
    /// Whether the Namespace is emitted.
    pub create_namespace: Traced<bool>,
    /// The node's name.
    pub span: Span,
}

/// Credentials of triggers, in a Secret.
#[derive(Clone, Debug)]
pub struct Auth {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// The Secret.
    pub secret: Traced<DnsSubdomain>,
    /// KEDA's parameter names and the Secret's keys.
    pub keys: Vec<(&'static str, Traced<SmolStr>)>,
    /// The node's name.
    pub span: Span,
}

/// The tool that syncs the output.
#[derive(Clone, Debug)]
pub struct Gitops {
    /// Flux, else Argo CD.
    pub flux: bool,
    /// The repository.
    pub repo: Traced<GitUrl>,
    /// The branch.
    pub branch: Traced<SmolStr>,
    /// The tool's namespace.
    pub namespace: Traced<SmolStr>,
    /// The Argo CD project.
    pub project: Traced<SmolStr>,
    /// The node's name.
    pub span: Span,
}
