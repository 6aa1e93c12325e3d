//! Runs on a device: inputs and outputs lie in memory that the device copies from and to by itself.
//!
//! The memory is page-locked ("pinned"); ONNX Runtime's own CUDA provider hands it out, so that no CUDA library is needed
//! beside it. The same path runs on the CPU in tests, with plain memory.

use half::{bf16, f16};
use ort::memory::{AllocationDevice, Allocator, AllocatorType, MemoryInfo, MemoryType};
use ort::session::Session;
use ort::value::{DynValue, PrimitiveTensorElementType, Tensor as OrtTensor};

use super::super::Input;
use super::convert::{tensor, text};
use crate::tensor::{DType, Tensor};

/// Where a session's inputs and outputs lie while it runs.
pub(super) struct Bound {
    inputs: Allocator,
    outputs: MemoryInfo<'static>,
}

impl Bound {
    /// Pinned memory for the device of this index.
    pub(super) fn pinned(session: &Session, index: u32) -> Result<Self, String> {
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        let kind = |memory| {
            MemoryInfo::new(
                AllocationDevice::CUDA_PINNED,
                index,
                AllocatorType::Device,
                memory,
            )
        };
        Self::new(
            session,
            kind(MemoryType::CPUInput),
            kind(MemoryType::CPUOutput),
        )
        .map_err(|error| format!("pinned memory cannot be had: {error}"))
    }

    pub(super) fn new(
        session: &Session,
        inputs: ort::Result<MemoryInfo<'static>>,
        outputs: ort::Result<MemoryInfo<'static>>,
    ) -> ort::Result<Self> {
        Ok(Self {
            inputs: Allocator::new(session, inputs?)?,
            outputs: outputs?,
        })
    }

    pub(super) fn run(
        &self,
        session: &mut Session,
        inputs: &[Input<'_>],
    ) -> Result<Vec<Tensor>, String> {
        let said = |error: ort::Error| error.message().to_owned();
        let mut binding = session.create_binding().map_err(said)?;
        // They must live until the run has ended.
        let values = inputs
            .iter()
            .map(|input| self.value(input))
            .collect::<Result<Vec<_>, _>>()?;
        for (outlet, value) in session.inputs().iter().zip(&values) {
            binding.bind_input(outlet.name(), value).map_err(said)?;
        }
        for outlet in session.outputs() {
            binding
                .bind_output_to_device(outlet.name(), &self.outputs)
                .map_err(said)?;
        }
        let outputs = session.run_binding(&binding).map_err(said)?;
        outputs.values().map(|output| tensor(&output)).collect()
    }

    /// The input, in memory of the allocator.
    fn value(&self, input: &Input<'_>) -> Result<DynValue, String> {
        match input.dtype {
            DType::Bool => self.fill::<bool>(input, |slots| {
                for (slot, byte) in slots.iter_mut().zip(input.data) {
                    *slot = *byte != 0;
                }
            }),
            DType::Uint8 => self.pod::<u8>(input),
            DType::Uint16 => self.pod::<u16>(input),
            DType::Uint32 => self.pod::<u32>(input),
            DType::Uint64 => self.pod::<u64>(input),
            DType::Int8 => self.pod::<i8>(input),
            DType::Int16 => self.pod::<i16>(input),
            DType::Int32 => self.pod::<i32>(input),
            DType::Int64 => self.pod::<i64>(input),
            DType::Fp16 => self.pod::<f16>(input),
            DType::Bf16 => self.pod::<bf16>(input),
            DType::Fp32 => self.pod::<f32>(input),
            DType::Fp64 => self.pod::<f64>(input),
            // Strings are always on the host.
            DType::Bytes => text(input),
        }
    }

    fn pod<T>(&self, input: &Input<'_>) -> Result<DynValue, String>
    where
        T: PrimitiveTensorElementType + bytemuck::Pod + std::fmt::Debug,
    {
        let data: &[T] = bytemuck::try_cast_slice(input.data).map_err(|error| error.to_string())?;
        self.fill::<T>(input, |slots| slots.copy_from_slice(data))
    }

    fn fill<T>(&self, input: &Input<'_>, write: impl FnOnce(&mut [T])) -> Result<DynValue, String>
    where
        T: PrimitiveTensorElementType + std::fmt::Debug,
    {
        let mut value = OrtTensor::<T>::new(&self.inputs, input.shape.to_vec())
            .map_err(|error| error.message().to_owned())?;
        write(value.extract_tensor_mut().1);
        Ok(value.into_dyn())
    }
}
