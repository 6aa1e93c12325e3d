# The compiler: what CI insists on beside the tests.

tools() {
    rustup show active-toolchain
    rustup component add rustfmt clippy
}
lints() { cargo clippy --workspace --all-targets -- -D warnings; }
docs() { RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps; }

# Generated files and committed output are what the code makes today.
generated() {
    local mlspec=target/debug/mlspec
    cargo build -p mlspec
    diff <($mlspec schema) schema/mlspec.schema.json
    diff <($mlspec schema --reference) schema/reference.md
    for example in examples/*/; do
        $mlspec compile --check "$example"
        $mlspec fmt --check "$example"
    done
}

stage 'tools' tools
stage 'format' cargo fmt --all --check
stage 'clippy' lints
stage 'docs' docs
stage 'generated files' generated
