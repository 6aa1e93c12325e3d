use super::*;
use crate::diag::{Applicability, Diagnostic};
use crate::source::FileId;
use crate::spec::table::{COUNT, PART, SECONDS, TIME, UTILIZATION, seconds, time_up_to};
use crate::syntax;

/// Checks a value as it would be written in a file.
fn checked(ty: Ty, raw: &str) -> Result<Val, Diagnostic> {
    let parsed = syntax::parse(FileId(0), &format!("n {raw}\n"));
    assert!(parsed.diagnostics.is_empty(), "{raw}");
    check(ty, &parsed.document.nodes[0].entries[0].value, "it", raw)
}

const TYPES: [Ty; 18] = [
    Ty::Release,
    Ty::Text,
    Ty::Word(&["init", "mount"]),
    COUNT,
    Ty::Bool,
    Ty::Bytes,
    Ty::Cpu,
    Ty::Rate,
    Ty::PerSecond,
    Ty::Price,
    TIME,
    SECONDS,
    PART,
    UTILIZATION,
    Ty::MigProfile,
    Ty::Version,
    Ty::Port,
    Ty::Sha256,
];

/// What a machine-applicable fix writes is accepted.
#[test]
fn fixes_are_accepted() {
    let spellings = [
        "30",
        "1",
        "0",
        "200",
        "0.7",
        "1.30",
        "-1",
        "70000",
        "100000000",
        "\"4GiB\"",
        "\"30\"",
        "\"70\"",
        "\"0\"",
        "\"1.5s\"",
        "\"2 min\"",
        "\"0 s\"",
        "\"100 %\"",
        "\"70000\"",
        "\"true\"",
        "\"200rps\"",
        "\"5sec\"",
        "\"0.5 %\"",
        "#true",
        "\"instal\"",
        "\"1g5gb\"",
        "\"\"",
    ];
    let mut fixes = 0;
    for ty in TYPES {
        for raw in spellings {
            let Err(finding) = checked(ty, raw) else {
                continue;
            };
            for fix in finding.fixes {
                if fix.applicability == Applicability::Machine {
                    let text = &fix.edits[0].text;
                    assert!(checked(ty, text).is_ok(), "{ty:?}: {raw} became {text}");
                    fixes += 1;
                }
            }
        }
    }
    assert!(fixes > 20, "{fixes}");
}

/// A value outside of its bounds is refused, with the bound that it breaks.
#[test]
fn bounds() {
    for (ty, raw, words) in [
        (COUNT, "100000000", "must be at most 1000000"),
        (COUNT, "0", "must be a whole number from 1"),
        (
            COUNT,
            "-170141183460469231731687303715884105728",
            "a whole number from 1",
        ),
        (SECONDS, "\"500ms\"", "must be at least 1s"),
        (SECONDS, "\"1500ms\"", "must be in whole seconds"),
        (seconds(0, 3600), "\"2h\"", "must be at most 1h"),
        (TIME, "\"0s\"", "must be at least 1ms"),
        (time_up_to(10_000), "\"11s\"", "must be at most 10s"),
        (UTILIZATION, "\"70.5%\"", "must be in whole percents"),
        (UTILIZATION, "\"0%\"", "must be at least 1%"),
        (PART, "\"101%\"", "must be at most 99.99%"),
        (Ty::Cpu, "\"0\"", "must be more than 0"),
        (Ty::Bytes, "\"0\"", "must be more than 0"),
        (Ty::Text, "\" \"", "it is empty"),
        (Ty::Release, "\"\"", "it is empty"),
        (Ty::HeaderName, "\"x:\"", "not the name of a header"),
        (Ty::HostPattern, "\"*\"", "it"),
        (Ty::HostPattern, "\"\"", "it"),
    ] {
        let finding = checked(ty, raw).unwrap_err();
        assert!(
            finding.message.contains(words),
            "{raw}: {}",
            finding.message
        );
    }
    for (ty, raw) in [
        (COUNT, "1000000"),
        (SECONDS, "\"1m30s\""),
        (seconds(0, 3600), "\"0s\""),
        (UTILIZATION, "\"120%\""),
        (PART, "\"0.01%\""),
        (Ty::AnyText, "\"\""),
        (Ty::HeaderName, "\"X-Beta\""),
        (Ty::HostPattern, "\"*.acme.io\""),
    ] {
        assert!(checked(ty, raw).is_ok(), "{raw}");
    }
}
