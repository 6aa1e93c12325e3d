//! The server's configuration is one that the server accepts.

use mlspec_contract::config::{Engine, ServerConfig};
use mlspec_contract::paths::CONFIG_KEY;

use super::{objects, value};

const ROOT: &str = r#"workspace "acme" edition=1 {
    use "c.kdl" "m.kdl"
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0"
    env "dev" namespace="ml" { cluster "c" }
}"#;

const CLUSTER: &str = r#"cluster "c" {
    kubernetes "1.36"
    store "s3://models/" secret="models-s3" bandwidth="200Mi/s"
    pool "cpu" nodes=6 cpu="16" memory="64Gi"
}"#;

fn config(engine: &str) -> ServerConfig {
    let model = format!(
        r#"model "m" {{
    runtime "mlserve" engine="{engine}"
    artifact "s3://models/m/" size="90Mi"
    resources cpu="2500m" memory="2Gi"
    scale 2
}}"#
    );
    let objects = objects(&[("mlspec.kdl", ROOT), ("c.kdl", CLUSTER), ("m.kdl", &model)]);
    let config = objects
        .iter()
        .filter(|object| object.body.kind() == "ConfigMap")
        .find_map(|object| {
            value(object)["data"][CONFIG_KEY]
                .as_str()
                .map(str::to_owned)
        });
    serde_yaml::from_str(&config.unwrap()).unwrap()
}

#[test]
fn every_engine_gets_threads_that_the_server_accepts() {
    for (word, engine, threads) in [
        ("auto", Engine::Auto, Some(3)),
        ("ort", Engine::Ort, Some(3)),
        ("tract", Engine::Tract, None),
    ] {
        let config = config(word);
        assert_eq!(config.validate(), [], "{word}");
        let model = &config.models[0];
        assert_eq!((model.engine, model.threads), (engine, threads), "{word}");
    }
}
