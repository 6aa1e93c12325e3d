//! ServiceMonitor: where Prometheus scrapes a model. monitoring.coreos.com/v1,
//! <https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor>,
//! checked 2026-11.

use super::super::api::Spec;
use super::super::api::monitoring::{Endpoint, ServiceMonitor, ServiceMonitorSpec};
use super::super::parts::{note_entries, selector};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{ModelPlan, ScrapePlan, ScrapePort};

/// One for each model that has something to scrape.
pub static EMITTER: Emitter = Emitter {
    kind: ServiceMonitorSpec::KIND,
    api_version: ServiceMonitorSpec::API_VERSION,
    wave: 15,
    scope: Scope::Model(emit),
};

fn emit(plan: &ModelPlan<'_>, out: &mut Out) {
    let Some(scrape) = &plan.scrape else {
        return;
    };
    let name = &plan.model.name;
    let mut trace = out.trace();
    trace.note(format_args!("/metadata/name"), &name.from);
    note_entries(&mut trace, "/spec/selector/matchLabels", &scrape.selector);
    let spec = ServiceMonitorSpec {
        endpoints: vec![endpoint(scrape, &mut trace)],
        selector: selector(&scrape.selector),
    };
    let object = ServiceMonitor::new(name.as_str(), spec);
    out.selected_object(plan, EMITTER.wave, object, trace);
}

fn endpoint(scrape: &ScrapePlan, trace: &mut Trace) -> Endpoint {
    const AT: &str = "/spec/endpoints/0";
    trace.note(format_args!("{AT}/interval"), &scrape.interval.from);
    trace.note(format_args!("{AT}/path"), &scrape.path.from);
    let (port, target_port) = match &scrape.port {
        ScrapePort::Service(name) => {
            trace.note(format_args!("{AT}/port"), &name.from);
            (Some(name.to_string()), None)
        }
        ScrapePort::Container(number) => {
            trace.note(format_args!("{AT}/targetPort"), &number.from);
            (None, Some(i32::from(number.get())))
        }
    };
    Endpoint {
        interval: scrape.interval.to_string(),
        path: scrape.path.to_string(),
        port,
        target_port,
    }
}
