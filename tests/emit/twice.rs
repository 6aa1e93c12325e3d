//! Models do not write each other's objects.

use mlspec::compile::{Options, compile};
use mlspec::diag::Severity;
use mlspec::render::Count;
use mlspec::system::MemorySystem;

const ROOT: &str = r#"workspace "w" edition=1 {
    use "c.kdl" "models/*.kdl"
    image "mlserve" "acme/mlserve:1"
    env "prod" namespace="ml" { cluster "c" }
    env "staging" namespace="s" { cluster "c" }
}"#;
const CLUSTER: &str =
    r#"cluster "c" { kubernetes "1.36"; store "s3://models/" bandwidth="200Mi/s" }"#;

/// Messages of the errors, which are all `OUT-14`, about models with these bodies, which are called `m0`, `m1` and so on.
fn twice(bodies: &[&str]) -> Vec<String> {
    let mut system = MemorySystem::default()
        .file("mlspec.kdl", ROOT)
        .file("c.kdl", CLUSTER);
    for (n, body) in bodies.iter().enumerate() {
        let text = format!(
            "model \"m{n}\" {{ artifact \"s3://models/m{n}/\" size=\"1Gi\"; scale 1; {body} }}"
        );
        system = system.file(format!("models/m{n}.kdl"), text);
    }
    let found = compile(&system, &Options::default(), &Count::default()).diagnostics;
    let errors = found.into_iter().filter(|d| d.severity == Severity::Error);
    errors
        .inspect(|d| assert_eq!(d.code, "OUT-14", "{d:?}"))
        .map(|d| d.message)
        .collect()
}

/// Two models that write one Service are told so, once for each target they share; whatever stands
/// between them.
#[test]
fn one_service_of_two_models() {
    let name = "expose service=\"ClusterIP\" name=\"front\"";
    assert_eq!(twice(&[name, "", ""]), [""; 0]);
    assert_eq!(
        twice(&[name, "", name]),
        [
            "the Service `front` is written by `m0` and by `m2`",
            "the Service `front` is written by `m0` and by `m2`",
        ]
    );
    let here = format!("only \"prod\"; {name}");
    let there = format!("only \"staging\"; {name}");
    assert_eq!(twice(&[&here, &there]), [""; 0]);
}
