//! Replicas: how many, how they change, how they are replaced.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::source::Span;
use crate::units::{CronSchedule, DnsLabel, Duration, HostPort, HttpUrl, Percent, Timezone};

use super::super::origin::Traced;
use super::super::workspace::Auth;

/// How many replicas.
#[derive(Clone, Debug)]
pub enum Scale {
    /// A fixed number.
    Fixed(Traced<u64>),
    /// Between two numbers, on triggers.
    Auto(Auto),
}

/// Replicas on triggers.
#[derive(Clone, Debug)]
pub struct Auto {
    /// Fewest.
    pub min: Traced<u64>,
    /// Most.
    pub max: Traced<u64>,
    /// How long a lower need must last, where the spec says it.
    pub cooldown: Option<Traced<Duration>>,
    /// Replicas to hold while triggers cannot be read.
    pub fallback: Option<Traced<u64>>,
    /// Triggers, at least one.
    pub triggers: Vec<Trigger>,
    /// The node's name.
    pub span: Span,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Tells a second one of a kind apart.
    pub name: Option<Traced<DnsLabel>>,
    /// What it follows.
    pub kind: TriggerKind,
    /// The node's name.
    pub span: Span,
}

/// Kinds of trigger.
#[derive(Clone, Debug)]
pub enum TriggerKind {
    /// Processor use.
    Cpu(Traced<Percent>),
    /// Memory use.
    Memory(Traced<Percent>),
    /// Lag of a Kafka consumer group.
    Kafka {
        /// Bootstrap servers.
        servers: Traced<Vec<HostPort>>,
        /// Topic.
        topic: Traced<SmolStr>,
        /// Consumer group.
        group: Traced<SmolStr>,
        /// Messages behind for each replica.
        lag: Traced<u64>,
        /// Whether brokers speak TLS.
        tls: Traced<bool>,
        /// How to log in.
        sasl: Option<Traced<SmolStr>>,
        /// Credentials.
        auth: Option<Traced<Arc<Auth>>>,
    },
    /// Length of a RabbitMQ queue.
    Rabbitmq {
        /// Queue.
        queue: Traced<SmolStr>,
        /// Messages for each replica.
        length: Traced<u64>,
        /// Credentials: the whole address.
        auth: Traced<Arc<Auth>>,
    },
    /// Any PromQL query.
    Prometheus {
        /// The query.
        query: Traced<SmolStr>,
        /// Its value for each replica.
        threshold: Traced<u64>,
        /// The server, where the spec says it.
        server: Option<Traced<HttpUrl>>,
        /// Credentials.
        auth: Option<Traced<Arc<Auth>>>,
    },
    /// Latency of the model.
    Latency {
        /// Scale out above this.
        p95: Traced<Duration>,
        /// Whether the gateway's series count, else the server's.
        gateway: Traced<bool>,
    },
    /// Requests in the server at once, for each replica.
    Concurrency(Traced<u64>),
    /// A time of day.
    Cron {
        /// When it begins.
        start: Traced<CronSchedule>,
        /// When it ends.
        end: Traced<CronSchedule>,
        /// The time zone.
        timezone: Traced<Timezone>,
        /// Replicas while it holds.
        replicas: Traced<u64>,
    },
}

impl TriggerKind {
    /// Its name in specs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cpu(_) => "cpu",
            Self::Memory(_) => "memory",
            Self::Kafka { .. } => "kafka",
            Self::Rabbitmq { .. } => "rabbitmq",
            Self::Prometheus { .. } => "prometheus",
            Self::Latency { .. } => "latency",
            Self::Concurrency(_) => "concurrency",
            Self::Cron { .. } => "cron",
        }
    }

    /// Whether a HorizontalPodAutoscaler alone can follow it.
    #[must_use]
    pub fn is_resource(&self) -> bool {
        matches!(self, Self::Cpu(_) | Self::Memory(_))
    }
}

impl Scale {
    /// Fewest replicas.
    #[must_use]
    pub fn min(&self) -> &Traced<u64> {
        match self {
            Self::Fixed(n) => n,
            Self::Auto(auto) => &auto.min,
        }
    }

    /// Most replicas.
    #[must_use]
    pub fn max(&self) -> &Traced<u64> {
        match self {
            Self::Fixed(n) => n,
            Self::Auto(auto) => &auto.max,
        }
    }

    /// The autoscaler, if there is one.
    #[must_use]
    pub fn auto(&self) -> Option<&Auto> {
        match self {
            Self::Fixed(_) => None,
            Self::Auto(auto) => Some(auto),
        }
    }
}

/// The disruption budget of the spec.
#[derive(Clone, Debug)]
pub enum Disruption {
    /// Pods that may be away.
    MaxUnavailable(Traced<u64>),
    /// Pods that must stay.
    MinAvailable(Traced<u64>),
}

/// How a new version comes in. `None` inside: derived in the plan.
#[derive(Clone, Debug)]
pub enum Rollout {
    /// A few pods at a time.
    Rolling {
        /// Pods beyond the wanted number.
        max_surge: Option<Traced<u64>>,
        /// Pods that may be away.
        max_unavailable: Option<Traced<u64>>,
        /// When no progress counts as failure.
        deadline: Option<Traced<Duration>>,
    },
    /// All at once.
    Recreate {
        /// Where the spec says so.
        kind: Span,
        /// When no progress counts as failure.
        deadline: Option<Traced<Duration>>,
    },
}
