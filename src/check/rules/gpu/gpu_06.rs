//! GPU-06: a model is larger than the memory of its device.

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, gpus};
use crate::resolve::cluster::Pool;
use crate::resolve::model::{GpuWant, Workload};
use crate::units::Bytes;

/// GPU-06.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-06",
    name: "model-larger-than-device",
    level: Level::Error,
    page: r#"
## What it checks
The artifact's stated size is at most the device memory that `gpu` gives the model: the number in
a MIG profile's name, the card's memory, `memory=` of a shared GPU, or the `memory=` that is asked
for. Weights alone are compared; room for activations comes on top. Models spread over several GPUs
and cards that mlspec does not know are not judged.

## Why it breaks
Loading fails with an out-of-memory error of the device, on every start.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="7Gi"
    gpu mig="1g.5gb"
    only "prod"
    scale 1
}
```

## Instead
```kdl
gpu memory="12Gi"
```

## Sources
NVIDIA MIG user guide, "Device Names" and profile tables, read 2026-08.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for plan in &model.workloads {
        let workload = plan.workload;
        let Some((memory, what)) = memory(workload, plan.placement.pool) else {
            continue;
        };
        let Some(gpu) = &workload.gpu else { continue };
        let Some(size) = workload.artifact.as_ref().and_then(|a| a.size.as_ref()) else {
            continue;
        };
        if size.value <= memory {
            continue;
        }
        report.add(
            gpu.span,
            format!(
                "the model is {} large, {what} has {memory} of memory",
                size.value
            ),
            |d| {
                let d = match size.span() {
                    Some(span) => d.also(span, "the size of the files"),
                    None => d,
                };
                d.note("weights alone do not fit; activations come on top")
                    .help("ask for a larger slice, or by `memory=` for the smallest that fits")
            },
        );
    }
}

/// Memory of one replica's device at most, and what the device is called; `None` where it is not
/// known or the model may be spread over several.
fn memory(workload: &Workload, pool: Option<&Pool>) -> Option<(Bytes, String)> {
    match &workload.gpu.as_ref()?.want {
        GpuWant::Count(count) if count.value > 1 => None,
        GpuWant::Count(_) => {
            let product = &pool?.gpu.as_ref()?.product;
            Some((
                gpus::card_memory(product)?,
                format!("a whole {}", product.value),
            ))
        }
        GpuWant::Mig(profile) => {
            // The nominal number: usable memory is a little less, so nothing that fits is refused.
            let memory = Bytes::gibibytes(u64::from(profile.memory_gb()));
            Some((memory, format!("MIG {}", profile.value)))
        }
        GpuWant::Memory(memory) => Some((memory.value, "the device asked for".to_owned())),
        GpuWant::Share { memory, .. } => {
            Some((memory.value, "its part of the shared GPU".to_owned()))
        }
    }
}
