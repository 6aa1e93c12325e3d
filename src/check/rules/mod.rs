//! The catalogue: one file per rule, a folder per family.

pub mod avl;
pub mod cst;
pub mod git;
pub mod gpu;
pub mod nam;
pub mod net;
pub mod prb;
pub mod rol;
pub mod run;
pub mod scl;
mod shared;
pub mod sht;
pub mod sto;
pub mod trf;

use super::Rule;

/// Every rule, sorted by code.
pub static RULES: &[&Rule] = &[
    &avl::avl_01::RULE,
    &avl::avl_03::RULE,
    &avl::avl_07::RULE,
    &cst::cst_01::RULE,
    &cst::cst_05::RULE,
    &cst::cst_06::RULE,
    &git::git_01::RULE,
    &gpu::gpu_01::RULE,
    &gpu::gpu_02::RULE,
    &gpu::gpu_03::RULE,
    &gpu::gpu_04::RULE,
    &gpu::gpu_06::RULE,
    &gpu::gpu_08::RULE,
    &gpu::gpu_09::RULE,
    &gpu::gpu_10::RULE,
    &gpu::gpu_11::RULE,
    &gpu::gpu_14::RULE,
    &gpu::gpu_18::RULE,
    &nam::nam_01::RULE,
    &net::net_05::RULE,
    &net::net_08::RULE,
    &net::net_09::RULE,
    &prb::prb_02::RULE,
    &prb::prb_03::RULE,
    &prb::prb_04::RULE,
    &rol::rol_01::RULE,
    &rol::rol_03::RULE,
    &rol::rol_04::RULE,
    &rol::rol_05::RULE,
    &rol::rol_06::RULE,
    &rol::rol_09::RULE,
    &run::run_05::RULE,
    &run::run_12::RULE,
    &scl::scl_01::RULE,
    &scl::scl_02::RULE,
    &scl::scl_03::RULE,
    &scl::scl_04::RULE,
    &scl::scl_05::RULE,
    &scl::scl_08::RULE,
    &scl::scl_10::RULE,
    &scl::scl_12::RULE,
    &scl::scl_14::RULE,
    &scl::scl_15::RULE,
    &scl::scl_16::RULE,
    &scl::scl_17::RULE,
    &scl::scl_19::RULE,
    &scl::scl_21::RULE,
    &scl::scl_23::RULE,
    &sht::sht_01::RULE,
    &sht::sht_03::RULE,
    &sto::sto_01::RULE,
    &sto::sto_02::RULE,
    &sto::sto_03::RULE,
    &trf::trf_01::RULE,
    &trf::trf_02::RULE,
    &trf::trf_04::RULE,
    &trf::trf_08::RULE,
    &trf::trf_11::RULE,
    &trf::trf_12::RULE,
    &trf::trf_13::RULE,
    &trf::trf_14::RULE,
];

/// The rule of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES
        .binary_search_by(|r| r.code.cmp(code))
        .ok()
        .map(|i| RULES[i])
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::check::Run;
    use crate::check::testing::{codes, findings};

    /// Codes are sorted and unique, so that a rule is found by halving.
    #[test]
    fn sorted() {
        assert!(RULES.is_sorted_by(|a, b| a.code < b.code));
        assert!(
            RULES
                .iter()
                .all(|r| super::find(r.code).is_some_and(|f| f.code == r.code))
        );
        assert!(super::find("GPU-99").is_none());
    }

    /// Every page has its headings in order and, under "Example", a spec that
    /// raises exactly its code in the prelude's workspace, or objects that no spec can give.
    #[test]
    fn pages() {
        let headings = [
            "## What it checks",
            "## Why it breaks",
            "## Example",
            "## Instead",
            "## Sources",
        ];
        let mut wrong = Vec::new();
        for rule in RULES {
            let mut rest = rule.page;
            let mut parts = Vec::new();
            for heading in headings {
                let (before, after) = rest
                    .split_once(&format!("\n{heading}\n"))
                    .unwrap_or_else(|| panic!("{} lacks {heading}", rule.code));
                parts.push(before);
                rest = after;
            }
            parts.push(rest);
            assert!(
                parts.iter().skip(1).all(|p| p.trim().len() > 5),
                "{}",
                rule.code
            );
            let example = parts[3];
            let begins = |word| example.contains(&format!("```kdl\n{word} "));
            let written = ["cluster", "model", "workspace"].into_iter().any(begins);
            let emitted = matches!(rule.run, Run::Object(_)) && example.contains("```yaml\n");
            assert!(written || emitted, "{}", rule.code);
            if let Some((_, example)) = example.split_once("```kdl\n") {
                let spec = example.split_once("```").unwrap().0;
                let codes: Vec<_> = codes(spec).into_iter().collect();
                wrong.extend((codes != [rule.code]).then(|| {
                    let found = findings(spec).into_iter();
                    (
                        rule.code,
                        found.map(|d| (d.code, d.message)).collect::<Vec<_>>(),
                    )
                }));
            }
            assert!(
                rule.name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit())
            );
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
