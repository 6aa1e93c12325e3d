//! How long a pod gets to end.

use crate::resolve::model::{Model, Runtime, Workload};
use crate::resolve::origin::{Input, Origin, Traced};
use crate::units::Duration;

/// Time from the readiness of the end to callers having noticed: endpoint updates reach every
/// node and proxy within a few seconds.
const NOTICE: Duration = Duration::from_secs(5);
/// Time from the last answer to the end of the process.
pub const EXIT: Duration = Duration::from_secs(1);
/// Slack of the derived grace.
const MARGIN: Duration = Duration::from_secs(4);

/// How long a pod waits before it stops taking requests: 5 s, since endpoints are removed
/// asynchronously (SHT-02).
pub(super) fn pre_stop() -> Traced<Duration> {
    Traced::fixed(
        NOTICE,
        "endpoints are removed asynchronously: for 5s requests still come",
    )
}

/// The least time a pod needs to end: notice, one whole request, the batch delay, exit.
#[must_use]
pub fn needed(model: &Model, workload: &Workload) -> (Duration, Vec<Input>) {
    let (delay, from) = batch_delay(workload);
    let time = NOTICE
        .saturating_add(model.timeout.value)
        .saturating_add(delay)
        .saturating_add(EXIT);
    let inputs = vec![
        model.timeout.input("timeout"),
        Input::new("batch delay", delay, from),
        Input::new(
            "pre-stop",
            NOTICE,
            Origin::Fixed("endpoints are removed asynchronously"),
        ),
        Input::new(
            "exit",
            EXIT,
            Origin::Fixed("from the last answer to the end of the process"),
        ),
    ];
    (time, inputs)
}

/// The whole time a pod gets to end: `pre-stop 5s + timeout + batch delay + exit 1s + 4s`,
/// in whole seconds.
pub(super) fn grace(model: &Model, workload: &Workload) -> Traced<Duration> {
    if let Some(written) = &workload.grace {
        return written.clone();
    }
    let (time, inputs) = needed(model, workload);
    let grace = Duration::from_secs(time.saturating_add(MARGIN).as_secs_ceil());
    Traced::derived(
        grace,
        "termination grace",
        "pre-stop + timeout + batch delay + exit + 4s of slack",
        inputs,
    )
}

/// The longest a request waits for company; zero for images that are not ours.
#[must_use]
pub fn batch_delay(workload: &Workload) -> (Duration, Origin) {
    match &workload.runtime {
        Runtime::Mlserve(m) => (m.max_delay.value, m.max_delay.from.clone()),
        Runtime::Container(_) => (
            Duration::from_millis(0),
            Origin::Fixed("another image's batching is its own"),
        ),
    }
}
