//! The only function that chains all stages: the compiler's table of contents.
//!
//! Files are read and resolved together. Then each model of each target goes through all stages by
//! itself, several at a time; of what it was made into, a summary stays, and its files go to a
//! [`Sink`]. At the end come the rules over several models and the objects that belong to none.

mod load;
mod once;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rayon::prelude::*;
use smol_str::SmolStr;

pub use load::files;
pub(crate) use load::not_readable;

use crate::check::schemas::{self, ApiServers};
use crate::check::{self, Report};
use crate::diag::suggest::closest;
use crate::diag::{Diagnostic, Severity};
use crate::emit::{self, Object};
use crate::patch;
use crate::plan::{self, ClusterCapacity, ModelPlan, Plan, Summary, TargetPlan};
use crate::render::{self, File, Finish, Sink};
use crate::resolve::workspace::{Target, Workspace};
use crate::resolve::{self, Models};
use crate::source::Sources;
use crate::spec::Written;
use crate::system::{Date, System, path};

/// The file that makes a folder a workspace.
pub const ROOT_FILE: &str = "mlspec.kdl";

/// A pattern without a file, and a file that cannot be read.
const UNREAD: [&str; 2] = ["LNG-13", "LNG-23"];

/// What is asked of a compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Note the origins of fields in objects, for `mlspec why`.
    pub recording: bool,
    /// The one environment that is asked for; it has to be there. All are checked.
    pub env: Option<SmolStr>,
}

/// What a compile gives besides files; the parts that could be made, whatever else is wrong.
#[derive(Debug, Default)]
pub struct Compilation {
    /// Every file that was read.
    pub sources: Sources,
    /// Findings of all stages, unsorted; the same cause may be reported once for each place
    /// where it matters.
    pub diagnostics: Vec<Diagnostic>,
    /// The output folder, below the workspace.
    pub output: SmolStr,
    /// Whether what failed lies outside of the spec: a file may not be read, or there is none.
    pub surroundings: bool,
}

impl Compilation {
    /// Adds what is found at places that no error points at.
    fn add_unless_told(&mut self, found: Vec<Diagnostic>) {
        let errors = self
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error);
        let told: BTreeSet<_> = errors.filter_map(|d| d.span).collect();
        let new = found
            .into_iter()
            .filter(|d| d.span.is_none_or(|span| !told.contains(&span)));
        self.diagnostics.extend(new);
    }

    /// Whether anything is wrong: then the sink was not told to finish.
    #[must_use]
    pub fn failed(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// Compiles the workspace that `system` shows; files go to `sink`.
#[must_use]
pub fn compile(system: &dyn System, options: &Options, sink: &dyn Sink) -> Compilation {
    let mut compilation = Compilation::default();
    let Some(written) = load::load(system, &mut compilation) else {
        return compilation;
    };
    let nodes: Vec<&Written> = written.iter().flatten().collect();
    let unread = |d: &Diagnostic| UNREAD.contains(&d.code);
    let complete = !compilation.diagnostics.iter().any(unread);
    let (resolved, found) = resolve::resolve(&nodes, complete);
    compilation.diagnostics.extend(found);
    let Some((workspace, models)) = resolved else {
        compilation.diagnostics.push(no_workspace());
        return compilation;
    };
    compilation.output = workspace.output.value.clone();
    compilation
        .diagnostics
        .extend(unknown_env(options, &workspace));
    let sound = !compilation.failed();

    let chain = Chain {
        system,
        today: system.today(),
        options,
        capacity: &capacity(&workspace, &models),
        servers: ApiServers::new(&workspace),
        workspace: &workspace,
        models: &models,
    };
    let (plan, mut report, found) = chain.all_models(sink, sound);
    compilation.diagnostics.extend(found);
    once::forget(&mut compilation.diagnostics);
    check::workspace(&plan, &mut report);
    compilation.diagnostics.extend(report.finish(&plan));
    let unknown = schemas::unknown_facts(&workspace);
    compilation.add_unless_told(unknown);
    if !compilation.failed() {
        let (files, found) = chain.shared(&plan);
        compilation.diagnostics.extend(found);
        sink.take(files);
    }
    if !compilation.failed() {
        let shared = OnceLock::new();
        sink.finish(&Finish {
            output: &workspace.output.value,
            again: &|folder| chain.again(folder, &plan, &shared),
        });
    }
    compilation
}

/// What pools and quotas have left when every model has its most replicas. Where there is no quota,
/// only models that may ask for a device are looked at.
fn capacity<'w>(workspace: &'w Workspace, models: &Models<'_>) -> Vec<ClusterCapacity<'w>> {
    let all: Vec<usize> = (0..models.len()).collect();
    let may_ask: Vec<usize> = all
        .par_iter()
        .copied()
        .filter(|model| models.mentions(*model, "gpu"))
        .collect();
    let asked = |target: &'w Target, model: usize| {
        let (model, _) = models.resolve(model, workspace, target);
        model.map_or_else(Vec::new, |model| plan::asked(target, &model))
    };
    let asked: Vec<_> = workspace
        .targets
        .par_iter()
        .flat_map(|target| {
            let quota = target.cluster.quota(target.env.namespace.as_str());
            let models = if quota.is_some() { &all } else { &may_ask };
            models.par_iter().map(move |model| asked(target, *model))
        })
        .collect();
    plan::capacity(workspace, asked.into_iter().flatten())
}

/// What every model's way through the stages needs.
struct Chain<'c, 'w> {
    system: &'c dyn System,
    /// Asked for once: it goes into the report of every model.
    today: Date,
    options: &'c Options,
    workspace: &'w Workspace,
    models: &'c Models<'c>,
    capacity: &'w [ClusterCapacity<'w>],
    servers: ApiServers<'w>,
}

/// What stays of a model that went through the stages.
struct Done<'w> {
    summary: Option<Summary<'w>>,
    diagnostics: Vec<Diagnostic>,
    report: Report,
    /// Of its objects; empty where errors kept them from being emitted.
    fingerprints: Vec<u64>,
    /// What its patches did; only all models together tell which have no effect.
    patches: patch::Findings,
}

impl<'w> Chain<'_, 'w> {
    /// Takes every model of every target through the stages. `sound` says that nothing was wrong
    /// before.
    fn all_models(&self, sink: &dyn Sink, sound: bool) -> (Plan<'w>, Report, Vec<Diagnostic>) {
        let mut report = Report::new(self.today);
        let mut diagnostics = Vec::new();
        let mut targets = Vec::with_capacity(self.workspace.targets.len());
        let mut patches = patch::Findings::default();
        let mut all_emitted = sound;
        for target in &self.workspace.targets {
            let all: Vec<_> = (0..self.models.len())
                .into_par_iter()
                .filter_map(|model| self.model(model, target, sink))
                .collect();
            let mut models = Vec::with_capacity(all.len());
            let mut seen = Vec::new();
            for done in all {
                all_emitted &= !done.fingerprints.is_empty();
                seen.extend(done.fingerprints.into_iter().map(|f| (f, models.len())));
                models.extend(done.summary);
                diagnostics.extend(done.diagnostics);
                report.absorb(done.report);
                patches.absorb(done.patches);
            }
            let target = TargetPlan { target, models };
            diagnostics.extend(self.written_twice(seen, &target));
            targets.push(target);
        }
        diagnostics.extend(patches.finish());
        if all_emitted {
            report.objects_seen();
        }
        let plan = Plan {
            workspace: self.workspace,
            targets,
            capacity: self.capacity,
        };
        (plan, report, diagnostics)
    }

    /// One model of one target, from its layers to its files; `None` where it does not run there.
    fn model(&self, model: usize, target: &'w Target, sink: &dyn Sink) -> Option<Done<'w>> {
        let mut done = Done {
            summary: None,
            diagnostics: Vec::new(),
            report: Report::new(self.today),
            fingerprints: Vec::new(),
            patches: patch::Findings::default(),
        };
        let (model, found) = self.models.resolve(model, self.workspace, target);
        done.diagnostics = found;
        let Some(model) = model else {
            return (!done.diagnostics.is_empty()).then_some(done);
        };
        let (plan, found) = plan::plan(self.workspace, target, &model, self.capacity);
        done.diagnostics.extend(found);
        let Some(plan) = plan else { return Some(done) };
        done.summary = Some(Summary::of(self.workspace, target, &plan, self.capacity));
        check::model(&plan, self.capacity, &mut done.report);
        if has_errors(&done.diagnostics) || done.report.has_errors() {
            return Some(done);
        }
        let objects = self.objects(&plan, self.options.recording, &mut done.patches);
        let previous = |object: &Object| self.previous(object);
        check::objects(&plan, &objects, &previous, &mut done.report);
        let refused = self.refused(&objects, || {
            self.objects(&plan, true, &mut patch::Findings::default())
        });
        done.diagnostics.extend(refused);
        done.fingerprints = render::fingerprints(&objects);
        let (files, found) = render::files(objects, self.flux());
        done.diagnostics.extend(found);
        sink.take(files);
        Some(done)
    }

    /// The objects of one model as they are checked, validated and written: what changes objects
    /// after emission does so here.
    fn objects(
        &self,
        plan: &ModelPlan<'_>,
        recording: bool,
        patches: &mut patch::Findings,
    ) -> Vec<Object> {
        let mut objects = emit::model(self.workspace, plan, recording);
        let schemas = self.servers.of_cluster(plan.target.cluster.name.as_str());
        patch::apply(plan, &mut objects, schemas, patches);
        objects
    }

    /// The files of objects that belong to no model, and what is wrong with them.
    fn shared(&self, plan: &Plan<'_>) -> (Vec<File>, Vec<Diagnostic>) {
        let objects = emit::shared(plan, self.options.recording);
        let mut found = self.refused(&objects, || emit::shared(plan, true));
        found.extend(render::written_twice(&objects));
        let (files, unwritten) = render::files(objects, self.flux());
        found.extend(unwritten);
        (files, found)
    }

    /// What API servers would refuse. The places in the spec are looked up in objects with the
    /// origins of their fields, which only a refusal costs.
    fn refused(
        &self,
        objects: &[Object],
        recorded: impl FnOnce() -> Vec<Object>,
    ) -> Vec<Diagnostic> {
        let violations = self.servers.violations(objects);
        if violations.is_empty() {
            return Vec::new();
        }
        let recorded = recorded();
        let found = violations.iter();
        found
            .map(|(i, violation)| {
                let object = &recorded[*i];
                schemas::diagnostic(object, violation, self.servers.of_object(object))
            })
            .collect()
    }

    /// Objects that one cluster would get from two files. `seen` has the fingerprints of all, with
    /// their model's place in the target; what has the same is made once more and looked at.
    fn written_twice(
        &self,
        mut seen: Vec<(u64, usize)>,
        target: &TargetPlan<'_>,
    ) -> Vec<Diagnostic> {
        seen.sort_unstable();
        let same = seen.chunk_by(|a, b| a.0 == b.0).filter(|c| c.len() > 1);
        let models: BTreeSet<usize> = same.flatten().map(|(_, model)| *model).collect();
        let objects: Vec<Object> = models
            .into_iter()
            .flat_map(|model| self.made_again(&target.models[model].name, target.target, true))
            .collect();
        render::written_twice(&objects)
    }

    /// The objects of a model, made once more.
    fn made_again(&self, model: &str, target: &Target, recording: bool) -> Vec<Object> {
        let again = || {
            let model = self.models.find(model)?;
            let (model, _) = self.models.resolve(model, self.workspace, target);
            let model = model?;
            let (plan, _) = plan::plan(self.workspace, target, &model, self.capacity);
            Some(self.objects(&plan?, recording, &mut patch::Findings::default()))
        };
        again().unwrap_or_default()
    }

    /// The files of a folder, made once more. `shared` keeps those of no model.
    fn again(
        &self,
        folder: &str,
        plan: &Plan<'_>,
        shared: &OnceLock<Vec<File>>,
    ) -> Vec<(SmolStr, Vec<u8>)> {
        let own = |target: &&TargetPlan<'_>| {
            folder
                .strip_prefix(target.target.env.name.as_str())
                .and_then(|rest| rest.strip_prefix('/'))
                .and_then(|rest| rest.strip_prefix(target.target.cluster.name.as_str()))
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let name = path::name(folder);
        let target = plan.targets.iter().find(own);
        match target.filter(|_| self.models.find(name).is_some()) {
            Some(target) => {
                let objects = self.made_again(name, target.target, false);
                let (files, _) = render::files(objects, self.flux());
                files.into_iter().map(|f| (f.path, f.bytes)).collect()
            }
            None => shared
                .get_or_init(|| self.shared(plan).0)
                .iter()
                .filter(|f| f.folder() == folder)
                .map(|f| (f.path.clone(), f.bytes.clone()))
                .collect(),
        }
    }

    /// What is committed in place of an object.
    fn previous(&self, object: &Object) -> Option<String> {
        let output = &self.workspace.output.value;
        let path = render::layout::path(object);
        self.system.read(&format!("{output}/{path}")).ok()
    }

    fn flux(&self) -> bool {
        self.workspace.gitops.as_ref().is_some_and(|g| g.flux)
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

fn no_workspace() -> Diagnostic {
    let message = format!("`{ROOT_FILE}` has no `workspace` node");
    Diagnostic::new("LNG-05", Severity::Error, message)
        .help("begin it with: workspace \"acme-ml\" edition=1 { … }")
}

/// Reports that the environment that is asked for is not there.
fn unknown_env(options: &Options, workspace: &Workspace) -> Option<Diagnostic> {
    let env = options.env.as_deref()?;
    let known = || workspace.targets.iter().map(|t| t.env.name.as_str());
    if known().any(|name| name == env) {
        return None;
    }
    let message = format!("there is no environment \"{env}\"");
    let diagnostic = Diagnostic::new("LNG-14", Severity::Error, message);
    Some(match closest(env, known()) {
        Some(near) => diagnostic.help(format!("did you mean \"{near}\"?")),
        None => {
            let names: BTreeSet<String> = known().map(|n| format!("\"{n}\"")).collect();
            let names: Vec<String> = names.into_iter().collect();
            diagnostic.note(format!("there are {}", names.join(", ")))
        }
    })
}
