//! A model as it holds in one environment on one cluster: layers merged, values typed, each
//! with where it comes from. What a split has in several variants is a [`Workload`]; a model
//! without a split has one.

pub mod artifact;
pub mod expose;
pub mod patch;
pub mod runtime;
pub mod scale;

use smol_str::SmolStr;

use crate::source::Span;
use crate::system::Date;
use crate::units::{
    Bytes, Cidr, Cpu, DnsLabel, DnsSubdomain, Duration, EnvName, HostPort, LabelKey, LabelValue,
    MigProfile, PerSecond, Percent, SecretKey,
};

use super::origin::Traced;

pub use artifact::{Artifact, Delivery, ModelClaim};
pub use expose::{Route, RouteVia, ServiceSpec, ServiceType};
pub use patch::Patch;
pub use runtime::{Container, Metrics, Mlserve, Probe, Runtime};
pub use scale::{Auto, Disruption, Rollout, Scale, Trigger, TriggerKind};

/// A model in one environment on one cluster.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its name, and that of its objects.
    pub name: Traced<DnsLabel>,
    /// The longest a request may take; default 30 s.
    pub timeout: Traced<Duration>,
    /// What is promised.
    pub slo: Slo,
    /// Requests a second at peak.
    pub load: Option<Traced<PerSecond>>,
    /// The selector to take over; empty for the usual one.
    pub selector: Vec<(Traced<LabelKey>, Traced<LabelValue>)>,
    /// The ServiceAccount.
    pub service_account: ServiceAccount,
    /// Secrets the image is pulled with.
    pub image_pull_secrets: Vec<Traced<DnsSubdomain>>,
    /// Who may call.
    pub allow: Vec<Allow>,
    /// Whom it may call.
    pub egress: Vec<Traced<HostPort>>,
    /// Its Service.
    pub service: ServiceSpec,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Claims to be made.
    pub claims: Vec<ModelClaim>,
    /// Silenced rules.
    pub waivers: Vec<Waiver>,
    /// Raw fields for its objects: those for all of a kind before those for one object.
    pub patches: Vec<Patch>,
    /// The workloads, at least one; the primary one first.
    pub workloads: Vec<Workload>,
    /// The model node's name in the spec.
    pub span: Span,
}

/// What may differ between the variants of a split.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The variant; `None` where there is no split.
    pub variant: Option<Variant>,
    /// The model's version.
    pub version: Option<Traced<LabelValue>>,
    /// The model's files.
    pub artifact: Option<Artifact>,
    /// The accelerator of each replica; `None` for processors.
    pub gpu: Option<Gpu>,
    /// The server.
    pub runtime: Runtime,
    /// Processor, memory and disk.
    pub resources: Resources,
    /// The startup window, where the spec says it.
    pub startup: Option<Traced<Duration>>,
    /// The termination grace, where the spec says it.
    pub grace: Option<Traced<Duration>>,
    /// Environment of the container.
    pub env_vars: Vec<EnvVar>,
    /// Labels of objects and pods.
    pub labels: Vec<(Traced<LabelKey>, Traced<LabelValue>)>,
    /// Annotations of objects and pods.
    pub annotations: Vec<(Traced<LabelKey>, Traced<SmolStr>)>,
    /// The disruption budget, where the spec says it.
    pub disruption: Option<Disruption>,
    /// The priority class.
    pub priority_class: Option<Traced<DnsSubdomain>>,
    /// Replicas.
    pub scale: Scale,
    /// How a new version comes in.
    pub rollout: Rollout,
}

/// One variant of a split.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub name: Traced<DnsLabel>,
    /// Which requests come here.
    pub share: Share,
    /// Whether it keeps the model's name and selector.
    pub primary: bool,
    /// The node's name.
    pub span: Span,
}

/// Which requests a variant gets.
#[derive(Clone, Debug)]
pub enum Share {
    /// A percentage of those no header picks.
    Weight(Traced<u64>),
    /// Those with this header.
    Header {
        /// Header's name.
        name: Traced<SmolStr>,
        /// Its value.
        value: Traced<SmolStr>,
    },
}

/// What is promised.
#[derive(Clone, Debug, Default)]
pub struct Slo {
    /// Latency of 95 of 100 requests.
    pub p95: Option<Traced<Duration>>,
    /// Share of requests that may fail.
    pub errors: Option<Traced<Percent>>,
}

/// The ServiceAccount of the pods.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    /// Its name; default the model's.
    pub name: Traced<DnsLabel>,
    /// Its annotations.
    pub annotations: Vec<(Traced<LabelKey>, Traced<SmolStr>)>,
}

/// Who may call a model.
#[derive(Clone, Debug)]
pub enum Allow {
    /// Pods of a namespace.
    Namespace(Traced<DnsLabel>),
    /// An address range.
    Cidr(Traced<Cidr>),
}

/// A variable of the container.
#[derive(Clone, Debug)]
pub struct EnvVar {
    /// Its name.
    pub name: Traced<EnvName>,
    /// Its value.
    pub value: EnvValue,
}

/// Where a variable's value comes from.
#[derive(Clone, Debug)]
pub enum EnvValue {
    /// Plain text.
    Plain(Traced<SmolStr>),
    /// A key of a Secret.
    Secret(Traced<SecretKey>),
}

/// What each replica needs of an accelerator.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// What.
    pub want: GpuWant,
    /// The pool the spec names.
    pub pool: Option<Traced<DnsLabel>>,
    /// The node's name.
    pub span: Span,
}

/// Forms of `gpu`.
#[derive(Clone, Debug)]
pub enum GpuWant {
    /// Whole GPUs.
    Count(Traced<u64>),
    /// A MIG slice.
    Mig(Traced<MigProfile>),
    /// The smallest slice or card with this much memory.
    Memory(Traced<Bytes>),
    /// A place on a shared GPU.
    Share {
        /// Time-slicing, else MPS.
        time_slicing: Traced<bool>,
        /// This model's part of the card, also the engine's cap.
        memory: Traced<Bytes>,
    },
}

/// What each replica requests.
#[derive(Clone, Debug)]
pub struct Resources {
    /// Processor; default 1.
    pub cpu: Traced<Cpu>,
    /// Memory; derived in the plan where the spec does not say.
    pub memory: Option<Traced<Bytes>>,
    /// Memory limit; default: memory.
    pub memory_limit: Option<Traced<Bytes>>,
    /// Scratch disk.
    pub disk: Option<Traced<Bytes>>,
    /// Size of `/dev/shm`.
    pub shm: Option<Traced<Bytes>>,
}

/// A silenced rule.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule's code.
    pub rule: Traced<SmolStr>,
    /// Why.
    pub reason: Traced<SmolStr>,
    /// The last day it holds.
    pub until: Traced<Date>,
}

impl Model {
    /// The primary workload: the one that keeps the model's name.
    #[must_use]
    pub fn primary(&self) -> &Workload {
        &self.workloads[0]
    }

    /// Whether several variants share the address.
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.workloads.len() > 1
    }
}
