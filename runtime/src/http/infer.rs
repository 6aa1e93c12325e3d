//! `POST /v2/models/NAME/infer`, with JSON and binary tensors.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderValue};

use super::{Counted, Response, answer, body};
use crate::batch::{Answer, Timing};
use crate::failure::{Failure, Kind};
use crate::json::{self, InferBody, Parameters};
use crate::model::Signature;
use crate::server::{Active, Held, Served, Submission, refuse_early, submit};
use crate::tensor::Tensor;
use crate::unsupported;

/// Decodes, runs and encodes; counts the outcome.
pub(super) async fn infer(
    served: &Arc<Served>,
    headers: &HeaderMap,
    body: Bytes,
    held: Held,
) -> Result<(Response, Option<Timing>), Failure> {
    let arrived = Instant::now();
    let counted = Counted::new(served, arrived);
    let outcome = run(served, headers, body, held, arrived).await;
    counted.finish(outcome.as_ref().map(|(_, timing)| timing));
    outcome.map(|(response, timing)| (response, Some(timing)))
}

async fn run(
    served: &Arc<Served>,
    headers: &HeaderMap,
    body: Bytes,
    held: Held,
    arrived: Instant,
) -> Result<(Response, Timing), Failure> {
    let active = served.require()?;
    let json_length = match headers.get(answer::JSON_LENGTH) {
        None => body.len(),
        Some(value) => value
            .to_str()
            .ok()
            .and_then(|text| text.parse().ok())
            .filter(|length| *length <= body.len())
            .ok_or_else(|| {
                Failure::invalid("`Inference-Header-Content-Length` does not fit the body")
            })?,
    };
    let text = &body[..json_length];
    refuse_early(served, arrived).or_else(|failure| match names_priority(text) {
        true => Ok(()),
        false => Err(failure),
    })?;
    let request = parse(text)?;
    refuse_extensions(&request.parameters)?;
    let wanted = Wanted::new(&request, &active.signature)?;
    let inputs = inputs(request.inputs, &active.signature, body.slice(json_length..))?;
    let submission = Submission {
        inputs,
        priority: request.parameters.priority,
        timeout: request
            .parameters
            .timeout_us
            .filter(|us| *us > 0)
            .map(Duration::from_micros),
        arrived,
    };
    // While the request waits, only its tensors are kept.
    drop((body, held));
    let answer = submit(served, submission)?.answer().await?;
    let timing = answer.timing;
    encode(served, active, request.id.as_deref(), &wanted, &answer)
        .map(|response| (response, timing))
}

/// Whether a request may ask to go before others: then only its decoding tells whether it can be answered in time.
fn names_priority(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"\"priority\"").is_some()
}

fn parse(text: &[u8]) -> Result<InferBody, Failure> {
    json::parse_infer(body::text(text)?).map_err(|error| body::wrong(&error))
}

/// Brings inputs into the model's order and takes binary ones from the rest of the body.
fn inputs(
    heads: Vec<json::InputHead>,
    signature: &Signature,
    mut rest: Bytes,
) -> Result<Vec<Tensor>, Failure> {
    let mut found: Vec<Option<Tensor>> = vec![None; signature.inputs.len()];
    for head in heads {
        let name = &head.name;
        let index = signature
            .inputs
            .iter()
            .position(|spec| spec.name == *name)
            .ok_or_else(|| Failure::invalid(format!("the model has no input `{name}`")))?;
        refuse_extensions(&head.parameters)?;
        let data = match (head.data, head.parameters.binary_data_size) {
            (Some(_), Some(_)) => {
                return Err(Failure::invalid(format!(
                    "input `{name}` has both `data` and `binary_data_size`"
                )));
            }
            (None, None) => return Err(Failure::invalid(format!("input `{name}` has no `data`"))),
            (Some((data, elements)), None) => {
                if crate::tensor::elements(&head.shape) != Some(elements) {
                    return Err(Failure::invalid(format!(
                        "input `{name}`: {elements} elements do not fill shape {:?}",
                        head.shape
                    )));
                }
                Bytes::from(data)
            }
            (None, Some(size)) => {
                let size = usize::try_from(size)
                    .ok()
                    .filter(|size| *size <= rest.len())
                    .ok_or_else(|| {
                        Failure::invalid(format!(
                            "input `{name}`: {size} bytes are announced, {} are left",
                            rest.len()
                        ))
                    })?;
                rest.split_to(size)
            }
        };
        let tensor = Tensor {
            dtype: head.dtype,
            shape: head.shape,
            data,
        };
        if found[index].replace(tensor).is_some() {
            return Err(Failure::invalid(format!(
                "input `{name}` stands here twice"
            )));
        }
    }
    if !rest.is_empty() {
        return Err(Failure::invalid(format!(
            "{} bytes behind the last input",
            rest.len()
        )));
    }
    found
        .into_iter()
        .zip(&signature.inputs)
        .map(|(tensor, spec)| {
            tensor.ok_or_else(|| Failure::invalid(format!("input `{}` is missing", spec.name)))
        })
        .collect()
}

fn refuse_extensions(parameters: &Parameters) -> Result<(), Failure> {
    match parameters.unsupported {
        Some(extension) => Err(unsupported::refused(extension)),
        None => Ok(()),
    }
}

/// Which outputs are wanted, in the order of the answer, and which of them in binary form.
struct Wanted {
    outputs: Vec<(usize, bool)>,
}

impl Wanted {
    fn new(request: &InferBody, signature: &Signature) -> Result<Self, Failure> {
        let all_binary = request.parameters.binary_data_output.unwrap_or(false);
        if request.outputs.is_empty() {
            return Ok(Self {
                outputs: (0..signature.outputs.len())
                    .map(|index| (index, all_binary))
                    .collect(),
            });
        }
        let outputs = request
            .outputs
            .iter()
            .map(|output| {
                refuse_extensions(&output.parameters)?;
                let index = signature
                    .outputs
                    .iter()
                    .position(|spec| spec.name == output.name)
                    .ok_or_else(|| {
                        Failure::invalid(format!("the model has no output `{}`", output.name))
                    })?;
                Ok((index, output.parameters.binary_data.unwrap_or(all_binary)))
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Self { outputs })
    }
}

fn encode(
    served: &Served,
    active: &Active,
    id: Option<&str>,
    wanted: &Wanted,
    answer: &Answer,
) -> Result<Response, Failure> {
    let elements: usize = answer.outputs.iter().map(Tensor::elements).sum();
    let mut out = Vec::with_capacity(256 + 12 * elements.min(1 << 20));
    out.extend_from_slice(b"{\"model_name\":");
    json::write_string(&mut out, &served.name);
    out.extend_from_slice(b",\"model_version\":");
    json::write_string(&mut out, &served.version);
    if let Some(id) = id {
        out.extend_from_slice(b",\"id\":");
        json::write_string(&mut out, id);
    }
    out.extend_from_slice(b",\"outputs\":[");
    let mut binary = Vec::new();
    for (place, (index, is_binary)) in wanted.outputs.iter().enumerate() {
        let name = &active.signature.outputs[*index].name;
        let tensor = answer.outputs.get(*index).ok_or_else(|| {
            Failure::new(Kind::Engine, format!("the engine gave no output `{name}`"))
        })?;
        if place > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"name\":");
        json::write_string(&mut out, name);
        out.extend_from_slice(b",\"datatype\":\"");
        out.extend_from_slice(tensor.dtype.name().as_bytes());
        out.extend_from_slice(b"\",\"shape\":");
        json::write_shape(&mut out, &tensor.shape);
        if *is_binary {
            out.extend_from_slice(
                format!(
                    ",\"parameters\":{{\"binary_data_size\":{}}}}}",
                    tensor.data.len()
                )
                .as_bytes(),
            );
            binary.push(&tensor.data);
        } else {
            out.extend_from_slice(b",\"data\":");
            json::write_data(&mut out, name, tensor)?;
            out.push(b'}');
        }
    }
    out.extend_from_slice(b"]}");
    if binary.is_empty() {
        return Ok(answer::json(out));
    }
    let json_length = out.len();
    for data in binary {
        out.extend_from_slice(data);
    }
    let mut response = answer::with_type(
        200,
        HeaderValue::from_static("application/octet-stream"),
        out,
    );
    response
        .headers_mut()
        .insert(answer::JSON_LENGTH, json_length.into());
    Ok(response)
}
