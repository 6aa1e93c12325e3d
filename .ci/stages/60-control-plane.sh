# A real API server, KEDA's webhook, Istio's analyzer, promtool, kubeconform and Flux judge every
# committed object. Needs Go; programs are kept in `.cache/` between runs.

stage 'control plane' bash tests/control-plane/run all
