//! What tests of rules work with: specs in the workspace of `tests/ui/_prelude`, and objects in
//! place of the emitted ones.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Severity};
use crate::emit::{Body, Object, Trace};
use crate::plan::{Plan, Summary, TargetPlan};
use crate::resolve::Models;
use crate::resolve::workspace::Workspace;
use crate::source::{Source, Sources};
use crate::system::Date;
use crate::{check, emit, patch, plan, resolve, spec, syntax};

use super::{Report, Rule, Run};

/// The files of the workspace.
const PRELUDE: [(&str, &str); 3] = [
    (
        "mlspec.kdl",
        include_str!("../../tests/ui/_prelude/mlspec.kdl"),
    ),
    (
        "clusters/gpu.kdl",
        include_str!("../../tests/ui/_prelude/clusters/gpu.kdl"),
    ),
    (
        "clusters/small.kdl",
        include_str!("../../tests/ui/_prelude/clusters/small.kdl"),
    ),
];

const TODAY: Date = Date {
    year: 2026,
    month: 12,
    day: 1,
};

/// Resolves a spec in the prelude's workspace; gives all findings so far to `then`. A first
/// line `//# mlspec.kdl` replaces that file instead, and so does a text that begins with
/// `workspace`.
fn resolved<R>(text: &str, then: impl FnOnce(&Workspace, &Models<'_>, Vec<Diagnostic>) -> R) -> R {
    let mut sources = Sources::default();
    let mut written = Vec::new();
    let mut diagnostics = Vec::new();
    let own = text.strip_prefix("//# ").and_then(|t| t.split_once('\n'));
    let place = if text.starts_with("workspace ") {
        "mlspec.kdl"
    } else {
        "models/m.kdl"
    };
    let (own, text) = own.unwrap_or((place, text));
    let prelude = PRELUDE.into_iter().filter(|(path, _)| *path != own);
    for (path, text) in prelude.chain([(own, text)]) {
        let file = sources.add(Source::new(path, text));
        let parsed = syntax::parse(file, text);
        diagnostics.extend(parsed.diagnostics);
        let (nodes, found) = spec::read(&parsed.document, sources.get(file));
        diagnostics.extend(found);
        written.extend(nodes);
    }
    let nodes: Vec<_> = written.iter().collect();
    let (resolved, found) = resolve::resolve(&nodes, true);
    diagnostics.extend(found);
    let (workspace, models) = resolved.unwrap();
    then(&workspace, &models, diagnostics)
}

/// Every finding about a spec, notes included.
pub(super) fn findings(text: &str) -> Vec<Diagnostic> {
    resolved(text, |workspace, models, mut diagnostics| {
        let every = || {
            let targets = workspace.targets.iter();
            targets.flat_map(|target| (0..models.len()).map(move |model| (target, model)))
        };
        let asked = every().flat_map(|(target, model)| {
            let (model, _) = models.resolve(model, workspace, target);
            model.map_or_else(Vec::new, |model| plan::asked(target, &model))
        });
        let capacity = plan::capacity(workspace, asked);
        let mut report = Report::new(TODAY);
        let mut patches = patch::Findings::default();
        let servers = check::schemas::ApiServers::new(workspace);
        let mut targets = Vec::new();
        for target in &workspace.targets {
            let mut kept = Vec::new();
            for model in 0..models.len() {
                let (model, found) = models.resolve(model, workspace, target);
                diagnostics.extend(found);
                let Some(model) = model else { continue };
                let (plan, found) = plan::plan(workspace, target, &model, &capacity);
                diagnostics.extend(found);
                let Some(plan) = plan else { continue };
                check::model(&plan, &capacity, &mut report);
                let failed = diagnostics.iter().any(|d| d.severity == Severity::Error);
                if !failed && !report.has_errors() {
                    let mut objects = emit::model(workspace, &plan, false);
                    let schemas = servers.of_cluster(target.cluster.name.as_str());
                    patch::apply(&plan, &mut objects, schemas, &mut patches);
                    check::objects(&plan, &objects, &|_| None, &mut report);
                }
                kept.push(Summary::of(workspace, target, &plan, &capacity));
            }
            targets.push(TargetPlan {
                target,
                models: kept,
            });
        }
        let plan = Plan {
            workspace,
            targets,
            capacity: &capacity,
        };
        check::workspace(&plan, &mut report);
        diagnostics.extend(patches.finish());
        diagnostics.extend(report.finish(&plan));
        diagnostics
    })
}

/// Codes of the errors and warnings that a spec raises.
pub(super) fn codes(text: &str) -> BTreeSet<&'static str> {
    let found = findings(text).into_iter();
    found
        .filter(|d| d.severity != Severity::Note)
        .map(|d| d.code)
        .collect()
}

/// Model `m` on processors in production, or on the shared GPUs of staging.
fn model(shared: bool) -> &'static str {
    if shared {
        r#"model "m" { artifact "s3://models/m/" size="1Gi"; gpu share="time-slicing" memory="2Gi"; scale 1; only "staging" }"#
    } else {
        r#"model "m" { artifact "s3://models/m/" size="1Gi"; scale 1; only "prod" }"#
    }
}

fn run(rule: &'static Rule, shared: bool, bodies: Vec<Body>, old: Option<&str>) -> Vec<Diagnostic> {
    resolved(model(shared), |workspace, models, before| {
        assert_eq!(before, Vec::new());
        let object = |body| Object {
            folder: "prod/gpu/m".into(),
            wave: 0,
            body,
            patched: None,
            trace: Trace::default(),
        };
        let objects: Vec<_> = bodies.into_iter().map(object).collect();
        let Run::Object(run) = rule.run else {
            panic!("{} is no object rule", rule.code)
        };
        let mut targets = workspace.targets.iter();
        let (target, model) = targets
            .find_map(|t| Some((t, models.resolve(0, workspace, t).0?)))
            .unwrap();
        let capacity = plan::capacity(workspace, plan::asked(target, &model));
        let (plan, found) = plan::plan(workspace, target, &model, &capacity);
        assert_eq!(found, Vec::new());
        let plan = plan.unwrap();
        let mut report = Report::new(TODAY);
        let previous = |_: &Object| old.map(str::to_owned);
        report.rule(rule, Some(&plan), |report| {
            run(&plan, &objects, &previous, report)
        });
        let none = Plan {
            workspace,
            targets: Vec::new(),
            capacity: &capacity,
        };
        report.finish(&none)
    })
}

fn messages(found: Vec<Diagnostic>) -> Vec<String> {
    found.into_iter().map(|d| d.message).collect()
}

/// Messages of an object rule about objects of a model on processors.
pub(super) fn on_objects(rule: &'static Rule, bodies: Vec<Body>) -> Vec<String> {
    messages(run(rule, false, bodies, None))
}

/// Messages of an object rule about objects of a model on pool "t4", whose GPUs are shared.
pub(super) fn on_shared(rule: &'static Rule, bodies: Vec<Body>) -> Vec<String> {
    messages(run(rule, true, bodies, None))
}

/// Findings of an object rule where `old` is committed in place of every object.
pub(super) fn on_committed(rule: &'static Rule, bodies: Vec<Body>, old: &str) -> Vec<Diagnostic> {
    run(rule, false, bodies, Some(old))
}

fn deployment_of(spec: &str) -> Body {
    let text = format!(r#"{{"metadata":{{"name":"m"}},"spec":{spec}}}"#);
    Body::Deployment(Box::new(serde_json::from_str(&text).unwrap()))
}

/// A Deployment "m" with one container, given as JSON.
pub(super) fn deployment(container: &str) -> Body {
    deployment_with(&format!(r#"{{"containers":[{container}]}}"#))
}

/// A Deployment "m" with pods given as JSON.
pub(super) fn deployment_with(pod: &str) -> Body {
    deployment_of(&format!(
        r#"{{"selector":{{}},"template":{{"spec":{pod}}}}}"#
    ))
}

/// A Deployment "m" with a template given as JSON.
pub(super) fn template(template: &str) -> Body {
    deployment_of(&format!(r#"{{"selector":{{}},"template":{template}}}"#))
}

/// A Deployment "m" that selects by labels given as JSON.
pub(super) fn deployment_selecting(labels: &str) -> Body {
    deployment_of(&format!(
        r#"{{"selector":{{"matchLabels":{labels}}},"template":{{}}}}"#
    ))
}

/// A Deployment "m" whose pods have labels given as JSON.
pub(super) fn deployment_labeled(labels: &str) -> Body {
    deployment_of(&format!(
        r#"{{"selector":{{}},"template":{{"metadata":{{"labels":{labels}}}}}}}"#
    ))
}

/// A Service "m" that selects by labels given as JSON.
pub(super) fn service_selecting(labels: &str) -> Body {
    let text = format!(r#"{{"metadata":{{"name":"m"}},"spec":{{"selector":{labels}}}}}"#);
    Body::Service(Box::new(serde_json::from_str(&text).unwrap()))
}

/// A DestinationRule "m" with a subset "s" of labels given as JSON.
pub(super) fn destination_rule(labels: &str) -> Body {
    let text = format!(
        r#"{{"metadata":{{"name":"m"}},"spec":{{"host":"m","subsets":[{{"name":"s","labels":{labels}}}]}}}}"#
    );
    Body::DestinationRule(Box::new(serde_json::from_str(&text).unwrap()))
}

/// A Deployment "m" with a number of replicas, or none.
pub(super) fn deployment_replicas(replicas: Option<u32>) -> Body {
    let replicas = replicas
        .map(|n| format!(r#""replicas":{n},"#))
        .unwrap_or_default();
    deployment_of(&format!(r#"{{{replicas}"selector":{{}},"template":{{}}}}"#))
}

/// A HorizontalPodAutoscaler of a Deployment.
pub(super) fn autoscaler(name: &str, target: &str) -> Body {
    let text = format!(
        r#"{{"metadata":{{"name":"{name}"}},"spec":{{"maxReplicas":2,"scaleTargetRef":{{"kind":"Deployment","name":"{target}"}}}}}}"#
    );
    Body::HorizontalPodAutoscaler(Box::new(serde_json::from_str(&text).unwrap()))
}

/// A Service "m" with one port, given as JSON.
pub(super) fn service(port: &str) -> Body {
    let text = format!(r#"{{"metadata":{{"name":"m"}},"spec":{{"ports":[{port}]}}}}"#);
    Body::Service(Box::new(serde_json::from_str(&text).unwrap()))
}
