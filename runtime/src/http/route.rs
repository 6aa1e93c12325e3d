//! Paths -> what is asked for.

use std::borrow::Cow;

/// What a path under `/v2/models/` asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// The model itself.
    Metadata,
    /// Whether it is ready.
    Ready,
    /// An inference.
    Infer,
    /// Its statistics.
    Stats,
    /// Its configuration in Triton's form.
    Config,
}

/// What a path asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// `/v2`.
    Server,
    /// `/health`, `/v2/health/live`.
    Live,
    /// `/v2/health/ready`.
    Ready,
    /// `/metrics`.
    Metrics,
    /// `/v2/models/stats`.
    AllStats,
    /// `/v2/models/NAME[/versions/VERSION][/VERB]`.
    Model(Cow<'a, str>, Option<Cow<'a, str>>, Verb),
    /// `/v2/repository/index`.
    Index,
    /// `/v2/repository/models/NAME/load` and `unload`.
    LoadUnload,
    /// `/predict`.
    Predict,
    /// Anything else.
    Unknown,
}

/// Parses a path. Names may hold `/`, encoded or plain, since clients differ.
pub(super) fn route(path: &str) -> Route<'_> {
    if let Some(rest) = path.strip_prefix("/v2/models/") {
        return model(rest);
    }
    match path.strip_suffix('/').unwrap_or(path) {
        "/v2" => Route::Server,
        "/health" | "/v2/health/live" => Route::Live,
        "/v2/health/ready" => Route::Ready,
        "/metrics" => Route::Metrics,
        "/v2/repository/index" => Route::Index,
        "/predict" => Route::Predict,
        other if other.starts_with("/v2/repository/models/") => Route::LoadUnload,
        _ => Route::Unknown,
    }
}

fn model(rest: &str) -> Route<'_> {
    if rest == "stats" {
        return Route::AllStats;
    }
    let (rest, verb) = match rest.rsplit_once('/') {
        Some((rest, "infer")) => (rest, Verb::Infer),
        Some((rest, "ready")) => (rest, Verb::Ready),
        Some((rest, "stats")) => (rest, Verb::Stats),
        Some((rest, "config")) => (rest, Verb::Config),
        _ => (rest, Verb::Metadata),
    };
    let (name, version) = match rest.rsplit_once("/versions/") {
        Some((name, version)) if !version.contains('/') => (name, Some(version)),
        _ => (rest, None),
    };
    match (decode(name), version.map(decode)) {
        (Some(name), None) if !name.is_empty() => Route::Model(name, None, verb),
        (Some(name), Some(Some(version))) if !name.is_empty() => {
            Route::Model(name, Some(version), verb)
        }
        _ => Route::Unknown,
    }
}

/// Undoes percent-encoding; `None` for broken escapes and for what is not UTF-8 then.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        out.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, version: Option<&str>, verb: Verb) -> Route<'static> {
        Route::Model(
            Cow::Owned(name.to_owned()),
            version.map(|v| Cow::Owned(v.to_owned())),
            verb,
        )
    }

    #[test]
    fn names_may_hold_anything() {
        for (path, expected) in [
            ("/v2/models/bert/infer", model("bert", None, Verb::Infer)),
            ("/v2/models/bert", model("bert", None, Verb::Metadata)),
            (
                "/v2/models/team%2Fbert%3A1/ready",
                model("team/bert:1", None, Verb::Ready),
            ),
            (
                "/v2/models/team/bert:1/infer",
                model("team/bert:1", None, Verb::Infer),
            ),
            (
                "/v2/models/m/versions/2/infer",
                model("m", Some("2"), Verb::Infer),
            ),
            (
                "/v2/models/m/versions/2",
                model("m", Some("2"), Verb::Metadata),
            ),
            ("/v2/models/stats", Route::AllStats),
            ("/v2/models/%ff/infer", Route::Unknown),
            ("/v2/models/%2", Route::Unknown),
            ("/v2/models//infer", Route::Unknown),
            ("/v2/", Route::Server),
            ("/nothing", Route::Unknown),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
