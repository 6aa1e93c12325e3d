//! Server-side apply of every object with `dryRun=All` and strict fields: the server does all that
//! it would do, admission included, and stores nothing.

use std::collections::BTreeMap;

use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::client::Body;
use kube::core::{GroupVersionKind, Request, Status};
use kube::discovery::{ApiResource, Scope, pinned_kind};
use kube::{Client, Error};
use serde_json::Value;

use super::{Answer, Failure, Question, connect, status};
use crate::check::schemas;
use crate::emit::Object;

/// The name under which fields would be owned.
const MANAGER: &str = "mlspec";

/// Asks the servers about all objects, cluster after cluster.
///
/// # Errors
/// Where nothing could be asked at all.
pub fn ask(questions: &[Question<'_>]) -> Result<Answer, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure {
            message: "cannot start to speak with servers".to_owned(),
            note: Some(error.to_string()),
            help: "see the limits of this machine: ulimit -a".to_owned(),
        })?;
    let kubeconfig = connect::kubeconfig()?;
    let mut answer = Answer::default();
    for question in questions {
        let asked = runtime.block_on(async {
            let client = connect::client(&kubeconfig, &question.context, &question.cluster).await?;
            Server {
                client,
                question,
                kinds: BTreeMap::new(),
            }
            .ask(&mut answer)
            .await
        });
        if let Err(failure) = asked {
            add(&mut answer.failures, failure);
        }
    }
    Ok(answer)
}

/// One cause often stops many objects: it is said once.
fn add(failures: &mut Vec<Failure>, failure: Failure) {
    if !failures.contains(&failure) {
        failures.push(failure);
    }
}

/// A kind on this server; `None` where it has no such kind.
type Kind = Option<(ApiResource, bool)>;

struct Server<'q, 'o> {
    client: Client,
    question: &'q Question<'o>,
    kinds: BTreeMap<(&'static str, &'static str), Kind>,
}

impl Server<'_, '_> {
    /// Asks about each object. An error ends the questions to this server.
    async fn ask(mut self, answer: &mut Answer) -> Result<(), Failure> {
        for object in &self.question.objects {
            let (api_version, kind) = (object.body.api_version(), object.body.kind());
            let Some((resource, namespaced)) = self.kind(api_version, kind).await? else {
                let failure = self.failure(
                    format!("has no {kind} of {api_version}"),
                    None,
                    "install what brings the kind, or correct what the cluster `provides`",
                );
                add(&mut answer.failures, failure);
                continue;
            };
            let Ok(content) = serde_json::to_value(object.content()) else {
                continue;
            };
            let namespace = object
                .body
                .metadata()
                .namespace
                .as_deref()
                .unwrap_or_default();
            let api: Api<DynamicObject> = match namespaced {
                true => Api::namespaced_with(self.client.clone(), namespace, &resource),
                false => Api::all_with(self.client.clone(), &resource),
            };
            let params = PatchParams {
                dry_run: true,
                ..PatchParams::apply(MANAGER)
            }
            .force()
            .validation_strict();
            let patch = Patch::Apply(&content);
            let told = self
                .told(api.resource_url(), object.body.name(), &params, &patch)
                .await;
            match told {
                Ok(warnings) => {
                    answer.accepted += 1;
                    let context = &self.question.context;
                    let found = warnings.iter().map(|w| schemas::warned(object, w, context));
                    answer.diagnostics.extend(found);
                }
                Err(Error::Api(status)) => self.judged(object, &content, &status, answer)?,
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
        Ok(())
    }

    /// Sends a patch; what the server warns about where it says yes.
    async fn told(
        &self,
        url: &str,
        name: &str,
        params: &PatchParams,
        patch: &Patch<&Value>,
    ) -> Result<Vec<String>, Error> {
        let request = Request::new(url)
            .patch(name, params, patch)
            .map_err(Error::BuildRequest)?;
        let response = self.client.send(request.map(Body::from)).await?;
        if response.status().is_success() {
            let warnings = response.headers().get_all("warning");
            let texts = warnings.iter().filter_map(|value| value.to_str().ok());
            return Ok(texts.filter_map(status::warning).collect());
        }
        let code = response.status().as_u16();
        let bytes = response.into_body().collect_bytes().await?;
        // A proxy may answer with a page.
        let status = serde_json::from_slice(&bytes).unwrap_or_else(|_| {
            let text = String::from_utf8_lossy(&bytes);
            Status::failure(text.trim(), "no status").with_code(code)
        });
        Err(Error::Api(status.boxed()))
    }

    /// Where objects of a kind are on this server.
    async fn kind(
        &mut self,
        api_version: &'static str,
        kind: &'static str,
    ) -> Result<Kind, Failure> {
        if let Some(known) = self.kinds.get(&(api_version, kind)) {
            return Ok(known.clone());
        }
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let gvk = GroupVersionKind::gvk(group, version, kind);
        let found = match pinned_kind(&self.client, &gvk).await {
            Ok((resource, capabilities)) => {
                Some((resource, capabilities.scope == Scope::Namespaced))
            }
            Err(Error::Discovery(_)) => None,
            Err(Error::Api(status)) if status.code == 404 => None,
            Err(Error::Api(status)) => return Err(self.no_entry(&status)),
            Err(error) => return Err(self.unreachable(&error)),
        };
        self.kinds.insert((api_version, kind), found.clone());
        Ok(found)
    }

    /// What an answer other than "yes" means.
    fn judged(
        &self,
        object: &Object,
        content: &Value,
        status: &Status,
        answer: &mut Answer,
    ) -> Result<(), Failure> {
        let kind = object.body.kind();
        match status::meaning(status) {
            status::Meaning::NoEntry => return Err(self.no_entry(status)),
            status::Meaning::NotAllowed => {
                let failure = self.failure(
                    format!("does not let you patch a {kind}"),
                    Some(status.message.clone()),
                    "a dry run asks for the rights of a real apply: get `patch` and `create` on the kind",
                );
                add(&mut answer.failures, failure);
            }
            status::Meaning::NoNamespace(namespace) => {
                let failure = self.failure(
                    format!("has no namespace \"{namespace}\""),
                    Some("a dry run stores nothing, so it never sees a namespace of the same dry run".to_owned()),
                    &format!(
                        "make it first: kubectl --context {} create namespace {namespace}",
                        self.question.context
                    ),
                );
                add(&mut answer.failures, failure);
            }
            status::Meaning::Broken => {
                let failure = self.failure(
                    format!("could not judge the {kind} \"{}\"", object.body.name()),
                    Some(status.message.clone()),
                    "try again once the server, or the webhook it names, is well",
                );
                add(&mut answer.failures, failure);
            }
            status::Meaning::Refused => {
                for (pointer, message) in status::causes(status, content) {
                    let context = &self.question.context;
                    let refused = schemas::refused(object, &pointer, &message, context);
                    answer.diagnostics.push(refused);
                }
            }
        }
        Ok(())
    }

    fn failure(&self, what: String, note: Option<String>, help: &str) -> Failure {
        Failure {
            message: format!("the server of context \"{}\" {what}", self.question.context),
            note,
            help: help.to_owned(),
        }
    }

    fn no_entry(&self, status: &Status) -> Failure {
        self.failure(
            "does not let you in".to_owned(),
            Some(status.message.clone()),
            "log in again: the token or certificate of the kubeconfig is not, or no longer, valid",
        )
    }

    fn unreachable(&self, error: &Error) -> Failure {
        let mut note = error.to_string();
        let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
        while let Some(inner) = cause {
            let text = inner.to_string();
            if !note.contains(&text) {
                note = format!("{note}: {text}");
            }
            cause = inner.source();
        }
        self.failure(
            "cannot be reached".to_owned(),
            Some(note),
            &format!(
                "see that this works: kubectl --context {} version",
                self.question.context
            ),
        )
    }
}
