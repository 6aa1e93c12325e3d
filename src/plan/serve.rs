//! The configuration of `mlserve`, and the init container that fetches its artifact.

use mlspec_contract::config::{Batch, Device, Drain, Engine, ModelConfig, ServerConfig};
use sha2::{Digest, Sha256};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use crate::diag::Diagnostic;
use crate::resolve::model::{Delivery, Mlserve, Model, Workload};
use crate::resolve::origin::{Input, Origin, Traced};
use crate::resolve::workspace::Workspace;
use crate::units::{Bytes, Duration};
use crate::yaml;

use super::termination::EXIT;
use super::types::{ConfigPlan, Fetcher, Placement};

/// What a configuration rests on beside the model.
pub(super) struct Cx<'a> {
    pub(super) model: &'a Model,
    pub(super) workload: &'a Workload,
    pub(super) name: &'a Traced<SmolStr>,
    pub(super) placement: &'a Placement<'a>,
    pub(super) grace: &'a Traced<Duration>,
    pub(super) pre_stop: &'a Traced<Duration>,
}

/// The server has nothing to serve.
pub(super) fn no_artifact(model: &Model) -> Diagnostic {
    Diagnostic::error(
        "LNG-05",
        model.span,
        format!("\"{}\" has no artifact to serve", model.name.value),
    )
    .help("add `artifact \"s3://models/…\" size=\"…\"`, or use `runtime \"container\"`")
}

/// The server's configuration. `None`, and reported, without an artifact.
pub(super) fn config(
    cx: &Cx<'_>,
    server: &Mlserve,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ConfigPlan> {
    let Some(artifact) = &cx.workload.artifact else {
        diagnostics.push(no_artifact(cx.model));
        return None;
    };
    let mut origins: Vec<(&'static str, Origin)> = Vec::with_capacity(16);
    let mut note = |pointer: &'static str, origin: &Origin| origins.push((pointer, origin.clone()));

    let mut model = ModelConfig::new(cx.model.name.as_str(), artifact.at.as_str());
    note("/models/0/name", &cx.model.name.from);
    note("/models/0/path", &artifact.at.from);
    if let Some(version) = &cx.workload.version {
        model.version = version.as_str().to_owned();
        note("/models/0/version", &version.from);
    }
    model.engine = match server.engine.as_str() {
        "ort" => Engine::Ort,
        "tract" => Engine::Tract,
        _ => Engine::Auto,
    };
    note("/models/0/engine", &server.engine.from);
    if let Some(device) = &cx.placement.device {
        let memory_limit = device.memory_cap.as_ref().map(|m| m.get());
        model.device = Device::Cuda {
            index: 0,
            memory_limit,
            tensorrt: None,
        };
        note("/models/0/device", &device.resource.from);
        if let Some(cap) = &device.memory_cap {
            note("/models/0/device/memoryLimit", &cap.from);
        }
    } else {
        note("/models/0/device", &Origin::Default("gpu"));
    }
    let cpu = &cx.workload.resources.cpu;
    // The embedded engine has one thread; the server refuses more where it is asked for by name.
    if model.engine != Engine::Tract {
        model.threads = u32::try_from(cpu.millis().div_ceil(1000)).ok();
        note(
            "/models/0/threads",
            &Traced::derived(
                (),
                "engine threads",
                "processors requested, rounded up: there is no processor limit the server could read",
                vec![cpu.input("cpu")],
            )
            .from,
        );
    }
    model.batch = Batch {
        max_size: u32::try_from(*server.max_batch).unwrap_or(u32::MAX),
        max_delay_ms: server.max_delay.millis(),
        ..Batch::default()
    };
    note("/models/0/batch/maxSize", &server.max_batch.from);
    note("/models/0/batch/maxDelayMs", &server.max_delay.from);
    model.timeout_ms = cx.model.timeout.millis();
    note("/models/0/timeoutMs", &cx.model.timeout.from);

    let mut config = ServerConfig::new(vec![model]);
    let budget = cx
        .grace
        .saturating_sub(cx.pre_stop.value)
        .saturating_sub(EXIT);
    config.drain = Drain {
        budget_ms: budget.millis(),
        ..Drain::default()
    };
    note(
        "/drain/budgetMs",
        &Traced::derived(
            (),
            "drain budget",
            "termination grace − pre-stop − 1s to exit",
            vec![cx.grace.input("grace"), cx.pre_stop.input("pre-stop")],
        )
        .from,
    );
    problems(cx, &config, &origins, diagnostics);

    let mut text = Vec::new();
    // The contract's types hold only what YAML can say.
    yaml::write(&config, &mut text).ok()?;
    let text = String::from_utf8(text).ok()?;
    let hash = Sha256::digest(text.as_bytes());
    let name = Traced::derived(
        format_smolstr!(
            "{}-config-{:02x}{:02x}{:02x}{:02x}",
            cx.name.as_str(),
            hash[0],
            hash[1],
            hash[2],
            hash[3]
        ),
        "name of the configuration",
        "workload name, `-config-`, hash of the content: a change of content is a new name and restarts the pods",
        vec![cx.name.input("workload")],
    );
    Some(ConfigPlan {
        name,
        config,
        text,
        origins,
    })
}

/// What the server itself would refuse is refused here, at the value it comes from.
fn problems(
    cx: &Cx<'_>,
    config: &ServerConfig,
    origins: &[(&str, Origin)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    // `models[0].timeoutMs` is noted as `/models/0/timeoutMs`.
    let place = |path: &str| {
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        let noted = origins.iter().rev().find(|(at, _)| *at == pointer);
        noted.and_then(|(_, origin)| origin.span())
    };
    // Two rules report these at the place to mend; where one is waived, the server still refuses.
    let waived = |rule: &str| cx.model.waivers.iter().any(|w| w.rule.as_str() == rule);
    let told = |path: &str| {
        path.starts_with("drain") && !waived("SHT-01")
            || path.ends_with("maxDelayMs") && !waived("RUN-05")
    };
    for problem in config.validate().into_iter().filter(|p| !told(&p.path)) {
        diagnostics.push(
            Diagnostic::error(
                "LNG-07",
                place(&problem.path).unwrap_or(cx.model.span),
                format!(
                    "mlserve would refuse the configuration of \"{}\": {problem}",
                    cx.model.name.value
                ),
            )
            .note("the server's contract bounds these values"),
        );
    }
}

/// The init container that fetches the artifact. A container of another image needs the
/// workspace's `image "mlserve"` for it; its absence is reported.
pub(super) fn fetcher(
    workspace: &Workspace,
    workload: &Workload,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Fetcher> {
    let artifact = workload
        .artifact
        .as_ref()
        .filter(|a| *a.delivery == Delivery::Init)?;
    let image = workload
        .runtime
        .mlserve()
        .map(|m| &m.image)
        .or(workspace.mlserve.as_ref());
    let Some(image) = image else {
        diagnostics.push(
            Diagnostic::error("LNG-05", artifact.span, format!("nothing can fetch {}", artifact.uri.value))
                .note("artifacts are fetched by `mlserve fetch` in an init container, and the workspace names no image of it")
                .help("add to `workspace`: image \"mlserve\" \"registry.acme.io/ml/mlserve:0.1.0\""),
        );
        return None;
    };
    let fixed =
        |word: &str| Traced::fixed(SmolStr::new(word), "the command line of `mlserve fetch`");
    let mut args = vec![fixed("fetch"), artifact.uri.map(|u| u.to_smolstr())];
    args.extend([fixed("--to"), artifact.at.map(|a| a.as_str().into())]);
    if let Some(sha256) = &artifact.sha256 {
        args.extend([fixed("--sha256"), sha256.map(|s| s.to_smolstr())]);
    }
    if let Some(endpoint) = &artifact.endpoint {
        args.extend([fixed("--endpoint"), endpoint.map(|e| e.to_smolstr())]);
    }
    if let Some(size) = &artifact.size {
        args.extend([fixed("--size"), size.map(|s| s.get().to_smolstr())]);
    }
    Some(Fetcher {
        image: image.clone(),
        args,
        secret: artifact
            .secret
            .as_ref()
            .map(|s| s.map(|s| s.as_str().into())),
        volume_limit: artifact.size.as_ref().map(volume_limit),
    })
}

/// The most the artifact's volume may hold: `size × 1.25 + 64Mi`, since the fetcher keeps a
/// partial file beside what is done and file systems round up (STO-01).
fn volume_limit(size: &Traced<Bytes>) -> Traced<Bytes> {
    let mebibytes = (size.get() + size.get() / 4).div_ceil(1 << 20) + 64;
    Traced::derived(
        Bytes::mebibytes(mebibytes),
        "artifact volume",
        "size × 1.25 + 64Mi",
        vec![Input::new("size", size.value, size.from.clone())],
    )
}
