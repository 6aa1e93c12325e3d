//! What the catalogue of checks says about the server, asked of the server.
//!
//! A fixture is a YAML file. Its head says what is expected, in comments:
//!
//! ```text
//! # ROL-03: both surge and unavailable are 0
//! # server: refused: may not be 0 when `maxSurge` is 0
//! # offline: refused
//! ```
//!
//! All objects but the last are applied; the last gets the verdict. It is applied for real too:
//! on a dry run KEDA's webhook leaves out what it checks about CPU and memory triggers (seen in
//! 2.20.2, `verifyCPUMemoryScalers`).

use std::path::Path;

use mlspec::validate::schema::Schemas;
use mlspec::validate::validate;
use serde_json::json;

use crate::Result;
use crate::api::{Api, Mode};
use crate::objects::load;

struct Expected {
    /// Part of the server's message; `None` if it accepts.
    server: Option<String>,
    offline_refuses: bool,
}

/// Judges every fixture in a folder.
pub(crate) fn run(port: u16, folder: &str) -> Result<()> {
    let mut api = Api::connect(port)?;
    let mut files: Vec<_> = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    files.sort_by_key(std::fs::DirEntry::path);
    let mut faults = Vec::new();
    let mut count = 0;
    for file in &files {
        count += 1;
        if let Err(fault) = judge(&mut api, &file.path()) {
            faults.push(format!("{}: {fault}", file.path().display()));
        }
    }
    println!("{count} fixtures judged, {} not as expected", faults.len());
    faults.iter().for_each(|fault| println!("{fault}"));
    if faults.is_empty() && count > 0 {
        Ok(())
    } else {
        Err("fixtures fail".into())
    }
}

fn judge(api: &mut Api, file: &Path) -> Result<()> {
    let expected = expected(&std::fs::read_to_string(file)?)?;
    // A namespace for each: the webhook's cache still has objects of another for a while.
    let name = file
        .file_stem()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let namespace = format!("fixture-{name}");
    api.namespace(&namespace, &json!({}))?;
    let mut objects = load(file)?;
    for object in &mut objects {
        object.value["metadata"]["namespace"] = json!(namespace);
    }
    let (last, before) = objects.split_last().ok_or("no object")?;
    for object in before {
        let answer = api.apply(&object.value, Mode::Real)?;
        if !matches!(answer.status, 200 | 201) {
            return Err(
                format!("its first objects are refused: {}", answer.body["message"]).into(),
            );
        }
    }
    // KEDA's webhook reads other objects through a cache that lags behind a little.
    let mut verdict = Ok(());
    for wait in [0, 100, 300, 1_000, 3_000] {
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let answer = api.apply(&last.value, Mode::Real)?;
        let refused = !matches!(answer.status, 200 | 201);
        if !refused {
            api.delete(&last.value)?;
        }
        let message = answer.body["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        verdict = match &expected.server {
            None if refused => Err(format!("expected to be accepted, refused: {message}")),
            Some(_) if !refused => Err("expected to be refused, accepted".to_owned()),
            Some(part) if !message.contains(part.as_str()) => {
                Err(format!("refused with other words: {message}"))
            }
            _ => Ok(()),
        };
        if verdict.is_ok() || before.is_empty() {
            break;
        }
    }
    for object in before {
        api.delete(&object.value)?;
    }
    verdict?;
    let offline = validate(&last.value, &Schemas::newest());
    if offline.is_empty() == expected.offline_refuses {
        let said = offline
            .first()
            .map_or("accepted", |violation| &violation.message);
        return Err(format!("the offline verdict is another: {said}").into());
    }
    Ok(())
}

fn expected(text: &str) -> Result<Expected> {
    let line = |name: &str| {
        let mut lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("# ")?.strip_prefix(name));
        lines
            .next()
            .map(str::trim)
            .ok_or_else(|| format!("no `# {name}` line"))
    };
    let server = line("server:")?;
    Ok(Expected {
        server: match server.split_once(':') {
            Some(("refused", message)) => Some(message.trim().to_owned()),
            None if server == "accepted" => None,
            _ => return Err(format!("cannot read `# server: {server}`").into()),
        },
        offline_refuses: line("offline:")? == "refused",
    })
}
