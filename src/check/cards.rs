//! Cards that nothing is known of.

use super::schemas::UNKNOWN;
use crate::diag::Diagnostic;
use crate::plan::gpus;
use crate::resolve::cluster::Cluster;

/// Reports each pool of a cluster whose card is not known: what rests on its memory or slices is not
/// checked, and a short name such as `A100` is on the label of no node.
pub(super) fn unknown(cluster: &Cluster) -> Vec<Diagnostic> {
    let cards = cluster.pools.iter().filter_map(|pool| pool.gpu.as_ref());
    let unknown = cards.filter(|gpu| gpus::card_memory(&gpu.product).is_none());
    let report = |gpu: &crate::resolve::cluster::PoolGpu| {
        let product = &gpu.product;
        let label = gpus::product_label(product);
        Some(
            Diagnostic::warning(
                UNKNOWN,
                product.span()?,
                format!("card \"{}\" is not known", product.value),
            )
            .note(format!(
                "its memory and slices are not checked; pods look for nodes with the label \
                 `nvidia.com/gpu.product={label}`"
            ))
            .help(
                "write it as the nodes' label has it, such as \"A100-SXM4-40GB\": \
                 `kubectl get nodes -L nvidia.com/gpu.product` shows it",
            ),
        )
    };
    unknown.filter_map(report).collect()
}
