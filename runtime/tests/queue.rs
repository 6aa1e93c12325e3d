//! Queue, gathering and splitting together: every request gets its own rows back, whatever it shared a run with.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mlspec_contract::config::{BatchAxis, ModelConfig, Padding};
use mlspec_runtime::batch::gather::{Gathered, gather};
use mlspec_runtime::batch::split::{Share, split};
use mlspec_runtime::batch::{Queue, Reply, Request};
use mlspec_runtime::failure::{Failure, Kind};
use mlspec_runtime::model::{Dim, Layout, Signature, TensorSpec};
use mlspec_runtime::tensor::{DType, Tensor};
use proptest::prelude::*;

fn signature() -> Signature {
    let dims = |last: &str| vec![Dim::Free("batch".into()), Dim::Free(last.into())];
    let spec = |name: &str, last: &str| TensorSpec {
        name: name.into(),
        dtype: DType::Int64,
        dims: dims(last),
    };
    Signature {
        inputs: vec![
            spec("input_ids", "length"),
            spec("attention_mask", "length"),
        ],
        outputs: vec![spec("hidden", "length")],
    }
}

/// A request of `rows` rows of `length` values that all are `mark`.
fn request(rows: u32, length: usize, mark: i64, priority: u32) -> Request {
    let now = Instant::now();
    let values: Vec<u8> = std::iter::repeat_n(mark.to_le_bytes(), rows as usize * length)
        .flatten()
        .collect();
    let tensor = Tensor {
        dtype: DType::Int64,
        shape: vec![rows as usize, length],
        data: values.into(),
    };
    let (reply, receiver) = Reply::channel();
    // Dropping the receiver means that the client has gone; these clients stay.
    std::mem::forget(receiver);
    Request {
        bytes: tensor.data.len() * 2,
        inputs: vec![tensor.clone(), tensor],
        rows,
        length,
        unit: 2,
        priority,
        arrived: now,
        deadline: now + Duration::from_secs(60),
        reply,
    }
}

fn queue(padding: &Padding, edit: impl FnOnce(&mut ModelConfig)) -> (Queue, Arc<Layout>) {
    let mut config = ModelConfig::new("m", "m.onnx");
    edit(&mut config);
    let layout = Arc::new(Layout::new(&signature(), &config.batch, padding).unwrap());
    (
        Queue::new(&config, Arc::clone(&layout), Instant::now()),
        layout,
    )
}

fn ended() -> Failure {
    Failure::new(Kind::Unavailable, "ended")
}

fn mark(request: &Request) -> i64 {
    request.inputs[0]
        .data
        .first_chunk()
        .map_or(0, |bytes| i64::from_le_bytes(*bytes))
}

#[test]
fn bounds_refuse_at_once_and_say_when_to_come_back() {
    let (queue, _) = queue(&Padding::Off {}, |config| {
        config.queue.max_rows = 40;
        config.queue.max_bytes = 10_000;
    });
    queue.push(request(30, 1, 0, 0), Instant::now()).unwrap();
    let full = queue
        .push(request(11, 1, 0, 0), Instant::now())
        .unwrap_err();
    assert_eq!((full.kind, full.status()), (Kind::Full, 429));
    assert!(full.retry_after_seconds().is_some());
    let heavy = queue
        .push(request(1, 1000, 0, 0), Instant::now())
        .unwrap_err();
    assert_eq!(heavy.kind, Kind::Full);
    queue.push(request(10, 1, 0, 0), Instant::now()).unwrap();
}

#[test]
fn a_deadline_that_cannot_be_met_is_refused_at_once() {
    let (queue, _) = queue(&Padding::Off {}, |_| {});
    queue.measured(2, Duration::from_secs(20));
    queue.measured(20, Duration::from_secs(200));
    queue.push(request(1, 1, 0, 0), Instant::now()).unwrap();
    queue.push(request(1, 1, 0, 0), Instant::now()).unwrap();
    let late = queue.push(request(2, 1, 0, 0), Instant::now()).unwrap_err();
    assert_eq!((late.kind, late.status()), (Kind::TooLate, 503));
}

#[test]
fn the_outlook_is_known_before_a_request_is_decoded() {
    let (queue, _) = queue(&Padding::Off {}, |_| {});
    queue.measured(2, Duration::from_secs(2));
    queue.measured(20, Duration::from_secs(20));
    let refused = |seconds| {
        let now = Instant::now();
        queue.would_refuse(now, now + Duration::from_secs(seconds))
    };
    assert_eq!(refused(0), Ok(()), "an idle engine always tries");
    for _ in 0..5 {
        queue.push(request(1, 1, 0, 0), Instant::now()).unwrap();
    }
    assert_eq!(refused(1).unwrap_err().kind, Kind::TooLate);
    assert_eq!(refused(60), Ok(()));
    queue.abort(ended());
    assert_eq!(refused(0), Ok(()), "nothing waits any more");
}

#[test]
fn a_client_that_has_gone_costs_nothing() {
    let (queue, _) = queue(&Padding::Off {}, |_| {});
    let mut gone = request(1, 1, 7, 0);
    let (reply, receiver) = Reply::channel();
    gone.reply = reply;
    queue.push(gone, Instant::now()).unwrap();
    queue.push(request(1, 1, 8, 0), Instant::now()).unwrap();
    drop(receiver);
    queue.sweep(Instant::now());
    assert_eq!(queue.load().requests, 1);
    let batch = queue.next().unwrap();
    assert_eq!(batch.requests.iter().map(mark).collect::<Vec<_>>(), [8]);
    queue.done(&batch, None, Instant::now());
    queue.close(ended());
    assert!(queue.next().is_none());
}

#[test]
fn urgent_requests_go_first_and_equals_keep_their_order() {
    let (queue, _) = queue(&Padding::Off {}, |config| config.batch.max_size = 2);
    for (number, priority) in [(1, 5), (2, 5), (3, 1), (4, 5), (5, 1)] {
        queue
            .push(request(1, 1, number, priority), Instant::now())
            .unwrap();
    }
    queue.close(ended());
    let mut order = Vec::new();
    while let Some(batch) = queue.next() {
        order.extend(batch.requests.iter().map(mark));
        queue.done(&batch, None, Instant::now());
    }
    assert_eq!(order, [3, 5, 1, 2, 4]);
}

#[test]
fn shapes_never_mix_without_padding() {
    let (queue, _) = queue(&Padding::Off {}, |_| {});
    for length in [1, 2, 1, 3, 2, 1] {
        queue
            .push(request(1, length, 0, 0), Instant::now())
            .unwrap();
    }
    queue.close(ended());
    let mut sizes = Vec::new();
    while let Some(batch) = queue.next() {
        assert!(
            batch
                .requests
                .windows(2)
                .all(|pair| pair[0].length == pair[1].length)
        );
        sizes.push(batch.requests.len());
        queue.done(&batch, None, Instant::now());
    }
    assert_eq!(sizes, [3, 2, 1]);
}

#[test]
fn a_batch_on_another_axis_is_joined_and_cut_and_shared_values_keep_others_apart() {
    let free = || Dim::Free("batch".into());
    let spec = |name: &str, dims: Vec<Dim>| TensorSpec {
        name: name.into(),
        dtype: DType::Int64,
        dims,
    };
    let signature = Signature {
        inputs: vec![
            spec("state", vec![Dim::Fixed(2), free()]),
            spec("rate", vec![]),
        ],
        outputs: vec![spec("state_out", vec![Dim::Fixed(2), free()])],
    };
    let mut config = ModelConfig::new("m", "m.onnx");
    let axis = |tensor: &str, axis| BatchAxis {
        tensor: tensor.into(),
        axis,
    };
    config.batch.axes = vec![
        axis("state", Some(1)),
        axis("rate", None),
        axis("state_out", Some(1)),
    ];
    let layout = Arc::new(Layout::new(&signature, &config.batch, &config.padding).unwrap());
    let queue = Queue::new(&config, Arc::clone(&layout), Instant::now());
    let tensor = |shape: &[usize], values: &[i64]| Tensor {
        dtype: DType::Int64,
        shape: shape.to_vec(),
        data: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
    };
    for (rows, values, rate) in [
        (1, &[1, 10][..], 8),
        (2, &[2, 3, 20, 30][..], 8),
        (1, &[4, 40][..], 16),
    ] {
        let mut request = request(rows, 1, 0, 0);
        request.inputs = vec![tensor(&[2, rows as usize], values), tensor(&[], &[rate])];
        queue.push(request, Instant::now()).unwrap();
    }
    queue.close(ended());
    let batch = queue.next().unwrap();
    assert_eq!(batch.requests.len(), 2, "another rate runs on its own");
    let mut gathered = Gathered::default();
    gather(&batch.requests, &layout, &mut gathered);
    let whole = tensor(&[2, 3], &[1, 2, 3, 10, 20, 30]);
    assert_eq!(gathered.shapes, [vec![2, 3], vec![]]);
    assert_eq!(gathered.buffers[0].bytes(), &whole.data[..]);
    assert_eq!(gathered.buffers[1].bytes(), 8i64.to_le_bytes());
    let shares: Vec<Share> = batch
        .requests
        .iter()
        .map(|r| Share {
            rows: r.rows as usize,
            length: r.length,
        })
        .collect();
    let axes = layout.batch.as_ref().unwrap();
    let answers = split(&[whole], &shares, &axes.outputs, &[]).unwrap();
    for (request, answer) in batch.requests.iter().zip(&answers) {
        assert_eq!(answer[0], request.inputs[0]);
    }
}

proptest! {
    #[test]
    fn everyone_gets_their_own_rows_and_nobody_is_lost(
        requests in prop::collection::vec((0u32..5, 1usize..7, 0u32..3), 1..40),
        max_size in 1u32..12,
        padded: bool,
    ) {
        let padding = if padded { Padding::Auto {} } else { Padding::Off {} };
        let (queue, layout) = queue(&padding, |config| config.batch.max_size = max_size);
        for (number, (rows, length, priority)) in requests.iter().enumerate() {
            queue.push(request(*rows, *length, number as i64 + 1, *priority), Instant::now()).unwrap();
        }
        queue.close(ended());
        let mut seen = vec![0; requests.len()];
        let mut gathered = Gathered::default();
        while let Some(batch) = queue.next() {
            let rows: u32 = batch.requests.iter().map(|request| request.rows).sum();
            prop_assert!(batch.requests.len() == 1 || rows <= max_size);
            gather(&batch.requests, &layout, &mut gathered);
            // The identity model: what went in comes out.
            let output = Tensor {
                dtype: DType::Int64,
                shape: gathered.shapes[0].clone(),
                data: Bytes::copy_from_slice(gathered.buffers[0].bytes()),
            };
            let shares: Vec<Share> =
                batch.requests.iter().map(|r| Share { rows: r.rows as usize, length: r.length }).collect();
            let answers = split(&[output], &shares, &[Some(0)], &layout.sequence.as_ref().map(|s| s.outputs.clone()).unwrap_or_default()).unwrap();
            for (request, answer) in batch.requests.iter().zip(&answers) {
                prop_assert_eq!(&answer[0], &request.inputs[0]);
                if request.rows > 0 {
                    seen[usize::try_from(mark(request) - 1).unwrap()] += 1;
                }
            }
            queue.done(&batch, None, Instant::now());
        }
        for (count, (rows, _, _)) in seen.iter().zip(&requests) {
            prop_assert_eq!(*count, i32::from(*rows > 0));
        }
        prop_assert_eq!(queue.load(), Default::default());
    }
}
