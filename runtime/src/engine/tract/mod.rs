//! The embedded engine: `tract`, on the CPU, without any native library.

mod ops;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use half::f16;
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::Factoid;
use tract_onnx::tract_hir::internal::{DimLike, TractErrorContext, bail};
use tract_onnx::tract_hir::ops::unimpl::UnimplementedOp;

use super::{Engine, Input, Loaded};
use crate::model::{Dim, Signature, TensorSpec};
use crate::tensor::{DType, Tensor as Served, strings};

/// Plans kept for models that cannot be planned for any shape at once.
const KEPT_PLANS: usize = 64;

pub(super) fn load(path: &Path, instances: usize) -> Result<Loaded, String> {
    let model = open(path).map_err(|error| format!("{error:#}"))?;
    let (general, signature) = plan_any_shape(&model).map_err(|error| format!("{error:#}"))?;
    let model = Arc::new(model);
    let engines = (0..instances)
        .map(|_| {
            let engine = TractEngine {
                model: Arc::clone(&model),
                general: general.clone(),
                plans: BTreeMap::new(),
            };
            Box::new(engine) as Box<dyn Engine>
        })
        .collect();
    Ok(Loaded {
        signature,
        engines,
        platform: "tract on cpu".to_owned(),
    })
}

/// Reads the file and names every axis that the model leaves open.
fn open(path: &Path) -> TractResult<InferenceModel> {
    let mut reader = tract_onnx::onnx().with_ignore_output_shapes(true);
    ops::register(&mut reader.op_register);
    let mut model = reader
        .model_for_path(path)
        .context("no ONNX model that the embedded engine can read")?;
    if let Some(lacking) = model
        .nodes()
        .iter()
        .find_map(|node| node.op_as::<UnimplementedOp>())
    {
        let name = lacking.name();
        let name = name
            .trim_start_matches("Unimplemented(")
            .trim_end_matches(')');
        bail!("the embedded engine has no operator `{name}`")
    }
    for input in 0..model.inputs.len() {
        let mut fact = model.input_fact(input)?.clone();
        for axis in 0..fact.shape.rank().concretize().unwrap_or(0) as usize {
            if fact
                .shape
                .dim(axis)
                .is_some_and(|dim| dim.concretize().is_none())
            {
                let symbol = model.symbols.sym(&if axis == 0 {
                    "_batch".to_owned()
                } else {
                    format!("_{input}_{axis}")
                });
                fact.shape.set_dim(axis, symbol.to_dim());
            }
        }
        model.set_input_fact(input, fact)?;
    }
    Ok(model)
}

type Plan = Arc<TypedRunnableModel>;

/// Plans the model for every shape at once where its operators allow it.
///
/// # Errors
/// When it cannot be planned for any shape, such as with an operator that `tract` lacks.
fn plan_any_shape(model: &InferenceModel) -> TractResult<(Option<Plan>, Signature)> {
    let mut analysed = model.clone();
    analysed.analyse(false)?;
    let signature = read_signature(&analysed)?;
    let plan = model
        .clone()
        .into_optimized()
        .and_then(IntoRunnable::into_runnable)
        .ok();
    if plan.is_none() {
        // Some operators need known sizes. If they cannot be planned with those either, it is better said now.
        let smallest: Vec<Vec<usize>> = signature
            .inputs
            .iter()
            .map(|input| {
                input
                    .dims
                    .iter()
                    .map(|dim| if let Dim::Fixed(size) = dim { *size } else { 1 })
                    .collect()
            })
            .collect();
        plan_shapes(model, &smallest)?;
    }
    Ok((plan, signature))
}

/// Plans the model for these shapes of its inputs.
fn plan_shapes(model: &InferenceModel, shapes: &[Vec<usize>]) -> TractResult<Plan> {
    let mut model = model.clone();
    for (index, shape) in shapes.iter().enumerate() {
        let datum = model
            .input_fact(index)?
            .datum_type
            .concretize()
            .unwrap_or(DatumType::F32);
        model.set_input_fact(index, InferenceFact::dt_shape(datum, shape))?;
    }
    model.into_optimized()?.into_runnable()
}

fn read_signature(model: &InferenceModel) -> TractResult<Signature> {
    let mut signature = Signature::default();
    for outlet in &model.inputs {
        let name = model.node(outlet.node).name.clone();
        signature
            .inputs
            .push(spec(name, model.outlet_fact(*outlet)?)?);
    }
    for outlet in &model.outputs {
        let name = model
            .outlet_label(*outlet)
            .unwrap_or(&model.node(outlet.node).name)
            .to_owned();
        signature
            .outputs
            .push(spec(name, model.outlet_fact(*outlet)?)?);
    }
    Ok(signature)
}

fn spec(name: String, fact: &InferenceFact) -> TractResult<TensorSpec> {
    let Some(datum) = fact.datum_type.concretize() else {
        bail!("the type of `{name}` cannot be told")
    };
    let Some(dtype) = dtype(datum) else {
        bail!("`{name}` has elements of type {datum:?}")
    };
    let rank = fact.shape.rank().concretize().unwrap_or(0) as usize;
    let dims = (0..rank)
        .map(
            |axis| match fact.shape.dim(axis).and_then(|dim| dim.concretize()) {
                Some(TDim::Sym(symbol)) => Dim::Free(symbol.to_string()),
                Some(dim) => dim
                    .to_usize()
                    .map_or_else(|_| Dim::Free(String::new()), Dim::Fixed),
                None => Dim::Free(String::new()),
            },
        )
        .collect();
    Ok(TensorSpec { name, dtype, dims })
}

fn dtype(datum: DatumType) -> Option<DType> {
    Some(match datum {
        DatumType::Bool => DType::Bool,
        DatumType::U8 => DType::Uint8,
        DatumType::U16 => DType::Uint16,
        DatumType::U32 => DType::Uint32,
        DatumType::U64 => DType::Uint64,
        DatumType::I8 => DType::Int8,
        DatumType::I16 => DType::Int16,
        DatumType::I32 => DType::Int32,
        DatumType::I64 | DatumType::TDim => DType::Int64,
        DatumType::F16 => DType::Fp16,
        DatumType::F32 => DType::Fp32,
        DatumType::F64 => DType::Fp64,
        DatumType::String => DType::Bytes,
        DatumType::QI8(_) => DType::Int8,
        DatumType::QU8(_) => DType::Uint8,
        DatumType::QI32(_) => DType::Int32,
        DatumType::Blob => return None,
    })
}

struct TractEngine {
    model: Arc<InferenceModel>,
    /// The plan for every shape, unless the model's operators need known shapes.
    general: Option<Plan>,
    /// Plans by the inputs' shapes.
    plans: BTreeMap<Vec<Vec<usize>>, Plan>,
}

impl Engine for TractEngine {
    fn run(&mut self, inputs: &[Input<'_>]) -> Result<Vec<Served>, String> {
        self.try_run(inputs).map_err(|error| format!("{error:#}"))
    }
}

impl TractEngine {
    fn try_run(&mut self, inputs: &[Input<'_>]) -> TractResult<Vec<Served>> {
        let plan = self.plan(inputs)?;
        let values = inputs
            .iter()
            .map(|input| Ok(value(input)?.into_tvalue()))
            .collect::<TractResult<TVec<_>>>()?;
        plan.run(values)?
            .iter()
            .map(|output| served(output))
            .collect()
    }

    fn plan(&mut self, inputs: &[Input<'_>]) -> TractResult<Plan> {
        if let Some(general) = &self.general {
            return Ok(Arc::clone(general));
        }
        let shapes: Vec<Vec<usize>> = inputs.iter().map(|input| input.shape.to_vec()).collect();
        if let Some(plan) = self.plans.get(&shapes) {
            return Ok(Arc::clone(plan));
        }
        let plan = plan_shapes(&self.model, &shapes)?;
        if self.plans.len() == KEPT_PLANS {
            self.plans.pop_first();
        }
        self.plans.insert(shapes, Arc::clone(&plan));
        Ok(plan)
    }
}

fn value(input: &Input<'_>) -> TractResult<Tensor> {
    fn view<T: Datum + Copy + bytemuck::AnyBitPattern>(input: &Input<'_>) -> TractResult<Tensor> {
        match bytemuck::try_cast_slice::<u8, T>(input.data) {
            Ok(data) => Tensor::from_shape(input.shape, data),
            Err(error) => bail!("{error}"),
        }
    }
    match input.dtype {
        DType::Bool => {
            let data: Vec<bool> = input.data.iter().map(|byte| *byte != 0).collect();
            Tensor::from_shape(input.shape, &data)
        }
        DType::Uint8 => view::<u8>(input),
        DType::Uint16 => view::<u16>(input),
        DType::Uint32 => view::<u32>(input),
        DType::Uint64 => view::<u64>(input),
        DType::Int8 => view::<i8>(input),
        DType::Int16 => view::<i16>(input),
        DType::Int32 => view::<i32>(input),
        DType::Int64 => view::<i64>(input),
        DType::Fp16 => view::<f16>(input),
        DType::Fp32 => view::<f32>(input),
        DType::Fp64 => view::<f64>(input),
        DType::Bf16 => bail!("the embedded engine has no BF16"),
        DType::Bytes => {
            let mut tensor = Tensor::zero_dt(DatumType::String, input.shape)?;
            let mut elements = tensor.try_as_plain_ram_mut()?;
            for (slot, bytes) in elements
                .as_slice_mut::<String>()?
                .iter_mut()
                .zip(strings::iter(input.data))
            {
                *slot = std::str::from_utf8(bytes)?.to_owned();
            }
            Ok(tensor)
        }
    }
}

fn served(value: &Tensor) -> TractResult<Served> {
    let Some(dtype) = dtype(value.datum_type()) else {
        bail!("the model gave {:?}", value.datum_type())
    };
    let shape = value.shape().to_vec();
    let data = match value.datum_type() {
        DatumType::String => {
            let mut out = Vec::new();
            for element in value.try_as_plain_ram()?.as_slice::<String>()? {
                if strings::push(&mut out, element.as_bytes()).is_err() {
                    bail!("a string is longer than 4 GiB");
                }
            }
            Bytes::from(out)
        }
        DatumType::TDim => Bytes::copy_from_slice(value.cast_to::<i64>()?.as_bytes()),
        _ => Bytes::copy_from_slice(value.as_bytes()),
    };
    Ok(Served { dtype, shape, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_model_is_called_that() {
        let file = std::env::temp_dir().join(format!("mlserve-no-model-{}", std::process::id()));
        for content in ["garbage", ""] {
            std::fs::write(&file, content).unwrap();
            let error = load(&file, 1).err().unwrap();
            assert!(error.starts_with("no ONNX model"), "{content:?}: {error}");
        }
        std::fs::remove_file(&file).unwrap();
    }
}
