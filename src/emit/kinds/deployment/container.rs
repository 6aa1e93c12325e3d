//! The server's container.

use k8s_openapi::api::core::v1::{
    Container, ContainerPort, EnvVar, EnvVarSource, Lifecycle, LifecycleHandler, SecretKeySelector,
    SleepAction, VolumeMount,
};
use mlspec_contract::{paths, ports};
use smol_str::SmolStr;

use super::super::super::Trace;
use super::super::super::parts::long;
use super::pod::some;
use super::{CONTAINER, probes, resources, security};
use crate::plan::WorkloadPlan;
use crate::resolve::model::{self, EnvValue, Runtime};
use crate::resolve::origin::Traced;

/// Where the container lies in the Deployment.
pub(super) const SERVER: &str = "/spec/template/spec/containers/0";

pub(super) fn server(
    plan: &WorkloadPlan<'_>,
    mounts: Vec<VolumeMount>,
    trace: &mut Trace,
) -> Container {
    trace.fixed(
        format_args!("{SERVER}/name"),
        "the name by which autoscalers and `kubectl` mean the server",
    );
    let image = plan.workload.runtime.image();
    trace.note(format_args!("{SERVER}/image"), &image.from);
    let (command, args) = command_line(&plan.workload.runtime, trace);
    Container {
        args,
        command,
        env: some(env(&plan.workload.env_vars, trace)),
        image: Some(image.to_string()),
        lifecycle: lifecycle(plan, trace),
        liveness_probe: plan
            .probes
            .liveness
            .as_ref()
            .map(|p| probes::probe(p, "livenessProbe", trace)),
        name: CONTAINER.to_owned(),
        ports: Some(container_ports(plan, trace)),
        readiness_probe: Some(probes::probe(
            &plan.probes.readiness,
            "readinessProbe",
            trace,
        )),
        resources: Some(resources::of_server(plan, SERVER, trace)),
        security_context: Some(security::of_container(SERVER, trace)),
        startup_probe: Some(probes::probe(&plan.probes.startup, "startupProbe", trace)),
        volume_mounts: some(mounts),
        ..Container::default()
    }
}

type Words = Option<Vec<String>>;

fn command_line(runtime: &Runtime, trace: &mut Trace) -> (Words, Words) {
    match runtime {
        Runtime::Mlserve(_) => {
            trace.fixed(
                format_args!("{SERVER}/args"),
                "the command line of the server; all else is in its configuration",
            );
            let args = ["serve", "--config", paths::CONFIG_FILE];
            (None, Some(args.map(str::to_owned).to_vec()))
        }
        Runtime::Container(container) => (
            words(&container.command, "command", trace),
            words(&container.args, "args", trace),
        ),
    }
}

fn words(words: &[Traced<SmolStr>], field: &str, trace: &mut Trace) -> Words {
    for (at, word) in words.iter().enumerate() {
        trace.note(format_args!("{SERVER}/{field}/{at}"), &word.from);
    }
    some(words.iter().map(|w| w.to_string()).collect())
}

fn env(vars: &[model::EnvVar], trace: &mut Trace) -> Vec<EnvVar> {
    let mut env = Vec::with_capacity(vars.len());
    for (at, var) in vars.iter().enumerate() {
        trace.note(format_args!("{SERVER}/env/{at}/name"), &var.name.from);
        let (value, value_from) = match &var.value {
            EnvValue::Plain(text) => {
                trace.note(format_args!("{SERVER}/env/{at}/value"), &text.from);
                (Some(text.to_string()), None)
            }
            EnvValue::Secret(key) => {
                trace.note(format_args!("{SERVER}/env/{at}/valueFrom"), &key.from);
                let source = EnvVarSource {
                    secret_key_ref: Some(SecretKeySelector {
                        key: key.key().to_owned(),
                        name: key.secret().to_string(),
                        ..SecretKeySelector::default()
                    }),
                    ..EnvVarSource::default()
                };
                (None, Some(source))
            }
        };
        env.push(EnvVar {
            name: var.name.to_string(),
            value,
            value_from,
        });
    }
    env
}

fn container_ports(plan: &WorkloadPlan<'_>, trace: &mut Trace) -> Vec<ContainerPort> {
    let http = Some((ports::HTTP_NAME, &plan.ports.http));
    let grpc = plan.ports.grpc.as_ref().map(|p| (ports::GRPC_NAME, p));
    let admin = plan.ports.admin.as_ref().map(|a| (a.name, &a.port));
    let all = [http, grpc, admin].into_iter().flatten().enumerate();
    let ports = all.map(|(at, (name, port))| {
        trace.note(
            format_args!("{SERVER}/ports/{at}/containerPort"),
            &port.from,
        );
        trace.fixed(
            format_args!("{SERVER}/ports/{at}/name"),
            "its first part is the protocol; probes and Services mean the port by it",
        );
        ContainerPort {
            container_port: i32::from(port.get()),
            name: Some(name.to_owned()),
            ..ContainerPort::default()
        }
    });
    ports.collect()
}

/// The pause before the end; none where the plan has none, since the API refuses zero on
/// clusters before 1.33.
fn lifecycle(plan: &WorkloadPlan<'_>, trace: &mut Trace) -> Option<Lifecycle> {
    let seconds = plan.pre_stop.as_secs_ceil();
    if seconds == 0 {
        return None;
    }
    trace.note(format_args!("{SERVER}/lifecycle"), &plan.pre_stop.from);
    Some(Lifecycle {
        pre_stop: Some(LifecycleHandler {
            sleep: Some(SleepAction {
                seconds: long(seconds),
            }),
            ..LifecycleHandler::default()
        }),
        ..Lifecycle::default()
    })
}
