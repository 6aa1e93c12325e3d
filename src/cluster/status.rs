//! What an API server's `Status` means, and which fields it is about.

use kube::core::Status;
use serde_json::Value;

use crate::emit::trace::escape;

/// What an answer other than "yes" means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The object is refused.
    Refused,
    /// Who asks is not known.
    NoEntry,
    /// Who asks may not ask this.
    NotAllowed,
    /// The namespace is not there.
    NoNamespace(String),
    /// The server or one of its webhooks could not judge.
    Broken,
}

/// The meaning of a status.
pub(super) fn meaning(status: &Status) -> Meaning {
    let message = status.message.as_str();
    match status.code {
        401 => Meaning::NoEntry,
        // Quotas and admission answer 403 too; only authorization says what one cannot do.
        403 if message.contains(" cannot ") && message.contains(" resource ") => {
            Meaning::NotAllowed
        }
        404 if status
            .details
            .as_ref()
            .is_some_and(|d| d.kind == "namespaces") =>
        {
            Meaning::NoNamespace(
                status
                    .details
                    .as_ref()
                    .map(|d| d.name.clone())
                    .unwrap_or_default(),
            )
        }
        // Fields of a wrong name or type come as an internal error of server-side apply.
        500 if message.starts_with("failed to create typed patch object") => Meaning::Refused,
        404 | 429 | 500..=599 => Meaning::Broken,
        _ => Meaning::Refused,
    }
}

/// Each cause with the RFC 6901 pointer of its field; the whole object's is empty.
pub(super) fn causes(status: &Status, object: &Value) -> Vec<(String, String)> {
    let details = status.details.as_ref();
    let mut found: Vec<(String, String)> = details
        .into_iter()
        .flat_map(|d| &d.causes)
        .filter(|cause| !cause.field.is_empty())
        .map(|cause| (pointer(&cause.field, object), one_line(&cause.message)))
        .collect();
    if found.is_empty() {
        // Server-side apply names fields that a kind does not have in its text alone, one a line:
        // `.spec.template.spec.containers[name="server"].imag: field not declared in schema`.
        for line in status.message.lines() {
            let start = line
                .find(" .")
                .map(|at| at + 1)
                .or_else(|| line.starts_with('.').then_some(0));
            if let Some(start) = start
                && let Some((field, message)) = line[start..].split_once(": ")
            {
                found.push((
                    pointer(field.trim_start_matches('.'), object),
                    one_line(message),
                ));
            }
        }
    }
    if found.is_empty() {
        found.push((String::new(), one_line(&status.message)));
    }
    found.sort();
    found.dedup();
    found
}

/// The first line: below it the server may show a comparison of Go values.
fn one_line(text: &str) -> String {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let text = first.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_end_matches('.').to_owned()
}

/// `spec.containers[0].resources.limits[cpu]` and `spec.containers[name="server"].image` as
/// pointers into the object.
fn pointer(field: &str, object: &Value) -> String {
    let mut pointer = String::new();
    let mut rest = field;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            // A key may hold a bracket only within quotes, which keys of Kubernetes never do.
            let (key, after) = inner.split_once(']').unwrap_or((inner, ""));
            push(&mut pointer, key, object);
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end > 0 {
                pointer.push('/');
                pointer.push_str(&escape(&rest[..end]));
            }
            rest = &rest[end..];
        }
    }
    pointer
}

/// Adds what stands between brackets: a position, a key of a map, or the keys of a list's item.
fn push(pointer: &mut String, key: &str, object: &Value) {
    let items = object.pointer(pointer).and_then(Value::as_array);
    let step = match items {
        Some(items) if key.contains('=') => {
            let wanted: Vec<(&str, &str)> = key
                .split(',')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name, value.trim_matches('"')))
                .collect();
            let text = |value: &Value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let same = |item: &Value| {
                // A key that the server fills in, `protocol`, is not in what we sent.
                wanted
                    .iter()
                    .all(|(name, value)| item.get(name).is_none_or(|v| text(v) == *value))
            };
            items
                .iter()
                .position(same)
                .map_or_else(|| key.to_owned(), |at| at.to_string())
        }
        _ => key.trim_matches('"').to_owned(),
    };
    pointer.push('/');
    pointer.push_str(&escape(&step));
}

/// The text of a `Warning` header: `299 - "text"`. Source: RFC 7234, section 5.5.
pub(super) fn warning(header: &str) -> Option<String> {
    let (_, quoted) = header.split_once('"')?;
    let (text, _) = quoted.rsplit_once('"')?;
    Some(text.replace("\\\"", "\"").replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn status(value: Value) -> Status {
        serde_json::from_value(value).unwrap()
    }

    /// Both spellings of places lead to the field.
    #[test]
    fn pointers() {
        let object =
            json!({"spec": {"ports": [{"port": 1}, {"port": 80, "name": "http"}], "limits": {}}});
        for (field, wanted) in [
            ("spec.ports[1].port", "/spec/ports/1/port"),
            (
                "spec.ports[port=80,protocol=\"TCP\"].nam",
                "/spec/ports/1/nam",
            ),
            (
                "spec.limits[nvidia.com/gpu]",
                "/spec/limits/nvidia.com~1gpu",
            ),
            ("metadata.name", "/metadata/name"),
        ] {
            assert_eq!(pointer(field, &object), wanted, "{field}");
        }
    }

    /// Causes where the server lists them, its text where it does not.
    #[test]
    fn causes_of_a_refusal() {
        let listed = status(
            json!({"code": 422, "message": "long", "details": {"causes": [
                {"reason": "FieldValueInvalid", "message": "Invalid value: 0: must be 1.\n", "field": "spec.x[0]"}
            ]}}),
        );
        assert_eq!(
            causes(&listed, &json!({})),
            [(
                "/spec/x/0".to_owned(),
                "Invalid value: 0: must be 1".to_owned()
            )]
        );
        let typed = status(json!({"code": 500, "message":
            "failed to create typed patch object (ml/m; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema"}));
        assert_eq!(
            causes(&typed, &json!({})),
            [(
                "/spec/foo".to_owned(),
                "field not declared in schema".to_owned()
            )]
        );
        let webhook = status(json!({"code": 403, "message":
            "admission webhook \"vscaledobject.kb.io\" denied the request: no"}));
        assert_eq!(causes(&webhook, &json!({}))[0].0, "");
        assert_eq!(meaning(&webhook), Meaning::Refused);
    }

    /// What is no verdict on the object.
    #[test]
    fn no_verdicts() {
        let meaning = |value| meaning(&status(value));
        assert_eq!(
            meaning(json!({"code": 403, "message":
                "deployments.apps \"m\" is forbidden: User \"u\" cannot patch resource \"deployments\" in API group \"apps\""})),
            Meaning::NotAllowed
        );
        assert_eq!(
            meaning(
                json!({"code": 404, "message": "namespaces \"ml\" not found",
                "details": {"name": "ml", "kind": "namespaces"}})
            ),
            Meaning::NoNamespace("ml".to_owned())
        );
        assert_eq!(
            meaning(
                json!({"code": 500, "message": "failed to create typed patch object (ml/m): .x: y"})
            ),
            Meaning::Refused
        );
        assert_eq!(
            meaning(json!({"code": 401, "message": "Unauthorized"})),
            Meaning::NoEntry
        );
        assert_eq!(
            meaning(json!({"code": 500, "message": "failed calling webhook"})),
            Meaning::Broken
        );
        assert_eq!(
            meaning(json!({"code": 403, "message": "exceeded quota: ml"})),
            Meaning::Refused
        );
    }

    #[test]
    fn warnings() {
        let header = r#"299 - "would violate PodSecurity \"restricted:latest\": hostNetwork""#;
        let text = r#"would violate PodSecurity "restricted:latest": hostNetwork"#;
        assert_eq!(warning(header).as_deref(), Some(text));
        assert_eq!(warning("299 - -"), None);
    }
}
