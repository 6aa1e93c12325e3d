//! Environment variables that the server reads. Everything else comes from the configuration file.

/// Path of ONNX Runtime's shared library. Unset: the system's library search, then the embedded engine.
/// The name is the one that the `ort` crate and its users know.
pub const ORT_LIBRARY: &str = "ORT_DYLIB_PATH";
