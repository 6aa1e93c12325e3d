//! `workspace` without its environments' models.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::resolve::merge::{Merged, require};
use crate::resolve::origin::Traced;
use crate::resolve::workspace::{Auth, Env, Gitops};
use crate::spec::Written;
use crate::units::{DnsLabel, ImageRef};

/// What the `workspace` node says by itself.
pub(crate) struct Root<'a> {
    pub(crate) name: Traced<DnsLabel>,
    pub(crate) output: Traced<SmolStr>,
    pub(crate) mlserve: Option<Traced<ImageRef>>,
    pub(crate) auths: Vec<Arc<Auth>>,
    pub(crate) gitops: Option<Gitops>,
    /// Environments and the clusters they name.
    pub(crate) envs: Vec<(Arc<Env>, Vec<Traced<DnsLabel>>)>,
    /// Whether something in the workspace node itself is wrong.
    pub(crate) faulty: bool,
    /// The `defaults` node.
    pub(crate) defaults: Option<&'a Written>,
}

/// Decodes the `workspace` node.
pub(crate) fn workspace<'a>(
    written: &'a Written,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Root<'a>> {
    // `defaults` is a layer of models: what it removes or unsets is judged there.
    let mut bare = written.clone();
    bare.children.retain(|c| c.kind.name != "defaults");
    let node = Merged::alone(&bare, diagnostics);
    require(&node, diagnostics);
    Some(Root {
        name: node.arg(0)?,
        output: output(&node, diagnostics),
        mlserve: node
            .all("image")
            .find(|i| i.arg::<SmolStr>(0).is_some_and(|n| n.value == "mlserve"))
            .and_then(|i| i.arg(1)),
        auths: node
            .all("auth")
            .filter_map(|a| auth(a, diagnostics))
            .map(Arc::new)
            .collect(),
        gitops: node.child("gitops").and_then(|g| gitops(g, diagnostics)),
        envs: node
            .all("env")
            .filter_map(|e| env(e, diagnostics))
            .collect(),
        faulty: written.faulty,
        defaults: written.child("defaults"),
    })
}

fn output(node: &Merged<'_>, diagnostics: &mut Vec<Diagnostic>) -> Traced<SmolStr> {
    let Some(output) = node.child("output").and_then(|o| o.arg::<SmolStr>(0)) else {
        return Traced::default("deploy".into(), "output");
    };
    let inside = !output.is_empty()
        && output
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..");
    if !inside && let Some(span) = output.span() {
        diagnostics.push(
            Diagnostic::error(
                "LNG-07",
                span,
                format!(
                    "the output folder \"{}\" is not below the workspace",
                    output.value
                ),
            )
            .help(
                "name a folder such as \"deploy\", without `..` and without a leading or final `/`",
            ),
        );
        return Traced::default("deploy".into(), "output");
    }
    output
}

/// KEDA's parameter for each child of `auth`. Source: KEDA 2.20 scalers' metadata, August 2026.
const PARAMETERS: [(&str, &str); 7] = [
    ("username", "username"),
    ("password", "password"),
    ("ca", "ca"),
    ("cert", "cert"),
    ("key", "key"),
    ("host", "host"),
    ("bearer-token", "bearerToken"),
];

/// The child of `auth` that gives a parameter of KEDA.
pub(super) fn credential(parameter: &str) -> &str {
    PARAMETERS
        .iter()
        .find(|(_, p)| *p == parameter)
        .map_or(parameter, |(child, _)| *child)
}

fn auth(node: &Merged<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Auth> {
    let keys: Vec<_> = PARAMETERS
        .into_iter()
        .filter_map(|(child, parameter)| {
            Some((parameter, node.child(child)?.get::<SmolStr>("key")?))
        })
        .collect();
    if keys.is_empty() && !node.faulty() {
        diagnostics.push(
            Diagnostic::error(
                "LNG-05",
                node.name,
                format!("{} takes nothing from its Secret", node.title()),
            )
            .help("add for example `username key=\"user\"; password key=\"pass\"`"),
        );
    }
    Some(Auth {
        name: node.arg(0)?,
        secret: node.get("secret")?,
        keys,
        span: node.name,
    })
}

fn gitops(node: &Merged<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Gitops> {
    let tool: Traced<SmolStr> = node.arg(0)?;
    let flux = tool.value == "flux";
    let project = node.get::<DnsLabel>("project");
    if let Some(span) = project.and_then(|p| p.span()).filter(|_| flux) {
        let message = "`project` has no effect with Flux: projects are Argo CD's";
        diagnostics.push(Diagnostic::error("LNG-16", span, message).help("drop it"));
    }
    let text = |name: &str| {
        node.get::<DnsLabel>(name)
            .map(|n| n.map(|n| n.as_str().into()))
    };
    Some(Gitops {
        flux,
        repo: node.get("repo")?,
        branch: node.get("branch")?,
        namespace: text("namespace").unwrap_or_else(|| {
            Traced::default(
                if flux { "flux-system" } else { "argocd" }.into(),
                "gitops namespace",
            )
        }),
        project: text("project")
            .unwrap_or_else(|| Traced::default("default".into(), "gitops project")),
        span: node.name,
    })
}

fn env(
    node: &Merged<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Arc<Env>, Vec<Traced<DnsLabel>>)> {
    let clusters = node
        .child("cluster")
        .map(|c| c.args_from(0))
        .unwrap_or_default();
    if clusters.is_empty() && !node.faulty() {
        diagnostics.push(
            Diagnostic::error(
                "LNG-05",
                node.name,
                format!("{} runs on no cluster", node.title()),
            )
            .help("add `{ cluster \"…\" }` with the name of a `cluster` node"),
        );
    }
    let off = |name, key| {
        node.get(name)
            .unwrap_or_else(|| Traced::default(false, key))
    };
    let env = Env {
        name: node.arg(0)?,
        namespace: node.get("namespace")?,
        production: off("production", "env production"),
        create_namespace: off("create-namespace", "env create-namespace"),
        span: node.name,
    };
    Some((Arc::new(env), clusters))
}
