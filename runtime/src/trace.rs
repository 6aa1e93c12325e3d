//! Traces by OTLP: one span for each traced request and one for each part of its way, made when the request has ended.
//!
//! Spans go through a bounded queue to a thread of their own; a full queue drops them. No request ever waits for one.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use mlspec_contract::config::{Level, Traces};
use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId,
    TraceState, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    Sampler, SdkTracer, SdkTracerProvider, SpanData, SpanExporter as Exporter,
};

use crate::batch::Timing;
use crate::failure::Failure;
use crate::log::Logger;

/// Longest time for one delivery to the collector.
const DELIVERY: Duration = Duration::from_secs(5);

/// Longest time that the last spans may hold up the end of the process.
const FLUSH: Duration = Duration::from_secs(2);

/// Makes spans and sends them off.
#[derive(Debug)]
pub struct Tracer {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    /// Below this, a request's number, scattered, is traced.
    threshold: u64,
    requests: AtomicU64,
}

/// A request that has ended.
#[derive(Debug)]
pub struct Ended<'a> {
    /// `http` or `grpc`.
    pub protocol: &'static str,
    /// The model's name, if it is known.
    pub model: Option<&'a str>,
    /// From arrival to answer.
    pub duration: Duration,
    /// The client's W3C trace context.
    pub traceparent: Option<&'a str>,
    /// Where the time went, of an answered request.
    pub timing: Option<Timing>,
    /// HTTP's status, for gRPC the one its code corresponds to.
    pub status: u16,
    /// What went wrong.
    pub failure: Option<&'a Failure>,
}

impl Tracer {
    /// Prepares delivery; the collector need not be there yet.
    ///
    /// # Errors
    /// When the endpoint is no address.
    pub fn new(config: &Traces, log: Logger) -> Result<Self, String> {
        // Fails only where a provider has been chosen already, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(target(&config.endpoint))
            .with_timeout(DELIVERY)
            .build()
            .map_err(|error| format!("traces cannot be sent to `{}`: {error}", config.endpoint))?;
        let resource = Resource::builder_empty()
            .with_service_name(config.service.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            // What is traced is decided here, before anything of a span is made.
            .with_sampler(Sampler::AlwaysOn)
            .with_batch_exporter(Told {
                exporter,
                log,
                endpoint: config.endpoint.clone(),
            })
            .build();
        Ok(Self {
            tracer: provider.tracer("mlserve"),
            provider,
            threshold: (config.ratio * u64::MAX as f64) as u64,
            requests: AtomicU64::new(0),
        })
    }

    /// Makes the spans of a request, if it is traced.
    pub fn record(&self, request: &Ended<'_>) {
        let parent = request.traceparent.and_then(parse_traceparent);
        let traced = match &parent {
            Some(parent) => parent.is_sampled(),
            None => self.draws(),
        };
        if !traced {
            return;
        }
        let end = SystemTime::now();
        let start = end - request.duration;
        let context = parent.map_or_else(Context::new, |parent| {
            Context::new().with_remote_span_context(parent)
        });
        let mut attributes = vec![
            KeyValue::new("protocol", request.protocol),
            KeyValue::new("http.response.status_code", i64::from(request.status)),
        ];
        if let Some(model) = request.model {
            attributes.push(KeyValue::new("model", model.to_owned()));
        }
        if let Some(timing) = &request.timing {
            attributes.push(KeyValue::new("batch.rows", i64::from(timing.batch_rows)));
        }
        let mut span = self
            .tracer
            .span_builder("infer")
            .with_kind(SpanKind::Server)
            .with_start_time(start)
            .with_attributes(attributes)
            .start_with_context(&self.tracer, &context);
        if let Some(failure) = request.failure {
            span.set_status(Status::error(failure.message.clone()));
        }
        let own = Context::new().with_remote_span_context(span.span_context().clone());
        if let Some(timing) = &request.timing {
            self.parts(&own, start, timing);
        }
        span.end_with_timestamp(end);
    }

    fn parts(&self, parent: &Context, mut at: SystemTime, timing: &Timing) {
        for (name, time) in [
            ("queue", timing.queue),
            ("gather", timing.gather),
            ("compute", timing.compute),
            ("split", timing.split),
        ] {
            let mut part = self
                .tracer
                .span_builder(name)
                .with_start_time(at)
                .start_with_context(&self.tracer, parent);
            at += time;
            part.end_with_timestamp(at);
        }
    }

    /// Evenly scattered, without a random source: the golden ratio's multiples never cluster.
    fn draws(&self) -> bool {
        let number = self.requests.fetch_add(1, Relaxed);
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15) <= self.threshold && self.threshold > 0
    }

    /// Sends what is still here, for a bounded time.
    pub fn end(&self) {
        // What could not be sent has been told by the exporter.
        let _ = self.provider.shutdown_with_timeout(FLUSH);
    }
}

/// The collector's path for traces, unless another is given.
fn target(endpoint: &str) -> String {
    let host = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest);
    match host.trim_end_matches('/').contains('/') {
        true => endpoint.to_owned(),
        false => format!("{}/v1/traces", endpoint.trim_end_matches('/')),
    }
}

/// W3C trace context, version 00 and those after it that begin alike.
fn parse_traceparent(text: &str) -> Option<SpanContext> {
    let mut parts = text.trim().split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let sized = version.len() == 2 && trace.len() == 32 && span.len() == 16 && flags.len() == 2;
    if !sized || version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}

/// An exporter whose failures stand in the log.
#[derive(Debug)]
struct Told {
    exporter: SpanExporter,
    log: Logger,
    endpoint: String,
}

impl Exporter for Told {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len().to_string();
        let outcome = self.exporter.export(batch).await;
        if let Err(error) = &outcome {
            let reason = error.to_string();
            let fields = [
                ("endpoint", self.endpoint.as_str()),
                ("spans", count.as_str()),
                ("reason", reason.as_str()),
            ];
            self.log
                .event(Level::Warn, "spans were not delivered", &fields);
        }
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_contexts_are_read_as_the_standard_says() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let context = parse_traceparent(good).unwrap();
        assert!(context.is_sampled() && context.is_remote());
        assert!(
            !parse_traceparent(&good.replace("-01", "-00"))
                .unwrap()
                .is_sampled()
        );
        for bad in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c8031zz-b7ad6b7169203331-01",
        ] {
            assert!(parse_traceparent(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_collector_s_path_is_added_where_there_is_none() {
        assert_eq!(target("http://otel:4318"), "http://otel:4318/v1/traces");
        assert_eq!(target("http://otel:4318/"), "http://otel:4318/v1/traces");
        assert_eq!(target("https://otel/own/path"), "https://otel/own/path");
    }
}
