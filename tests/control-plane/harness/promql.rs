//! Every `PrometheusRule` as files for promtool: the rules, and unit tests in which each alert
//! fires on series that break its promise and is silent on series that keep it.

use std::path::Path;

use serde_json::{Value, json};

use crate::Result;
use crate::objects::load;

/// Writes `N.rules.json` and `N.test.json` for every rule object under some folders.
pub(crate) fn write(target: &str, folders: &[&str]) -> Result<()> {
    std::fs::create_dir_all(target)?;
    let mut count = 0;
    for folder in folders {
        for object in load(Path::new(folder))? {
            if object.text("/kind") != "PrometheusRule" {
                continue;
            }
            let rules = format!("{count}.rules.json");
            let text = json!({ "groups": object.value["spec"]["groups"] }).to_string();
            std::fs::write(Path::new(target).join(&rules), text)?;
            let tests = tests(&object.value)
                .map_err(|error| format!("{}: {error}", object.file.display()))?;
            let text =
                json!({ "rule_files": [rules], "evaluation_interval": "1m", "tests": tests })
                    .to_string();
            std::fs::write(Path::new(target).join(format!("{count}.test.json")), text)?;
            count += 1;
        }
    }
    if count == 0 {
        Err("no PrometheusRule was found".into())
    } else {
        Ok(())
    }
}

fn tests(object: &Value) -> Result<Vec<Value>> {
    let groups = object["spec"]["groups"].as_array().into_iter().flatten();
    let rules = groups.flat_map(|group| group["rules"].as_array().into_iter().flatten());
    let mut tests = Vec::new();
    for rule in rules.filter(|rule| rule["alert"].is_string()) {
        let broken =
            json!([{ "exp_labels": rule["labels"], "exp_annotations": rule["annotations"] }]);
        for (fires, expected) in [(true, broken), (false, json!([]))] {
            let series = series(rule["expr"].as_str().unwrap_or_default(), fires)?;
            tests.push(json!({
                "name": format!("{} {}", rule["alert"], if fires { "fires" } else { "is silent" }),
                "interval": "1m",
                "input_series": series,
                "alert_rule_test": [
                    { "eval_time": "40m", "alertname": rule["alert"], "exp_alerts": expected }
                ],
            }));
        }
    }
    Ok(tests)
}

/// Series on which an expression of a known form is true, or false.
fn series(expr: &str, fires: bool) -> Result<Vec<Value>> {
    let unknown = || format!("no unit test is known for the form of `{expr}`");
    let (left, threshold) = expr.rsplit_once(" > ").ok_or_else(unknown)?;
    let threshold: f64 = threshold.parse()?;
    let selectors = selectors(left);
    let [metric, whole @ ..] = selectors.as_slice() else {
        return Err(unknown().into());
    };
    let line = |metric: &str,
                labels: &[(String, String)],
                more: Option<(&str, String)>,
                rate: f64| {
        let labels = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""));
        let more = more.map(|(name, value)| format!("{name}=\"{value}\""));
        let all: Vec<_> = labels.chain(more).collect();
        json!({ "series": format!("{metric}{{{}}}", all.join(",")), "values": format!("0+{}x60", rate * 60.0) })
    };
    let labels = &metric.matchers;
    if left.starts_with("histogram_quantile(") {
        // All requests end below the bound, or all above it.
        let rate = |below: bool| if below == fires { 0.0 } else { 10.0 };
        return Ok(vec![
            line(
                &metric.name,
                labels,
                Some(("le", (threshold / 2.0).to_string())),
                rate(true),
            ),
            line(
                &metric.name,
                labels,
                Some(("le", (threshold * 2.0).to_string())),
                10.0,
            ),
            line(&metric.name, labels, Some(("le", "+Inf".to_owned())), 10.0),
        ]);
    }
    if let [whole] = whole {
        let code = metric
            .matchers
            .iter()
            .find(|m| !whole.matchers.contains(m))
            .ok_or_else(unknown)?;
        let labels = &whole.matchers;
        let failures = if fires { 10.0 } else { 0.0 };
        return Ok(vec![
            line(
                &metric.name,
                labels,
                Some((code.0.as_str(), "503".to_owned())),
                failures,
            ),
            line(
                &metric.name,
                labels,
                Some((code.0.as_str(), "200".to_owned())),
                10.0,
            ),
        ]);
    }
    let rate = if fires {
        threshold * 2.0
    } else {
        threshold / 2.0
    };
    Ok(vec![line(&metric.name, labels, None, rate)])
}

struct Selector {
    name: String,
    /// Labels and values. What `=~` has here is a plain name, or the code that is told apart.
    matchers: Vec<(String, String)>,
}

/// `name{label="value",…}` parts of an expression, in order.
fn selectors(expr: &str) -> Vec<Selector> {
    let mut found = Vec::new();
    let mut rest = expr;
    while let Some((before, after)) = rest.split_once('{') {
        let name = before
            .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':')
            .next();
        let (inside, after) = after.split_once('}').unwrap_or((after, ""));
        let matchers = inside.split("\",").filter_map(|matcher| {
            let (label, value) = matcher.split_once('=')?;
            let value = value.trim_start_matches('~').trim_matches('"');
            Some((label.to_owned(), value.to_owned()))
        });
        found.push(Selector {
            name: name.unwrap_or_default().to_owned(),
            matchers: matchers.collect(),
        });
        rest = after;
    }
    found
}
