//! The health service: `""` and the inference service are the server's readiness, a model's name is that model's.

use std::sync::Arc;

use hyper::body::Incoming;
use tonic::body::Body;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use tower_service::Service;

use crate::server::Server;

/// What is reported, kept so that watchers are told of changes.
#[derive(Debug, Clone, Default)]
pub struct Health(HealthReporter);

impl Health {
    async fn report(&self, server: &Server) {
        let status = |ready: bool| match ready {
            true => ServingStatus::Serving,
            false => ServingStatus::NotServing,
        };
        let ready = server.readiness().is_ok();
        for service in ["", "inference.GRPCInferenceService"] {
            self.0.set_service_status(service, status(ready)).await;
        }
        for served in server.repository.all() {
            let serving = status(server.repository.is_ready(&served.name) && ready);
            self.0.set_service_status(&served.name, serving).await;
        }
    }

    /// Answers `Check` and `Watch`.
    pub(super) async fn answer(
        &self,
        server: &Server,
        request: http::Request<Incoming>,
    ) -> http::Response<Body> {
        self.report(server).await;
        let mut service = HealthServer::new(HealthService::from_health_reporter(self.0.clone()));
        match service.call(request.map(Body::new)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Tells watchers of every change, for as long as it is polled.
pub(crate) async fn follow(server: Arc<Server>) {
    let mut changes = server.lifecycle.changes();
    loop {
        server.health.report(&server).await;
        if changes.changed().await.is_err() {
            return;
        }
    }
}
