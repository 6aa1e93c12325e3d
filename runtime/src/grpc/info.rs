//! What clients may ask about server and models.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::proto;
use crate::failure::{Failure, Kind};
use crate::http::{EXTENSIONS, state};
use crate::model::{Dim, TensorSpec};
use crate::server::{Served, Server};
use crate::tensor::DType;

pub(super) fn live(server: &Server) -> proto::ServerLiveResponse {
    proto::ServerLiveResponse {
        live: server.liveness().is_ok(),
    }
}

pub(super) fn ready(server: &Server) -> proto::ServerReadyResponse {
    proto::ServerReadyResponse {
        ready: server.readiness().is_ok(),
    }
}

pub(super) fn model_ready(
    server: &Server,
    asked: proto::ModelReadyRequest,
) -> Result<proto::ModelReadyResponse, Failure> {
    let served = server.repository.find(&asked.name, Some(&asked.version))?;
    Ok(proto::ModelReadyResponse {
        ready: served.is_ready(),
    })
}

pub(super) fn server_metadata() -> proto::ServerMetadataResponse {
    proto::ServerMetadataResponse {
        name: "mlserve".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        extensions: EXTENSIONS.map(str::to_owned).to_vec(),
    }
}

pub(super) fn model_metadata(
    server: &Server,
    asked: proto::ModelMetadataRequest,
) -> Result<proto::ModelMetadataResponse, Failure> {
    let served = server.repository.find(&asked.name, Some(&asked.version))?;
    let active = served.require()?;
    let tensors = |specs: &[TensorSpec]| {
        specs
            .iter()
            .map(|spec| proto::model_metadata_response::TensorMetadata {
                name: spec.name.clone(),
                datatype: spec.dtype.name().to_owned(),
                shape: spec.dims.iter().map(Dim::metadata).collect(),
            })
            .collect()
    };
    Ok(proto::ModelMetadataResponse {
        name: served.name.clone(),
        versions: server
            .repository
            .versions(&served.name)
            .map(|v| v.version.clone())
            .collect(),
        platform: active.platform.clone(),
        inputs: tensors(&active.signature.inputs),
        outputs: tensors(&active.signature.outputs),
    })
}

pub(super) fn model_config(
    server: &Server,
    asked: proto::ModelConfigRequest,
) -> Result<proto::ModelConfigResponse, Failure> {
    let served = server.repository.find(&asked.name, Some(&asked.version))?;
    let active = served.require()?;
    let batch = usize::from(active.layout.is_leading());
    let dims = |spec: &TensorSpec| spec.dims.iter().skip(batch).map(Dim::metadata).collect();
    let delay = Duration::from_millis(served.config.batch.max_delay_ms);
    let config = proto::ModelConfig {
        name: served.name.clone(),
        platform: "onnxruntime_onnx".to_owned(),
        backend: "onnxruntime".to_owned(),
        max_batch_size: if active.layout.is_leading() {
            active.queue.max_rows().cast_signed()
        } else {
            0
        },
        input: active
            .signature
            .inputs
            .iter()
            .map(|spec| proto::ModelInput {
                name: spec.name.clone(),
                data_type: data_type(spec),
                dims: dims(spec),
            })
            .collect(),
        output: active
            .signature
            .outputs
            .iter()
            .map(|spec| proto::ModelOutput {
                name: spec.name.clone(),
                data_type: data_type(spec),
                dims: dims(spec),
            })
            .collect(),
        dynamic_batching: active
            .layout
            .is_leading()
            .then(|| proto::ModelDynamicBatching {
                max_queue_delay_microseconds: u64::try_from(delay.as_micros()).unwrap_or(u64::MAX),
            }),
    };
    Ok(proto::ModelConfigResponse {
        config: Some(config),
    })
}

fn data_type(spec: &TensorSpec) -> i32 {
    use proto::DataType as Type;
    let found = match spec.dtype {
        DType::Bool => Type::TypeBool,
        DType::Uint8 => Type::TypeUint8,
        DType::Uint16 => Type::TypeUint16,
        DType::Uint32 => Type::TypeUint32,
        DType::Uint64 => Type::TypeUint64,
        DType::Int8 => Type::TypeInt8,
        DType::Int16 => Type::TypeInt16,
        DType::Int32 => Type::TypeInt32,
        DType::Int64 => Type::TypeInt64,
        DType::Fp16 => Type::TypeFp16,
        DType::Bf16 => Type::TypeBf16,
        DType::Fp32 => Type::TypeFp32,
        DType::Fp64 => Type::TypeFp64,
        DType::Bytes => Type::TypeString,
    };
    found.into()
}

pub(super) fn index(
    server: &Server,
    asked: &proto::RepositoryIndexRequest,
) -> Result<proto::RepositoryIndexResponse, Failure> {
    if !asked.repository_name.is_empty() {
        let message = format!(
            "no repository `{}`: there is one, without a name",
            asked.repository_name
        );
        return Err(Failure::new(Kind::NotFound, message));
    }
    let models = server
        .repository
        .all()
        .iter()
        .filter(|served| !asked.ready || served.is_ready());
    let models = models
        .map(|served| {
            let (state, reason) = state(served);
            proto::repository_index_response::ModelIndex {
                name: served.name.clone(),
                version: served.version.clone(),
                state: state.to_owned(),
                reason: reason.to_owned(),
            }
        })
        .collect();
    Ok(proto::RepositoryIndexResponse { models })
}

pub(super) fn statistics(
    server: &Server,
    asked: proto::ModelStatisticsRequest,
) -> Result<proto::ModelStatisticsResponse, Failure> {
    let model_stats = match asked.name.as_str() {
        "" if !asked.version.is_empty() => {
            return Err(Failure::invalid(
                "a version needs the name of its model".to_owned(),
            ));
        }
        "" => server
            .repository
            .all()
            .iter()
            .map(|served| model_statistics(served))
            .collect(),
        name => vec![model_statistics(
            server.repository.find(name, Some(&asked.version))?,
        )],
    };
    Ok(proto::ModelStatisticsResponse { model_stats })
}

fn model_statistics(served: &Served) -> proto::ModelStatistics {
    let stats = &served.stats;
    let success = stats.success.load(Relaxed);
    let duration = |count, ns| Some(proto::StatisticDuration { count, ns });
    let nanos = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    proto::ModelStatistics {
        name: served.name.clone(),
        version: served.version.clone(),
        last_inference: stats.last_ms.load(Relaxed),
        inference_count: stats.rows.load(Relaxed),
        execution_count: stats.runs.load(Relaxed),
        inference_stats: Some(proto::InferStatistics {
            success: duration(success, stats.success_ns.load(Relaxed)),
            fail: duration(stats.fail.load(Relaxed), stats.fail_ns.load(Relaxed)),
            queue: duration(success, stats.queue_ns.load(Relaxed)),
            compute_input: duration(success, stats.gather_ns.load(Relaxed)),
            compute_infer: duration(success, stats.compute_ns.load(Relaxed)),
            compute_output: duration(success, stats.split_ns.load(Relaxed)),
            cache_hit: duration(0, 0),
            cache_miss: duration(0, 0),
        }),
        batch_stats: stats
            .by_size()
            .iter()
            .map(|(size, runs)| proto::InferBatchStatistics {
                batch_size: u64::from(*size),
                compute_input: duration(runs.count, nanos(runs.gather)),
                compute_infer: duration(runs.count, nanos(runs.compute)),
                compute_output: duration(runs.count, nanos(runs.split)),
            })
            .collect(),
    }
}
