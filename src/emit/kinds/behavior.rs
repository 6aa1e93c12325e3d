//! How fast an autoscaler acts: the same for a HorizontalPodAutoscaler and for the one that
//! KEDA makes. Source: Kubernetes documentation, "Horizontal Pod Autoscaling", configurable
//! scaling behavior, checked 2026-11.

use k8s_openapi::api::autoscaling::v2::{
    HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscalerBehavior,
};

use super::super::Trace;
use super::super::parts::int;
use crate::plan::AutoPlan;

/// The behavior of an autoscaler, noted at `pointer`.
pub(super) fn behavior(
    plan: &AutoPlan,
    pointer: &str,
    trace: &mut Trace,
) -> HorizontalPodAutoscalerBehavior {
    trace.note(
        format_args!("{pointer}/scaleDown/stabilizationWindowSeconds"),
        &plan.cooldown.from,
    );
    trace.fixed(
        format_args!("{pointer}/scaleUp/policies"),
        "a new pod helps only once its model is loaded: Kubernetes' own doubling every 15s would overshoot meanwhile",
    );
    HorizontalPodAutoscalerBehavior {
        scale_down: Some(HPAScalingRules {
            stabilization_window_seconds: Some(int(plan.cooldown.as_secs_ceil())),
            ..HPAScalingRules::default()
        }),
        scale_up: Some(HPAScalingRules {
            policies: Some(vec![HPAScalingPolicy {
                period_seconds: 15,
                type_: "Pods".to_owned(),
                value: 4,
            }]),
            ..HPAScalingRules::default()
        }),
    }
}
