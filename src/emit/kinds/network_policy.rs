//! NetworkPolicy: who may call a model and whom it may call. networking.k8s.io/v1,
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/>, checked 2026-11.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::super::parts::{note_entries, selector};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{ModelPlan, NetworkPlan, Peer};
use crate::resolve::origin::Origin;
use crate::units::Port;

/// One for each model, over all its variants.
pub static EMITTER: Emitter = Emitter {
    kind: "NetworkPolicy",
    api_version: "networking.k8s.io/v1",
    wave: -5,
    scope: Scope::Model(emit),
};

/// The label that every namespace has, its own name in it. Source: Kubernetes, "Well-Known
/// Labels, Annotations and Taints", 2026-11.
const NAMESPACE: &str = "kubernetes.io/metadata.name";

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    let network = &plan.network;
    let name = &plan.model.name;
    let mut trace = out.trace();
    trace.note(format_args!("/metadata/name"), &name.from);
    note_entries(
        &mut trace,
        "/spec/podSelector/matchLabels",
        &network.selector,
    );
    trace.fixed(
        format_args!("/spec/policyTypes"),
        "both directions are closed but for what is listed here",
    );
    let mut object = NetworkPolicy {
        spec: Some(NetworkPolicySpec {
            egress: Some(egress(network, &mut trace)),
            ingress: Some(ingress(network, &mut trace)),
            pod_selector: Some(selector(&network.selector)),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
        }),
        ..NetworkPolicy::default()
    };
    object.metadata.name = Some(name.to_string());
    out.model_object(plan, EMITTER.wave, object, trace);
}

fn ingress(plan: &NetworkPlan, trace: &mut Trace) -> Vec<NetworkPolicyIngressRule> {
    if plan.ingress.is_empty() {
        trace.fixed(
            format_args!("/spec/ingress"),
            "nobody is to call these pods",
        );
    }
    let rules = plan.ingress.iter().enumerate().map(|(at, (other, ports))| {
        trace.note(format_args!("/spec/ingress/{at}"), because(other));
        for (place, port) in ports.iter().enumerate() {
            trace.note(format_args!("/spec/ingress/{at}/ports/{place}"), &port.from);
        }
        NetworkPolicyIngressRule {
            from: peer(other).map(|peer| vec![peer]),
            ports: Some(ports.iter().map(|p| policy_port("TCP", p.value)).collect()),
        }
    });
    rules.collect()
}

fn egress(plan: &NetworkPlan, trace: &mut Trace) -> Vec<NetworkPolicyEgressRule> {
    if plan.egress.is_empty() {
        trace.fixed(
            format_args!("/spec/egress"),
            "these pods are to call nobody",
        );
    }
    let rules = plan.egress.iter().enumerate().map(|(at, (other, ports))| {
        trace.note(format_args!("/spec/egress/{at}"), because(other));
        for (place, port) in ports.iter().enumerate() {
            trace.note(
                format_args!("/spec/egress/{at}/ports/{place}"),
                &port.port.from,
            );
        }
        let ports = ports.iter().map(|p| {
            let protocol = if p.udp { "UDP" } else { "TCP" };
            policy_port(protocol, p.port.value)
        });
        NetworkPolicyEgressRule {
            ports: Some(ports.collect()),
            to: peer(other).map(|peer| vec![peer]),
        }
    });
    rules.collect()
}

fn because(peer: &Peer) -> &Origin {
    match peer {
        Peer::Namespace(name) => &name.from,
        Peer::Cidr(range) => &range.from,
        Peer::SameNamespace(because) | Peer::Anywhere(because) => because,
    }
}

/// The other side; `None` for anywhere, which the API says by leaving it out.
fn peer(peer: &Peer) -> Option<NetworkPolicyPeer> {
    let nobody = NetworkPolicyPeer::default();
    Some(match peer {
        Peer::Namespace(name) => NetworkPolicyPeer {
            namespace_selector: Some(LabelSelector {
                match_labels: Some(BTreeMap::from([(NAMESPACE.to_owned(), name.to_string())])),
                ..LabelSelector::default()
            }),
            ..nobody
        },
        Peer::SameNamespace(_) => NetworkPolicyPeer {
            pod_selector: Some(LabelSelector::default()),
            ..nobody
        },
        Peer::Cidr(range) => NetworkPolicyPeer {
            ip_block: Some(IPBlock {
                cidr: range.to_string(),
                except: None,
            }),
            ..nobody
        },
        Peer::Anywhere(_) => return None,
    })
}

fn policy_port(protocol: &str, port: Port) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::from(port.get()))),
        protocol: Some(protocol.to_owned()),
        ..NetworkPolicyPort::default()
    }
}
