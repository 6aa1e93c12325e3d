//! Element types of the Open Inference Protocol.

use std::fmt;

/// Element type of a tensor, by the protocol's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum DType {
    Bool,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp16,
    Bf16,
    Fp32,
    Fp64,
    /// Strings of bytes; each element has its own length.
    Bytes,
}

impl DType {
    /// Every type.
    pub const ALL: [DType; 14] = [
        DType::Bool,
        DType::Uint8,
        DType::Uint16,
        DType::Uint32,
        DType::Uint64,
        DType::Int8,
        DType::Int16,
        DType::Int32,
        DType::Int64,
        DType::Fp16,
        DType::Bf16,
        DType::Fp32,
        DType::Fp64,
        DType::Bytes,
    ];

    /// The protocol's name, such as `FP32`.
    pub fn name(self) -> &'static str {
        match self {
            DType::Bool => "BOOL",
            DType::Uint8 => "UINT8",
            DType::Uint16 => "UINT16",
            DType::Uint32 => "UINT32",
            DType::Uint64 => "UINT64",
            DType::Int8 => "INT8",
            DType::Int16 => "INT16",
            DType::Int32 => "INT32",
            DType::Int64 => "INT64",
            DType::Fp16 => "FP16",
            DType::Bf16 => "BF16",
            DType::Fp32 => "FP32",
            DType::Fp64 => "FP64",
            DType::Bytes => "BYTES",
        }
    }

    /// The type with that name in the protocol.
    pub fn parse(name: &str) -> Option<DType> {
        DType::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// Whether a padding value is an element of this type: whole and in range for integers.
    pub fn holds(self, value: f64) -> bool {
        let within = |low: f64, high: f64| value.fract() == 0.0 && (low..=high).contains(&value);
        match self {
            DType::Fp16 | DType::Bf16 | DType::Fp32 | DType::Fp64 => value.is_finite(),
            DType::Bool => within(0.0, 1.0),
            DType::Uint8 => within(0.0, u8::MAX.into()),
            DType::Uint16 => within(0.0, u16::MAX.into()),
            DType::Uint32 => within(0.0, u32::MAX.into()),
            DType::Uint64 => within(0.0, u64::MAX as f64),
            DType::Int8 => within(i8::MIN.into(), i8::MAX.into()),
            DType::Int16 => within(i16::MIN.into(), i16::MAX.into()),
            DType::Int32 => within(i32::MIN.into(), i32::MAX.into()),
            DType::Int64 => within(i64::MIN as f64, i64::MAX as f64),
            DType::Bytes => false,
        }
    }

    /// Bytes of one element; `None` for [`DType::Bytes`].
    pub fn size(self) -> Option<usize> {
        match self {
            DType::Bool | DType::Uint8 | DType::Int8 => Some(1),
            DType::Uint16 | DType::Int16 | DType::Fp16 | DType::Bf16 => Some(2),
            DType::Uint32 | DType::Int32 | DType::Fp32 => Some(4),
            DType::Uint64 | DType::Int64 | DType::Fp64 => Some(8),
            DType::Bytes => None,
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
