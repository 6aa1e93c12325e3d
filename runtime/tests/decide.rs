//! The scheduling decision, case by case: what an idle engine does with what waits.

use std::time::{Duration, Instant};

use mlspec_runtime::batch::cost::CostModel;
use mlspec_runtime::batch::decide::{QueueView, Waiting};
use mlspec_runtime::batch::{Decision, Policy, decide};
use proptest::prelude::*;

const POLICY: Policy = Policy {
    max_rows: 32,
    max_delay: Duration::from_millis(5),
    fixed_delay: false,
};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn measured(points: &[(u64, Duration)]) -> CostModel {
    let mut cost = CostModel::default();
    points
        .iter()
        .for_each(|&(work, time)| cost.observe(work, time));
    cost
}

/// A text model on one core: batches of 8 cost three quarters per row, of 32 a little less.
fn batching_pays() -> CostModel {
    measured(&[
        (1, ms(5)),
        (2, ms(9)),
        (4, ms(16)),
        (8, ms(29)),
        (16, ms(56)),
        (32, ms(110)),
    ])
}

/// An image model on one core: a batch costs as much as its rows one by one, or more.
fn batching_costs() -> CostModel {
    measured(&[(1, ms(20)), (2, ms(41)), (4, ms(84)), (8, ms(170))])
}

fn rows(rows: &[u32]) -> Vec<Waiting> {
    rows.iter()
        .map(|&rows| Waiting { rows, length: 1 })
        .collect()
}

struct Case {
    waiting: Vec<Waiting>,
    /// Rows usually in the system, and the usual quiet time before an arrival.
    usual_rows: u32,
    gap: Option<Duration>,
    policy: Policy,
    cost: CostModel,
}

impl Case {
    fn new(waiting: Vec<Waiting>, cost: CostModel) -> Self {
        Self {
            waiting,
            usual_rows: 1,
            gap: None,
            policy: POLICY,
            cost,
        }
    }

    fn used_to(self, usual_rows: u32, gap: Duration) -> Self {
        Self {
            usual_rows,
            gap: Some(gap),
            ..self
        }
    }

    fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// The decision `waited` after the only event, the arrival of everything.
    fn decide_after(&self, waited: Duration) -> (Instant, Decision) {
        let start = Instant::now();
        let view = QueueView {
            waiting: &self.waiting,
            unit: 1,
            since: start,
            last_event: start,
            gap: self.gap,
            usual_rows: self.usual_rows,
        };
        (
            start,
            decide(&view, start + waited, &self.policy, &self.cost),
        )
    }

    fn runs(self, count: usize) {
        assert_eq!(self.decide_after(Duration::ZERO).1, Decision::Run(count));
    }

    fn waits(self, time: Duration) {
        let (start, decision) = self.decide_after(Duration::ZERO);
        assert_eq!(decision, Decision::WaitUntil(start + time));
        assert!(
            matches!(self.decide_after(time).1, Decision::Run(_)),
            "the wait must end"
        );
    }
}

#[test]
fn nothing_waits() {
    assert_eq!(
        Case::new(rows(&[]), batching_pays())
            .decide_after(Duration::ZERO)
            .1,
        Decision::Idle
    );
}

#[test]
fn a_lone_request_runs_at_once() {
    Case::new(rows(&[1]), batching_pays()).runs(1);
    // Also right after the last one was answered, as a single client in a loop does.
    Case::new(rows(&[1]), batching_pays())
        .used_to(1, Duration::from_micros(20))
        .runs(1);
}

#[test]
fn what_queued_meanwhile_runs_together() {
    Case::new(rows(&[1; 20]), batching_pays()).runs(20);
    Case::new(rows(&[1; 40]), batching_pays()).runs(32);
    Case::new(rows(&[8, 12, 20]), batching_pays()).runs(2);
    // 20 rows alone are as good as any batch.
    Case::new(rows(&[20, 12, 1]), batching_pays()).runs(1);
    Case::new(rows(&[20, 20]), batching_pays()).runs(1);
}

#[test]
fn a_request_larger_than_a_batch_runs_alone() {
    Case::new(rows(&[100, 1]), batching_pays()).runs(1);
}

#[test]
fn where_batching_does_not_pay_it_does_not_batch() {
    Case::new(rows(&[1; 8]), batching_costs()).runs(1);
}

#[test]
fn without_measurements_it_is_work_conserving() {
    Case::new(rows(&[1; 8]), CostModel::default())
        .used_to(32, Duration::from_micros(1))
        .runs(8);
    Case::new(rows(&[1; 8]), measured(&[(1, ms(5))]))
        .used_to(32, Duration::from_micros(1))
        .runs(8);
}

#[test]
fn it_waits_for_those_that_are_due_when_that_saves_more_than_it_costs() {
    // The first of 32 clients is back; the others follow within microseconds.
    Case::new(rows(&[1]), batching_pays())
        .used_to(32, Duration::from_micros(20))
        .waits(Duration::from_micros(80));
    // The next arrival is due later than what a shared run saves.
    Case::new(rows(&[1]), batching_pays())
        .used_to(32, ms(3))
        .runs(1);
    // As many wait as ever do.
    Case::new(rows(&[1; 32]), batching_pays())
        .used_to(32, Duration::from_micros(20))
        .runs(32);
    // Sharing saves nothing.
    Case::new(rows(&[1]), batching_costs())
        .used_to(8, Duration::from_micros(20))
        .runs(1);
}

#[test]
fn the_configuration_can_forbid_waiting_or_demand_it() {
    let never = Policy {
        max_delay: Duration::ZERO,
        ..POLICY
    };
    Case::new(rows(&[1]), batching_pays())
        .used_to(32, Duration::from_micros(20))
        .policy(never)
        .runs(1);
    let always = Policy {
        fixed_delay: true,
        ..POLICY
    };
    Case::new(rows(&[1]), batching_pays())
        .policy(always)
        .waits(ms(5));
    Case::new(rows(&[1; 32]), batching_pays())
        .policy(always)
        .runs(32);
}

#[test]
fn unequal_lengths_are_padded_only_as_far_as_it_pays() {
    // Work is rows times the longest: three of length 10 are worth padding to 11, not to 48.
    let cost = measured(&[
        (10, ms(5)),
        (20, ms(9)),
        (44, ms(16)),
        (100, ms(38)),
        (200, ms(76)),
    ]);
    let lengths = [10, 10, 10, 11, 48];
    let waiting = lengths
        .iter()
        .map(|&length| Waiting { rows: 1, length })
        .collect();
    Case::new(waiting, cost).runs(4);
}

proptest! {
    #[test]
    fn always_a_prefix_within_the_bounds_and_never_a_wait_beyond_the_delay(
        waiting in prop::collection::vec((1u32..40, 1usize..50), 1..60),
        points in prop::collection::btree_map(1u64..5000, 1u64..100_000, 0..12),
        usual_rows in 0u32..64,
        gap in prop::option::of(0u64..10_000),
        waited in 0u64..20_000,
        max_rows in 1u32..64,
        fixed_delay: bool,
    ) {
        let waiting: Vec<Waiting> = waiting.into_iter().map(|(rows, length)| Waiting { rows, length }).collect();
        let points: Vec<_> = points.into_iter().map(|(work, us)| (work, Duration::from_micros(us))).collect();
        let policy = Policy { max_rows, max_delay: ms(5), fixed_delay };
        let case = Case {
            waiting: waiting.clone(), usual_rows, gap: gap.map(Duration::from_micros), policy, cost: measured(&points),
        };
        let (start, decision) = case.decide_after(Duration::from_micros(waited));
        match decision {
            Decision::Run(count) => {
                prop_assert!((1..=waiting.len()).contains(&count));
                let rows: u32 = waiting[..count].iter().map(|request| request.rows).sum();
                prop_assert!(count == 1 || rows <= max_rows);
            }
            Decision::WaitUntil(until) => {
                prop_assert!(until > start + Duration::from_micros(waited));
                prop_assert!(until <= start + ms(5));
            }
            Decision::Idle => prop_assert!(false, "something waits"),
        }
    }
}
