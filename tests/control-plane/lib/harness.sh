# shellcheck shell=bash
# The part that is written in Rust: tests/control-plane/harness.

build_harness() { (cd "$ROOT" && cargo build --quiet --example control-plane); }

harness() { # COMMAND…
    "${CARGO_TARGET_DIR:-$ROOT/target}/debug/examples/control-plane" "$@"
}
