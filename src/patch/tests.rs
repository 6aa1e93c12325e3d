//! The merge on small objects: which list has which keys, where things stand afterwards, and what
//! counts as an effect.

use serde_json::{Value, json};

use super::Findings;
use super::merge;
use crate::emit::{Body, Object, Trace};
use crate::resolve::model::patch::Layer;
use crate::source::{FileId, Source};
use crate::validate::schema::Schemas;
use crate::{spec, syntax};

fn layer(kind: &str, fields: &str) -> Layer {
    let text = format!("model \"m\" {{ patch \"{kind}\" {{ {fields} }} }}");
    let parsed = syntax::parse(FileId(0), &text);
    let (nodes, found) = spec::read(&parsed.document, &Source::new("m.kdl", text.as_str()));
    assert_eq!((parsed.diagnostics, found), (vec![], vec![]), "{text}");
    let patch = &nodes[0].children[0];
    Layer {
        fields: patch.raw.clone().unwrap(),
        kind: patch.args[0].span,
        name: None,
    }
}

fn object(body: impl Into<Body>) -> Object {
    Object {
        folder: "prod/c/m".into(),
        wave: 0,
        body: body.into(),
        patched: None,
        trace: Trace::new(false),
    }
}

fn service(value: Value) -> Object {
    object(serde_json::from_value::<k8s_openapi::api::core::v1::Service>(value).unwrap())
}

/// The object after a patch, and the codes of what is wrong.
fn patched(object: &mut Object, fields: &str) -> (Value, Vec<&'static str>) {
    let mut findings = Findings::default();
    let layer = layer(object.body.kind(), fields);
    merge::into(object, &layer, &Schemas::newest(), &mut findings);
    let codes = findings.finish().into_iter().map(|d| d.code).collect();
    (object.patched.as_deref().cloned().unwrap(), codes)
}

/// Ports of a Service are told apart by `port` and `protocol`, which is TCP where it is not said.
#[test]
fn lists_with_keys() {
    let ports = || {
        service(json!({"metadata": {"name": "m"}, "spec": {"ports": [
            {"name": "http", "port": 80}, {"name": "dns", "port": 53, "protocol": "UDP"}
        ]}}))
    };
    let (value, codes) = patched(
        &mut ports(),
        "spec { ports { - port=80 { nodePort 30080 } } }",
    );
    assert_eq!(codes, [""; 0]);
    assert_eq!(
        value["spec"]["ports"][0],
        json!({"name": "http", "nodePort": 30080, "port": 80})
    );
    let (value, _) = patched(
        &mut ports(),
        "spec { ports { - port=53 { name \"tcp-dns\" } } }",
    );
    assert_eq!(
        value["spec"]["ports"][2],
        json!({"name": "tcp-dns", "port": 53})
    );
    let (value, _) = patched(
        &mut ports(),
        "spec { ports { (remove)- port=80 protocol=\"TCP\" } }",
    );
    assert_eq!(value["spec"]["ports"].as_array().unwrap().len(), 1);
    let (_, codes) = patched(
        &mut ports(),
        "spec { ports { - name=\"http\" { nodePort 30080 } } }",
    );
    assert_eq!(codes, ["LNG-24"]);
}

/// Sets get what they lack; lists without keys are replaced; maps are merged.
#[test]
fn sets_lists_and_maps() {
    let mut object = service(json!({"metadata": {"name": "m", "finalizers": ["a"]},
        "spec": {"externalIPs": ["10.0.0.1"], "selector": {"app": "m"}}}));
    let (value, codes) = patched(
        &mut object,
        "metadata { finalizers \"a\" \"b\" }; spec { externalIPs \"10.0.0.2\" \"10.0.0.3\"; selector tier=\"gpu\" }",
    );
    assert_eq!(codes, ["LNG-16"], "\"a\" is there already");
    assert_eq!(value["metadata"]["finalizers"], json!(["a", "b"]));
    assert_eq!(
        value["spec"]["externalIPs"],
        json!(["10.0.0.2", "10.0.0.3"])
    );
    assert_eq!(
        value["spec"]["selector"],
        json!({"app": "m", "tier": "gpu"})
    );
}

/// New fields stand where the alphabet puts them, and old ones keep their places.
#[test]
fn order() {
    let mut object = service(json!({"metadata": {"name": "m"}, "spec": {"type": "ClusterIP"}}));
    let (value, _) = patched(
        &mut object,
        "spec { sessionAffinity \"None\"; clusterIP \"None\" }",
    );
    let keys: Vec<_> = value["spec"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["clusterIP", "sessionAffinity", "type"]);
}

/// What has an effect in one object is right, though it has none in another.
#[test]
fn effects_are_judged_over_all_objects() {
    let layer = layer(
        "Service",
        "spec { type \"LoadBalancer\"; externalName #null }",
    );
    let mut all = Findings::default();
    for spec in [
        json!({"type": "LoadBalancer"}),
        json!({"type": "ClusterIP"}),
    ] {
        let mut findings = Findings::default();
        let mut object = service(json!({"metadata": {"name": "m"}, "spec": spec}));
        merge::into(&mut object, &layer, &Schemas::newest(), &mut findings);
        all.absorb(findings);
    }
    let codes: Vec<_> = all.finish().into_iter().map(|d| d.code).collect();
    assert_eq!(codes, ["LNG-12"], "`externalName` is in neither");
}

/// Every kind that a rule reads is typed again after a patch, or the rule would not see it.
#[test]
#[expect(clippy::disallowed_methods, reason = "reads the rules' sources")]
fn rules_see_patched_objects() {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                let text = std::fs::read_to_string(path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let kinds = code.match_indices("Body::").map(|(at, word)| {
                    let rest = &code[at + word.len()..];
                    rest.chars()
                        .take_while(char::is_ascii_alphanumeric)
                        .collect::<String>()
                });
                found.extend(kinds);
            }
        }
    }
    let mut read = Vec::new();
    walk(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/rules"),
        &mut read,
    );
    assert!(read.len() > 5, "{read:?}");
    let blind: Vec<_> = read
        .iter()
        .filter(|kind| !crate::emit::object::RETYPED.contains(&kind.as_str()))
        .collect();
    assert!(blind.is_empty(), "`Body::retyped` does not know {blind:?}");
}
