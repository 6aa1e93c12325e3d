//! From a context's name to a client.

use std::time::Duration;

use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

use super::Failure;
use crate::diag::suggest::closest;

/// How long a server may take to take the call.
const CONNECT: Duration = Duration::from_secs(10);
/// How long it may take to answer one question.
const ANSWER: Duration = Duration::from_secs(30);

/// The user's kubeconfig: `KUBECONFIG`, else `~/.kube/config`.
pub(super) fn kubeconfig() -> Result<Kubeconfig, Failure> {
    Kubeconfig::read().map_err(|error| Failure {
        message: "there is no kubeconfig to read".to_owned(),
        note: Some(error.to_string()),
        help: "set KUBECONFIG to its path, or write ~/.kube/config".to_owned(),
    })
}

/// A client for a context.
pub(super) async fn client(
    kubeconfig: &Kubeconfig,
    context: &str,
    cluster: &str,
) -> Result<Client, Failure> {
    let names: Vec<&str> = kubeconfig
        .contexts
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    if !names.contains(&context) {
        let known: Vec<_> = names.iter().map(|n| format!("\"{n}\"")).collect();
        let near = closest(context, names.iter().copied());
        return Err(Failure {
            message: format!(
                "the kubeconfig has no context \"{context}\" for cluster \"{cluster}\""
            ),
            note: Some(match known.is_empty() {
                true => "it has none at all".to_owned(),
                false => format!("it has {}", known.join(", ")),
            }),
            help: match near {
                Some(near) => format!("say which it is: --context {cluster}={near}"),
                None => format!("say which it is: --context {cluster}=NAME"),
            },
        });
    }
    let options = KubeConfigOptions {
        context: Some(context.to_owned()),
        ..KubeConfigOptions::default()
    };
    let unusable = |error: &dyn std::fmt::Display| Failure {
        message: format!("context \"{context}\" cannot be used"),
        note: Some(error.to_string()),
        help: format!("see that this works: kubectl --context {context} version"),
    };
    let mut config = Config::from_custom_kubeconfig(kubeconfig.clone(), &options)
        .await
        .map_err(|error| unusable(&error))?;
    config.connect_timeout = Some(CONNECT);
    config.read_timeout = Some(ANSWER);
    Client::try_from(config).map_err(|error| unusable(&error))
}
