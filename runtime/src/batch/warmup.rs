//! Runs before a model counts as ready: they make the engine allocate, and measure what runs cost.

use std::time::{Duration, Instant};

use mlspec_contract::config::Warmup;

use super::queue::Queue;
use crate::engine::{Engine, Input};
use crate::model::{Dim, Layout, Signature, TensorSpec};
use crate::tensor::{AlignedBuffer, DType, strings};

/// Length of variable axes of token-like inputs where nothing is configured.
const TOKENS: usize = 16;

/// Further lengths that padded models are measured at, one row each.
const LENGTHS: [usize; 4] = [8, 32, 64, 128];

/// Runs per size; the median counts.
const REPEATS: usize = 3;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Runs of so many sizes were measured.
    Measured(usize),
    /// Nothing was run, with the reason.
    Skipped(String),
}

/// Runs every batch size that is a power of two up to the largest, smallest first, until the budget is spent.
///
/// # Errors
/// When configured shapes do not fit the model, or the engine refuses even the smallest run of a shape that is fully known.
pub fn warm_up(
    engine: &mut dyn Engine,
    signature: &Signature,
    layout: &Layout,
    config: &Warmup,
    queue: &Queue,
) -> Result<Outcome, String> {
    check(signature, layout, config)?;
    let until = Instant::now() + Duration::from_millis(config.budget_ms);
    if config.budget_ms == 0 {
        return Ok(Outcome::Skipped(
            "the configuration turns it off".to_owned(),
        ));
    }
    let tokens = stated_length(signature, layout, config).unwrap_or(TOKENS);
    let mut sizes = Vec::new();
    let mut rows = 1;
    while rows < queue.max_rows() {
        sizes.push((rows as usize, tokens));
        rows *= 2;
    }
    sizes.push((queue.max_rows() as usize, tokens));
    if layout.sequence.is_some() {
        sizes.extend(LENGTHS.map(|length| (1, length)));
    }
    let mut measured = 0;
    for (rows, length) in sizes {
        if Instant::now() >= until {
            break;
        }
        let Some(inputs) = inputs(signature, layout, config, rows, length) else {
            let names: Vec<&str> = signature
                .inputs
                .iter()
                .map(|input| input.name.as_str())
                .collect();
            return Ok(Outcome::Skipped(format!(
                "sizes of variable axes are unknown: set `warmup.shapes` for {names:?}"
            )));
        };
        match run(engine, &inputs, until) {
            Ok((work, elapsed)) => queue.measured(work, elapsed),
            Err(reason) if measured == 0 && config.shapes.is_empty() => {
                return Ok(Outcome::Skipped(reason));
            }
            Err(reason) if measured == 0 => {
                return Err(format!("the warm-up run failed: {reason}"));
            }
            Err(_) => break,
        }
        measured += 1;
    }
    Ok(Outcome::Measured(measured))
}

/// One input of a warm-up run.
struct Made {
    dtype: DType,
    shape: Vec<usize>,
    data: AlignedBuffer,
}

/// The length that the configured shapes give a padded input.
fn stated_length(signature: &Signature, layout: &Layout, config: &Warmup) -> Option<usize> {
    config.shapes.iter().find_map(|shape| {
        let mut specs = signature.inputs.iter();
        let index = specs.position(|spec| spec.name == shape.input)?;
        let axis = layout.input_length(index)?.axis;
        let batch = layout.input_batch(index);
        let place = axis - usize::from(batch.is_some_and(|batch| batch < axis));
        usize::try_from(*shape.shape.get(place)?).ok()
    })
}

/// The inputs of a run; `None` where sizes of open axes are not known.
fn inputs(
    signature: &Signature,
    layout: &Layout,
    config: &Warmup,
    rows: usize,
    length: usize,
) -> Option<Vec<Made>> {
    signature
        .inputs
        .iter()
        .enumerate()
        .map(|(index, spec)| {
            let batch = layout.input_batch(index);
            let sequence = layout.input_length(index).map(|sequence| sequence.axis);
            let configured = config.shapes.iter().find(|shape| shape.input == spec.name);
            let mut configured = configured.map(|shape| shape.shape.iter());
            let mut shape = Vec::with_capacity(spec.dims.len());
            for (axis, dim) in spec.dims.iter().enumerate() {
                if Some(axis) == batch {
                    shape.push(rows);
                    continue;
                }
                let stated = configured.as_mut().and_then(Iterator::next);
                shape.push(match (dim, stated) {
                    (Dim::Fixed(size), _) => *size,
                    (Dim::Free(_), _) if Some(axis) == sequence => length,
                    (Dim::Free(_), Some(size)) => usize::try_from(*size).ok()?,
                    (Dim::Free(_), None) => return None,
                });
            }
            Some(make(spec, shape))
        })
        .collect()
}

/// Says why configured shapes do not fit the model.
fn check(signature: &Signature, layout: &Layout, config: &Warmup) -> Result<(), String> {
    for shape in &config.shapes {
        let name = &shape.input;
        let index = signature.inputs.iter().position(|spec| spec.name == *name);
        let index = index.ok_or_else(|| {
            format!("`warmup.shapes` names input `{name}`, which the model has not")
        })?;
        let batch = layout.input_batch(index);
        let dims = signature.inputs[index].dims.iter().enumerate();
        let dims: Vec<&Dim> = dims
            .filter(|(axis, _)| Some(*axis) != batch)
            .map(|(_, dim)| dim)
            .collect();
        let fits = dims.len() == shape.shape.len()
            && dims.iter().zip(&shape.shape).all(|(dim, size)| match dim {
                Dim::Fixed(fixed) => *fixed as u64 == *size,
                Dim::Free(_) => true,
            });
        if !fits {
            return Err(format!(
                "`warmup.shapes` gives input `{name}` {:?}, the model takes {} (without the batch axis)",
                shape.shape,
                signature.inputs[index].shape_text()
            ));
        }
    }
    Ok(())
}

/// Zeros, except that a token model's mask is all ones: attention over nothing divides by zero.
fn make(spec: &TensorSpec, shape: Vec<usize>) -> Made {
    let elements: usize = shape.iter().product();
    let mut data = AlignedBuffer::default();
    match spec.dtype.size() {
        Some(size) => {
            let bytes = data.reset(elements * size);
            bytes.fill(0);
            if spec.name == "attention_mask" {
                bytes
                    .chunks_exact_mut(size)
                    .for_each(|element| element[0] = 1);
            }
        }
        None => {
            let mut empty = Vec::new();
            for _ in 0..elements {
                // An empty string always has a length that fits.
                let _ = strings::push(&mut empty, b"");
            }
            data.reset(empty.len()).copy_from_slice(&empty);
        }
    }
    Made {
        dtype: spec.dtype,
        shape,
        data,
    }
}

fn run(engine: &mut dyn Engine, made: &[Made], until: Instant) -> Result<(u64, Duration), String> {
    let inputs: Vec<Input<'_>> = made
        .iter()
        .map(|input| Input {
            dtype: input.dtype,
            shape: &input.shape,
            data: input.data.bytes(),
        })
        .collect();
    let work = made
        .iter()
        .map(|input| input.shape.iter().product::<usize>() as u64)
        .sum();
    engine.run(&inputs)?;
    let mut times = Vec::with_capacity(REPEATS);
    while times.is_empty() || (times.len() < REPEATS && Instant::now() < until) {
        let started = Instant::now();
        engine.run(&inputs)?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    Ok((work, times[times.len() / 2]))
}
