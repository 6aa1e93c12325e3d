//! Names that a pod resolves: `dnsConfig` and `hostAliases`.

use super::check::Check;
use crate::validate::Problem;
use crate::validate::formats::{self, Fault};
use crate::validate::tape::View;

/// Most name servers of a pod.
const SERVERS: usize = 3;

/// Checks how a pod resolves names.
pub(super) fn check<'t>(check: &mut Check<'_, 't>, pod: View<'t>) {
    let alone = pod.text("dnsPolicy") == Some("None");
    if alone && pod.get("dnsConfig").is_none() {
        check.fault_at(
            "dnsConfig",
            Problem::Required,
            "must be there when `dnsPolicy` is `None`",
        );
    }
    check.field(pod, "dnsConfig", |check, config| {
        if alone {
            check.need(config, "nameservers");
        }
        if config.items("nameservers").count() > SERVERS {
            check.fault_at(
                "nameservers",
                Problem::BadValue,
                format_args!("may hold at most {SERVERS}"),
            );
        }
        check.strings(config, "nameservers", formats::ip_address);
        check.strings(config, "searches", search);
        check.each(config, "options", |check, option| {
            check.need(option, "name");
        });
    });
    check.each(pod, "hostAliases", |check, alias| {
        check.text(alias, "ip", formats::ip_address);
        check.strings(alias, "hostnames", formats::dns_subdomain);
    });
}

/// A search domain: a subdomain that may have underscores and a dot at its end.
fn search(text: &str) -> Fault {
    match text {
        "." => None,
        text => formats::dns_subdomain(&text.strip_suffix('.').unwrap_or(text).replace('_', "-")),
    }
}
