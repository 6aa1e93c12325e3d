//! Service: a model's address in the cluster. Core v1,
//! <https://kubernetes.io/docs/concepts/services-networking/service/>, checked 2026-11.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use mlspec_contract::ports;

use super::super::parts::{map, note_entries};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{ModelPlan, ServicePlan};
use crate::resolve::origin::Traced;
use crate::units::Port;

/// One for each model, and one for each variant that a gateway must tell apart.
pub static EMITTER: Emitter = Emitter {
    kind: "Service",
    api_version: "v1",
    wave: 0,
    scope: Scope::Model(emit),
};

/// HTTP/1.1 in the clear, as Istio reads it.
const HTTP: &str = "http";
/// HTTP/2 in the clear, as Gateway API implementations and Istio read it. Source: Kubernetes
/// enhancement 3726, standard application protocols, 2026-11.
const H2C: &str = "kubernetes.io/h2c";

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    for service in &plan.services {
        let mut trace = out.trace();
        trace.note(format_args!("/metadata/name"), &service.name.from);
        trace.note(format_args!("/spec/type"), &service.load_balancer.from);
        note_entries(&mut trace, "/spec/selector", &service.selector);
        let type_ = if *service.load_balancer {
            "LoadBalancer"
        } else {
            "ClusterIP"
        };
        let mut object = Service {
            spec: Some(ServiceSpec {
                ports: Some(all_ports(service, &mut trace)),
                selector: Some(map(&service.selector)),
                type_: Some(type_.to_owned()),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        };
        object.metadata.name = Some(service.name.to_string());
        out.labeled_object(plan, &service.labels, EMITTER.wave, object, trace);
    }
}

fn all_ports(service: &ServicePlan, trace: &mut Trace) -> Vec<ServicePort> {
    let http = service.port.as_ref().map(|p| (ports::HTTP_NAME, HTTP, p));
    let grpc = service.grpc.as_ref().map(|p| (ports::GRPC_NAME, H2C, p));
    let admin = service.admin.as_ref().map(|a| (a.name, HTTP, &a.port));
    let all = [http, grpc, admin].into_iter().flatten().enumerate();
    all.map(|(at, (name, protocol, number))| port(name, protocol, number, at, trace))
        .collect()
}

fn port(
    name: &str,
    protocol: &str,
    number: &Traced<Port>,
    at: usize,
    trace: &mut Trace,
) -> ServicePort {
    trace.note(format_args!("/spec/ports/{at}/port"), &number.from);
    trace.fixed(
        format_args!("/spec/ports/{at}/name"),
        "its first part is the protocol, as Istio reads it (TRF-11)",
    );
    trace.fixed(
        format_args!("/spec/ports/{at}/appProtocol"),
        "without it a mesh or gateway takes the port for plain TCP (TRF-11)",
    );
    trace.fixed(
        format_args!("/spec/ports/{at}/targetPort"),
        "the container's port by its name, whatever its number",
    );
    ServicePort {
        app_protocol: Some(protocol.to_owned()),
        name: Some(name.to_owned()),
        port: i32::from(number.get()),
        target_port: Some(IntOrString::String(name.to_owned())),
        ..ServicePort::default()
    }
}
