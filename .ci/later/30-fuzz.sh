# Every fuzz target, for a short while each; a minute in all.

fuzz() {
    rustup toolchain list | grep -q nightly || rustup toolchain install nightly --profile minimal
    command -v cargo-fuzz >/dev/null || cargo install --locked --quiet cargo-fuzz
    local targets
    targets=$(cd fuzz && cargo +nightly fuzz list)
    for target in $targets; do
        (cd fuzz && cargo +nightly fuzz run "$target" -- -max_total_time=20 -rss_limit_mb=2048 -max_len=65536)
    done
}

stage 'fuzz' fuzz
