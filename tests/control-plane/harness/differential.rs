//! The offline verdict against the real server's, over mutants of valid objects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mlspec::validate::schema::Schemas;
use mlspec::validate::validate;
use serde_json::json;

use crate::Result;
use crate::api::Api;
use crate::mutate::mutants;
use crate::objects::load;

/// Least share of mutants on which both agree.
const AGREEMENT: f64 = 0.995;
/// Fewest mutants that prove anything.
const MUTANTS: usize = 2_000;

/// Differences that are known, with their reasons: `kind`, `place`, `change`.
type Known = BTreeMap<(String, String, String), String>;

/// Compares the verdicts on every object under some folders and on all their mutants.
pub(crate) fn run(port: u16, folders: &[&str]) -> Result<()> {
    let mut api = Api::connect(port)?;
    let schemas = Schemas::newest();
    let known = known()?;
    let mut used = BTreeSet::new();
    let (mut count, mut refused, mut differ, mut unknown) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut seen = BTreeSet::new();
    for folder in folders {
        for mut object in load(Path::new(folder))? {
            // KEDA's webhook looks at other objects too; it leaves this namespace alone.
            api.namespace("differential", &json!({ "webhooks": "off" }))?;
            api.namespace("differential-keda", &json!({}))?;
            if object.value["metadata"]["namespace"].is_string() {
                object.value["metadata"]["namespace"] = json!("differential");
            }
            let kind = object.text("/kind").to_owned();
            if let Some(reason) = api.refusal(&object.value)? {
                return Err(format!(
                    "{}: the server refuses the {kind} itself: {reason}",
                    object.file.display()
                )
                .into());
            }
            if let Some(violation) = validate(&object.value, &schemas).first() {
                return Err(
                    format!("{}: {kind}: {}", object.file.display(), violation.message).into(),
                );
            }
            for mutant in mutants(&object.value) {
                // One change at one place of a kind proves the same in every object.
                if !seen.insert((kind.clone(), mutant.place.clone(), mutant.change.clone())) {
                    continue;
                }
                count += 1;
                let mut theirs = api.refusal(&mutant.object)?;
                let ours = validate(&mutant.object, &schemas);
                if kind == "ScaledObject" && theirs.is_none() && !ours.is_empty() {
                    // What we refuse must at least be refused by the webhook.
                    let mut object = mutant.object.clone();
                    object["metadata"]["namespace"] = json!("differential-keda");
                    theirs = api.refusal(&object)?;
                }
                refused += usize::from(theirs.is_some());
                if theirs.is_some() != ours.is_empty() {
                    continue;
                }
                differ += 1;
                let key = (kind.clone(), mutant.place.clone(), mutant.change.clone());
                if known.contains_key(&key) {
                    used.insert(key);
                    continue;
                }
                unknown += 1;
                let ours = ours
                    .first()
                    .map_or("accepted", |violation| &violation.message);
                let theirs = theirs.as_deref().unwrap_or("accepted");
                println!(
                    "{kind}\t{}\t{}\n    server: {theirs}\n    mlspec: {ours}",
                    mutant.place, mutant.change
                );
            }
        }
    }
    let agreement = 1.0 - ratio(differ, count);
    println!(
        "{count} mutants, {refused} refused by the server, {differ} different verdicts ({unknown} not listed): agreement {:.3} %",
        agreement * 100.0
    );
    let stale: Vec<_> = known.keys().filter(|key| !used.contains(*key)).collect();
    if !stale.is_empty() {
        return Err(format!("differences.tsv lists what no longer differs: {stale:?}").into());
    }
    if unknown > 0 || agreement < AGREEMENT || count < MUTANTS {
        return Err("the verdicts differ".into());
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn known() -> Result<Known> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/control-plane/differences.tsv");
    let text = std::fs::read_to_string(file)?;
    let mut known = Known::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let parts: Vec<_> = line.split('\t').collect();
        let [kind, place, change, reason] = parts.as_slice() else {
            return Err(format!("differences.tsv: cannot read `{line}`").into());
        };
        let key = (
            (*kind).to_owned(),
            (*place).to_owned(),
            (*change).to_owned(),
        );
        known.insert(key, (*reason).to_owned());
    }
    Ok(known)
}
