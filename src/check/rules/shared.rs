//! What several rules need.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Container, PodSpec};

use crate::emit::{Body, Object};
use crate::plan::{Demand, DeviceDemand, ModelPlan, Offer, Plan, Summary, WorkloadPlan};
use crate::resolve::cluster::{Access, GpuMode};
use crate::resolve::model::{Auto, Scale, TriggerKind, Workload};
use crate::resolve::origin::Traced;
use crate::source::Span;
use crate::units::{ArtifactUri, CronSchedule};

/// Where a value is written, or the model's name where it is not.
pub(super) fn at<T>(value: &Traced<T>, model: &ModelPlan<'_>) -> Span {
    value.span().unwrap_or(model.model.span)
}

/// Where a patch writes a field of an object, or the model's name where none does.
pub(super) fn patched(object: &Object, pointer: &str, model: &ModelPlan<'_>) -> Span {
    let note = object.trace.patch_of(pointer);
    note.and_then(|n| n.origin.span())
        .unwrap_or(model.model.span)
}

/// A Deployment among objects.
#[derive(Copy, Clone)]
pub(super) struct Deployed<'o> {
    /// The object with its notes.
    pub(super) object: &'o Object,
    pub(super) deployment: &'o Deployment,
}

impl std::ops::Deref for Deployed<'_> {
    type Target = Deployment;

    fn deref(&self) -> &Deployment {
        self.deployment
    }
}

/// The Deployments among objects.
pub(super) fn deployments(objects: &[Object]) -> impl Iterator<Item = Deployed<'_>> {
    objects.iter().filter_map(|object| match &object.body {
        Body::Deployment(deployment) => Some(Deployed { object, deployment }),
        _ => None,
    })
}

/// The name of an object of Kubernetes' own types.
pub(super) fn name(deployment: &Deployment) -> &str {
    deployment.metadata.name.as_deref().unwrap_or_default()
}

/// The pods of a Deployment.
pub(super) fn pod(deployment: &Deployment) -> Option<&PodSpec> {
    deployment.spec.as_ref()?.template.spec.as_ref()
}

/// A container and its place in the object.
pub(super) struct Placed<'o> {
    container: &'o Container,
    list: &'static str,
    index: usize,
}

impl Placed<'_> {
    /// The pointer to a field of the container.
    pub(super) fn pointer(&self, field: &str) -> String {
        format!("/spec/template/spec/{}/{}{field}", self.list, self.index)
    }

    /// What it is called in messages: `container "server"`.
    pub(super) fn called(&self) -> String {
        let init = if self.list == "initContainers" {
            "init "
        } else {
            ""
        };
        format!("{init}container \"{}\"", self.container.name)
    }
}

impl std::ops::Deref for Placed<'_> {
    type Target = Container;

    fn deref(&self) -> &Container {
        self.container
    }
}

/// Every container of a Deployment's pods, init containers first.
pub(super) fn containers<'o>(deployment: Deployed<'o>) -> impl Iterator<Item = Placed<'o>> {
    let placed = |list| {
        move |(index, container)| Placed {
            container,
            list,
            index,
        }
    };
    pod(deployment.deployment).into_iter().flat_map(move |pod| {
        let init = pod.init_containers.iter().flatten().enumerate();
        let main = pod.containers.iter().enumerate();
        init.map(placed("initContainers"))
            .chain(main.map(placed("containers")))
    })
}

/// Autoscalers among objects, with kind and name of what each scales.
pub(super) fn autoscalers(objects: &[Object]) -> impl Iterator<Item = (&Object, (&str, &str))> {
    objects.iter().filter_map(|object| {
        let target = match &object.body {
            Body::HorizontalPodAutoscaler(hpa) => {
                let target = &hpa.spec.scale_target_ref;
                (target.kind.as_str(), target.name.as_str())
            }
            Body::ScaledObject(scaled) => {
                let target = &scaled.spec.scale_target_ref;
                (target.kind.as_ref(), target.name.as_str())
            }
            _ => return None,
        };
        Some((object, target))
    })
}

/// The workload that a Deployment was emitted for.
pub(super) fn workload<'m, 'w>(
    model: &'m ModelPlan<'w>,
    deployment: &Deployment,
) -> Option<&'m WorkloadPlan<'w>> {
    model
        .workloads
        .iter()
        .find(|w| w.name.as_str() == name(deployment))
}

/// What one of an offer is called, for messages: "GPU", "MIG 1g.5gb", "shared GPU".
pub(super) fn device(offer: &Offer<'_>) -> String {
    let shared = offer
        .pool
        .gpu
        .as_ref()
        .is_some_and(|g| matches!(g.mode, GpuMode::Shared { .. }));
    match offer.resource.strip_prefix("nvidia.com/mig-") {
        Some(profile) => format!("MIG {profile}"),
        None if shared => "shared GPU".to_owned(),
        None => "GPU".to_owned(),
    }
}

/// A time at which `on "cron"` asks for replicas.
pub(super) struct Cron<'m> {
    /// The autoscaling it belongs to.
    pub(super) auto: &'m Auto,
    pub(super) start: &'m Traced<CronSchedule>,
    pub(super) end: &'m Traced<CronSchedule>,
    pub(super) replicas: &'m Traced<u64>,
}

/// Every `on "cron"` of a model.
pub(super) fn crons<'m>(model: &'m ModelPlan<'_>) -> impl Iterator<Item = Cron<'m>> {
    let autos = model
        .workloads
        .iter()
        .filter_map(|w| w.workload.scale.auto());
    let triggers = autos.flat_map(|auto| auto.triggers.iter().map(move |t| (auto, t)));
    triggers.filter_map(|(auto, trigger)| match &trigger.kind {
        TriggerKind::Cron {
            start,
            end,
            replicas,
            ..
        } => Some(Cron {
            auto,
            start,
            end,
            replicas,
        }),
        _ => None,
    })
}

/// The words in which the spec gives the most replicas: `max` or `scale`.
pub(super) fn most(workload: &Workload) -> &'static str {
    match workload.scale {
        Scale::Auto(_) => "max",
        Scale::Fixed(_) => "scale",
    }
}

/// The claim that a workload's artifact lies on.
pub(super) struct Mounted<'w> {
    /// Its name.
    pub(super) name: &'w str,
    /// Its access mode; `None` where neither the model nor the cluster describes the claim.
    pub(super) access: Option<&'w Traced<Access>>,
}

/// Looks up the claim of a `pvc://` artifact: one the model makes, else one that exists.
pub(super) fn claim<'w>(model: &ModelPlan<'w>, workload: &'w Workload) -> Option<Mounted<'w>> {
    let ArtifactUri::Pvc { claim: name, .. } = &workload.artifact.as_ref()?.uri.value else {
        return None;
    };
    let name = name.as_str();
    let made = model
        .model
        .claims
        .iter()
        .find(|c| c.name.as_str() == name)
        .map(|c| &c.access);
    let namespace = model.target.env.namespace.as_str();
    let existing = || {
        let claims = &model.target.cluster.claims;
        claims
            .iter()
            .find(|c| c.name.as_str() == name && c.namespace.as_str() == namespace)
            .map(|c| &c.access)
    };
    Some(Mounted {
        name,
        access: made.or_else(existing),
    })
}

/// Every workload that draws on an offer of a cluster, with its model; targets and models in order.
pub(super) fn demands<'p, 'w>(
    plan: &'p Plan<'w>,
    cluster: &'p str,
    offer: usize,
) -> impl Iterator<Item = Drawn<'p, 'w>> {
    let targets = plan.targets.iter();
    targets
        .filter(move |t| t.target.cluster.name.as_str() == cluster)
        .flat_map(|t| &t.models)
        .flat_map(|model| model.demands.iter().map(move |demand| (model, demand)))
        .filter_map(move |(model, demand)| {
            let device = demand.device.as_ref()?;
            (device.offer == Some(offer)).then_some(Drawn {
                model,
                demand,
                device,
            })
        })
}

/// A workload that draws on an offer.
#[derive(Clone)]
pub(super) struct Drawn<'p, 'w> {
    pub(super) model: &'p Summary<'w>,
    pub(super) demand: &'p Demand,
    pub(super) device: &'p DeviceDemand,
}

impl Drawn<'_, '_> {
    /// Devices of all its replicas together.
    pub(super) fn count(&self) -> u64 {
        self.demand.replicas.saturating_mul(self.device.each)
    }

    /// Where the spec gives the most replicas.
    pub(super) fn at(&self) -> Span {
        self.demand.replicas.span().unwrap_or(self.model.span)
    }
}
