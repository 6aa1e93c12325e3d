//! `on "cron"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{COUNT, Key, NodeKind, Ty, req_prop};

/// The `cron` trigger.
pub static CRON: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop("start", Ty::Cron, "When it begins, five cron fields."),
        req_prop("end", Ty::Cron, "When it ends."),
        req_prop("timezone", Ty::Timezone, "An IANA time zone."),
        req_prop("replicas", COUNT, "Replicas while it holds."),
    ],
    doc: "A time of day.",
    example: r#"scale min=1 max=12 {
    on "cron" start="0 8 * * *" end="0 20 * * *" timezone="Europe/Berlin" replicas=10
}"#,
    ..NodeKind::EMPTY
};
