//! How a new version replaces the old one.

use crate::resolve::model::{Rollout, Workload};
use crate::resolve::origin::{Input, Origin, Traced};
use crate::units::{Bytes, Duration};

use super::quota::QuotaUse;
use super::types::{Offer, Placement, RolloutPlan};

/// Time to pull an image and schedule a pod, at worst.
const PULL: Duration = Duration::from_secs(300);
/// Kubernetes' own default, below which nothing is gained.
const LEAST: Duration = Duration::from_secs(600);

/// Surge and unavailability. What the spec does not say is derived: one pod more where pool and
/// quota have room for it when every model is at its most replicas, else one pod less: a surging
/// pod without room is never scheduled, or refused, and the rollout would hang (ROL-01).
pub(super) fn rollout(
    workload: &Workload,
    placement: &Placement<'_>,
    memory: &Traced<Bytes>,
    offer: Option<&Offer<'_>>,
    quota: Option<&QuotaUse<'_>>,
) -> RolloutPlan {
    let (surge, unavailable) = match &workload.rollout {
        Rollout::Recreate { kind, .. } => return RolloutPlan::Recreate(Origin::Written(*kind)),
        Rollout::Rolling {
            max_surge,
            max_unavailable,
            ..
        } => (max_surge, max_unavailable),
    };
    let max_surge = match (surge, unavailable) {
        (Some(written), _) => written.clone(),
        (None, Some(written)) if **written == 0 => Traced::derived(
            1,
            "surge",
            "1, since no pod may be away",
            vec![written.input("max-unavailable")],
        ),
        (None, _) => {
            let room = room(workload, placement, memory, offer, quota);
            if room.inputs.is_empty() {
                Traced::default(1, "rollout max-surge")
            } else {
                Traced::derived(
                    u64::from(room.enough),
                    "surge",
                    "1 where pool and quota have room for one more replica when every model is at its most replicas, else 0",
                    room.inputs,
                )
            }
        }
    };
    let max_unavailable = match unavailable {
        Some(written) => written.clone(),
        None => Traced::derived(
            u64::from(*max_surge == 0),
            "unavailable",
            "0 with a surge, else 1",
            vec![max_surge.input("max-surge")],
        ),
    };
    RolloutPlan::Rolling {
        max_surge,
        max_unavailable,
    }
}

/// Whether there is room for one more replica, and what says so.
struct Room {
    enough: bool,
    inputs: Vec<Input>,
}

fn room(
    workload: &Workload,
    placement: &Placement<'_>,
    memory: &Traced<Bytes>,
    offer: Option<&Offer<'_>>,
    quota: Option<&QuotaUse<'_>>,
) -> Room {
    let mut room = Room {
        enough: true,
        inputs: Vec::new(),
    };
    let device = placement.device.as_ref();
    if let (Some(device), Some(offer)) = (device, offer) {
        room.enough &= offer.room(*device.count) > 0;
        room.inputs = vec![
            Input::new("offered", offer.total, offer.pool.name.from.clone()),
            Input::new(
                "asked by all models",
                offer.asked,
                Origin::Written(offer.pool.span),
            ),
            Input::new(
                "each replica",
                *device.count,
                super::placement::asked(workload).unwrap_or(Origin::Default("gpu")),
            ),
        ];
    }
    let limits = quota.map(|q| q.limits(device, workload.resources.cpu.value, memory.value));
    for limit in limits.into_iter().flatten() {
        room.enough &= limit.left() >= limit.each;
        room.inputs.extend([
            Input::new(limit.name, limit.show(limit.limit), limit.from.clone()),
            Input::new(
                limit.asked_name,
                limit.show(limit.asked),
                limit.from.clone(),
            ),
        ]);
    }
    room
}

/// When a rollout without progress counts as failed:
/// `fetch time + startup window + 5m to pull and schedule`, at least 10 min.
pub(super) fn deadline(
    workload: &Workload,
    fetch: &Traced<Duration>,
    window: &Traced<Duration>,
) -> Traced<Duration> {
    let (Rollout::Rolling { deadline, .. } | Rollout::Recreate { deadline, .. }) =
        &workload.rollout;
    if let Some(written) = deadline {
        return written.clone();
    }
    let time = fetch
        .saturating_add(window.value)
        .saturating_add(PULL)
        .max(LEAST);
    Traced::derived(
        Duration::from_secs(time.as_secs_ceil()),
        "progress deadline",
        "fetch time + startup window + 5m to pull and schedule, at least 10m",
        vec![fetch.input("fetch time"), window.input("startup window")],
    )
}

/// How long a whole rollout takes at worst: the deadline bounds the time from one new replica to
/// the next, and there are `most replicas ÷ (max-surge + max-unavailable)` such steps.
pub(super) fn whole(
    workload: &Workload,
    rollout: &RolloutPlan,
    deadline: &Traced<Duration>,
) -> Traced<Duration> {
    let RolloutPlan::Rolling {
        max_surge,
        max_unavailable,
    } = rollout
    else {
        return deadline.clone();
    };
    let most = workload.scale.max();
    // Both at once are 0 only where ROL-03 refuses.
    let at_once = max_surge.saturating_add(max_unavailable.value).max(1);
    let steps = most.div_ceil(at_once).max(1);
    Traced::derived(
        deadline.saturating_mul(steps),
        "rollout time",
        "progress deadline × (most replicas ÷ (max-surge + max-unavailable), rounded up)",
        vec![
            deadline.input("progress deadline"),
            most.input("most replicas"),
            max_surge.input("max-surge"),
            max_unavailable.input("max-unavailable"),
        ],
    )
}
