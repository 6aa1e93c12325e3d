//! `keda.sh/v1alpha1`. Source: KEDA 2.20, ScaledObject and TriggerAuthentication,
//! checked 2026-11.

use std::borrow::Cow;
use std::collections::BTreeMap;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use serde::{Deserialize, Serialize};

use super::{Custom, Spec};

/// A ScaledObject.
pub type ScaledObject = Custom<ScaledObjectSpec>;
/// A TriggerAuthentication.
pub type TriggerAuthentication = Custom<TriggerAuthenticationSpec>;

impl Spec for ScaledObjectSpec {
    const API_VERSION: &'static str = "keda.sh/v1alpha1";
    const KIND: &'static str = "ScaledObject";
}

impl Spec for TriggerAuthenticationSpec {
    const API_VERSION: &'static str = "keda.sh/v1alpha1";
    const KIND: &'static str = "TriggerAuthentication";
}

/// What a ScaledObject wants.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScaledObjectSpec {
    /// How the HorizontalPodAutoscaler that KEDA makes behaves.
    pub advanced: Advanced,
    /// Seconds without a need before zero; `None` where there is always a replica, as KEDA
    /// then ignores it with a warning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown_period: Option<i32>,
    /// What holds while triggers cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
    /// Most replicas.
    pub max_replica_count: i32,
    /// Fewest replicas.
    pub min_replica_count: i32,
    /// What is scaled.
    pub scale_target_ref: ScaleTargetRef,
    /// What it follows.
    pub triggers: Vec<Trigger>,
}

/// Settings of the HorizontalPodAutoscaler.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Advanced {
    /// The HorizontalPodAutoscaler.
    pub horizontal_pod_autoscaler_config: HpaConfig,
}

/// The HorizontalPodAutoscaler that KEDA makes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HpaConfig {
    /// How fast it scales.
    pub behavior: HorizontalPodAutoscalerBehavior,
}

/// What holds while triggers cannot be read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fallback {
    /// Failures in a row that count.
    pub failure_threshold: i32,
    /// Replicas to hold.
    pub replicas: i32,
}

/// What is scaled.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScaleTargetRef {
    /// Its `apiVersion`.
    pub api_version: Cow<'static, str>,
    /// Its kind.
    pub kind: Cow<'static, str>,
    /// Its name.
    pub name: String,
}

/// What a ScaledObject follows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Trigger {
    /// Credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_ref: Option<AuthenticationRef>,
    /// Parameters of the scaler; texts all.
    pub metadata: BTreeMap<String, String>,
    /// `AverageValue`, `Value` or `Utilization`; `None` for the scaler's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_type: Option<Cow<'static, str>>,
    /// Its name.
    pub name: String,
    /// The scaler.
    #[serde(rename = "type")]
    pub type_: Cow<'static, str>,
}

/// A TriggerAuthentication.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationRef {
    /// Its name.
    pub name: String,
}

/// Credentials of a trigger.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerAuthenticationSpec {
    /// Keys of Secrets.
    pub secret_target_ref: Vec<SecretTargetRef>,
}

/// A parameter from a Secret.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretTargetRef {
    /// The Secret's key.
    pub key: String,
    /// The Secret.
    pub name: String,
    /// KEDA's parameter.
    pub parameter: &'static str,
}
