//! Objects from decisions. [`Plan`] → [`Object`]s. Never fails: what could was refused before,
//! or made impossible by `units/`. One file per kind under [`kinds`]; [`EMITTERS`] lists them.

pub mod api;
pub mod kinds;
pub mod object;
pub mod trace;

pub use object::{Body, Object};
pub use trace::{Note, Trace};

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::plan::{Entry, ModelPlan, Plan, TargetPlan, WorkloadPlan};
use crate::resolve::origin::Origin;

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
}

impl Out {
    /// An empty list for the objects of `plan`; with `recording`, origins are noted for
    /// `mlspec why`.
    #[must_use]
    pub fn new(plan: &Plan<'_>, recording: bool) -> Self {
        let gitops = plan.workspace.gitops.as_ref();
        let argocd = gitops.filter(|g| !g.flux).map(|g| Origin::Written(g.span));
        Self {
            objects: Vec::new(),
            recording,
            argocd,
        }
    }

    /// A trace for the next object.
    #[must_use]
    pub fn trace(&self) -> Trace {
        Trace::new(self.recording)
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
        self.labeled(
            plan,
            &plan.labels,
            &plan.workloads[0].annotations,
            wave,
            object.into(),
            trace,
        );
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

    fn labeled(
        &mut self,
        plan: &ModelPlan<'_>,
        labels: &[Entry],
        annotations: &[Entry],
        wave: i32,
        mut body: Body,
        mut trace: Trace,
    ) {
        let env = &plan.target.env;
        let metadata = body.metadata_mut();
        metadata.namespace = Some(env.namespace.to_string());
        trace.note(format_args!("/metadata/namespace"), &env.namespace.from);
        add(&mut metadata.labels, labels);
        add(&mut metadata.annotations, annotations);
        trace.entries(
            "/metadata/labels",
            labels.iter().map(|(k, v)| (k.as_str(), &v.from)),
        );
        trace.entries(
            "/metadata/annotations",
            annotations.iter().map(|(k, v)| (k.as_str(), &v.from)),
        );
        let folder = format!(
            "{}/{}/{}",
            *env.name, *plan.target.cluster.name, *plan.model.name
        );
        self.push(folder.into(), wave, body, trace);
    }

    /// Adds an object that belongs to no model; `folder` lies below the output folder.
    pub fn push(&mut self, folder: SmolStr, wave: i32, mut body: Body, mut trace: Trace) {
        trace.fixed(
            format_args!("/apiVersion"),
            "the version of the API that this kind is written in",
        );
        trace.fixed(
            format_args!("/kind"),
            "the kind of this object; `mlspec explain` has a page on what is emitted",
        );
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
            trace,
        });
    }
}

/// Orders objects in Argo CD. Source: Argo CD documentation, "Sync Phases and Waves", 2026-08.
const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

fn add(map: &mut Option<BTreeMap<String, String>>, entries: &[Entry]) {
    for (key, value) in entries {
        map.get_or_insert_default()
            .insert(key.to_string(), value.to_string());
    }
}

/// Emits every object of a plan, sorted by folder, wave, kind and name.
#[must_use]
pub fn emit(plan: &Plan<'_>, recording: bool) -> Vec<Object> {
    let mut out = Out::new(plan, recording);
    for emitter in kinds::EMITTERS {
        match emitter.scope {
            Scope::Model(emit) => {
                plan.targets
                    .iter()
                    .flat_map(|t| &t.models)
                    .for_each(|m| emit(m, &mut out));
            }
            Scope::Target(emit) => plan.targets.iter().for_each(|t| emit(t, &mut out)),
            Scope::Workspace(emit) => emit(plan, &mut out),
        }
    }
    out.objects.sort_by(|a, b| {
        let key = |o: &Object| (o.folder.clone(), o.wave, o.body.kind());
        key(a)
            .cmp(&key(b))
            .then_with(|| a.body.name().cmp(b.body.name()))
    });
    out.objects
}
