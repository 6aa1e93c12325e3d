//! Words that people bring along from Kubernetes, Helm and YAML, and what is written for them.

use crate::spec::table::NodeKind;

/// A word, a node of this language that means the same, and how it is written.
type Habit = (&'static str, &'static str, &'static str);

/// Words that no spelling leads from to what is meant. Each counts only where its node may stand.
const HABITS: &[Habit] = &[
    ("env", "env-var", "env-var \"NAME\" \"value\""),
    ("replicas", "scale", "scale 3"),
    ("replicaCount", "scale", "scale 3"),
    ("minReplicas", "scale", "scale min=1 max=3 { … }"),
    ("maxReplicas", "scale", "scale min=1 max=3 { … }"),
    ("autoscaling", "scale", "scale min=1 max=3 { … }"),
    (
        "livenessProbe",
        "runtime",
        "runtime … { liveness \"/health\" }",
    ),
    (
        "readinessProbe",
        "runtime",
        "runtime … { readiness \"/ready\" }",
    ),
    ("startupProbe", "startup", "startup \"60s\""),
    (
        "imagePullSecrets",
        "image-pull-secret",
        "image-pull-secret \"regcred\"",
    ),
    (
        "serviceAccountName",
        "service-account",
        "service-account \"name\"",
    ),
    (
        "priorityClassName",
        "priority-class",
        "priority-class \"name\"",
    ),
    ("terminationGracePeriodSeconds", "grace", "grace \"30s\""),
    (
        "limits",
        "resources",
        "resources memory=\"4Gi\" memory-limit=\"8Gi\"",
    ),
    (
        "requests",
        "resources",
        "resources cpu=\"1\" memory=\"4Gi\"",
    ),
    ("ingress", "expose", "expose gateway=\"…\" host=\"…\""),
    ("service", "expose", "expose service=\"LoadBalancer\""),
    ("hpa", "scale", "scale min=1 max=3 { … }"),
    (
        "ports",
        "runtime",
        "runtime \"container\" image=\"…\" port=8080",
    ),
    (
        "container",
        "runtime",
        "runtime \"container\" image=\"…\" port=8080",
    ),
    (
        "containers",
        "runtime",
        "runtime \"container\" image=\"…\" port=8080",
    ),
    ("storageUri", "artifact", "artifact \"s3://…\" size=\"…\""),
    (
        "podDisruptionBudget",
        "disruption",
        "disruption max-unavailable=1",
    ),
    (
        "strategy",
        "rollout",
        "rollout \"rolling\" max-surge=1 max-unavailable=0",
    ),
    (
        "securityContext",
        "patch",
        "patch \"Deployment\" { spec { template { spec { … } } } }",
    ),
    ("affinity", "gpu", "gpu … pool=\"…\""),
    ("nodeSelector", "gpu", "gpu … pool=\"…\""),
    ("tolerations", "gpu", "gpu … pool=\"…\""),
];

/// What is written for a word inside of `parent`.
pub(super) fn instead(word: &str, parent: &NodeKind) -> Option<String> {
    match word {
        "-" => {
            return Some(
                "values stand one after the other on their node's line: `only \"a\" \"b\"`"
                    .to_owned(),
            );
        }
        "---" => return Some("a file is one document: delete the line".to_owned()),
        _ => {}
    }
    let (_, _, written) = HABITS
        .iter()
        .find(|(habit, node, _)| *habit == word && parent.child(node).is_some())?;
    Some(format!("write `{written}`"))
}

/// The property that is meant by a word of Kubernetes.
pub(super) fn property(word: &str) -> Option<&'static str> {
    match word {
        "minReplicas" | "minReplicaCount" => Some("min"),
        "maxReplicas" | "maxReplicaCount" => Some("max"),
        "cooldownPeriod" => Some("cooldown"),
        "brokers" => Some("servers"),
        "threshold" => Some("lag"),
        "averageUtilization" | "target" => Some("utilization"),
        "latency" => Some("p95"),
        "gpus" => Some("gpus-per-node"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::nodes::ROOT;

    /// Every node named is one, and no word is a node where it counts.
    #[test]
    fn nodes_are_there() {
        let model = ROOT.child("model").unwrap();
        for (word, node, written) in HABITS {
            assert!(model.child(node).is_some(), "{node}");
            assert!(model.child(word).is_none(), "{word}");
            assert!(written.starts_with(node), "{written}");
            assert_eq!(instead(word, model), Some(format!("write `{written}`")));
        }
        let scale = model.child("scale").unwrap();
        for word in ["minReplicas", "maxReplicaCount", "cooldownPeriod"] {
            assert!(scale.prop(property(word).unwrap()).is_some());
        }
    }
}
