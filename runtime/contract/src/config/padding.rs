//! How requests of unequal length share a batch.

use serde::{Deserialize, Serialize};

use super::problem::Problems;

/// How requests of unequal length share a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "mode", rename_all = "lowercase", deny_unknown_fields)]
pub enum Padding {
    /// Pads with zeros where the model says by its own inputs how: one named `attention_mask`, and every input with
    /// the same variable second axis. Outputs with that axis, by its name, are cropped. Other models are not padded, nor
    /// those with an output of another variable axis, which may or may not follow the length: declare it then.
    Auto {},
    /// Only requests of equal shape share a batch.
    Off {},
    /// Pads as stated here.
    Declared {
        /// Inputs that share the length, with the value to pad with; at least one.
        inputs: Vec<SequenceInput>,
        /// Outputs that have the length and are cropped back to it.
        #[serde(default)]
        outputs: Vec<SequenceOutput>,
    },
}

/// An input whose length varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SequenceInput {
    /// The input's name.
    pub name: String,
    /// The axis that is the length; axis 0 is the batch. Range 1..=15. Default 1.
    #[serde(default = "first")]
    pub axis: u32,
    /// What to fill with. Whole for integer inputs. Default 0.
    #[serde(default)]
    pub value: f64,
}

/// An output whose length follows the inputs'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SequenceOutput {
    /// The output's name.
    pub name: String,
    /// The axis that is the length. Range 1..=15. Default 1.
    #[serde(default = "first")]
    pub axis: u32,
}

fn first() -> u32 {
    1
}

impl Default for Padding {
    fn default() -> Self {
        Self::Auto {}
    }
}

impl Padding {
    pub(super) fn check(&self, problems: &mut Problems<'_>) {
        let Padding::Declared { inputs, outputs } = self else {
            return;
        };
        if inputs.is_empty() {
            problems.add("inputs", "at least one input is needed");
        }
        for (index, input) in inputs.iter().enumerate() {
            let mut at = problems.at(&format!("inputs[{index}]"));
            at.range("axis", input.axis.into(), 1, 15);
            if !input.value.is_finite() {
                at.add("value", "the value is not finite");
            }
        }
        for (index, output) in outputs.iter().enumerate() {
            problems
                .at(&format!("outputs[{index}]"))
                .range("axis", output.axis.into(), 1, 15);
        }
    }
}
