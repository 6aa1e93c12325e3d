//! Where one request's time went, told to clients that ask for it.

use std::time::Duration;

use crate::batch::Timing;

/// The header, or gRPC metadata, that asks for it with the value `1`.
pub(crate) const WANTED: &str = "x-mlserve-timing";

/// The header, or gRPC metadata, that answers.
pub(crate) const ANSWER: &str = "server-timing";

/// The text of `Server-Timing` (W3C), in milliseconds.
pub(crate) fn text(timing: &Timing, total: Duration) -> String {
    let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
    format!(
        "queue;dur={:.3}, gather;dur={:.3}, compute;dur={:.3}, split;dur={:.3}, total;dur={:.3}, batch;desc=\"{}\"",
        ms(timing.queue),
        ms(timing.gather),
        ms(timing.compute),
        ms(timing.split),
        ms(total),
        timing.batch_rows
    )
}
