# A real API server, KEDA's webhook, Istio's analyzer, promtool, kubeconform, Flux and Argo CD judge
# every committed object. Needs Go; programs are kept in `.cache/` between runs.

# What only the feature `cluster` compiles.
with_clusters() {
    cargo clippy -p mlspec --features cluster --all-targets -- -D warnings &&
        cargo test -p mlspec --features cluster --lib cluster
}

stage 'feature cluster' with_clusters
stage 'control plane' bash tests/control-plane/run all
