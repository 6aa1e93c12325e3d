# shellcheck shell=bash
# The judges that need no running server, or only its schemas: promtool, istioctl, kubeconform.

# Every alert fires on series that break its promise and is silent on those that keep it.
judge_promql() { # FOLDER…
    local target=$STATE/promql
    rm -rf "$target"
    harness promql "$target" "$@"
    "$BIN/promtool" check rules --lint=all --lint-fatal "$target"/*.rules.json > "$target/check.log" ||
        { cat "$target/check.log"; return 1; }
    "$BIN/promtool" test rules "$target"/*.test.json > "$target/test.log" || { cat "$target/test.log"; return 1; }
    tail -n 3 "$target/test.log"
}

# Istio's own analysis, of every folder that holds its objects, with the gateways that the
# cluster profiles name.
judge_istio() { # FOLDER…
    local folder folders
    mapfile -t folders < <(grep -rlE '^apiVersion: networking\.istio\.io/' --include='*.yaml' "$@" | xargs -rn1 dirname | sort -u)
    [ ${#folders[@]} -gt 0 ] || { echo "no Istio object was found"; return 1; }
    for folder in "${folders[@]}"; do
        "$BIN/istioctl" analyze -A --use-kube=false --failure-threshold Warning "$folder" "$HERE/istio" || return 1
    done
}

judge_kubeconform() { # FOLDER…
    local target=$STATE/json-schemas
    rm -rf "$target"
    harness json-schemas "$PROXY_PORT" "$target" "$@"
    find "$@" -name '*.yaml' ! -name kustomization.yaml -print0 | xargs -0 "$BIN/kubeconform" -summary -strict \
        -schema-location "$target/{{ .ResourceKind }}_{{ .Group }}_{{ .ResourceAPIVersion }}.json"
}
