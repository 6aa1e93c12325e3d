//! Which context of the kubeconfig stands for which cluster of the spec. Never the current one by
//! itself: what `kubectl` was last pointed at is no answer to where production is.

use std::collections::BTreeMap;

use super::Failure;
use crate::diag::suggest::closest;

/// The context of each cluster: as given (`CLUSTER=CONTEXT`, or a context alone where there is one
/// cluster), else the context that is called like the cluster. `asked` are the clusters that are
/// asked about, those of the environment `env` if there is one; `all` are those of every environment.
///
/// # Errors
/// A cluster that is not asked about or given two contexts, no context, or a context alone among
/// several clusters.
pub fn choose(
    given: &[String],
    asked: &[&str],
    all: &[&str],
    env: Option<&str>,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut chosen: BTreeMap<String, String> = BTreeMap::new();
    for text in given {
        let (cluster, context) = match (text.split_once('='), asked) {
            (Some((cluster, context)), _) => (cluster, context),
            (None, [only]) => (*only, text.as_str()),
            (None, _) => {
                return Err(Failure {
                    message: format!("`--context {text}` does not say which cluster"),
                    note: Some(known(asked, env)),
                    help: format!("write --context CLUSTER={text}, or choose one with --env"),
                });
            }
        };
        if !asked.contains(&cluster) {
            return Err(not_asked(cluster, context, asked, all, env));
        }
        if context.is_empty() {
            return Err(Failure {
                message: format!("`--context {text}` names no context"),
                note: None,
                help: format!(
                    "write --context {cluster}=CONTEXT with a context of the kubeconfig: `kubectl config get-contexts` lists them"
                ),
            });
        }
        let before = chosen.insert(cluster.to_owned(), context.to_owned());
        if let Some(before) = before.filter(|before| before != context) {
            return Err(Failure {
                message: format!(
                    "`--context` names two contexts for cluster \"{cluster}\": \"{before}\" and \"{context}\""
                ),
                note: None,
                help: "drop one of them".to_owned(),
            });
        }
    }
    for cluster in asked {
        let own = chosen.entry((*cluster).to_owned());
        own.or_insert_with(|| (*cluster).to_owned());
    }
    Ok(chosen)
}

/// A cluster of `--context` that is not asked about.
fn not_asked(
    cluster: &str,
    context: &str,
    asked: &[&str],
    all: &[&str],
    env: Option<&str>,
) -> Failure {
    if let Some(env) = env.filter(|_| all.contains(&cluster)) {
        return Failure {
            message: format!(
                "`--context`: environment \"{env}\" does not run on cluster \"{cluster}\""
            ),
            note: Some(known(asked, Some(env))),
            help: format!("drop `--context {cluster}={context}`, or choose another --env"),
        };
    }
    Failure {
        message: format!("`--context`: there is no cluster \"{cluster}\""),
        note: Some(known(asked, env)),
        help: if let Some(near) = closest(cluster, asked.iter().copied()) {
            format!("did you mean \"{near}\"?")
        } else if asked.contains(&context) {
            format!("the cluster of the spec comes first: write --context {context}={cluster}")
        } else {
            format!(
                "in front of `=` stands a cluster of the spec, behind it a context of the kubeconfig: write --context {}={context}",
                if let [only] = asked { only } else { "CLUSTER" }
            )
        },
    }
}

/// The clusters that can be named, in words.
fn known(asked: &[&str], env: Option<&str>) -> String {
    match env {
        Some(env) => format!("environment \"{env}\" runs on {}", quoted(asked)),
        None => format!("there are {}", quoted(asked)),
    }
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
        choose(&given, clusters, &["eu", "us"], Some("prod")).map(|map| map.into_values().collect())
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

    /// What is meant and what is known, for each mistake.
    #[test]
    fn mistakes() {
        let failed = |given: &[&str], clusters: &[&str]| chosen(given, clusters).unwrap_err();
        let other = failed(&["eu=x"], &["us"]);
        assert_eq!(
            other.message,
            "`--context`: environment \"prod\" does not run on cluster \"eu\""
        );
        let note = "environment \"prod\" runs on \"us\"";
        assert_eq!(other.note.as_deref(), Some(note));
        let unknown = failed(&["gke=x"], &["us"]);
        assert_eq!(unknown.message, "`--context`: there is no cluster \"gke\"");
        assert!(unknown.help.ends_with("write --context us=x"));
        let slip = failed(&["prdo=prod"], &["prod"]);
        assert_eq!(slip.help, "did you mean \"prod\"?");
        let swapped = failed(&["admin=us"], &["eu", "us"]);
        assert!(swapped.help.ends_with("write --context us=admin"));
        assert!(failed(&["us="], &["us"]).message.contains("no context"));
        let twice = failed(&["us=a", "us=b"], &["us"]);
        assert!(twice.message.contains("\"a\" and \"b\""));
        assert_eq!(chosen(&["us=a", "us=a"], &["us"]).unwrap(), ["a"]);
    }
}
