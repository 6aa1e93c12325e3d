//! With ONNX Runtime's library, which `ORT_DYLIB_PATH` names: `runtime/tests/onnxruntime`.

use mlspec_contract::config::{Device, TensorRt};
use ort::memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType};

use super::*;
use crate::tensor::DType;

fn model() -> &'static Path {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/minimal/tabular_mlp.onnx"
    ))
}

fn session() -> Session {
    let (environment, _) = environment().as_ref().unwrap();
    open(environment, model(), &Device::Cpu {}, 1).unwrap()
}

#[test]
#[ignore = "needs ONNX Runtime's library"]
fn a_bound_run_gives_what_a_plain_run_gives() {
    let memory = |kind| MemoryInfo::new(AllocationDevice::CPU, 0, AllocatorType::Arena, kind);
    let mut plain = OrtEngine {
        session: session(),
        bound: None,
    };
    let session = session();
    let bound = Bound::new(
        &session,
        memory(MemoryType::Default),
        memory(MemoryType::Default),
    );
    let mut bound = OrtEngine {
        session,
        bound: Some(bound.unwrap()),
    };
    for rows in [1usize, 7, 3] {
        let values: Vec<f32> = (0..rows * 30).map(|value| value as f32 / 7.0).collect();
        let input = Input {
            dtype: DType::Fp32,
            shape: &[rows, 30],
            data: bytemuck::cast_slice(&values),
        };
        let expected = plain.run(&[input]).unwrap();
        assert_eq!(expected[0].shape, [rows]);
        assert_eq!(bound.run(&[input]).unwrap(), expected);
    }
}

#[test]
#[ignore = "needs ONNX Runtime's library"]
fn a_gpu_that_cannot_be_had_is_a_failed_start_with_the_reason() {
    for (tensorrt, word) in [
        (None, "CUDA"),
        (
            Some(TensorRt {
                cache_dir: "/tmp".to_owned(),
                fp16: false,
            }),
            "ensorR",
        ),
    ] {
        let device = Device::Cuda {
            index: 0,
            memory_limit: Some(1 << 30),
            tensorrt,
        };
        let refused = load(model(), &device, 1, 1).err().unwrap();
        assert!(refused.contains(word), "{refused}");
    }
}

#[test]
#[ignore = "needs ONNX Runtime's library"]
fn pinned_memory_without_a_gpu_is_refused() {
    let refused = Bound::pinned(&session(), 0).err().unwrap();
    assert!(refused.contains("pinned memory cannot be had"), "{refused}");
}
