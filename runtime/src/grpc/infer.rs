//! `ModelInfer`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status};

use super::proto::infer_parameter::ParameterChoice;
use super::proto::model_infer_request::InferInputTensor;
use super::proto::model_infer_response::InferOutputTensor;
use super::proto::{InferParameter, ModelInferRequest, ModelInferResponse};
use super::{contents, service};
use crate::batch::Timing;
use crate::failure::{Failure, Kind};
use crate::http::Counted;
use crate::log::RequestLine;
use crate::model::Signature;
use crate::server::{Served, Server, Submission, refuse_early, submit};
use crate::tensor::{DType, Tensor};
use crate::timing;
use crate::trace::Ended;
use crate::unsupported;

/// Decodes, runs and encodes; counts and logs the outcome.
pub(super) async fn infer(
    server: Arc<Server>,
    call: Request<ModelInferRequest>,
) -> Result<Response<ModelInferResponse>, Status> {
    let arrived = Instant::now();
    let metadata = call.metadata();
    let timeout = metadata
        .get("grpc-timeout")
        .and_then(|value| value.to_str().ok())
        .and_then(parse_timeout);
    let timed = metadata
        .get(timing::WANTED)
        .is_some_and(|value| value == "1");
    let text = |name| {
        metadata
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let told = server.log.wants_request(true) || server.tracer.is_some();
    let told = told.then(|| (text("x-request-id"), text("traceparent")));
    let request = call.into_inner();
    let model = server.tracer.as_ref().map(|_| request.model_name.clone());
    let mut spent = None;
    let outcome = match server.admits().and_then(|()| {
        server
            .repository
            .find(&request.model_name, Some(&request.model_version))
    }) {
        Ok(served) => {
            let counted = Counted::new(served, arrived);
            let outcome = run(served, request, timeout, arrived).await;
            counted.finish(outcome.as_ref().map(|(_, timing)| timing));
            outcome.map(|(response, timing)| {
                spent = Some(timing);
                response
            })
        }
        Err(failure) => Err(failure),
    };
    let failed = outcome.as_ref().err();
    let status = failed.map_or(200, Failure::status);
    let (request_id, traceparent) = told.unwrap_or_default();
    if let Some(tracer) = &server.tracer {
        tracer.record(&Ended {
            protocol: "grpc",
            model: model.as_deref(),
            duration: arrived.elapsed(),
            traceparent: traceparent.as_deref(),
            timing: spent,
            status,
            failure: failed,
        });
    }
    if server.log.wants_request(failed.is_some()) {
        server.log.request(&RequestLine {
            protocol: "grpc",
            path: "ModelInfer",
            status,
            duration: arrived.elapsed(),
            request_id: request_id.as_deref(),
            traceparent: traceparent.as_deref(),
            failure: failed,
        });
    }
    let mut response = outcome
        .map(Response::new)
        .map_err(|failure| service::status(&failure))?;
    if let Some(spent) = spent.filter(|_| timed)
        && let Ok(text) = MetadataValue::try_from(timing::text(&spent, arrived.elapsed()))
    {
        response.metadata_mut().insert(timing::ANSWER, text);
    }
    Ok(response)
}

/// `grpc-timeout`: up to eight digits and a unit (gRPC over HTTP/2 specification).
fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let digits = Some(digits).filter(|digits| digits.len() <= 8)?;
    let value: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(value * 3600),
        "M" => Duration::from_secs(value * 60),
        "S" => Duration::from_secs(value),
        "m" => Duration::from_millis(value),
        "u" => Duration::from_micros(value),
        "n" => Duration::from_nanos(value),
        _ => return None,
    })
}

async fn run(
    served: &Arc<Served>,
    request: ModelInferRequest,
    timeout: Option<Duration>,
    arrived: Instant,
) -> Result<(ModelInferResponse, Timing), Failure> {
    if !request.parameters.contains_key("priority") {
        refuse_early(served, arrived)?;
    }
    let active = served.require()?;
    refuse_extensions(&request.parameters)?;
    let wanted = wanted(&request, &active.signature)?;
    let own = whole_number(&request.parameters, "timeout")?
        .filter(|us| *us > 0)
        .map(Duration::from_micros);
    let submission = Submission {
        priority: whole_number(&request.parameters, "priority")?,
        timeout: [own, timeout].into_iter().flatten().min(),
        inputs: inputs(
            request.inputs,
            request.raw_input_contents,
            &active.signature,
        )?,
        arrived,
    };
    let answer = submit(served, submission)?.answer().await?;
    let mut outputs = Vec::with_capacity(wanted.len());
    let mut raw = Vec::with_capacity(wanted.len());
    for index in wanted {
        let spec = &active.signature.outputs[index];
        let tensor = answer.outputs.get(index).ok_or_else(|| {
            Failure::new(
                Kind::Engine,
                format!("the engine gave no output `{}`", spec.name),
            )
        })?;
        outputs.push(InferOutputTensor {
            name: spec.name.clone(),
            datatype: tensor.dtype.name().to_owned(),
            shape: tensor
                .shape
                .iter()
                .map(|size| size.cast_signed() as i64)
                .collect(),
            ..Default::default()
        });
        raw.push(tensor.data.clone());
    }
    let response = ModelInferResponse {
        model_name: served.name.clone(),
        model_version: served.version.clone(),
        id: request.id,
        outputs,
        raw_output_contents: raw,
        ..Default::default()
    };
    Ok((response, answer.timing))
}

fn whole_number(
    parameters: &BTreeMap<String, InferParameter>,
    name: &str,
) -> Result<Option<u64>, Failure> {
    let Some(parameter) = parameters.get(name) else {
        return Ok(None);
    };
    let number = match &parameter.parameter_choice {
        Some(ParameterChoice::Int64Param(value)) => u64::try_from(*value).ok(),
        Some(ParameterChoice::Uint64Param(value)) => Some(*value),
        _ => None,
    };
    number
        .map(Some)
        .ok_or_else(|| Failure::invalid(format!("parameter `{name}` is no whole number from 0 on")))
}

fn wanted(request: &ModelInferRequest, signature: &Signature) -> Result<Vec<usize>, Failure> {
    if request.outputs.is_empty() {
        return Ok((0..signature.outputs.len()).collect());
    }
    request
        .outputs
        .iter()
        .map(|output| {
            refuse_extensions(&output.parameters)?;
            signature
                .outputs
                .iter()
                .position(|spec| spec.name == output.name)
                .ok_or_else(|| {
                    Failure::invalid(format!("the model has no output `{}`", output.name))
                })
        })
        .collect()
}

fn refuse_extensions(parameters: &BTreeMap<String, InferParameter>) -> Result<(), Failure> {
    match parameters
        .keys()
        .find_map(|name| unsupported::extension(name))
    {
        Some(extension) => Err(unsupported::refused(extension)),
        None => Ok(()),
    }
}

/// Brings inputs into the model's order; contents are all raw or all typed.
fn inputs(
    heads: Vec<InferInputTensor>,
    raw: Vec<Bytes>,
    signature: &Signature,
) -> Result<Vec<Tensor>, Failure> {
    if !raw.is_empty() && raw.len() != heads.len() {
        return Err(Failure::invalid(format!(
            "{} raw contents for {} inputs",
            raw.len(),
            heads.len()
        )));
    }
    let mut raw = raw.into_iter();
    let mut found: Vec<Option<Tensor>> = vec![None; signature.inputs.len()];
    for head in heads {
        let name = &head.name;
        let wrong = |reason: String| Failure::invalid(format!("input `{name}`: {reason}"));
        let index = signature
            .inputs
            .iter()
            .position(|spec| spec.name == *name)
            .ok_or_else(|| Failure::invalid(format!("the model has no input `{name}`")))?;
        refuse_extensions(&head.parameters)?;
        let dtype = DType::parse(&head.datatype)
            .ok_or_else(|| wrong(format!("unknown datatype `{}`", head.datatype)))?;
        let shape = head
            .shape
            .iter()
            .map(|size| {
                usize::try_from(*size).map_err(|_| wrong(format!("size {size} in the shape")))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let data = match (raw.next(), head.contents) {
            (Some(_), Some(_)) => return Err(wrong("both raw and typed contents".to_owned())),
            (Some(data), None) => data,
            (None, contents) => {
                contents::bytes(&contents.unwrap_or_default(), dtype).map_err(wrong)?
            }
        };
        if found[index]
            .replace(Tensor { dtype, shape, data })
            .is_some()
        {
            return Err(wrong("stands here twice".to_owned()));
        }
    }
    found
        .into_iter()
        .zip(&signature.inputs)
        .map(|(tensor, spec)| {
            tensor.ok_or_else(|| Failure::invalid(format!("input `{}` is missing", spec.name)))
        })
        .collect()
}
