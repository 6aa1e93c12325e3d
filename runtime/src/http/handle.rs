//! One request -> its answer.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request};

use super::route::{Route, Verb, route};
use super::{Response, answer, body, infer, metadata, predict};
use crate::batch::Timing;
use crate::failure::{Failure, Kind};
use crate::json::parse_index;
use crate::log::RequestLine;
use crate::server::{Held, Phase, Server};
use crate::timing;
use crate::trace::Ended;

/// What a listener answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// Health and metrics.
    Admin,
}

/// The most bytes that the question for the index may have: `{"ready": true}` and room to lay it out.
const INDEX_BODY: u64 = 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Answers one request. Never fails: failures are answers.
///
/// # Errors
/// None.
pub async fn handle(
    server: Arc<Server>,
    scope: Scope,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let arrived = Instant::now();
    let (head, incoming) = request.into_parts();
    let asked = route(head.uri.path());
    let is_inference = matches!(asked, Route::Model(_, _, Verb::Infer) | Route::Predict);
    // Only traces need the model's name after the request.
    let model = match (&asked, &server.tracer) {
        (Route::Model(name, ..), Some(_)) => Some(name.to_string()),
        _ => None,
    };
    let outcome = match (is_inference, scope) {
        (true, Scope::All) => run(&server, &head.method, &head.headers, asked, incoming).await,
        (true, Scope::Admin) => Err(Failure::new(
            Kind::NotFound,
            "this port answers health and metrics only",
        )),
        (false, _) if asked == Route::Index => index(&server, &head.method, incoming)
            .await
            .map(|response| (response, None)),
        (false, _) => inspect(&server, &head.method, asked).map(|response| (response, None)),
    };
    let (mut response, timing, failed) = match outcome {
        Ok((response, timing)) => (response, timing, None),
        Err(failure) => (answer::failure(&failure), None, Some(failure)),
    };
    if let Some(id) = head.headers.get(REQUEST_ID) {
        response.headers_mut().insert(REQUEST_ID, id.clone());
    }
    if let Some(timing) = timing.filter(|_| wants_timing(&head.headers))
        && let Ok(text) = HeaderValue::try_from(timing::text(&timing, arrived.elapsed()))
    {
        response.headers_mut().insert(timing::ANSWER, text);
    }
    if server.lifecycle.phase() >= Phase::Notice {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if let (true, Some(tracer)) = (is_inference, &server.tracer) {
        tracer.record(&Ended {
            protocol: "http",
            model: model.as_deref(),
            duration: arrived.elapsed(),
            traceparent: text(&head.headers, &TRACEPARENT),
            timing,
            status: response.status().as_u16(),
            failure: failed.as_ref(),
        });
    }
    if is_inference && server.log.wants_request(failed.is_some()) {
        server.log.request(&RequestLine {
            protocol: "http",
            path: head.uri.path(),
            status: response.status().as_u16(),
            duration: arrived.elapsed(),
            request_id: text(&head.headers, &REQUEST_ID),
            traceparent: text(&head.headers, &TRACEPARENT),
            failure: failed.as_ref(),
        });
    }
    Ok(response)
}

fn wants_timing(headers: &HeaderMap) -> bool {
    headers
        .get(timing::WANTED)
        .is_some_and(|value| value == "1")
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn run(
    server: &Arc<Server>,
    method: &Method,
    headers: &HeaderMap,
    asked: Route<'_>,
    incoming: Incoming,
) -> Result<(Response, Option<Timing>), Failure> {
    if method != Method::POST {
        return Err(only_post(method));
    }
    if let Some(encoding) = headers
        .get(CONTENT_ENCODING)
        .filter(|value| *value != "identity")
    {
        return Err(Failure::new(
            Kind::Encoding,
            format!("content encoding {encoding:?} is not offered"),
        ));
    }
    server.admits()?;
    let time = Duration::from_millis(server.config.limits.body_timeout_ms);
    let mut held = Held::new(server);
    let read = body::read(incoming, server.body_limit(), time, &mut held);
    match asked {
        Route::Model(name, version, _) => {
            let served = server.repository.find(&name, version.as_deref())?;
            served.require()?;
            let body = read.await?;
            infer::infer(served, headers, body, held).await
        }
        _ => {
            let body = read.await?;
            predict::predict(server, body, held).await
        }
    }
}

/// The repository's index: the one question with a body.
async fn index(
    server: &Arc<Server>,
    method: &Method,
    incoming: Incoming,
) -> Result<Response, Failure> {
    if method != Method::POST {
        return Err(only_post(method));
    }
    let time = Duration::from_millis(server.config.limits.body_timeout_ms);
    let body = body::read(incoming, INDEX_BODY, time, &mut Held::new(server)).await?;
    let ready = parse_index(body::text(&body)?).map_err(|error| body::wrong(&error))?;
    Ok(answer::json(metadata::index(server, ready)))
}

fn only_post(method: &Method) -> Failure {
    Failure::new(
        Kind::Method,
        format!("{method} is not offered here: use POST"),
    )
}

/// Everything that is answered at once.
fn inspect(server: &Arc<Server>, method: &Method, asked: Route<'_>) -> Result<Response, Failure> {
    let fits = if asked == Route::LoadUnload {
        method == Method::POST
    } else {
        method == Method::GET || method == Method::HEAD
    };
    if !fits && asked != Route::Unknown {
        return Err(Failure::new(
            Kind::Method,
            format!("{method} is not offered here"),
        ));
    }
    match asked {
        Route::Live => server.liveness().map(|()| answer::json(Bytes::new())),
        Route::Ready => server.readiness().map(|()| answer::json(Bytes::new())),
        Route::Metrics => {
            let content_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            Ok(answer::with_type(
                200,
                content_type,
                crate::metrics::render(server),
            ))
        }
        Route::Server => Ok(answer::json(metadata::server())),
        Route::AllStats => Ok(answer::json(metadata::stats(
            server.repository.all().iter(),
        ))),
        Route::LoadUnload => Err(Failure::new(
            Kind::Unsupported,
            "models are loaded at start only",
        )),
        Route::Model(name, version, verb) => {
            let served = server.repository.find(&name, version.as_deref())?;
            match verb {
                Verb::Ready => served.require().map(|_| answer::json(Bytes::new())),
                Verb::Stats => Ok(answer::json(metadata::stats(std::iter::once(served)))),
                Verb::Config => metadata::config(served).map(answer::json),
                Verb::Metadata | Verb::Infer => metadata::model(server, served).map(answer::json),
            }
        }
        Route::Index | Route::Predict | Route::Unknown => Err(Failure::new(
            Kind::NotFound,
            "there is nothing at this path: models answer at `/v2/models/NAME/infer`, the first also at `/predict`",
        )),
    }
}
