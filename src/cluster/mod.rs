//! What only a running cluster can say: [`ask`] has every object dry-run by its API server.
//! [`contexts`] says which server that is. Needs the cargo feature `cluster`.

#[cfg(feature = "cluster")]
mod connect;
pub mod contexts;
#[cfg(feature = "cluster")]
mod dry_run;
#[cfg(feature = "cluster")]
mod status;
#[cfg(not(feature = "cluster"))]
mod without;

#[cfg(feature = "cluster")]
pub use dry_run::ask;
#[cfg(not(feature = "cluster"))]
pub use without::ask;

use crate::diag::Diagnostic;
use crate::emit::Object;

/// The objects of one environment on one cluster, and whom to ask.
#[derive(Debug)]
pub struct Question<'o> {
    /// The environment.
    pub env: String,
    /// The cluster's name in the spec.
    pub cluster: String,
    /// The context of the kubeconfig.
    pub context: String,
    /// The objects, emitted in recording mode, in the order in which they are applied.
    pub objects: Vec<&'o Object>,
}

/// What the servers say.
#[derive(Debug, Default)]
pub struct Answer {
    /// Objects that would be accepted.
    pub accepted: usize,
    /// Why others would not, each at its line of the spec.
    pub diagnostics: Vec<Diagnostic>,
    /// Why some could not be asked about.
    pub failures: Vec<Failure>,
}

/// Something between mlspec and a server's verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// One line.
    pub message: String,
    /// The cause, where there is more to say.
    pub note: Option<String>,
    /// What to do.
    pub help: String,
}
