//! Operators of domain `ai.onnx.ml` that scikit-learn models need and `tract` lacks.
//! (Semantics: ONNX ML operator reference, version 1; shapes as ONNX Runtime gives them, checked 2026-11.)

use tract_onnx::model::{OnnxOpRegister, ParsingContext};
use tract_onnx::pb::NodeProto;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::ops::array::Gather;
use tract_onnx::tract_core::ops::cast::cast;
use tract_onnx::tract_core::ops::math::{mul, sub};
use tract_onnx::tract_hir::internal::*;

type Built = TractResult<(Box<dyn InferenceOp>, Vec<String>)>;

pub(super) fn register(operators: &mut OnnxOpRegister) {
    operators.insert("Scaler", scaler);
    operators.insert("ArrayFeatureExtractor", |_, _| {
        Ok((expand(ArrayFeatureExtractor), Vec::new()))
    });
}

/// `(X - offset) * scale`, by column.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
struct Scaler {
    offset: Arc<Tensor>,
    scale: Arc<Tensor>,
}

fn scaler(_: &ParsingContext, node: &NodeProto) -> Built {
    let vector = |name: &str| -> TractResult<Arc<Tensor>> {
        Ok(rctensor1(&node.get_attr_vec::<f32>(name)?))
    };
    Ok((
        expand(Scaler {
            offset: vector("offset")?,
            scale: vector("scale")?,
        }),
        Vec::new(),
    ))
}

impl Expansion for Scaler {
    fn name(&self) -> StaticName {
        "Scaler".into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        solver: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        check_input_arity(inputs, 1)?;
        check_output_arity(outputs, 1)?;
        solver.equals(&inputs[0].shape, &outputs[0].shape)?;
        solver.equals(&outputs[0].datum_type, DatumType::F32)
    }

    fn wire(
        &self,
        prefix: &str,
        model: &mut TypedModel,
        inputs: &[OutletId],
    ) -> TractResult<TVec<OutletId>> {
        let float = model.wire_node(format!("{prefix}.cast"), cast(DatumType::F32), inputs)?[0];
        let offset = model.add_const(format!("{prefix}.offset"), Arc::clone(&self.offset))?;
        let scale = model.add_const(format!("{prefix}.scale"), Arc::clone(&self.scale))?;
        let centered =
            wire_with_rank_broadcast(format!("{prefix}.sub"), model, sub(), &[float, offset])?[0];
        wire_with_rank_broadcast(format!("{prefix}.mul"), model, mul(), &[centered, scale])
    }
}

/// Picks elements of the last axis; a vector counts as one row.
#[derive(Debug, Clone, Hash, PartialEq, Eq)]
struct ArrayFeatureExtractor;

impl Expansion for ArrayFeatureExtractor {
    fn name(&self) -> StaticName {
        "ArrayFeatureExtractor".into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        solver: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        check_input_arity(inputs, 2)?;
        check_output_arity(outputs, 1)?;
        solver.equals(&inputs[0].datum_type, &outputs[0].datum_type)?;
        solver.given_2(
            &inputs[0].shape,
            &inputs[1].shape,
            move |solver, data, picks| {
                let rows = &data[..data.len().saturating_sub(1)];
                let mut shape: TVec<TDim> = if rows.is_empty() {
                    tvec!(1.to_dim())
                } else {
                    rows.into()
                };
                shape.push(picks.iter().product());
                solver.equals(&outputs[0].shape, shape)
            },
        )
    }

    fn wire(
        &self,
        prefix: &str,
        model: &mut TypedModel,
        inputs: &[OutletId],
    ) -> TractResult<TVec<OutletId>> {
        let picks = model.outlet_fact(inputs[1])?.shape.to_tvec();
        let flat = AxisOp::Reshape(0, picks.clone(), tvec!(picks.iter().product()));
        let flat = model.wire_node(format!("{prefix}.flat"), flat, &[inputs[1]])?[0];
        let flat = model.wire_node(format!("{prefix}.index"), cast(DatumType::I64), &[flat])?[0];
        let rank = model.outlet_fact(inputs[0])?.rank();
        let picked = model.wire_node(
            format!("{prefix}.pick"),
            Gather::new(rank - 1),
            &[inputs[0], flat],
        )?;
        match rank {
            1 => model.wire_node(format!("{prefix}.row"), AxisOp::Add(0), &picked),
            _ => Ok(picked),
        }
    }
}
