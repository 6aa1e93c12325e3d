//! Closed lists of words of older Kubernetes versions, from the Go types of their `k8s.io/api`: the
//! OpenAPI in the repository has none, only a running server's has. Types are marked `+enum`, their
//! words are the constants of that type, and the JSON names stand in the tags of the fields.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::Result;
use crate::compact::Enums;

/// The lists of the API groups under a folder of `k8s.io/api`: `core/v1/types.go` and so on. Keys are
/// OpenAPI component and property, as [`Enums`] has them.
pub(crate) fn read(api: &Path, groups: &[&str]) -> Result<Enums> {
    let mut enums = Enums::new();
    let packages: Vec<_> = groups.iter().map(|g| (*g).to_owned()).collect();
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut fields = Vec::new();
    for package in &packages {
        let text = std::fs::read_to_string(api.join(package).join("types.go"))?;
        let group = package.replace('/', ".");
        types(&text, &group, &mut words, &mut fields);
    }
    // A struct within a struct lends it its fields.
    let inlined: Vec<_> = fields
        .iter()
        .filter(|(_, property, _)| property.is_empty())
        .cloned()
        .collect();
    for (component, _, ty) in inlined {
        let lent = format!("io.k8s.api.{ty}");
        let own: Vec<_> = fields.iter().filter(|f| f.0 == lent).cloned().collect();
        fields.extend(
            own.into_iter()
                .map(|(_, property, ty)| (component.clone(), property, ty)),
        );
    }
    for (component, property, ty) in fields {
        if let Some(words) = words.get(&ty).filter(|w| !w.is_empty()) {
            enums.insert(
                (component, property),
                words.iter().cloned().map(Value::String).collect(),
            );
        }
    }
    Ok(enums)
}

/// Reads one file: words of its enum types by `group.Type`, and its fields with their types.
fn types(
    text: &str,
    group: &str,
    words: &mut BTreeMap<String, BTreeSet<String>>,
    fields: &mut Vec<(String, String, String)>,
) {
    let mut marked = false;
    let mut within: Option<&str> = None;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for line in &lines {
        if let Some(comment) = line.strip_prefix("//") {
            marked |= comment.trim() == "+enum";
        } else if let Some(rest) = line.strip_prefix("type ") {
            let mut parts = rest.split_whitespace();
            let (Some(name), Some(ty)) = (parts.next(), parts.next()) else {
                continue;
            };
            if marked && ty == "string" {
                words.insert(format!("{group}.{name}"), BTreeSet::new());
            }
            within = (ty == "struct").then_some(name);
            marked = false;
        } else if line.is_empty() {
            marked = false;
        } else if *line == "}" {
            within = None;
        } else if let Some(name) = within
            && let Some((ty, property)) = field(line)
        {
            let ty = ty.trim_start_matches(['*', '[', ']']);
            let ty = match ty.split_once('.') {
                // Other packages are imported as `v1` of core or of the meta types.
                Some(("v1" | "corev1" | "apiv1" | "api", ty)) => format!("core.v1.{ty}"),
                Some(_) => continue,
                None => format!("{group}.{ty}"),
            };
            fields.push((
                format!("io.k8s.api.{group}.{name}"),
                property.to_owned(),
                ty,
            ));
        }
    }
    // Constants may stand before their type.
    for line in &lines {
        let Some((ty, word)) = constant(line) else {
            continue;
        };
        if let Some(list) = words.get_mut(&format!("{group}.{ty}")) {
            list.insert(word.to_owned());
        }
    }
}

/// Type and word of a constant: `Always RestartPolicy = "Always"` or `Exact = PathType("Exact")`.
fn constant(line: &str) -> Option<(&str, &str)> {
    let (left, right) = line.split_once(" = ")?;
    match right.split_once("(\"") {
        Some((ty, rest)) => Some((ty, rest.split_once("\")")?.0)),
        None => Some((
            left.split_whitespace().nth(1)?,
            right.strip_prefix('"')?.split_once('"')?.0,
        )),
    }
}

/// Type and JSON name of a field's line; no name for a struct whose fields are lent.
fn field(line: &str) -> Option<(&str, &str)> {
    let (declared, tags) = line.split_once('`')?;
    let (_, json) = tags.split_once("json:\"")?;
    let name = json.split(['"', ',']).next()?;
    let ty = declared.split_whitespace().last()?;
    (!name.is_empty() || json.starts_with(",inline")).then_some((ty, name))
}

/// What differs between two tables, one line each.
pub(crate) fn differences(ours: &Enums, server: &Enums) -> Vec<String> {
    let sorted = |value: &Value| -> Vec<String> {
        let mut words: Vec<_> = value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect();
        words.sort();
        words
    };
    let keys: BTreeSet<_> = ours.keys().chain(server.keys()).collect();
    let of = |table: &Enums, key| table.get(key).map(sorted).unwrap_or_default();
    keys.into_iter()
        .filter(|key| of(ours, key) != of(server, key))
        .map(|key| {
            format!(
                "{}.{}: Go {:?}, server {:?}",
                key.0,
                key.1,
                of(ours, key),
                of(server, key)
            )
        })
        .collect()
}
