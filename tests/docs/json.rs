//! The JSON Schema of the language: valid, and true of specs rendered as JSON.

use std::path::Path;

use mlspec::source::FileId;
use mlspec::spec::json_schema;
use mlspec::syntax;
use mlspec::syntax::tree::{Block, Node, Scalar};
use serde_json::{Map, Value, json};

/// A file of specs as the schema describes it: nodes by name, each with `args`, `props`,
/// `children`.
fn to_json(text: &str) -> Value {
    let parsed = syntax::parse(FileId(0), text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    block(&parsed.document)
}

fn block(block: &Block) -> Value {
    let mut nodes: Map<String, Value> = Map::new();
    for node in &block.nodes {
        let list = nodes
            .entry(node.name.text.to_string())
            .or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(self::node(node));
    }
    Value::Object(nodes)
}

fn node(node: &Node) -> Value {
    let mut value = json!({});
    let args: Vec<Value> = node
        .entries
        .iter()
        .filter(|e| e.name.is_none())
        .map(|e| scalar(&e.value.scalar))
        .collect();
    let props: Map<String, Value> = node
        .entries
        .iter()
        .filter_map(|e| Some((e.name.as_ref()?.text.to_string(), scalar(&e.value.scalar))))
        .collect();
    if !args.is_empty() {
        value["args"] = json!(args);
    }
    if !props.is_empty() {
        value["props"] = json!(props);
    }
    if let Some(children) = &node.children {
        value["children"] = block(&children.block);
    }
    if node.ty.is_some() {
        value["remove"] = json!(true);
    }
    value
}

fn scalar(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::String { text, .. } => json!(text.as_str()),
        Scalar::Bool(value) => json!(value),
        Scalar::Null => Value::Null,
        Scalar::Float(value) => json!(value),
        Scalar::Integer(value) => json!(i64::try_from(*value).unwrap()),
    }
}

fn validator() -> jsonschema::Validator {
    let schema = json_schema::schema();
    let faults = jsonschema::draft202012::meta::validate(&schema)
        .err()
        .map(|e| e.to_string());
    assert_eq!(faults, None, "no schema of draft 2020-12");
    jsonschema::draft202012::new(&schema).unwrap()
}

fn faults(validator: &jsonschema::Validator, value: &Value) -> Vec<String> {
    validator
        .iter_errors(value)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect()
}

/// Every file of every example, and the prelude of the UI tests.
#[test]
fn examples_conform() {
    let validator = validator();
    let mut count = 0;
    for folder in ["examples", "tests/ui/_prelude"] {
        let mut specs = Vec::new();
        collect(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            &mut specs,
        );
        for text in specs {
            assert_eq!(faults(&validator, &to_json(&text)), [""; 0], "{text}");
            count += 1;
        }
    }
    assert!(count > 15, "only {count} files");
}

fn collect(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|ending| ending == "kdl") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// A patch of a layer need not be whole.
#[test]
fn patches_conform() {
    let text = "model \"m\" { in \"e\" { (remove)label \"team\"; (remove)grace; scale max=3; gpu memory=#null } }\n";
    assert_eq!(faults(&validator(), &to_json(text)), [""; 0]);
}

/// The schema refuses what the language refuses, wherever it stands.
#[test]
fn wrong_specs_are_refused() {
    let validator = validator();
    for wrong in [
        "modle \"m\"\n",
        "model \"m\" { gpuu count=1 }\n",
        "model \"m\" { gpu cuont=1 }\n",
        "model \"m\" { gpu count=\"1\" }\n",
        "model \"m\" { gpu count=0 }\n",
        "model \"m\" { version \"1\" \"2\" }\n",
        "model \"m\" { scale min=1 max=2 { on \"kafka\" lagg=1 } }\n",
        "model \"m\" { scale min=1 max=2 { on \"kafak\" lag=1 } }\n",
        "model\n",
        "(remove)model \"m\"\n",
    ] {
        assert_ne!(faults(&validator, &to_json(wrong)), [""; 0], "{wrong}");
    }
}
