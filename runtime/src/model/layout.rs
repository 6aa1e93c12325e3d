//! Which axes of a model's tensors are the batch and the length.

use mlspec_contract::config::Padding;

use super::{Dim, Signature};
use crate::tensor::DType;

/// An axis whose size is the request's length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SequenceAxis {
    /// The axis; never 0.
    pub axis: usize,
    /// What to fill with.
    pub value: f64,
}

/// How requests of unequal length share a batch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sequence {
    /// For each input its length axis, if it has one.
    pub inputs: Vec<Option<SequenceAxis>>,
    /// For each output its length axis, if it has one.
    pub outputs: Vec<Option<usize>>,
}

/// How requests may share a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Axis 0 of every input and output is the batch.
    pub batched: bool,
    /// Requests of unequal length may be padded; only with `batched`.
    pub sequence: Option<Sequence>,
}

impl Layout {
    /// Works out the layout from what the model and the configuration say.
    ///
    /// # Errors
    /// The reason why declared padding does not fit the model.
    pub fn new(signature: &Signature, padding: &Padding) -> Result<Self, String> {
        let batched = is_batched(signature);
        let sequence = match padding {
            Padding::Off {} => None,
            Padding::Auto {} => batched.then(|| infer(signature)).flatten(),
            Padding::Declared { .. } if !batched => {
                return Err("padding is declared, but the model has no batch axis".to_owned());
            }
            Padding::Declared { inputs, outputs } => {
                let mut sequence = Sequence {
                    inputs: vec![None; signature.inputs.len()],
                    outputs: vec![None; signature.outputs.len()],
                };
                for input in inputs {
                    let (index, axis) = find(&signature.inputs, &input.name, input.axis, "input")?;
                    sequence.inputs[index] = Some(SequenceAxis {
                        axis,
                        value: input.value,
                    });
                }
                for output in outputs {
                    let (index, axis) =
                        find(&signature.outputs, &output.name, output.axis, "output")?;
                    sequence.outputs[index] = Some(axis);
                }
                Some(sequence)
            }
        };
        Ok(Self { batched, sequence })
    }
}

fn find(
    specs: &[super::TensorSpec],
    name: &str,
    axis: u32,
    what: &str,
) -> Result<(usize, usize), String> {
    let index = specs
        .iter()
        .position(|spec| spec.name == name)
        .ok_or_else(|| format!("padding names {what} `{name}`, which the model has not"))?;
    let axis = axis as usize;
    let spec = &specs[index];
    match spec.dims.get(axis) {
        _ if spec.dtype == DType::Bytes => Err(format!(
            "{what} `{name}` holds BYTES, which cannot be padded"
        )),
        Some(Dim::Free(_)) => Ok((index, axis)),
        Some(Dim::Fixed(size)) => Err(format!("axis {axis} of {what} `{name}` is always {size}")),
        None => Err(format!("{what} `{name}` has no axis {axis}")),
    }
}

/// Every tensor starts with an axis of any size, and where these have names, inputs agree on one.
fn is_batched(signature: &Signature) -> bool {
    let mut names = signature
        .inputs
        .iter()
        .map(|input| match input.dims.first() {
            Some(Dim::Free(name)) => Some(name),
            _ => None,
        });
    let Some(Some(first)) = names.next() else {
        return false;
    };
    names.all(|name| name == Some(first))
        && signature
            .outputs
            .iter()
            .all(|output| matches!(output.dims.first(), Some(Dim::Free(_))))
}

/// Token models say by an `attention_mask` that padding is masked; every input must share its length axis. An output with
/// an axis that has neither a fixed size nor the length's name may follow the length or not: then nothing is padded.
fn infer(signature: &Signature) -> Option<Sequence> {
    let mask = signature
        .inputs
        .iter()
        .find(|input| input.name == "attention_mask")?;
    let [Dim::Free(_), Dim::Free(length)] = &mask.dims[..] else {
        return None;
    };
    let shares = |dims: &[Dim]| matches!(dims, [_, Dim::Free(name), ..] if name == length);
    if !signature
        .inputs
        .iter()
        .all(|input| input.dims.len() == 2 && shares(&input.dims))
    {
        return None;
    }
    let follows = |dims: &[Dim]| !length.is_empty() && shares(dims);
    let unknown = |dims: &[Dim]| {
        let known = if follows(dims) { 2 } else { 1 };
        dims.iter()
            .skip(known)
            .any(|dim| matches!(dim, Dim::Free(_)))
    };
    if signature.outputs.iter().any(|output| unknown(&output.dims)) {
        return None;
    }
    Some(Sequence {
        inputs: vec![
            Some(SequenceAxis {
                axis: 1,
                value: 0.0
            });
            signature.inputs.len()
        ],
        outputs: signature
            .outputs
            .iter()
            .map(|output| follows(&output.dims).then_some(1))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TensorSpec;
    use mlspec_contract::config::{SequenceInput, SequenceOutput};

    fn spec(name: &str, dims: &[&str]) -> TensorSpec {
        let dims = dims
            .iter()
            .map(|d| {
                d.parse()
                    .map_or_else(|_| Dim::Free((*d).to_owned()), Dim::Fixed)
            })
            .collect();
        TensorSpec {
            name: name.to_owned(),
            dtype: DType::Int64,
            dims,
        }
    }

    fn bert() -> Signature {
        Signature {
            inputs: vec![
                spec("input_ids", &["batch", "sequence"]),
                spec("attention_mask", &["batch", "sequence"]),
            ],
            outputs: vec![
                spec("hidden", &["batch", "sequence", "384"]),
                spec("pooled", &["batch", "384"]),
            ],
        }
    }

    #[test]
    fn token_models_are_padded_and_cropped_without_being_told() {
        let layout = Layout::new(&bert(), &Padding::Auto {}).unwrap();
        let sequence = layout.sequence.unwrap();
        assert_eq!(
            sequence.inputs,
            [Some(SequenceAxis {
                axis: 1,
                value: 0.0
            }); 2]
        );
        assert_eq!(sequence.outputs, [Some(1), None]);
        assert_eq!(
            Layout::new(&bert(), &Padding::Off {}).unwrap().sequence,
            None
        );
    }

    #[test]
    fn an_output_that_may_follow_the_length_forbids_padding() {
        let mut odd = bert();
        odd.outputs
            .push(spec("463", &["batch", "Identity463_dim_1"]));
        let layout = Layout::new(&odd, &Padding::Auto {}).unwrap();
        assert!(layout.batched);
        assert_eq!(layout.sequence, None);
    }

    #[test]
    fn a_scalar_or_a_fixed_first_axis_forbids_batching() {
        let mut silero = bert();
        silero.inputs.push(spec("sr", &[]));
        assert!(!Layout::new(&silero, &Padding::Auto {}).unwrap().batched);
        let mut state = bert();
        state.inputs.push(spec("state", &["2", "batch", "128"]));
        assert!(!Layout::new(&state, &Padding::Auto {}).unwrap().batched);
        let mut other = bert();
        other.inputs.push(spec("x", &["other", "3"]));
        assert!(!Layout::new(&other, &Padding::Auto {}).unwrap().batched);
    }

    #[test]
    fn declared_padding_must_fit_the_model() {
        let declared = |name: &str, axis| Padding::Declared {
            inputs: vec![SequenceInput {
                name: name.to_owned(),
                axis,
                value: 0.0,
            }],
            outputs: vec![SequenceOutput {
                name: "hidden".to_owned(),
                axis: 1,
            }],
        };
        assert!(Layout::new(&bert(), &declared("input_ids", 1)).is_ok());
        assert_eq!(
            Layout::new(&bert(), &declared("ids", 1)).unwrap_err(),
            "padding names input `ids`, which the model has not"
        );
        assert_eq!(
            Layout::new(&bert(), &declared("input_ids", 2)).unwrap_err(),
            "input `input_ids` has no axis 2"
        );
    }
}
