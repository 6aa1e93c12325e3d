//! JSON schemas for kubeconform, taken from the running server.

use std::path::Path;

use serde_json::{Value, json};

use crate::Result;
use crate::http::Server;
use crate::objects::load;

/// Writes a schema for the kind of every object under some folders:
/// `KIND_GROUP_VERSION.json`, lower case.
pub(crate) fn write(port: u16, target: &str, folders: &[&str]) -> Result<()> {
    let mut server = Server::connect(port)?;
    std::fs::create_dir_all(target)?;
    for folder in folders {
        for object in load(Path::new(folder))? {
            let (api_version, kind) = (object.text("/apiVersion"), object.text("/kind"));
            let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
            // What kubeconform calls the group is all before the slash, `v1` for the core.
            let prefix = api_version.split('/').next().unwrap_or_default();
            let file =
                Path::new(target).join(format!("{}_{prefix}_{version}.json", kind.to_lowercase()));
            if file.exists() {
                continue;
            }
            let path = if group.is_empty() { "api" } else { "apis" };
            let mut document = server.get(&format!("/openapi/v3/{path}/{api_version}"))?;
            let components = &mut document["components"]["schemas"];
            let names = components.as_object().ok_or("no components")?;
            let named = names.iter().find(|(_, schema)| {
                let kinds = &schema["x-kubernetes-group-version-kind"];
                *kinds == json!([{ "group": group, "kind": kind, "version": version }])
            });
            let root = named
                .ok_or_else(|| format!("the server has no {kind} {api_version}"))?
                .0
                .clone();
            close(components);
            let schema = json!({ "$ref": format!("#/components/schemas/{root}"), "components": document["components"] });
            std::fs::write(file, schema.to_string())?;
        }
    }
    Ok(())
}

/// Objects with named properties take no others; defaults beside a reference mean nothing here.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.remove("default");
            if map.get("x-kubernetes-int-or-string") == Some(&json!(true)) {
                map.remove("type");
            }
            let open = map.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true));
            if map.get("properties").is_some_and(Value::is_object)
                && map.get("type") == Some(&json!("object"))
                && !open
                && !map.contains_key("additionalProperties")
            {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
