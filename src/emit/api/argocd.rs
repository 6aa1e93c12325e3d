//! `argoproj.io/v1alpha1`. Source: Argo CD 3.5, ApplicationSet, checked 2026-11.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Custom, Spec};

/// An ApplicationSet.
pub type ApplicationSet = Custom<ApplicationSetSpec>;

impl Spec for ApplicationSetSpec {
    const API_VERSION: &'static str = "argoproj.io/v1alpha1";
    const KIND: &'static str = "ApplicationSet";
}

/// What an ApplicationSet wants.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetSpec {
    /// Where parameters come from.
    pub generators: Vec<Generator>,
    /// Whether templates are Go's.
    pub go_template: bool,
    /// Options of Go's templates.
    pub go_template_options: Vec<&'static str>,
    /// The Application made for each set of parameters.
    pub template: Template,
}

/// Where parameters come from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Generator {
    /// Folders of a repository.
    pub git: GitGenerator,
}

/// Folders of a repository.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GitGenerator {
    /// Patterns of folders.
    pub directories: Vec<Directory>,
    /// The repository.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// Its branch.
    pub revision: String,
}

/// A pattern of folders.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Directory {
    /// The pattern; `*` stands for one part of a path.
    pub path: String,
}

/// An Application with parameters in it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// Its metadata.
    pub metadata: TemplateMeta,
    /// What is wanted.
    pub spec: ApplicationSpec,
}

/// Metadata of an Application.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateMeta {
    /// Its annotations.
    pub annotations: BTreeMap<&'static str, &'static str>,
    /// Its name.
    pub name: String,
}

/// What an Application wants.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSpec {
    /// The cluster.
    pub destination: Destination,
    /// The Argo CD project.
    pub project: String,
    /// The folder.
    pub source: Source,
    /// How it is kept in sync.
    pub sync_policy: SyncPolicy,
}

/// A cluster.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// Its name in Argo CD.
    pub name: String,
}

/// A folder of a repository.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The folder.
    pub path: String,
    /// The repository.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// Its branch.
    pub target_revision: String,
}

/// How an Application is kept in sync.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncPolicy {
    /// Without a person.
    pub automated: Automated,
    /// What happens after a failure.
    pub retry: Retry,
    /// Options, `Name=value`.
    pub sync_options: Vec<&'static str>,
}

/// Sync without a person.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Automated {
    /// Whether what left Git is deleted.
    pub prune: bool,
    /// Whether changes by hand are undone.
    pub self_heal: bool,
}

/// What happens after a failed sync.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// Time between tries.
    pub backoff: Backoff,
    /// How many tries.
    pub limit: i32,
}

/// Time between tries.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Backoff {
    /// Before the first.
    pub duration: &'static str,
    /// Growth from one to the next.
    pub factor: i32,
    /// At most.
    pub max_duration: &'static str,
}
