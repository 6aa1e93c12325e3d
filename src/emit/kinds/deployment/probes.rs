//! Probes of the server.

use k8s_openapi::api::core::v1::{HTTPGetAction, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::super::super::Trace;
use super::super::super::parts::int;
use super::container::SERVER;
use crate::plan::ProbePlan;

/// A probe; `field` is its name in the container.
pub(super) fn probe(plan: &ProbePlan, field: &str, trace: &mut Trace) -> Probe {
    let pointer = format_args!("{SERVER}/{field}");
    trace.note(format_args!("{pointer}/httpGet/path"), &plan.path.from);
    trace.fixed(
        format_args!("{pointer}/httpGet/port"),
        "the port by its name, whatever its number",
    );
    trace.note(format_args!("{pointer}/periodSeconds"), &plan.period.from);
    trace.note(format_args!("{pointer}/timeoutSeconds"), &plan.timeout.from);
    trace.note(
        format_args!("{pointer}/failureThreshold"),
        &plan.failures.from,
    );
    Probe {
        failure_threshold: Some(int(plan.failures.value)),
        http_get: Some(HTTPGetAction {
            path: Some(plan.path.to_string()),
            port: IntOrString::String(plan.port.to_owned()),
            ..HTTPGetAction::default()
        }),
        period_seconds: Some(int(plan.period.value)),
        timeout_seconds: Some(int(plan.timeout.value)),
        ..Probe::default()
    }
}
