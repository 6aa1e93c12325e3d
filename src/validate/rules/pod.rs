//! Pod templates.

use super::check::{Check, NOT_NEGATIVE};
use super::{container, dns, metadata, scheduling, volume};
use crate::validate::Problem;
use crate::validate::formats;
use crate::validate::tape::View;

/// Checks a pod template; `claims` are volumes that come from elsewhere.
pub(super) fn template<'t>(check: &mut Check<'_, 't>, template: View<'t>, claims: &[&'t str]) {
    check.field(template, "metadata", metadata::labels_and_annotations);
    if template.get("spec").is_none() {
        return check.fault_at("spec", Problem::Required, "must be there");
    }
    check.field(template, "spec", |check, pod| spec(check, pod, claims));
}

fn spec<'t>(check: &mut Check<'_, 't>, pod: View<'t>, claims: &[&'t str]) {
    check.need(pod, "containers");
    check.each(pod, "volumes", volume::check);
    check.unique(pod, "volumes", "name");
    let named = |volume: View<'t>| volume.text("name");
    let blocks = |volume: &View<'t>| {
        volume.get("persistentVolumeClaim").is_some() || volume.get("ephemeral").is_some()
    };
    let volumes = container::Volumes {
        all: pod
            .items("volumes")
            .filter_map(named)
            .chain(claims.iter().copied())
            .collect(),
        claims: pod
            .items("volumes")
            .filter(blocks)
            .filter_map(named)
            .chain(claims.iter().copied())
            .collect(),
    };
    let grace = pod.number("terminationGracePeriodSeconds").unwrap_or(30);
    let mut names: Vec<&str> = Vec::new();
    for (list, init) in [("initContainers", true), ("containers", false)] {
        check.each(pod, list, |check, item| {
            container::check(check, item, &volumes, init, grace);
            if let Some(name) = item.text("name") {
                if names.contains(&name) {
                    check.fault_at(
                        "name",
                        Problem::Duplicate,
                        format_args!("`{name}` is there already"),
                    );
                }
                names.push(name);
            }
        });
    }
    check.range(pod, "terminationGracePeriodSeconds", NOT_NEGATIVE);
    check.text_or_empty(pod, "serviceAccountName", formats::dns_subdomain);
    check.text_or_empty(pod, "priorityClassName", formats::dns_subdomain);
    check.text_or_empty(pod, "hostname", formats::dns_label);
    check.text_or_empty(pod, "subdomain", formats::dns_label);
    check.text_or_empty(pod, "nodeName", formats::dns_subdomain);
    check.text(pod, "runtimeClassName", formats::dns_subdomain);
    check.filled(pod, "preemptionPolicy");
    check.each(pod, "readinessGates", |check, gate| {
        check.text(gate, "conditionType", formats::qualified_name);
    });
    check.field(pod, "securityContext", security);
    dns::check(check, pod);
    scheduling::check(check, pod);
}

fn security<'t>(check: &mut Check<'_, 't>, context: View<'t>) {
    for name in ["runAsUser", "runAsGroup", "fsGroup"] {
        check.range(context, name, 0..=i64::from(i32::MAX));
    }
    check.filled(context, "fsGroupChangePolicy");
    check.filled(context, "supplementalGroupsPolicy");
    check.each(context, "supplementalGroups", |check, group| {
        if group
            .int()
            .is_some_and(|id| !(0..=i64::from(i32::MAX)).contains(&id))
        {
            check.fault(Problem::BadValue, "is no id of a group");
        }
    });
    check.unique(context, "sysctls", "name");
    check.each(context, "sysctls", |check, sysctl| {
        check.text(sysctl, "name", formats::sysctl);
    });
    profiles(check, context);
}

/// `seccompProfile` and `appArmorProfile` of a pod or container.
pub(super) fn profiles<'t>(check: &mut Check<'_, 't>, context: View<'t>) {
    for name in ["seccompProfile", "appArmorProfile"] {
        check.field(context, name, |check, profile| {
            check.need(profile, "type");
            let file = profile.get("localhostProfile").is_some();
            match profile.text("type") {
                Some("Localhost") if !file => {
                    check.fault_at(
                        "localhostProfile",
                        Problem::Required,
                        "must be there when `type` is `Localhost`",
                    );
                }
                Some("Localhost") if name == "seccompProfile" => {
                    check.below(profile, "localhostProfile");
                }
                Some("RuntimeDefault" | "Unconfined") if file => {
                    check.fault_at(
                        "localhostProfile",
                        Problem::Conflict,
                        "is only for `type` `Localhost`",
                    );
                }
                _ => {}
            }
        });
    }
}
