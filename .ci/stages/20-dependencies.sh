# Licences, bans and sources of every dependency.

dependencies() {
    command -v cargo-deny >/dev/null || cargo install --locked --quiet cargo-deny
    cargo deny --all-features check licenses bans sources
}

stage 'dependencies' dependencies
