//! The only function that chains all stages.

use std::collections::BTreeMap;

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::diag::{Diagnostic, Severity};
use crate::emit::Object;
use crate::source::{FileId, Source, Sources};
use crate::spec::Written;
use crate::system::System;
use crate::{check, emit, plan, render, resolve, spec, syntax};

/// The file that makes a folder a workspace.
pub const ROOT_FILE: &str = "mlspec.kdl";

/// What is asked of a compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Keep what `mlspec why` needs: objects with the origins of their fields.
    pub recording: bool,
}

/// What a compile gives; the parts that could be made, whatever else is wrong.
#[derive(Debug, Default)]
pub struct Compilation {
    /// Every file that was read.
    pub sources: Sources,
    /// Findings of all stages, unsorted; the same cause may be reported once for each place
    /// where it matters.
    pub diagnostics: Vec<Diagnostic>,
    /// The output folder, below the workspace.
    pub output: SmolStr,
    /// Environments of the workspace, sorted.
    pub environments: Vec<SmolStr>,
    /// Files by path below the output folder; `None` where an error forbids to write any.
    pub files: Option<BTreeMap<SmolStr, Vec<u8>>>,
    /// With [`Options::recording`]: objects by path.
    pub objects: BTreeMap<SmolStr, Object>,
}

impl Compilation {
    /// Whether anything is wrong.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }
}

/// Compiles the workspace that `system` shows.
#[must_use]
pub fn compile(system: &dyn System, options: &Options) -> Compilation {
    let mut compilation = Compilation::default();
    let Some(written) = load(system, &mut compilation) else {
        return compilation;
    };
    let nodes: Vec<&Written> = written.iter().flatten().collect();
    let (workspace, found) = resolve::resolve(&nodes);
    compilation.diagnostics.extend(found);
    let Some(workspace) = workspace else {
        let message = format!("`{ROOT_FILE}` has no `workspace` node");
        compilation.diagnostics.push(
            Diagnostic::new("LNG-05", Severity::Error, message)
                .help("begin it with: workspace \"acme-ml\" edition=1 { … }"),
        );
        return compilation;
    };
    compilation.output = workspace.output.value.clone();
    compilation.environments = environments(&workspace);
    let (plan, found) = plan::plan(&workspace);
    compilation.diagnostics.extend(found);
    let mut report = check::check(&plan, system.today());
    if compilation.failed() || report.has_errors() {
        compilation.diagnostics.extend(report.finish(&plan));
        return compilation;
    }
    let objects = emit::emit(&plan, options.recording);
    let previous = |object: &Object| {
        system
            .read(&format!(
                "{}/{}",
                workspace.output.value,
                render::layout::path(object)
            ))
            .ok()
    };
    check::check_objects(&plan, &objects, &previous, &mut report);
    compilation.diagnostics.extend(report.finish(&plan));
    refused(&plan, &objects, options, &mut compilation.diagnostics);
    if compilation.failed() {
        return compilation;
    }
    let flux = workspace.gitops.as_ref().is_some_and(|g| g.flux);
    let tree = render::render(&objects, flux);
    compilation.diagnostics.extend(tree.diagnostics);
    if compilation.failed() {
        return compilation;
    }
    compilation.files = Some(tree.files);
    if options.recording {
        compilation.objects = tree.paths.into_iter().zip(objects).collect();
    }
    compilation
}

/// Reports what API servers would refuse. The places in the spec are looked up by emitting once
/// more with origins, which only a refusal costs.
fn refused(
    plan: &plan::Plan<'_>,
    objects: &[Object],
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let violations = check::schemas::violations(plan, objects);
    if violations.is_empty() {
        return;
    }
    let recorded;
    let objects = if options.recording {
        objects
    } else {
        recorded = emit::emit(plan, true);
        &recorded
    };
    diagnostics.extend(
        violations
            .iter()
            .map(|(i, v)| check::schemas::diagnostic(&objects[*i], v)),
    );
}

fn environments(workspace: &resolve::workspace::Workspace) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = workspace
        .targets
        .iter()
        .map(|t| t.env.name.as_str().into())
        .collect();
    names.dedup();
    names
}

/// Paths of every file of a workspace, the root first.
///
/// # Errors
/// In words, where the root cannot be read.
pub fn files(system: &dyn System) -> Result<Vec<String>, String> {
    let text = system
        .read(ROOT_FILE)
        .map_err(|e| format!("cannot read `{ROOT_FILE}`: {e}"))?;
    let source = Source::new(ROOT_FILE, text);
    let (nodes, _) = parse(FileId(0), &source);
    let mut files = vec![ROOT_FILE.to_owned()];
    if let Some(workspace) = nodes.iter().find(|n| n.kind.name == "workspace") {
        files.extend(resolve::includes::includes(workspace, system).0);
    }
    Ok(files)
}

/// Reads and parses every file of the workspace. `None` where even the root cannot be read.
fn load(system: &dyn System, compilation: &mut Compilation) -> Option<Vec<Vec<Written>>> {
    let root = match system.read(ROOT_FILE) {
        Ok(text) => text,
        Err(error) => {
            compilation.diagnostics.push(
                Diagnostic::new(
                    "LNG-23",
                    Severity::Error,
                    format!("cannot read `{ROOT_FILE}`: {error}"),
                )
                .help("run it in a workspace, name its folder, or make one with `mlspec init`"),
            );
            return None;
        }
    };
    let root = compilation.sources.add(Source::new(ROOT_FILE, root));
    let (nodes, found) = parse(root, compilation.sources.get(root));
    compilation.diagnostics.extend(found);
    let mut written = vec![nodes];
    let Some(workspace) = written[0].iter().find(|n| n.kind.name == "workspace") else {
        return Some(written);
    };
    let (paths, found) = resolve::includes::includes(workspace, system);
    compilation.diagnostics.extend(found);
    let texts: Vec<_> = paths.par_iter().map(|path| system.read(path)).collect();
    let mut files = Vec::new();
    for (path, text) in paths.into_iter().zip(texts) {
        match text {
            Ok(text) => files.push(compilation.sources.add(Source::new(path, text))),
            Err(error) => compilation.diagnostics.push(Diagnostic::new(
                "LNG-23",
                Severity::Error,
                format!("cannot read `{path}`: {error}"),
            )),
        }
    }
    let sources = &compilation.sources;
    let parsed: Vec<_> = files
        .par_iter()
        .map(|file| parse(*file, sources.get(*file)))
        .collect();
    for (nodes, found) in parsed {
        written.push(nodes);
        compilation.diagnostics.extend(found);
    }
    misplaced(&mut written, &mut compilation.diagnostics);
    Some(written)
}

/// A `workspace` node outside of the root file is refused.
fn misplaced(written: &mut [Vec<Written>], diagnostics: &mut Vec<Diagnostic>) {
    for nodes in &mut written[1..] {
        nodes.retain(|node| {
            let wrong = node.kind.name == "workspace";
            if wrong {
                diagnostics.push(
                    Diagnostic::error(
                        "LNG-01",
                        node.name,
                        format!("`workspace` belongs into `{ROOT_FILE}`"),
                    )
                    .help("move it there, or delete it"),
                );
            }
            !wrong
        });
    }
}

fn parse(file: FileId, source: &Source) -> (Vec<Written>, Vec<Diagnostic>) {
    let parsed = syntax::parse(file, &source.text);
    let mut diagnostics = parsed.diagnostics;
    let (mut nodes, found) = spec::read(&parsed.document, source);
    for node in &mut nodes {
        node.faulty |= diagnostics.iter().any(|d| {
            d.severity == Severity::Error
                && d.span
                    .is_some_and(|s| s.start < node.span.end && node.span.start <= s.end)
        });
    }
    diagnostics.extend(found);
    (nodes, diagnostics)
}
