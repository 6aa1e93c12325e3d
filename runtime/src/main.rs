//! `mlserve`: the inference server whose image the compiled manifests reference.
fn main() {}
