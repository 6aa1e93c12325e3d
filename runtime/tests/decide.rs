//! The scheduling decision, case by case: what an idle engine does with what waits.

use std::collections::BTreeMap;
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
        .for_each(|&(work, time)| cost.expect(work, time));
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
    /// From short to long.
    waiting: Vec<Waiting>,
    /// Place of the one that came first.
    first: usize,
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
            first: 0,
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
            first: self.first,
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

    /// The first `count` run.
    fn runs(self, count: usize) {
        self.runs_at(0..count);
    }

    /// Those at these places run.
    fn runs_at(self, places: impl IntoIterator<Item = usize>) {
        let expected = Decision::Run(places.into_iter().collect());
        assert_eq!(self.decide_after(Duration::ZERO).1, expected);
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

/// A text model whose run costs 2 ms and a quarter of a millisecond per token, padding included.
fn by_tokens() -> CostModel {
    let time = |tokens: u64| Duration::from_micros(2000 + 250 * tokens);
    measured(&[4, 16, 64, 256, 1024].map(|tokens| (tokens, time(tokens))))
}

fn lengths(lengths: &[usize]) -> Case {
    let waiting = lengths.iter().map(|&length| Waiting { rows: 1, length });
    Case::new(waiting.collect(), by_tokens())
}

#[test]
fn unequal_lengths_are_padded_only_as_far_as_it_pays() {
    // Three of length 10 are worth padding to 11, not to 48.
    lengths(&[10, 10, 10, 11, 48]).runs(4);
    // Padding two to 20 costs more than a run of their own.
    lengths(&[10, 10, 20, 20]).runs(2);
    // Padding one by a little costs less.
    lengths(&[10, 12, 40]).runs(2);
}

#[test]
fn the_one_that_came_first_always_runs_whatever_its_length() {
    Case {
        first: 4,
        ..lengths(&[10, 10, 10, 11, 48])
    }
    .runs_at([4]);
    Case {
        first: 3,
        ..lengths(&[4, 4, 4, 30, 31, 32])
    }
    .runs_at([3, 4, 5]);
}

#[test]
fn of_equal_requests_those_that_came_first_run() {
    // At most 4 rows: the run of the longest takes one of length 10, the first of them.
    let policy = Policy {
        max_rows: 4,
        ..POLICY
    };
    Case {
        first: 5,
        ..lengths(&[10, 10, 10, 10, 10, 11, 11, 11]).policy(policy)
    }
    .runs_at([0, 5, 6, 7]);
}

#[test]
fn unequal_lengths_without_measurements_share_a_run_by_nearness() {
    let policy = Policy {
        max_rows: 3,
        ..POLICY
    };
    Case {
        first: 2,
        cost: CostModel::default(),
        ..lengths(&[1, 8, 10, 11, 30]).policy(policy)
    }
    .runs_at([1, 2, 3]);
}

/// What a machine does: runs that take what they take, decided again and again with `waiting` requests of a row.
/// Returns how many runs of each size there were, and the seconds per row beside the best size's.
fn play(
    warm_up: CostModel,
    truth: impl Fn(usize) -> Duration,
    waiting: usize,
    runs: usize,
) -> (BTreeMap<usize, usize>, f64) {
    let mut case = Case::new(rows(&vec![1; waiting]), warm_up);
    let (mut sizes, mut seconds, mut done) = (BTreeMap::new(), 0.0, 0);
    for _ in 0..runs {
        let Decision::Run(places) = case.decide_after(Duration::ZERO).1 else {
            panic!("an idle engine waits");
        };
        let size = places.len();
        *sizes.entry(size).or_default() += 1;
        case.cost.observe(size as u64, truth(size));
        seconds += truth(size).as_secs_f64();
        done += size;
    }
    let pace = |size: usize| truth(size).as_secs_f64() / size as f64;
    let best = (1..=waiting.min(32))
        .map(pace)
        .fold(f64::INFINITY, f64::min);
    (sizes, seconds / done as f64 / best)
}

#[test]
fn what_a_noisy_start_overrated_is_tried_again_and_what_it_measured_well_costs_next_to_nothing() {
    // 2 ms and another 3 ms a row: the largest size is the best one.
    let pays = |size: usize| ms(2) + ms(3) * size as u32;
    // A row alone is as good as any other size, and large sizes are worse.
    let costs =
        |size: usize| ms(20) * size as u32 + Duration::from_micros(300) * (size * size) as u32;
    let sizes = [1, 2, 4, 8, 16, 32];
    let spoilt = |truth: &dyn Fn(usize) -> Duration, times: [u32; 6]| {
        let points = sizes.iter().zip(times);
        let points = points.map(|(&size, times)| (size as u64, truth(size) * times));
        measured(&points.collect::<Vec<_>>())
    };
    for (name, truth, times, best) in [
        (
            "nothing",
            &pays as &dyn Fn(usize) -> Duration,
            [1, 1, 1, 1, 1, 1],
            32,
        ),
        ("large sizes", &pays, [1, 1, 1, 1, 3, 3], 32),
        ("all but one", &pays, [1, 5, 5, 5, 5, 5], 32),
        (
            "a row alone, where it is best",
            &costs,
            [4, 1, 1, 1, 1, 1],
            1,
        ),
        (
            "nothing, where a row alone is best",
            &costs,
            [1, 1, 1, 1, 1, 1],
            1,
        ),
    ] {
        let (first, _) = play(spoilt(truth, times), truth, 40, 400);
        let (sizes, lost) = play(spoilt(truth, times), truth, 40, 20_000);
        assert!(first.contains_key(&best), "{name}: {first:?}");
        assert!(sizes[&best] > 19_500, "{name}: {sizes:?}");
        assert!(lost < 1.01, "{name}: {lost} of the best pace, {sizes:?}");
    }
}

proptest! {
    #[test]
    fn always_the_first_within_the_bounds_and_never_a_wait_beyond_the_delay(
        waiting in prop::collection::vec((1u32..40, 1usize..50), 1..60),
        first: prop::sample::Index,
        points in prop::collection::btree_map(1u64..5000, 1u64..100_000, 0..12),
        usual_rows in 0u32..64,
        gap in prop::option::of(0u64..10_000),
        waited in 0u64..20_000,
        max_rows in 1u32..64,
        fixed_delay: bool,
    ) {
        let mut waiting: Vec<Waiting> = waiting.into_iter().map(|(rows, length)| Waiting { rows, length }).collect();
        waiting.sort_by_key(|request| request.length);
        let length = first.get(&waiting).length;
        let first = waiting.partition_point(|request| request.length < length);
        let points: Vec<_> = points.into_iter().map(|(work, us)| (work, Duration::from_micros(us))).collect();
        let policy = Policy { max_rows, max_delay: ms(5), fixed_delay };
        let case = Case {
            waiting: waiting.clone(), first, usual_rows, gap: gap.map(Duration::from_micros), policy, cost: measured(&points),
        };
        let (start, decision) = case.decide_after(Duration::from_micros(waited));
        match decision {
            Decision::Run(places) => {
                prop_assert!(places.contains(&first));
                prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
                let rows: u32 = places.iter().map(|&place| waiting[place].rows).sum();
                prop_assert!(places.len() == 1 || rows <= max_rows);
                // Of equal lengths, none is passed over for a later one.
                let passed = |place: usize| place > 0 && waiting[place - 1].length == waiting[place].length
                    && waiting[place - 1].rows == 1 && waiting[place].rows == 1 && !places.contains(&(place - 1));
                let same_rows = waiting.iter().all(|request| request.rows == 1);
                prop_assert!(!same_rows || !places.iter().any(|&place| passed(place)));
            }
            Decision::WaitUntil(until) => {
                prop_assert!(until > start + Duration::from_micros(waited));
                prop_assert!(until <= start + ms(5));
            }
            Decision::Idle => prop_assert!(false, "something waits"),
        }
    }
}
