//! `mlspec compile --server-dry-run`: the answer of real API servers, as findings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{FAILED, Shell};
use crate::check::codes::NOT_ASKED;
use crate::cluster::{self, Answer, Failure, Question, contexts};
use crate::compile::{Options, compile};
use crate::diag::{Diagnostic, Severity, number};
use crate::emit::Object;
use crate::render::Memory;
use crate::system::OsSystem;

/// Compiles in recording mode and asks the servers about what comes out.
pub(super) fn run(
    system: &OsSystem,
    options: &Options,
    workspace: &Path,
    given: &[String],
    shell: &Shell,
) -> u8 {
    let memory = Memory::default();
    let compilation = compile(system, options, &memory);
    let prefix = super::prefix_of(workspace);
    if compilation.failed() {
        let failed = compilation.surroundings;
        let code = shell.report(compilation.diagnostics, &compilation.sources, &prefix);
        return if failed { FAILED } else { code };
    }
    let files = memory.into_files();
    let objects = || files.values().filter_map(|file| file.object.as_ref());
    let env = options.env.as_deref();
    let all = clusters(&places(objects(), None));
    let places = places(objects(), env);
    let mut diagnostics = compilation.diagnostics;
    let contexts = match contexts::choose(given, &clusters(&places), &all, env) {
        Ok(contexts) => contexts,
        Err(failure) => {
            diagnostics.push(finding(failure));
            shell.report(diagnostics, &compilation.sources, &prefix);
            return FAILED;
        }
    };
    let questions: Vec<_> = places
        .into_iter()
        .map(|((env, cluster), objects)| Question {
            env: env.to_owned(),
            cluster: cluster.to_owned(),
            context: contexts.get(cluster).cloned().unwrap_or_default(),
            objects,
        })
        .collect();
    let answer = cluster::ask(&questions).unwrap_or_else(|failure| Answer {
        failures: vec![failure],
        ..Answer::default()
    });
    let found = answer.diagnostics.len();
    let failed = !answer.failures.is_empty();
    diagnostics.extend(answer.diagnostics);
    diagnostics.extend(answer.failures.into_iter().map(finding));
    let reported = shell.report(diagnostics, &compilation.sources, &prefix);
    if failed {
        return FAILED;
    }
    if shell.for_people() {
        let asked: Vec<_> = questions
            .iter()
            .map(|q| format!("{}/{} at context \"{}\"", q.env, q.cluster, q.context))
            .collect();
        shell.say(&format!(
            "{} would be accepted, {}: {}\n",
            number(answer.accepted, "object"),
            number(found, "finding"),
            asked.join(", ")
        ));
    }
    reported
}

/// Objects by environment and cluster, in the order in which they are applied. What lies in
/// `_gitops` belongs to no environment: another tool's cluster has it.
fn places<'o>(
    objects: impl Iterator<Item = &'o Object>,
    only: Option<&str>,
) -> BTreeMap<(&'o str, &'o str), Vec<&'o Object>> {
    let mut places: BTreeMap<_, Vec<&Object>> = BTreeMap::new();
    for object in objects {
        let mut parts = object.folder.split('/');
        if let (Some(env), Some(cluster)) = (parts.next(), parts.next())
            && env != "_gitops"
            && only.is_none_or(|only| only == env)
        {
            places.entry((env, cluster)).or_default().push(object);
        }
    }
    for objects in places.values_mut() {
        objects.sort_by_key(|o| o.wave);
    }
    places
}

/// The clusters of places, each once.
fn clusters<'o>(places: &BTreeMap<(&'o str, &'o str), Vec<&'o Object>>) -> Vec<&'o str> {
    let clusters: BTreeSet<_> = places.keys().map(|(_, cluster)| *cluster).collect();
    clusters.into_iter().collect()
}

fn finding(failure: Failure) -> Diagnostic {
    let mut finding = Diagnostic::new(NOT_ASKED, Severity::Error, failure.message);
    finding.notes.extend(failure.note);
    finding.help(failure.help)
}
