//! TRF-11: a Service port that a mesh or a pod does not understand.

use k8s_openapi::api::core::v1::{Service, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::check::rules::shared::{containers, deployments, patched};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::{Body, Object};
use crate::plan::ModelPlan;

/// TRF-11.
pub(crate) static RULE: Rule = Rule {
    code: "TRF-11",
    name: "service-port-not-understood",
    level: Level::Error,
    page: r#"
## What it checks
Every port of a Service says its protocol, by `appProtocol` or by a name that begins with `http` or
`grpc`, and a `targetPort` by name is a port of the model's containers.

Only a `patch` can raise this: ports and their names come from the plan otherwise.

## Why it breaks
Istio treats a port of unknown protocol as TCP: weights, header rules and request metrics are
silently gone. A target that no container has leaves the Service without endpoints.

## Example
```yaml
kind: Service
spec:
  ports:
    - port: 80
      targetPort: web
```

## Instead
```kdl
expose service="ClusterIP" port=80
```

## Sources
Istio documentation, "Protocol Selection", read 2026-11.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    for object in objects {
        let Body::Service(service) = &object.body else {
            continue;
        };
        let ports = service.spec.iter().flat_map(|s| s.ports.iter().flatten());
        for (index, port) in ports.enumerate() {
            let at = |field: &str| patched(object, &format!("/spec/ports/{index}/{field}"), model);
            if !says_protocol(port) {
                report.add(
                    at("name"),
                    format!(
                        "port {} of Service \"{}\" does not say its protocol",
                        port.port,
                        name(service)
                    ),
                    |d| {
                        d.note("a mesh treats it as TCP: no weights, no header rules, no metrics")
                            .help("name it `http` or `grpc`, or set `appProtocol`")
                    },
                );
            }
            if let Some(IntOrString::String(target)) = &port.target_port
                && !has_port(objects, target)
            {
                report.add(
                    at("targetPort"),
                    format!(
                        "port {} of Service \"{}\" leads to `{target}`, which no container has",
                        port.port,
                        name(service)
                    ),
                    |d| d.help("name a port of the model's containers"),
                );
            }
        }
    }
}

fn name(service: &Service) -> &str {
    service.metadata.name.as_deref().unwrap_or_default()
}

fn says_protocol(port: &ServicePort) -> bool {
    let name = port.name.as_deref().unwrap_or_default();
    let word = name.split('-').next().unwrap_or_default();
    port.app_protocol.is_some() || matches!(word, "http" | "http2" | "https" | "grpc")
}

fn has_port(objects: &[Object], target: &str) -> bool {
    deployments(objects).flat_map(containers).any(|c| {
        c.ports
            .iter()
            .flatten()
            .any(|p| p.name.as_deref() == Some(target))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{deployment, on_objects, service};

    /// A port without protocol and a target that is nowhere are found.
    #[test]
    fn ports() {
        let server =
            || deployment(r#"{"name":"m","ports":[{"name":"http","containerPort":8080}]}"#);
        let found = |port: &str| on_objects(&RULE, vec![server(), service(port)]);
        assert!(found(r#"{"name":"http","port":80,"targetPort":"http"}"#).is_empty());
        assert!(found(r#"{"port":80,"appProtocol":"http","targetPort":8080}"#).is_empty());
        assert_eq!(found(r#"{"port":80,"targetPort":"http"}"#).len(), 1);
        assert_eq!(
            found(r#"{"name":"web","port":80,"targetPort":"web"}"#).len(),
            2
        );
    }
}
