//! The published JSON Schema follows the types; validation names what it refuses.

use super::*;

fn config(models: Vec<ModelConfig>) -> ServerConfig {
    ServerConfig::new(models)
}

fn problems(edit: impl FnOnce(&mut ServerConfig)) -> Vec<String> {
    let mut config = config(vec![ModelConfig::new("m", "/models/m.onnx")]);
    edit(&mut config);
    config.validate().iter().map(ToString::to_string).collect()
}

#[test]
fn defaults_are_valid() {
    assert_eq!(problems(|_| {}), [""; 0]);
}

#[test]
fn threads_that_only_a_fallback_would_not_use_are_valid() {
    assert_eq!(problems(|c| c.models[0].threads = Some(2)), [""; 0]);
}

#[test]
fn each_problem_names_its_place() {
    assert_eq!(
        problems(|c| c.models.clear()),
        ["`models`: at least one model is needed"]
    );
    assert_eq!(
        problems(|c| c.models[0].batch.max_size = 0),
        ["`models[0].batch.maxSize`: 0 is outside 1..=4096"]
    );
    assert_eq!(
        problems(|c| c.models[0].timeout_ms = 60_000),
        ["`drain.budgetMs`: 30000 ms end before model `m`'s timeout of 60000 ms"]
    );
    assert_eq!(
        problems(|c| c.models[0].batch.max_delay_ms = 10_000),
        ["`models[0].batch.maxDelayMs`: 10000 ms leave nothing of the timeout of 10000 ms"]
    );
    assert_eq!(
        problems(|c| c.models.push(ModelConfig::new("m", "/other.onnx"))),
        ["`models[1].name`: model `m` version `1` stands here twice"]
    );
    assert_eq!(
        problems(|c| c.grpc = c.http),
        ["`grpc`: the address is taken by `http`"]
    );
    assert_eq!(
        problems(|c| {
            c.models[0].engine = Engine::Tract;
            c.models[0].threads = Some(2);
        }),
        [
            "`models[0].threads`: engine `tract` runs on one thread, 2 were asked for: use `instances`"
        ]
    );
    assert_eq!(
        problems(|c| {
            c.models[0].engine = Engine::Tract;
            c.models[0].device = Device::Cuda {
                index: 0,
                memory_limit: Some(1),
                tensorrt: None,
            };
        }),
        [
            "`models[0].device.kind`: engine `tract` has no GPU support: use `ort` or `auto`",
            "`models[0].device.memoryLimit`: 1 is outside 67108864..=1099511627776"
        ]
    );
}

#[test]
fn unknown_keys_are_refused_everywhere() {
    let with = |key: &str| {
        let mut value = serde_json::to_value(config(vec![ModelConfig::new("m", "p")])).unwrap();
        value
            .pointer_mut(key)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .insert("oops".into(), 1.into());
        serde_json::from_value::<ServerConfig>(value)
            .unwrap_err()
            .to_string()
    };
    for place in [
        "",
        "/models/0",
        "/models/0/batch",
        "/models/0/queue",
        "/models/0/device",
        "/models/0/padding",
    ] {
        assert!(
            with(place).contains("unknown field `oops`"),
            "{place}: {}",
            with(place)
        );
    }
    for place in ["/models/0/warmup", "/limits", "/drain", "/log"] {
        assert!(
            with(place).contains("unknown field `oops`"),
            "{place}: {}",
            with(place)
        );
    }
}

#[test]
fn what_is_written_is_read_back() {
    let mut model = ModelConfig::new("m", "p");
    model.device = Device::Cuda {
        index: 1,
        memory_limit: Some(1 << 30),
        tensorrt: Some(TensorRt {
            cache_dir: "/var/cache/mlserve".into(),
            fp16: true,
        }),
    };
    model.padding = Padding::Declared {
        inputs: vec![SequenceInput {
            name: "ids".into(),
            axis: 1,
            value: 0.0,
        }],
        outputs: vec![SequenceOutput {
            name: "hidden".into(),
            axis: 1,
        }],
    };
    model.warmup.shapes.push(WarmupShape {
        input: "x".into(),
        shape: vec![3, 224, 224],
    });
    let written = config(vec![model]);
    let text = serde_json::to_string(&written).unwrap();
    assert_eq!(
        serde_json::from_str::<ServerConfig>(&text).unwrap(),
        written
    );
}

#[test]
fn published_schema_follows_the_types() {
    let mut fresh = serde_json::to_string_pretty(&schemars::schema_for!(ServerConfig)).unwrap();
    fresh.push('\n');
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../schema/runtime-config.schema.json"
    );
    if std::env::var_os("MLSPEC_BLESS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        fresh,
        "run again with MLSPEC_BLESS=1"
    );
}
