//! GPU-10: a node selector names a product that sharing has renamed.

use crate::check::rules::shared::{deployments, patched, pod, workload};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::emit::trace::escape;
use crate::plan::ModelPlan;
use crate::resolve::cluster::{GpuMode, PoolGpu};

const PRODUCT: &str = "nvidia.com/gpu.product";

/// GPU-10.
pub(crate) static RULE: Rule = Rule {
    code: "GPU-10",
    name: "product-label-renamed",
    level: Level::Error,
    page: r#"
## What it checks
A node selector on `nvidia.com/gpu.product` carries the suffix that the pool's nodes carry:
`-MIG-<profile>` under the single strategy, `-SHARED` where a shared resource keeps its name, none
otherwise.

Only a `patch` can raise this: nobody else types the label, it is derived from the pool.

## Why it breaks
GPU feature discovery appends these suffixes to the label's value. A selector with the plain
product then matches no node, and the pods stay Pending.

## Example
```yaml
nodeSelector:
  nvidia.com/gpu.product: NVIDIA-A100-SXM4-80GB
```

## Instead
Name the pool, not its labels.
```kdl
gpu count=1 pool="a100"
```

## Sources
NVIDIA k8s-device-plugin 0.20 and its GPU feature discovery, documentation of labels, read 2026-08.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    for deployment in deployments(objects) {
        let selector = pod(&deployment).and_then(|p| p.node_selector.as_ref());
        let Some(product) = selector.and_then(|s| s.get(PRODUCT)) else {
            continue;
        };
        let pool = workload(model, &deployment).and_then(|w| w.placement.pool);
        let Some((pool, gpu)) = pool.and_then(|p| Some((p, p.gpu.as_ref()?))) else {
            continue;
        };
        let suffix = suffix(gpu);
        let plain = product
            .find("-MIG-")
            .or_else(|| product.find("-SHARED"))
            .unwrap_or(product.len());
        if product[plain..] == suffix {
            continue;
        }
        let field = format!("/spec/template/spec/nodeSelector/{}", escape(PRODUCT));
        report.add(
            patched(deployment.object, &field, model),
            format!(
                "no node of pool \"{}\" is labeled `{PRODUCT}: {product}`",
                pool.name.value
            ),
            |d| {
                d.note(format!(
                    "its nodes are labeled \"{}{suffix}\"",
                    &product[..plain]
                ))
                .note("GPU feature discovery appends how a GPU is shared or cut to the product")
                .help("choose the pool with `gpu pool=` and leave the label to mlspec")
            },
        );
    }
}

/// What feature discovery appends to the product on nodes of a pool.
fn suffix(gpu: &PoolGpu) -> String {
    match &gpu.mode {
        GpuMode::Mig { single, layouts } if **single => layouts
            .iter()
            .flat_map(|l| &l.slices)
            .map(|(profile, _)| format!("-MIG-{}", profile.value))
            .next()
            .unwrap_or_default(),
        GpuMode::Shared { rename, .. } if !**rename => "-SHARED".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{deployment_with, on_shared};

    /// The fixture's shared pool renames its resource, so its product label has no suffix.
    #[test]
    fn suffix_of_shared_pool() {
        let found = |product: &str| {
            let body = deployment_with(&format!(
                r#"{{"nodeSelector":{{"nvidia.com/gpu.product":"{product}"}},"containers":[]}}"#
            ));
            on_shared(&RULE, vec![body])
        };
        assert_eq!(found("Tesla-T4").len(), 0);
        assert_eq!(found("Tesla-T4-SHARED").len(), 1);
        assert_eq!(found("Tesla-T4-MIG-1g.5gb").len(), 1);
    }
}
