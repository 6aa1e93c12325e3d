//! The protocol's JSON: a reader without a tree, request decoding into typed bytes, and answer encoding.

mod data;
mod encode;
mod number;
mod reader;
mod request;

pub use encode::{write_data, write_shape, write_string};
pub use number::Number;
pub use reader::{Error, Reader};
pub use request::{
    InferBody, InputHead, OutputHead, Parameters, parse_features, parse_index, parse_infer,
};
