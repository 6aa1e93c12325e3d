//! NET-08: a secret in the spec.

use smol_str::SmolStr;

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::{EnvValue, Workload};
use crate::resolve::origin::Traced;

use super::secret;

/// NET-08.
pub(crate) static RULE: Rule = Rule {
    code: "NET-08",
    name: "secret-in-the-spec",
    level: Level::Error,
    page: r#"
## What it checks
No value of `env-var`, `annotation`, `command` or `args` looks like a secret: by the variable's name
(`API_KEY`, `DB_PASSWORD`), by the form of well-known tokens, by a password in an address, or
because it is a long random run of characters. Numbers, booleans, paths and short words pass.
Addresses elsewhere in the language cannot hold credentials at all.

## Why it breaks
Git keeps it for ever, in every clone. Deleting the line does not take it back: the secret must be
replaced.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    env-var "API_KEY" "0a1b2c3d-example"
    scale 1
}
```

## Instead
Refer to a Secret and its key.
```kdl
env-var "API_KEY" secret="bert-keys/api"
```

## Sources
Kubernetes documentation, "Good practices for Kubernetes Secrets", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in model.workloads.iter().map(|w| w.workload) {
        for var in &workload.env_vars {
            let EnvValue::Plain(value) = &var.value else {
                continue;
            };
            let name = var.name.as_str();
            let why = secret::by_value(value).or_else(|| secret::by_name(name, value));
            if let Some(why) = why {
                found(model, value, &format!("env-var \"{name}\""), &why, report)
            }
        }
        for (what, value) in others(workload) {
            if let Some(why) = secret::by_value(value) {
                found(model, value, &what, &why, report);
            }
        }
    }
}

/// Other free texts of a workload, with what they are called.
fn others(workload: &Workload) -> impl Iterator<Item = (String, &Traced<SmolStr>)> {
    let container = workload.runtime.container();
    let words = container.into_iter().flat_map(|c| {
        let command = c.command.iter().map(|w| ("`command`".to_owned(), w));
        command.chain(c.args.iter().map(|w| ("`args`".to_owned(), w)))
    });
    let annotations = workload
        .annotations
        .iter()
        .map(|(key, value)| (format!("annotation \"{}\"", key.value), value));
    words.chain(annotations)
}

/// The value itself is not repeated.
fn found(
    model: &ModelPlan<'_>,
    value: &Traced<SmolStr>,
    what: &str,
    why: &str,
    report: &mut Report,
) {
    report.add(
        at(value, model),
        format!("the value of {what} looks like a secret: {why}"),
        |d| {
            d.note("what is committed stays in Git for ever; once pushed, it must be replaced")
                .help("put it into a Secret and write `secret=\"name/key\"`")
        },
    );
}
