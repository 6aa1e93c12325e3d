//! What can be wrong with the words of a spec: the table of `LNG` codes and their pages. Long-lived:
//! a code keeps its number for ever, and a number is never given again.

use crate::diag::page::Page;

macro_rules! codes {
    ($($code:literal $name:literal;)*) => {
        /// Every code, sorted.
        pub static CODES: &[Page] = &[$(Page {
            code: $code,
            name: $name,
            text: include_str!(concat!("codes/", $code, ".md")),
        }),*];
    };
}

codes! {
    "LNG-01" "unknown-node";
    "LNG-02" "unknown-property";
    "LNG-03" "missing-semicolon";
    "LNG-04" "too-many-arguments";
    "LNG-05" "something-is-missing";
    "LNG-06" "wrong-type";
    "LNG-07" "value-not-allowed";
    "LNG-08" "exclusive";
    "LNG-09" "duplicate";
    "LNG-10" "too-many-nodes";
    "LNG-11" "removes-nothing";
    "LNG-12" "unsets-nothing";
    "LNG-13" "pattern-without-file";
    "LNG-14" "unknown-reference";
    "LNG-15" "shared-namespace";
    "LNG-16" "no-effect";
    "LNG-17" "literal-interpolation";
    "LNG-18" "never-used";
    "LNG-19" "expired-waiver";
    "LNG-20" "useless-waiver";
    "LNG-21" "unknown-fact";
    "LNG-22" "cluster-lacks";
    "LNG-23" "unreadable-file";
    "LNG-24" "unclear-field";
    "LNG-25" "field-not-to-patch";
}
