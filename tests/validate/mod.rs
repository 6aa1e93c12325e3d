//! The offline verdict without a server: the embedded schemas are whole, and what a person sees.

#![expect(
    clippy::disallowed_methods,
    reason = "reads the seeds that are committed"
)]

use mlspec::validate::schema::{Lookup, Product, Schemas, Snapshot, Version};
use mlspec::validate::{Problem, Violation, validate};
use serde_json::{Value, json};

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("it is YAML")
}

fn seeds() -> Vec<Value> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/control-plane/seeds");
    let mut objects = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("it is read");
        for document in serde_yaml::Deserializer::from_str(&text) {
            objects.push(serde::Deserialize::deserialize(document).expect("it is YAML"));
        }
    }
    objects
}

fn only(object: &Value, schemas: &Schemas) -> Violation {
    let mut found = validate(object, schemas);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn every_embedded_schema_is_read_and_every_rule_and_pattern_compiles() {
    for snapshot in Snapshot::all() {
        let file = snapshot.file();
        assert!(
            !file.kinds.is_empty(),
            "{} {} knows no kind",
            snapshot.api_version,
            snapshot.from
        );
        for node in &file.nodes {
            for rule in &node.rules {
                rule.compile()
                    .unwrap_or_else(|error| panic!("{rule:?}: {error}"));
            }
            let pattern = node
                .limits
                .as_ref()
                .and_then(|limits| limits.pattern.as_ref());
            assert!(
                pattern.is_none_or(|pattern| pattern.compiles()),
                "{pattern:?}"
            );
        }
    }
}

#[test]
fn ranges_of_a_product_do_not_overlap_and_cover_the_versions_that_are_promised() {
    let promised = [
        (Product::Kubernetes, (1, 33), (1, 36)),
        (Product::Keda, (2, 17), (2, 20)),
        (Product::Istio, (1, 27), (1, 31)),
        (Product::GatewayApi, (1, 3), (1, 6)),
        (Product::PrometheusOperator, (0, 80), (0, 93)),
    ];
    for (product, from, to) in promised {
        let range = (Version::new(from.0, from.1), Version::new(to.0, to.1));
        assert_eq!(Schemas::range(product), Some(range));
    }
    for a in Snapshot::all() {
        let twins = Snapshot::all().iter().filter(|b| {
            b.product == a.product
                && b.api_version == a.api_version
                && b.from <= a.to
                && a.from <= b.to
        });
        assert_eq!(twins.count(), 1, "{} {}", a.api_version, a.from);
    }
}

#[test]
fn the_seeds_are_accepted() {
    let seeds = seeds();
    assert!(seeds.len() > 20);
    for seed in seeds {
        assert_eq!(validate(&seed, &Schemas::newest()), [], "{seed}");
    }
}

#[test]
fn typed_objects_and_json_get_one_verdict() {
    use k8s_openapi::api::core::v1::{ConfigMap, Service};
    for seed in seeds() {
        let schemas = Schemas::newest();
        let found = match seed["kind"].as_str() {
            Some("Service") => {
                let typed: Service = serde_json::from_value(seed).expect("a Service");
                validate(&typed, &schemas)
            }
            Some("ConfigMap") => {
                let typed: ConfigMap = serde_json::from_value(seed).expect("a ConfigMap");
                validate(&typed, &schemas)
            }
            _ => continue,
        };
        assert_eq!(found, []);
    }
    let mut wrong = Service::default();
    wrong.metadata.name = Some("Bad".to_owned());
    let pointers: Vec<_> = validate(&wrong, &Schemas::newest())
        .into_iter()
        .map(|v| v.pointer)
        .collect();
    assert_eq!(pointers, ["/metadata/name", "/spec"]);
}

#[test]
fn a_field_of_a_newer_version_is_named_with_the_version_that_brought_it() {
    let route = yaml(
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a, namespace: b},
          spec: {rules: [{filters: [{type: CORS, cors: {allowOrigins: ['https://a.example']}}]}]}}",
    );
    assert_eq!(validate(&route, &Schemas::newest()), []);
    let old = Schemas::for_versions([(Product::GatewayApi, Version::new(1, 3))]);
    let unknown = validate(&route, &old)
        .into_iter()
        .find(|v| v.problem == Problem::UnknownField);
    let unknown = unknown.expect("1.3 does not know it");
    assert_eq!(unknown.pointer, "/spec/rules/0/filters/0/cors");
    assert!(
        unknown
            .message
            .contains("is not known to Gateway API 1.3 (added in 1."),
        "{}",
        unknown.message
    );
}

#[test]
fn a_misspelled_field_gets_the_name_that_was_meant() {
    let object = yaml(
        "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: b},
          spec: {scaleTargetRef: {name: a}, minReplicaCuont: 1, triggers: [{type: cron, metadata: {timezone: UTC}}]}}",
    );
    let violation = only(&object, &Schemas::newest());
    assert_eq!(violation.pointer, "/spec/minReplicaCuont");
    assert_eq!(
        violation.help.as_deref(),
        Some("did you mean `minReplicaCount`?")
    );
}

#[test]
fn a_broken_rule_speaks_in_the_words_of_the_schema() {
    let object = yaml(
        "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: b},
          spec: {scaleTargetRef: {name: a}, minReplicaCount: 3, maxReplicaCount: 2, triggers: [{type: cron, metadata: {timezone: UTC}}]}}",
    );
    let violation = only(&object, &Schemas::newest());
    assert_eq!(violation.problem, Problem::Rule);
    assert!(
        violation.message.contains("minReplicaCount"),
        "{}",
        violation.message
    );
}

#[test]
fn a_pointer_escapes_what_json_pointers_must() {
    let object = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": { "name": "a", "namespace": "b", "annotations": { "a/b~c": 1 } },
    });
    assert_eq!(
        only(&object, &Schemas::newest()).pointer,
        "/metadata/annotations/a~1b~0c"
    );
}

#[test]
fn a_kind_that_came_later_and_one_that_never_was_are_told_apart() {
    let old = Schemas::for_versions([(Product::GatewayApi, Version::new(1, 3))]);
    let grant = ("gateway.networking.k8s.io/v1", "ReferenceGrant");
    assert!(matches!(
        old.find(grant.0, grant.1),
        Lookup::OtherVersion(_)
    ));
    assert!(matches!(
        Schemas::newest().find(grant.0, grant.1),
        Lookup::Found(..)
    ));
    assert!(matches!(
        Schemas::newest().find("v1", "Nothing"),
        Lookup::Unknown
    ));
    let violation = only(
        &json!({ "apiVersion": "v1", "kind": "Nothing" }),
        &Schemas::newest(),
    );
    assert_eq!(violation.problem, Problem::UnknownKind);
}

#[test]
fn a_service_name_may_begin_with_a_digit_only_where_the_server_takes_it() {
    let service = yaml(
        "{apiVersion: v1, kind: Service, metadata: {name: 7b, namespace: a}, spec: {ports: [{port: 80}]}}",
    );
    assert_eq!(validate(&service, &Schemas::newest()), []);
    let old = Schemas::for_versions([(Product::Kubernetes, Version::new(1, 35))]);
    assert_eq!(only(&service, &old).pointer, "/metadata/name");
}

#[test]
fn a_version_outside_of_the_known_ones_is_judged_by_the_nearest() {
    let newer = Schemas::for_versions([(Product::Keda, Version::new(3, 0))]);
    assert!(matches!(
        newer.find("keda.sh/v1alpha1", "ScaledObject"),
        Lookup::Found(..)
    ));
    let older = Schemas::for_versions([(Product::Keda, Version::new(1, 0))]);
    assert!(matches!(
        older.find("keda.sh/v1alpha1", "ScaledObject"),
        Lookup::Found(..)
    ));
}
