//! `POST /predict`: one row or several of features, for people and scripts.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use super::{Counted, Response, answer, body};
use crate::batch::Timing;
use crate::failure::Failure;
use crate::json::{self, parse_features};
use crate::model::Dim;
use crate::server::{Active, Held, Served, Server, Submission, refuse_early, submit};
use crate::tensor::{DType, Tensor};

/// Answers `{"features": [...]}` with `{"model": ..., "outputs": {...}}`.
pub(super) async fn predict(
    server: &Arc<Server>,
    body: Bytes,
    held: Held,
) -> Result<(Response, Option<Timing>), Failure> {
    let arrived = Instant::now();
    let text = body::text(&body)?;
    let model = |name: Option<&str>| match name {
        Some(name) => server.repository.find(name, None).ok(),
        None => server.repository.all().first(),
    };
    let features = parse_features(text, |name| {
        model(name)
            .and_then(|served| served.active())
            .map_or(DType::Fp32, |active| active.signature.inputs[0].dtype)
    })
    .map_err(|error| body::wrong(&error))?;
    // While the request waits, only its tensors are kept.
    drop((body, held));
    let served = match &features.model {
        Some(name) => server.repository.find(name, None)?,
        None => server
            .repository
            .all()
            .first()
            .ok_or_else(|| Failure::invalid("no model is served"))?,
    };
    let active = served.require()?;
    let counted = Counted::new(served, arrived);
    let outcome = run(
        served,
        active,
        features.shape,
        features.data.into(),
        arrived,
    )
    .await;
    counted.finish(outcome.as_ref().map(|(_, timing)| timing));
    outcome.map(|(response, timing)| (response, Some(timing)))
}

async fn run(
    served: &Arc<Served>,
    active: &Active,
    shape: Vec<usize>,
    data: Bytes,
    arrived: Instant,
) -> Result<(Response, Timing), Failure> {
    let [spec] = &active.signature.inputs[..] else {
        return Err(Failure::invalid(format!(
            "model `{}` takes {} inputs: use /v2/models/{}/infer",
            served.name,
            active.signature.inputs.len(),
            served.name
        )));
    };
    refuse_early(served, arrived)?;
    let mut shape = shape;
    let single =
        shape.len() + 1 == spec.dims.len() && matches!(spec.dims[0], Dim::Free(_) | Dim::Fixed(1));
    if single {
        shape.insert(0, 1);
    }
    let inputs = vec![Tensor {
        dtype: spec.dtype,
        shape,
        data,
    }];
    let answer = submit(
        served,
        Submission {
            inputs,
            priority: None,
            timeout: None,
            arrived,
        },
    )?
    .answer()
    .await?;
    let mut out = b"{\"model\":".to_vec();
    json::write_string(&mut out, &served.name);
    out.extend_from_slice(b",\"outputs\":{");
    for (index, (tensor, spec)) in answer
        .outputs
        .iter()
        .zip(&active.signature.outputs)
        .enumerate()
    {
        if index > 0 {
            out.push(b',');
        }
        json::write_string(&mut out, &spec.name);
        out.push(b':');
        nested(&mut out, &spec.name, tensor)?;
    }
    out.extend_from_slice(b"}}");
    Ok((answer::json(out), answer.timing))
}

/// A matrix is written as rows; other ranks as a flat list.
fn nested(out: &mut Vec<u8>, name: &str, tensor: &Tensor) -> Result<(), Failure> {
    let ([rows, columns], Some(size)) = (&tensor.shape[..], tensor.dtype.size()) else {
        return json::write_data(out, name, tensor);
    };
    out.push(b'[');
    for row in 0..*rows {
        if row > 0 {
            out.push(b',');
        }
        let data = tensor
            .data
            .slice(row * columns * size..(row + 1) * columns * size);
        json::write_data(
            out,
            name,
            &Tensor {
                dtype: tensor.dtype,
                shape: vec![*columns],
                data,
            },
        )?;
    }
    out.push(b']');
    Ok(())
}
