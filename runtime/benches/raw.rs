//! A server, and beside it the bare engine on the same model in the same process: the rate that batching is held against.
//!
//! usage: raw CONFIG.yaml      (one model, tokens in: INT64 `[batch, length]`)
//! Reads orders from standard input, one a line: `SECONDS LENGTHxROWS…` runs those batches in turn on a second copy of the
//! model and prints rows per second. The server is idle then, unless someone asks it. Ends with its input.

use std::io::BufRead;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use mlspec_contract::config::ModelConfig;
use mlspec_runtime::engine::{self, Engine, Input};
use mlspec_runtime::model::Signature;
use mlspec_runtime::tensor::DType;
use mlspec_runtime::{config, server};

fn main() -> Result<(), String> {
    let path = std::env::args().nth(1).ok_or("usage: raw CONFIG.yaml")?;
    let config = config::read(Path::new(&path)).map_err(|problems| format!("{problems:?}"))?;
    let (send, receive) = mpsc::channel();
    let mut running = server::start_with(config, move |model: &ModelConfig| {
        let mut second = engine::load(model)?.0;
        let engine = second.engines.pop().ok_or("no engine")?;
        // The receiver outlives the load.
        let _ = send.send((second.signature, engine));
        engine::load(model)
    })?;
    running
        .loaded(Duration::from_secs(60))
        .ok_or("still loading")??;
    let (signature, mut engine) = receive.recv().map_err(|error| error.to_string())?;
    for order in std::io::stdin().lock().lines() {
        let order = order.map_err(|error| error.to_string())?;
        println!("{:.2}", carry_out(&order, &signature, &mut *engine)?);
    }
    running.drain().map_err(|lost| format!("{lost} lost"))
}

/// One batch of texts of one length.
struct Batch {
    rows: usize,
    shape: [usize; 2],
    inputs: Vec<Vec<i64>>,
}

impl Batch {
    fn new(length: usize, rows: usize, signature: &Signature) -> Self {
        let fill = |name: &str| -> Vec<i64> {
            let tokens = 0..(rows * length) as i64;
            match name {
                "attention_mask" => tokens.map(|_| 1).collect(),
                "token_type_ids" => tokens.map(|_| 0).collect(),
                _ => tokens.map(|at| 1000 + at * 7919 % 20_000).collect(),
            }
        };
        Self {
            rows,
            shape: [rows, length],
            inputs: signature
                .inputs
                .iter()
                .map(|spec| fill(&spec.name))
                .collect(),
        }
    }

    fn run(&self, engine: &mut dyn Engine) -> Result<(), String> {
        let inputs: Vec<Input<'_>> = self
            .inputs
            .iter()
            .map(|data| Input {
                dtype: DType::Int64,
                shape: &self.shape,
                data: bytemuck::cast_slice(data),
            })
            .collect();
        engine.run(&inputs).map(drop)
    }
}

/// Rows per second over whole turns of all batches, for at least as long as the order says.
fn carry_out(order: &str, signature: &Signature, engine: &mut dyn Engine) -> Result<f64, String> {
    let wrong = || format!("no order: {order}");
    let mut words = order.split_whitespace();
    let seconds: f64 = words
        .next()
        .and_then(|word| word.parse().ok())
        .ok_or_else(wrong)?;
    let batches = words
        .map(|word| {
            let (length, rows) = word.split_once('x')?;
            Some(Batch::new(
                length.parse().ok()?,
                rows.parse().ok()?,
                signature,
            ))
        })
        .collect::<Option<Vec<_>>>()
        .filter(|batches| !batches.is_empty())
        .ok_or_else(wrong)?;
    for batch in &batches {
        batch.run(engine)?;
    }
    let start = Instant::now();
    let mut rows = 0;
    while start.elapsed().as_secs_f64() < seconds {
        for batch in &batches {
            batch.run(engine)?;
            rows += batch.rows;
        }
    }
    Ok(
        f64::from(u32::try_from(rows).map_err(|error| error.to_string())?)
            / start.elapsed().as_secs_f64(),
    )
}
