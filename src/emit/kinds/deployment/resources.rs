//! What containers request and may use at most.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::super::super::Trace;
use super::super::super::parts::quantity;
use super::super::super::trace::escape;
use crate::plan::{Fetcher, WorkloadPlan};
use crate::resolve::origin::Origin;

const DISK: &str = "ephemeral-storage";

/// Requests and limits while they are put together.
struct Amounts<'t> {
    requests: BTreeMap<String, Quantity>,
    limits: BTreeMap<String, Quantity>,
    pointer: &'t str,
    trace: &'t mut Trace,
}

impl Amounts<'_> {
    fn request(&mut self, name: &str, amount: impl ToString, from: &Origin) {
        self.requests.insert(name.to_owned(), quantity(amount));
        let pointer = self.pointer;
        self.trace.note(
            format_args!("{pointer}/resources/requests/{}", escape(name)),
            from,
        );
    }

    fn limit(&mut self, name: &str, amount: impl ToString, from: &Origin) {
        self.limits.insert(name.to_owned(), quantity(amount));
        let pointer = self.pointer;
        self.trace.note(
            format_args!("{pointer}/resources/limits/{}", escape(name)),
            from,
        );
    }

    /// Processor and memory of a workload. There is no processor limit: it would throttle a
    /// server in the middle of a batch while the node idles.
    fn of_workload(&mut self, plan: &WorkloadPlan<'_>) {
        let cpu = &plan.workload.resources.cpu;
        self.request("cpu", cpu.value, &cpu.from);
        self.request("memory", plan.memory.value, &plan.memory.from);
        self.limit("memory", plan.memory_limit.value, &plan.memory_limit.from);
    }

    fn done(self) -> ResourceRequirements {
        ResourceRequirements {
            limits: Some(self.limits),
            requests: Some(self.requests),
            ..ResourceRequirements::default()
        }
    }
}

fn amounts<'t>(pointer: &'t str, trace: &'t mut Trace) -> Amounts<'t> {
    Amounts {
        requests: BTreeMap::new(),
        limits: BTreeMap::new(),
        pointer,
        trace,
    }
}

/// Of the server, which lies at `pointer`.
pub(super) fn of_server(
    plan: &WorkloadPlan<'_>,
    pointer: &str,
    trace: &mut Trace,
) -> ResourceRequirements {
    let mut amounts = amounts(pointer, trace);
    amounts.of_workload(plan);
    if let Some(disk) = &plan.disk {
        amounts.request(DISK, disk.value, &disk.from);
        amounts.limit(DISK, disk.value, &disk.from);
    }
    if let Some(device) = &plan.placement.device {
        // Extended resources cannot be overcommitted: both numbers must be the same.
        for set in [Amounts::request, Amounts::limit] {
            set(
                &mut amounts,
                &device.resource,
                device.count.value,
                &device.resource.from,
            );
        }
    }
    amounts.done()
}

/// Of the fetcher, which lies at `pointer`: as much as the server, which costs nothing since
/// the two never run at once, and the disk that the files take. A limit is set only beside the
/// server's: alone it would be that of the whole pod.
pub(super) fn of_fetcher(
    plan: &WorkloadPlan<'_>,
    fetcher: &Fetcher,
    pointer: &str,
    trace: &mut Trace,
) -> ResourceRequirements {
    let mut amounts = amounts(pointer, trace);
    amounts.of_workload(plan);
    if let Some(files) = &fetcher.volume_limit {
        amounts.request(DISK, files.value, &files.from);
        if plan.disk.is_some() {
            amounts.limit(DISK, files.value, &files.from);
        }
    }
    amounts.done()
}
