//! The API server's verdict on an object.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Result;
use crate::http::{Answer, Server};

/// The API server, and where it serves which kind.
pub(crate) struct Api {
    server: Server,
    resources: BTreeMap<(String, String), Option<(String, bool)>>,
}

/// How far a request goes.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(crate) enum Mode {
    DryRun,
    Real,
}

impl Mode {
    fn query(self) -> &'static str {
        match self {
            Self::DryRun => "&dryRun=All",
            Self::Real => "",
        }
    }
}

impl Api {
    pub(crate) fn connect(port: u16) -> Result<Self> {
        Ok(Self {
            server: Server::connect(port)?,
            resources: BTreeMap::new(),
        })
    }

    /// Creates a namespace unless it is there.
    pub(crate) fn namespace(&mut self, name: &str, labels: &Value) -> Result<()> {
        let body = serde_json::json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels }
        });
        let answer = self.server.send(
            "POST",
            "/api/v1/namespaces",
            "application/json",
            &body.to_string(),
        )?;
        match answer.status {
            201 | 409 => Ok(()),
            status => Err(format!("namespace {name}: {status} {}", answer.body).into()),
        }
    }

    /// Where objects of this kind are created; `None` if the server has no such kind.
    fn collection(&mut self, object: &Value) -> Result<Option<String>> {
        let api_version = object["apiVersion"].as_str().unwrap_or_default().to_owned();
        let kind = object["kind"].as_str().unwrap_or_default().to_owned();
        let root = if api_version.contains('/') {
            "apis"
        } else {
            "api"
        };
        let key = (api_version.clone(), kind.clone());
        if !self.resources.contains_key(&key) {
            let answer = self
                .server
                .send("GET", &format!("/{root}/{api_version}"), "", "")?;
            let found = answer.body["resources"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|resource| {
                    resource["kind"] == *kind
                        && !resource["name"].as_str().unwrap_or("/").contains('/')
                });
            let found = found.map(|resource| {
                let name = resource["name"].as_str().unwrap_or_default().to_owned();
                (name, resource["namespaced"] == true)
            });
            self.resources.insert(key.clone(), found);
        }
        let Some((plural, namespaced)) = self.resources[&key].clone() else {
            return Ok(None);
        };
        let namespace = object["metadata"]["namespace"]
            .as_str()
            .unwrap_or("default");
        Ok(Some(match namespaced {
            true => format!("/{root}/{api_version}/namespaces/{namespace}/{plural}"),
            false => format!("/{root}/{api_version}/{plural}"),
        }))
    }

    /// Strict creation.
    pub(crate) fn create(&mut self, object: &Value, mode: Mode) -> Result<Answer> {
        let Some(path) = self.collection(object)? else {
            return Ok(no_kind());
        };
        let path = format!("{path}?fieldValidation=Strict{}", mode.query());
        self.server
            .send("POST", &path, "application/json", &object.to_string())
    }

    /// Strict server-side apply.
    pub(crate) fn apply(&mut self, object: &Value, mode: Mode) -> Result<Answer> {
        let Some(path) = self.path(object)? else {
            return Ok(no_kind());
        };
        let path = format!(
            "{path}?fieldManager=mlspec&fieldValidation=Strict&force=true{}",
            mode.query()
        );
        self.server.send(
            "PATCH",
            &path,
            "application/apply-patch+yaml",
            &object.to_string(),
        )
    }

    /// Deletes an object at once: no controller runs here that would take its finalizers away.
    pub(crate) fn delete(&mut self, object: &Value) -> Result<Answer> {
        let Some(path) = self.path(object)? else {
            return Ok(no_kind());
        };
        let free = r#"{"metadata":{"finalizers":null}}"#;
        self.server
            .send("PATCH", &path, "application/merge-patch+json", free)?;
        self.server.send("DELETE", &path, "application/json", "")
    }

    fn path(&mut self, object: &Value) -> Result<Option<String>> {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let escaped: String = name.bytes().map(escape).collect();
        Ok(self
            .collection(object)?
            .map(|collection| format!("{collection}/{escaped}")))
    }

    /// Why the server refuses an object, by creation or by server-side apply; `None` if it takes
    /// it both ways. An answer that is no verdict ends the run.
    pub(crate) fn refusal(&mut self, object: &Value) -> Result<Option<String>> {
        let created = self.create(object, Mode::DryRun)?;
        // 409: there is one of that name, a namespace of an earlier run.
        if created.status != 409
            && let Some(reason) = verdict(&created)?
        {
            return Ok(Some(reason));
        }
        let applied = self.apply(object, Mode::DryRun)?;
        verdict(&applied)
    }
}

fn verdict(answer: &Answer) -> Result<Option<String>> {
    match answer.status {
        200 | 201 => Ok(None),
        404 if answer.body["message"] == NO_KIND => Ok(Some(NO_KIND.to_owned())),
        404 | 409 | 429 | 502..=504 => {
            Err(format!("no verdict: {} {}", answer.status, answer.body).into())
        }
        _ => Ok(Some(
            answer.body["message"]
                .as_str()
                .unwrap_or("no message")
                .to_owned(),
        )),
    }
}

const NO_KIND: &str = "the server has no such kind";

fn no_kind() -> Answer {
    Answer {
        status: 404,
        body: serde_json::json!({ "message": NO_KIND }),
    }
}

fn escape(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    }
}
