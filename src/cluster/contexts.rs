//! Which context of the kubeconfig stands for which cluster of the spec. Never the current one by
//! itself: what `kubectl` was last pointed at is no answer to where production is.

use std::collections::BTreeMap;

use super::Failure;
use crate::diag::suggest::closest;

/// The context of each cluster: as given (`CLUSTER=CONTEXT`, or a context alone where there is one
/// cluster), else the context that is called like the cluster.
///
/// # Errors
/// A cluster that is not asked about, or a context alone among several clusters.
pub fn choose(given: &[String], clusters: &[&str]) -> Result<BTreeMap<String, String>, Failure> {
    let mut chosen: BTreeMap<String, String> = clusters
        .iter()
        .map(|c| ((*c).to_owned(), (*c).to_owned()))
        .collect();
    for text in given {
        let (cluster, context) = match (text.split_once('='), clusters) {
            (Some((cluster, context)), _) => (cluster, context),
            (None, [only]) => (*only, text.as_str()),
            (None, _) => {
                return Err(Failure {
                    message: format!("`--context {text}` does not say which cluster"),
                    note: Some(format!("there are {}", quoted(clusters))),
                    help: format!("write --context CLUSTER={text}, or choose one with --env"),
                });
            }
        };
        match chosen.get_mut(cluster) {
            Some(slot) => context.clone_into(slot),
            None => {
                return Err(Failure {
                    message: format!("`--context`: there is no cluster \"{cluster}\""),
                    note: Some(format!("there are {}", quoted(clusters))),
                    help: match closest(cluster, clusters.iter().copied()) {
                        Some(near) => format!("did you mean \"{near}\"?"),
                        None => "name one of them".to_owned(),
                    },
                });
            }
        }
    }
    Ok(chosen)
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|n| format!("\"{n}\"")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Failure, choose};

    fn chosen(given: &[&str], clusters: &[&str]) -> Result<Vec<String>, Failure> {
        let given: Vec<_> = given.iter().map(|g| (*g).to_owned()).collect();
        choose(&given, clusters).map(|map| map.into_values().collect())
    }

    /// By name unless said otherwise; a context alone needs a cluster alone.
    #[test]
    fn contexts() {
        assert_eq!(chosen(&[], &["eu", "us"]).unwrap(), ["eu", "us"]);
        assert_eq!(
            chosen(&["us=admin@us"], &["eu", "us"]).unwrap(),
            ["eu", "admin@us"]
        );
        assert_eq!(chosen(&["kind-kind"], &["us"]).unwrap(), ["kind-kind"]);
        assert!(
            chosen(&["kind-kind"], &["eu", "us"])
                .unwrap_err()
                .message
                .contains("does not say which")
        );
        assert!(
            chosen(&["uss=x"], &["eu", "us"])
                .unwrap_err()
                .help
                .contains("did you mean \"us\"?")
        );
    }
}
