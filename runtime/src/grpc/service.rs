//! Methods of the gRPC services by path.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use tonic::body::Body;
use tonic::{Code, Request, Response, Status};
use tower_service::Service;

use super::timed::Timed;
use super::unary::unary;
use super::{infer, info, proto};
use crate::failure::Failure;
use crate::server::{Held, Server};

/// Types of all messages, for reflection.
const DESCRIPTORS: &[u8] = include_bytes!("descriptors.bin");

/// Answers one gRPC call.
///
/// # Errors
/// None.
pub async fn handle(
    server: Arc<Server>,
    request: http::Request<Incoming>,
) -> Result<http::Response<Body>, Infallible> {
    let path = request.uri().path();
    let Some(method) = path.strip_prefix("/inference.GRPCInferenceService/") else {
        return other(&server, request).await;
    };
    let method = method.to_owned();
    let most = usize::try_from(server.body_limit()).unwrap_or(usize::MAX);
    let time = Duration::from_millis(server.config.limits.body_timeout_ms);
    let held = Held::new(&server);
    let request = request.map(|body| Timed::new(body, time, held));
    let shared = Arc::clone(&server);
    Ok(match method.as_str() {
        "ModelInfer" => {
            unary(request, most, move |call| {
                infer::infer(Arc::clone(&shared), call)
            })
            .await
        }
        "ServerLive" => {
            unary(
                request,
                most,
                move |_: Request<proto::ServerLiveRequest>| answer(Ok(info::live(&shared))),
            )
            .await
        }
        "ServerReady" => {
            unary(
                request,
                most,
                move |_: Request<proto::ServerReadyRequest>| answer(Ok(info::ready(&shared))),
            )
            .await
        }
        "ModelReady" => {
            unary(request, most, move |call| {
                answer(info::model_ready(&shared, inner(call)))
            })
            .await
        }
        "ServerMetadata" => {
            unary(
                request,
                most,
                move |_: Request<proto::ServerMetadataRequest>| answer(Ok(info::server_metadata())),
            )
            .await
        }
        "ModelMetadata" => {
            unary(request, most, move |call| {
                answer(info::model_metadata(&shared, inner(call)))
            })
            .await
        }
        "ModelConfig" => {
            unary(request, most, move |call| {
                answer(info::model_config(&shared, inner(call)))
            })
            .await
        }
        "ModelStatistics" => {
            unary(request, most, move |call| {
                answer(info::statistics(&shared, inner(call)))
            })
            .await
        }
        "RepositoryIndex" => {
            unary(request, most, move |call| {
                answer(info::index(&shared, &inner(call)))
            })
            .await
        }
        _ => Status::new(
            Code::Unimplemented,
            format!("method `{method}` is not offered"),
        )
        .into_http(),
    })
}

fn inner<T>(call: Request<T>) -> T {
    call.into_inner()
}

fn answer<O>(outcome: Result<O, Failure>) -> std::future::Ready<Result<Response<O>, Status>> {
    std::future::ready(
        outcome
            .map(Response::new)
            .map_err(|failure| status(&failure)),
    )
}

/// A failure as a gRPC status.
pub(super) fn status(failure: &Failure) -> Status {
    let mut status = Status::new(failure.code(), failure.message.clone());
    if let Some(seconds) = failure.retry_after_seconds() {
        status.metadata_mut().insert("retry-after", seconds.into());
    }
    status
}

/// Health and reflection.
async fn other(
    server: &Server,
    request: http::Request<Incoming>,
) -> Result<http::Response<Body>, Infallible> {
    let path = request.uri().path();
    if path.starts_with("/grpc.health.v1.Health/") {
        return Ok(server.health.answer(server, request).await);
    }
    let request = request.map(Body::new);
    if path_is_reflection(&request, "v1") {
        if let Ok(mut service) = reflection().build_v1() {
            return service.call(request).await;
        }
    } else if path_is_reflection(&request, "v1alpha")
        && let Ok(mut service) = reflection().build_v1alpha()
    {
        return service.call(request).await;
    }
    Ok(Status::new(Code::Unimplemented, "there is no such service").into_http())
}

fn path_is_reflection(request: &http::Request<Body>, version: &str) -> bool {
    request
        .uri()
        .path()
        .starts_with(&format!("/grpc.reflection.{version}.ServerReflection/"))
}

fn reflection<'a>() -> tonic_reflection::server::Builder<'a> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}
