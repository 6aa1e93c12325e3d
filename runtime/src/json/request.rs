//! The JSON part of an inference request -> inputs in the model's order.

use super::{Error, Reader, data};
use crate::tensor::{self, DType};
use crate::unsupported;

/// Request or tensor parameters that the server acts on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parameters {
    /// 1 is the highest; 0 is the model's default.
    pub priority: Option<u64>,
    /// Most time for the request, in microseconds.
    pub timeout_us: Option<u64>,
    /// Bytes of this tensor in the binary part.
    pub binary_data_size: Option<u64>,
    /// Whether this output is wanted in the binary part.
    pub binary_data: Option<bool>,
    /// Whether all outputs are, unless they say otherwise.
    pub binary_data_output: Option<bool>,
    /// An extension that they ask for and that is not offered.
    pub unsupported: Option<&'static str>,
}

/// One input as written, its data decoded unless it is in the binary part.
#[derive(Debug, Clone, PartialEq)]
pub struct InputHead {
    /// The input's name.
    pub name: String,
    /// The stated type.
    pub dtype: DType,
    /// The stated shape.
    pub shape: Vec<usize>,
    /// What the server acts on.
    pub parameters: Parameters,
    /// Bytes and number of elements, from `data`.
    pub data: Option<(Vec<u8>, usize)>,
}

/// One wanted output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputHead {
    /// The output's name.
    pub name: String,
    /// What the server acts on.
    pub parameters: Parameters,
}

/// The JSON part of an inference request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InferBody {
    /// The client's own name for the request, given back in the answer.
    pub id: Option<String>,
    /// What the server acts on.
    pub parameters: Parameters,
    /// Inputs in the order of the text.
    pub inputs: Vec<InputHead>,
    /// Wanted outputs; empty for all.
    pub outputs: Vec<OutputHead>,
}

/// Reads the JSON part of an inference request.
///
/// # Errors
/// Text that is no JSON or no inference request; unknown keys are passed over, as the protocol demands of servers.
pub fn parse_infer(text: &str) -> Result<InferBody, Error> {
    let mut reader = Reader::new(text);
    let mut body = InferBody::default();
    let mut seen_inputs = false;
    reader.object(|reader, key| match key {
        "id" if reader.null() => Ok(()),
        "id" => reader.string().map(|id| body.id = Some(id.into_owned())),
        "parameters" => parameters(reader).map(|parsed| body.parameters = parsed),
        "inputs" if seen_inputs => reader.error("`inputs` stands here twice"),
        "inputs" => {
            seen_inputs = true;
            reader.array(|reader| input(reader, text).map(|parsed| body.inputs.push(parsed)))
        }
        "outputs" => reader.array(|reader| output(reader).map(|parsed| body.outputs.push(parsed))),
        _ => reader.skip(),
    })?;
    if !seen_inputs {
        return reader.error("`inputs` is missing");
    }
    reader.end()?;
    Ok(body)
}

fn input(reader: &mut Reader<'_>, text: &str) -> Result<InputHead, Error> {
    let (mut name, mut dtype, mut shape) = (None, None, None);
    let mut head_parameters = Parameters::default();
    let mut parsed = None;
    let mut skipped = None;
    reader.object(|reader, key| match key {
        "name" => reader.string().map(|found| name = Some(found.into_owned())),
        "datatype" => {
            reader.peek();
            let at = reader.offset();
            let found = reader.string()?;
            dtype = Some(DType::parse(&found).ok_or_else(|| Error {
                at,
                message: format!("unknown datatype `{found}`"),
            })?);
            Ok(())
        }
        "shape" => {
            let mut sizes = Vec::with_capacity(4);
            reader.array(|reader| {
                sizes.push(usize::try_from(reader.unsigned()?).unwrap_or(usize::MAX));
                Ok(())
            })?;
            shape = Some(sizes);
            Ok(())
        }
        "parameters" => parameters(reader).map(|found| head_parameters = found),
        "data" => match dtype {
            Some(dtype) => {
                let expected = shape.as_deref().and_then(tensor::elements).unwrap_or(0);
                data::read(reader, dtype, expected).map(|found| parsed = Some(found))
            }
            None => {
                skipped = Some(reader.offset());
                reader.skip()
            }
        },
        _ => reader.skip(),
    })?;
    let Some(name) = name else {
        return reader.error("an input needs `name`");
    };
    let Some(dtype) = dtype else {
        return reader.error(format!("input `{name}` needs `datatype`"));
    };
    let Some(shape) = shape else {
        return reader.error(format!("input `{name}` needs `shape`"));
    };
    if let Some(at) = skipped {
        let expected = tensor::elements(&shape).unwrap_or(0);
        parsed = Some(data::read(&mut Reader::at(text, at), dtype, expected)?);
    }
    Ok(InputHead {
        name,
        dtype,
        shape,
        parameters: head_parameters,
        data: parsed,
    })
}

fn output(reader: &mut Reader<'_>) -> Result<OutputHead, Error> {
    let mut name = None;
    let mut found = Parameters::default();
    reader.object(|reader, key| match key {
        "name" => reader.string().map(|text| name = Some(text.into_owned())),
        "parameters" => parameters(reader).map(|parsed| found = parsed),
        _ => reader.skip(),
    })?;
    match name {
        Some(name) => Ok(OutputHead {
            name,
            parameters: found,
        }),
        None => reader.error("an output needs `name`"),
    }
}

fn parameters(reader: &mut Reader<'_>) -> Result<Parameters, Error> {
    let mut found = Parameters::default();
    reader.object(|reader, key| {
        match key {
            "priority" => found.priority = Some(reader.unsigned()?),
            "timeout" => found.timeout_us = Some(reader.unsigned()?),
            "binary_data_size" => found.binary_data_size = Some(reader.unsigned()?),
            "binary_data" => found.binary_data = Some(reader.boolean()?),
            "binary_data_output" => found.binary_data_output = Some(reader.boolean()?),
            other => {
                found.unsupported = found.unsupported.or(unsupported::extension(other));
                reader.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// Body of the repository's index: nothing, or an object with `ready`. Says whether only what is ready is wanted.
///
/// # Errors
/// Text that is no JSON or has other keys.
pub fn parse_index(text: &str) -> Result<bool, Error> {
    let mut reader = Reader::new(text);
    let mut ready = false;
    if reader.peek().is_some() {
        reader.object(|reader, key| match key {
            "ready" => reader.boolean().map(|found| ready = found),
            other => reader.error(format!("unknown key `{other}`; the index takes `ready`")),
        })?;
        reader.end()?;
    }
    Ok(ready)
}

/// Body of `/predict`: `{"features": [...]}` with an optional `"model"`.
///
/// Returns the model's name, if given, and the features' offset in the text, their element type being the model's.
/// `features` is one row (`[1, 2]`) or several (`[[1, 2], [3, 4]]`).
///
/// # Errors
/// Text that is no JSON or has no `features`.
pub fn parse_features(
    text: &str,
    dtype: impl Fn(Option<&str>) -> DType,
) -> Result<Features, Error> {
    let mut reader = Reader::new(text);
    let mut model = None;
    let mut at = None;
    reader.object(|reader, key| match key {
        "model" => reader
            .string()
            .map(|found| model = Some(found.into_owned())),
        "features" if at.is_some() => reader.error("`features` stands here twice"),
        "features" => {
            at = Some(reader.offset());
            reader.skip()
        }
        other => reader.error(format!(
            "unknown key `{other}`; `/predict` takes `features` and `model`"
        )),
    })?;
    reader.end()?;
    let Some(at) = at else {
        return reader.error("`features` is missing");
    };
    let dtype = dtype(model.as_deref());
    let (data, elements) = data::read(&mut Reader::at(text, at), dtype, 0)?;
    let mut shape = Vec::new();
    measure(&mut Reader::at(text, at), 0, &mut shape)?;
    if tensor::elements(&shape) != Some(elements) {
        return Err(Error {
            at,
            message: "rows of `features` are of unequal length".to_owned(),
        });
    }
    Ok(Features {
        model,
        dtype,
        shape,
        data,
    })
}

/// What `/predict` was given.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// The model's name, if given.
    pub model: Option<String>,
    /// The type that `data` was read as.
    pub dtype: DType,
    /// Sizes of the nested arrays, outermost first.
    pub shape: Vec<usize>,
    /// The elements.
    pub data: Vec<u8>,
}

/// Sizes of nested arrays, by the first element at each level.
fn measure(reader: &mut Reader<'_>, depth: usize, shape: &mut Vec<usize>) -> Result<(), Error> {
    if reader.peek() != Some(b'[') {
        return reader.skip();
    }
    if shape.len() == depth {
        shape.push(0);
    }
    let mut size = 0;
    let mut uneven = false;
    reader.array(|reader| {
        if size == 0 {
            measure(reader, depth + 1, shape)?;
        } else {
            let mut inner = Vec::new();
            measure(reader, 0, &mut inner)?;
            uneven |= inner[..] != shape[depth + 1..];
        }
        size += 1;
        Ok(())
    })?;
    shape[depth] = size;
    match uneven {
        true => reader.error("rows of `features` are of unequal length"),
        false => Ok(()),
    }
}
