//! Probes.

use mlspec_contract::{paths, ports};

use crate::resolve::model::{Container, Probe, Runtime, Workload};
use crate::resolve::origin::{Input, Traced};
use crate::units::{Duration, HttpPath};

use super::types::{ProbePlan, Probes};

const CONTRACT: &str = "the server's contract";

/// Probes of a workload, its startup window given. `None` where a container states neither
/// liveness nor readiness.
pub(super) fn probes(workload: &Workload, window: &Traced<Duration>) -> Option<Probes> {
    match &workload.runtime {
        Runtime::Mlserve(_) => mlserve(window),
        Runtime::Container(container) => of_container(container, window),
    }
}

fn mlserve(window: &Traced<Duration>) -> Option<Probes> {
    let path = |path| {
        HttpPath::parse(path)
            .ok()
            .map(|p| Traced::fixed(p, CONTRACT))
    };
    let probe = |path, failures| ProbePlan {
        port: ports::ADMIN_NAME,
        path,
        period: Traced::fixed(10, "often enough to notice within half a minute"),
        timeout: Traced::fixed(5, "a saturated server may take seconds to answer"),
        failures: Traced::fixed(failures, "one missed answer is no failure"),
    };
    Some(Probes {
        startup: startup(ports::ADMIN_NAME, path(paths::READY)?, window),
        liveness: Some(probe(path(paths::LIVE)?, 3)),
        readiness: probe(path(paths::READY)?, 3),
    })
}

fn of_container(container: &Container, window: &Traced<Duration>) -> Option<Probes> {
    let readiness = container
        .readiness
        .as_ref()
        .or(container.liveness.as_ref())?;
    Some(Probes {
        startup: startup(ports::HTTP_NAME, readiness.path.clone(), window),
        liveness: container.liveness.as_ref().map(plan),
        readiness: plan(readiness),
    })
}

fn plan(probe: &Probe) -> ProbePlan {
    ProbePlan {
        port: ports::HTTP_NAME,
        path: probe.path.clone(),
        period: probe.every.map(|d| d.as_secs_ceil()),
        timeout: probe.timeout.map(|d| d.as_secs_ceil()),
        failures: probe.failures.clone(),
    }
}

/// The startup probe: every 5 s (10 s for windows over ten minutes) until the window is over.
fn startup(port: &'static str, path: Traced<HttpPath>, window: &Traced<Duration>) -> ProbePlan {
    let period = if window.as_secs_ceil() > 600 { 10 } else { 5 };
    let failures = Traced::derived(
        window.as_secs_ceil().div_ceil(period).max(1),
        "startup probe's failures",
        "startup window ÷ period, rounded up",
        vec![
            window.input("startup window"),
            Input::new(
                "period",
                format!("{period}s"),
                crate::resolve::Origin::Fixed("5s, or 10s for windows over ten minutes"),
            ),
        ],
    );
    ProbePlan {
        port,
        path,
        period: Traced::fixed(period, "often enough to be ready soon after loading"),
        timeout: Traced::fixed(5, "a loading server may take seconds to answer"),
        failures,
    }
}
