//! Objects from decisions: of each model ([`model`]), and of no model ([`shared`]). Never fails: what could was refused before,
//! or made impossible by `units/`. One file per kind under [`kinds`]; [`kinds::EMITTERS`] lists them.

pub mod api;
pub mod kinds;
pub mod object;
mod parts;
pub mod trace;

pub use object::{Body, Content, Object};
pub use trace::{Note, Trace};

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use smol_str::{SmolStr, format_smolstr};

use crate::plan::{Entry, ModelPlan, Plan, TargetPlan, WorkloadPlan};
use crate::resolve::cluster::Api;
use crate::resolve::origin::Origin;
use crate::resolve::workspace::Workspace;

/// What an emitter works on and where its objects go.
pub enum Scope {
    /// Objects of one model: `<env>/<cluster>/<model>/`.
    Model(for<'a, 'w> fn(&'a ModelPlan<'w>, &mut Out)),
    /// Objects of one environment on one cluster: `<env>/<cluster>/_platform/`.
    Target(for<'a, 'w> fn(&'a TargetPlan<'w>, &mut Out)),
    /// Objects of the whole workspace: `_gitops/`.
    Workspace(for<'a, 'w> fn(&'a Plan<'w>, &mut Out)),
}

/// One kind and how it is made.
pub struct Emitter {
    /// The kind, `Deployment`.
    pub kind: &'static str,
    /// Its `apiVersion`, `apps/v1`.
    pub api_version: &'static str,
    /// When it is applied relative to others: lower first. Platform −20, namespace −10,
    /// configuration −5, workload 0, autoscaler 5, routing 10, alerts 15.
    pub wave: i32,
    /// What it works on.
    pub scope: Scope,
}

/// Where emitters put objects.
pub struct Out {
    /// Objects so far.
    pub objects: Vec<Object>,
    /// Whether origins are noted.
    recording: bool,
    /// Whether Argo CD syncs the output, and which node says so: objects then get a sync wave.
    argocd: Option<Origin>,
    /// Whether Flux does.
    flux: bool,
}

impl Out {
    /// An empty list for objects of a workspace; with `recording`, origins are noted for
    /// `mlspec why`.
    #[must_use]
    pub fn new(workspace: &Workspace, recording: bool) -> Self {
        let gitops = workspace.gitops.as_ref();
        let argocd = gitops.filter(|g| !g.flux).map(|g| Origin::Written(g.span));
        Self {
            objects: Vec::new(),
            recording,
            argocd,
            flux: gitops.is_some_and(|g| g.flux),
        }
    }

    /// A trace for the next object.
    #[must_use]
    pub fn trace(&self) -> Trace {
        Trace::new(self.recording)
    }

    /// Marks an object that GitOps must never delete, since data would go with it. Without a
    /// `gitops` node both tools are told, for the output may be synced all the same.
    pub fn keep(&self, metadata: &mut ObjectMeta, trace: &mut Trace) {
        let marks = [
            (!self.flux).then_some(ARGOCD_KEEP),
            self.argocd.is_none().then_some(FLUX_KEEP),
        ];
        for (key, value) in marks.into_iter().flatten() {
            metadata
                .annotations
                .get_or_insert_default()
                .insert(key.to_owned(), value.to_owned());
            trace.fixed(
                format_args!("/metadata/annotations/{}", trace::escape(key)),
                "GitOps must not delete it when it leaves Git: data would go with it",
            );
        }
    }

    /// Adds an object of a model as a whole. Namespace, labels and annotations are added here;
    /// the emitter sets the name.
    pub fn model_object(
        &mut self,
        plan: &ModelPlan<'_>,
        wave: i32,
        object: impl Into<Body>,
        trace: Trace,
    ) {
        self.labeled_object(plan, &plan.labels, wave, object, trace);
    }

    /// Adds an object of a model that has labels of its own.
    pub fn labeled_object(
        &mut self,
        plan: &ModelPlan<'_>,
        labels: &[Entry],
        wave: i32,
        object: impl Into<Body>,
        trace: Trace,
    ) {
        let annotations = &plan.workloads[0].annotations;
        self.labeled(plan, labels, annotations, wave, object.into(), trace);
    }

    /// Adds an object of one workload, with the workload's labels and annotations.
    pub fn workload_object(
        &mut self,
        plan: &ModelPlan<'_>,
        workload: &WorkloadPlan<'_>,
        wave: i32,
        object: impl Into<Body>,
        trace: Trace,
    ) {
        self.labeled(
            plan,
            &workload.labels,
            &workload.annotations,
            wave,
            object.into(),
            trace,
        );
    }

    /// Adds an object that the Prometheus operator takes by its labels.
    pub fn selected_object(
        &mut self,
        plan: &ModelPlan<'_>,
        wave: i32,
        object: impl Into<Body>,
        mut trace: Trace,
    ) {
        let mut body = object.into();
        let operator = plan.target.cluster.provides(Api::PrometheusOperator);
        let select = operator.map(|o| o.select.as_slice()).unwrap_or_default();
        let labels = &mut body.metadata_mut().labels;
        for (key, value) in select {
            labels
                .get_or_insert_default()
                .insert(key.to_string(), value.to_string());
            trace.note(
                format_args!("/metadata/labels/{}", trace::escape(key.as_str())),
                &value.from,
            );
        }
        self.model_object(plan, wave, body, trace);
    }

    /// Adds an object of one workload that has no namespace.
    pub fn cluster_object(
        &mut self,
        plan: &ModelPlan<'_>,
        workload: &WorkloadPlan<'_>,
        wave: i32,
        object: impl Into<Body>,
        trace: Trace,
    ) {
        let (labels, annotations) = (&workload.labels, &workload.annotations);
        self.of_model(plan, labels, annotations, wave, object.into(), trace);
    }

    fn labeled(
        &mut self,
        plan: &ModelPlan<'_>,
        labels: &[Entry],
        annotations: &[Entry],
        wave: i32,
        mut body: Body,
        mut trace: Trace,
    ) {
        let namespace = &plan.target.env.namespace;
        body.metadata_mut().namespace = Some(namespace.to_string());
        trace.note(format_args!("/metadata/namespace"), &namespace.from);
        self.of_model(plan, labels, annotations, wave, body, trace);
    }

    fn of_model(
        &mut self,
        plan: &ModelPlan<'_>,
        labels: &[Entry],
        annotations: &[Entry],
        wave: i32,
        mut body: Body,
        mut trace: Trace,
    ) {
        let metadata = body.metadata_mut();
        add(&mut metadata.labels, labels, "/metadata/labels", &mut trace);
        add(
            &mut metadata.annotations,
            annotations,
            "/metadata/annotations",
            &mut trace,
        );
        let target = plan.target;
        let folder = format_smolstr!(
            "{}/{}/{}",
            *target.env.name,
            *target.cluster.name,
            *plan.model.name
        );
        self.push(folder, wave, body, trace);
    }

    /// Adds an object that belongs to no model; `folder` lies below the output folder.
    pub fn push(&mut self, folder: SmolStr, wave: i32, mut body: Body, mut trace: Trace) {
        trace.fixed(
            format_args!("/apiVersion"),
            "the version of the API that this kind is written in",
        );
        trace.fixed(format_args!("/kind"), "the kind of this object");
        if let Some(origin) = &self.argocd {
            body.metadata_mut()
                .annotations
                .get_or_insert_default()
                .insert(SYNC_WAVE.to_owned(), wave.to_string());
            trace.note(
                format_args!("/metadata/annotations/{}", trace::escape(SYNC_WAVE)),
                origin,
            );
        }
        self.objects.push(Object {
            folder,
            wave,
            body,
            patched: None,
            trace,
        });
    }
}

/// Keeps Argo CD from deleting an object, when it leaves Git and when its Application is
/// deleted. Source: Argo CD documentation, "Sync Options", 2026-08.
const ARGOCD_KEEP: (&str, &str) = (
    "argocd.argoproj.io/sync-options",
    "Prune=false,Delete=false",
);
/// Keeps Flux from it. Source: Flux documentation, "Kustomization", prune, 2026-08.
const FLUX_KEEP: (&str, &str) = ("kustomize.toolkit.fluxcd.io/prune", "disabled");

/// Orders objects in Argo CD. Source: Argo CD documentation, "Sync Phases and Waves", 2026-08.
const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// Adds the entries whose keys the emitter has not set itself: what one kind needs is nearer
/// than what all objects of a model share.
fn add(
    map: &mut Option<BTreeMap<String, String>>,
    entries: &[Entry],
    pointer: &str,
    trace: &mut Trace,
) {
    for (key, value) in entries {
        let map = map.get_or_insert_default();
        if !map.contains_key(key.as_str()) {
            map.insert(key.to_string(), value.to_string());
            trace.note(
                format_args!("{pointer}/{}", trace::escape(key)),
                &value.from,
            );
        }
    }
}

/// Emits the objects of one model, sorted by wave, kind and name. With `recording`, the origin of
/// every field is noted.
#[must_use]
pub fn model(workspace: &Workspace, plan: &ModelPlan<'_>, recording: bool) -> Vec<Object> {
    let mut out = Out::new(workspace, recording);
    for emitter in kinds::EMITTERS {
        if let Scope::Model(emit) = emitter.scope {
            emit(plan, &mut out);
        }
    }
    out.sorted()
}

/// Emits the objects that belong to no model, sorted by folder, wave, kind and name.
#[must_use]
pub fn shared(plan: &Plan<'_>, recording: bool) -> Vec<Object> {
    let mut out = Out::new(plan.workspace, recording);
    for emitter in kinds::EMITTERS {
        match emitter.scope {
            Scope::Model(_) => {}
            Scope::Target(emit) => plan.targets.iter().for_each(|t| emit(t, &mut out)),
            Scope::Workspace(emit) => emit(plan, &mut out),
        }
    }
    out.sorted()
}

impl Out {
    fn sorted(mut self) -> Vec<Object> {
        let key = |o: &Object| (o.wave, o.body.kind());
        self.objects.sort_by(|a, b| {
            let folders = a.folder.cmp(&b.folder);
            folders
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.body.name().cmp(b.body.name()))
        });
        self.objects
    }
}
