//! Which axes of a model's tensors are the batch and the length.

use mlspec_contract::config::{Batch, BatchAxis, Padding, SequenceInput, SequenceOutput};

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

/// Where the batch is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BatchAxes {
    /// For each input its batch axis; without one, requests share a run only while the input's value is the same.
    pub inputs: Vec<Option<usize>>,
    /// For each output its batch axis; always there.
    pub outputs: Vec<Option<usize>>,
}

/// How requests may share a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Where the batch is; absent when every request runs alone.
    pub batch: Option<BatchAxes>,
    /// Requests of unequal length may be padded; only with `batch`.
    pub sequence: Option<Sequence>,
}

impl Layout {
    /// Works out the layout from what the model and the configuration say.
    ///
    /// # Errors
    /// The reason why declared axes or padding do not fit the model.
    pub fn new(signature: &Signature, batch: &Batch, padding: &Padding) -> Result<Self, String> {
        let batch = match &batch.axes[..] {
            [] if is_batched(signature) => Some(BatchAxes {
                inputs: vec![Some(0); signature.inputs.len()],
                outputs: vec![Some(0); signature.outputs.len()],
            }),
            [] if batch.fixed_delay => {
                return Err(
                    "`batch.fixedDelay` waits for a batch, but the model has no batch axis"
                        .to_owned(),
                );
            }
            [] => None,
            declared => Some(declared_axes(signature, declared)?),
        };
        let sequence = match (padding, &batch) {
            (Padding::Off {}, _) => None,
            // What is inferred supposes the batch at axis 0.
            (Padding::Auto {}, Some(batch)) if batch.is_leading() => infer(signature),
            (Padding::Auto {}, _) => None,
            (Padding::Declared { .. }, None) => {
                return Err("padding is declared, but the model has no batch axis".to_owned());
            }
            (Padding::Declared { inputs, outputs }, Some(batch)) => {
                Some(declared_padding(signature, batch, inputs, outputs)?)
            }
        };
        Ok(Self { batch, sequence })
    }

    /// The batch axis of an input.
    pub fn input_batch(&self, input: usize) -> Option<usize> {
        self.batch.as_ref().and_then(|batch| batch.inputs[input])
    }

    /// The length axis of an input.
    pub fn input_length(&self, input: usize) -> Option<SequenceAxis> {
        self.sequence
            .as_ref()
            .and_then(|sequence| sequence.inputs[input])
    }

    /// Whether the batch is axis 0 of every tensor, as Triton's configuration supposes.
    pub fn is_leading(&self) -> bool {
        self.batch.as_ref().is_some_and(BatchAxes::is_leading)
    }
}

impl BatchAxes {
    fn is_leading(&self) -> bool {
        let mut axes = self.inputs.iter().chain(&self.outputs);
        axes.all(|axis| *axis == Some(0))
    }
}

/// The batch axes as the configuration states them, and axis 0 of all other tensors.
fn declared_axes(signature: &Signature, declared: &[BatchAxis]) -> Result<BatchAxes, String> {
    if let Some(unknown) = declared.iter().find(|axis| {
        let mut specs = signature.inputs.iter().chain(&signature.outputs);
        specs.all(|spec| spec.name != axis.tensor)
    }) {
        return Err(format!(
            "`batch.axes` names `{}`, which the model has not",
            unknown.tensor
        ));
    }
    let axis = |spec: &super::TensorSpec| -> Result<Option<usize>, String> {
        let stated = declared.iter().find(|axis| axis.tensor == spec.name);
        let axis = match stated.map(|stated| stated.axis) {
            Some(None) => return Ok(None),
            Some(Some(axis)) => axis as usize,
            None => 0,
        };
        match spec.dims.get(axis) {
            Some(Dim::Free(_)) if axis > 0 && spec.dtype == DType::Bytes => Err(format!(
                "`{}` holds BYTES, whose batch can only be axis 0",
                spec.name
            )),
            Some(Dim::Free(_)) => Ok(Some(axis)),
            Some(Dim::Fixed(size)) => Err(format!(
                "axis {axis} of `{}` is always {size}: state its batch axis in `batch.axes`",
                spec.name
            )),
            None => Err(format!(
                "`{}` has no axis {axis}: state its batch axis in `batch.axes`, or that it has none",
                spec.name
            )),
        }
    };
    let axes = BatchAxes {
        inputs: signature
            .inputs
            .iter()
            .map(axis)
            .collect::<Result<_, _>>()?,
        outputs: signature
            .outputs
            .iter()
            .map(axis)
            .collect::<Result<_, _>>()?,
    };
    match axes.outputs.iter().position(Option::is_none) {
        Some(output) => Err(format!(
            "output `{}` needs a batch axis: nothing else says whose rows it holds",
            signature.outputs[output].name
        )),
        None if axes.inputs.iter().all(Option::is_none) => {
            Err("`batch.axes` leaves no input with a batch axis".to_owned())
        }
        None => Ok(axes),
    }
}

fn declared_padding(
    signature: &Signature,
    batch: &BatchAxes,
    inputs: &[SequenceInput],
    outputs: &[SequenceOutput],
) -> Result<Sequence, String> {
    let mut sequence = Sequence {
        inputs: vec![None; signature.inputs.len()],
        outputs: vec![None; signature.outputs.len()],
    };
    for input in inputs {
        let (index, axis) = find(&signature.inputs, &input.name, input.axis, "input")?;
        let spec = &signature.inputs[index];
        if batch.inputs[index] != Some(0) {
            return Err(format!(
                "input `{}` cannot be padded: its batch is not axis 0",
                input.name
            ));
        }
        if !spec.dtype.holds(input.value) {
            return Err(format!(
                "input `{}` is padded with {}, which {} does not hold",
                input.name, input.value, spec.dtype
            ));
        }
        let value = input.value;
        if sequence.inputs[index]
            .replace(SequenceAxis { axis, value })
            .is_some()
        {
            return Err(format!("padding names input `{}` twice", input.name));
        }
    }
    for output in outputs {
        let (index, axis) = find(&signature.outputs, &output.name, output.axis, "output")?;
        if sequence.outputs[index].replace(axis).is_some() {
            return Err(format!("padding names output `{}` twice", output.name));
        }
    }
    Ok(sequence)
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
        let layout = Layout::new(&bert(), &Batch::default(), &Padding::Auto {}).unwrap();
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
            Layout::new(&bert(), &Batch::default(), &Padding::Off {})
                .unwrap()
                .sequence,
            None
        );
    }

    #[test]
    fn an_output_that_may_follow_the_length_forbids_padding() {
        let mut odd = bert();
        odd.outputs
            .push(spec("463", &["batch", "Identity463_dim_1"]));
        let layout = Layout::new(&odd, &Batch::default(), &Padding::Auto {}).unwrap();
        assert!(layout.batch.is_some());
        assert_eq!(layout.sequence, None);
    }

    #[test]
    fn a_scalar_or_a_fixed_first_axis_forbids_batching() {
        let mut silero = bert();
        silero.inputs.push(spec("sr", &[]));
        assert!(
            Layout::new(&silero, &Batch::default(), &Padding::Auto {})
                .unwrap()
                .batch
                .is_none()
        );
        let mut state = bert();
        state.inputs.push(spec("state", &["2", "batch", "128"]));
        assert!(
            Layout::new(&state, &Batch::default(), &Padding::Auto {})
                .unwrap()
                .batch
                .is_none()
        );
        let mut other = bert();
        other.inputs.push(spec("x", &["other", "3"]));
        assert!(
            Layout::new(&other, &Batch::default(), &Padding::Auto {})
                .unwrap()
                .batch
                .is_none()
        );
    }

    #[test]
    fn declared_batch_axes_let_a_stateful_model_batch() {
        let silero = Signature {
            inputs: vec![
                spec("input", &["batch", "samples"]),
                spec("state", &["2", "batch", "128"]),
                spec("sr", &[]),
            ],
            outputs: vec![
                spec("output", &["batch", "1"]),
                spec("stateN", &["2", "batch", "128"]),
            ],
        };
        let with = |axes: &[(&str, Option<u32>)]| {
            let axis = |(tensor, axis): &(&str, Option<u32>)| BatchAxis {
                tensor: (*tensor).to_owned(),
                axis: *axis,
            };
            let batch = Batch {
                axes: axes.iter().map(axis).collect(),
                ..Batch::default()
            };
            Layout::new(&silero, &batch, &Padding::Auto {})
        };
        let layout = with(&[("state", Some(1)), ("stateN", Some(1)), ("sr", None)]).unwrap();
        let axes = layout.batch.unwrap();
        assert_eq!(axes.inputs, [Some(0), Some(1), None]);
        assert_eq!(axes.outputs, [Some(0), Some(1)]);
        for (axes, reason) in [
            (
                &[("sr", None), ("stateN", Some(1))][..],
                "axis 0 of `state` is always 2",
            ),
            (
                &[("state", Some(1)), ("stateN", Some(1))][..],
                "`sr` has no axis 0",
            ),
            (&[("state", Some(2))][..], "axis 2 of `state` is always 128"),
            (&[("nothing", Some(1))][..], "which the model has not"),
            (
                &[("state", Some(1)), ("stateN", None), ("sr", None)][..],
                "output `stateN` needs a batch axis",
            ),
            (
                &[
                    ("input", None),
                    ("state", None),
                    ("stateN", Some(1)),
                    ("sr", None),
                ][..],
                "no input with a batch axis",
            ),
        ] {
            let refused = with(axes).unwrap_err();
            assert!(refused.contains(reason), "{refused}");
        }
    }

    #[test]
    fn padding_values_must_fit_the_type() {
        let declared = |value| Padding::Declared {
            inputs: vec![SequenceInput {
                name: "input_ids".to_owned(),
                axis: 1,
                value,
            }],
            outputs: Vec::new(),
        };
        let layout = |value| Layout::new(&bert(), &Batch::default(), &declared(value));
        assert!(layout(-1.0).is_ok());
        assert!(layout(0.5).unwrap_err().contains("INT64 does not hold"));
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
        assert!(Layout::new(&bert(), &Batch::default(), &declared("input_ids", 1)).is_ok());
        assert_eq!(
            Layout::new(&bert(), &Batch::default(), &declared("ids", 1)).unwrap_err(),
            "padding names input `ids`, which the model has not"
        );
        assert_eq!(
            Layout::new(&bert(), &Batch::default(), &declared("input_ids", 2)).unwrap_err(),
            "input `input_ids` has no axis 2"
        );
    }
}
