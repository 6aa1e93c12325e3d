# shellcheck shell=bash
# Flux's real controllers against this API server and a Git repository served over HTTP: a
# compiled folder is applied, an edit rolls forward, a removed object is pruned, and a broken
# commit changes nothing.

FLUX_NAMESPACE=flux-system

git_deploy() { git -C "$STATE/deploy" -c user.name=test -c user.email=test@example.org "$@"; }

push() { # MESSAGE
    git_deploy add -A
    git_deploy commit -qm "$1"
    git_deploy push -q origin HEAD:main
}

start_flux() { # SOURCE-FOLDER
    local ports
    read -r -a ports <<< "$("$ROOT/runtime/tests/free-ports" 3)"
    rm -rf "$STATE/git" "$STATE/deploy" "$STATE/flux"
    mkdir -p "$STATE/git" "$STATE/flux"
    git init -q --bare --initial-branch=main "$STATE/git/deploy.git"
    git -C "$STATE/git/deploy.git" config http.receivepack true
    launch git-http python3 "$HERE/lib/git_http.py" "$GIT_PORT" "$STATE/git"
    wait_for "the Git server" 60 curl -fsS -o /dev/null "http://127.0.0.1:$GIT_PORT/deploy.git/HEAD"
    git clone -q "http://127.0.0.1:$GIT_PORT/deploy.git" "$STATE/deploy" 2> /dev/null
    cp -r "$1" "$STATE/deploy/model"
    push "first"

    local namespace
    for namespace in "$FLUX_NAMESPACE" ml; do
        kubectl create namespace "$namespace" --dry-run=client -o yaml | kubectl apply --server-side -f - > /dev/null
    done
    export RUNTIME_NAMESPACE=$FLUX_NAMESPACE
    launch source-controller "$BIN/source-controller" --storage-path "$STATE/flux" \
        --storage-addr "127.0.0.1:${ports[0]}" --storage-adv-addr "127.0.0.1:${ports[0]}" \
        --metrics-addr 127.0.0.1:0 --health-addr "127.0.0.1:${ports[1]}" --events-addr ""
    launch kustomize-controller "$BIN/kustomize-controller" \
        --metrics-addr 127.0.0.1:0 --health-addr "127.0.0.1:${ports[2]}" --events-addr ""
    wait_for "source-controller" 180 curl -fsS -o /dev/null "http://127.0.0.1:${ports[1]}/readyz"
    wait_for "kustomize-controller" 180 curl -fsS -o /dev/null "http://127.0.0.1:${ports[2]}/readyz"
    must_live source-controller
    must_live kustomize-controller
    kubectl apply -f - > /dev/null <<YAML
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: deploy, namespace: $FLUX_NAMESPACE}
spec: {interval: 1s, url: "http://127.0.0.1:$GIT_PORT/deploy.git", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: model, namespace: $FLUX_NAMESPACE}
spec:
  interval: 1m
  retryInterval: 1s
  path: ./model
  prune: true
  wait: false
  sourceRef: {kind: GitRepository, name: deploy}
YAML
}

applied_revision() {
    local head
    head=$(git_deploy rev-parse HEAD)
    kubectl -n "$FLUX_NAMESPACE" get kustomization model -o jsonpath='{.status.lastAppliedRevision}' | grep -q "$head"
}

refused_revision() {
    local head
    head=$(git_deploy rev-parse HEAD)
    kubectl -n "$FLUX_NAMESPACE" get kustomization model \
        -o jsonpath='{.status.lastAttemptedRevision} {.status.conditions[?(@.type=="Ready")].status}' |
        grep -q "$head False"
}

# Every object of the folder is on the server.
all_there() {
    local file
    for file in "$STATE"/deploy/model/*.yaml; do
        case $file in */kustomization.yaml) continue ;; esac
        kubectl get -f "$file" -o name > /dev/null || return 1
    done
}

judge_flux() { # FOLDER: a compiled model with a Deployment and a PodDisruptionBudget
    local deployment budget before after
    stage "  start Flux" start_flux "$1"
    stage "  a commit is applied" wait_for "the first revision" 180 applied_revision
    all_there || return 1
    deployment=$(find "$STATE/deploy/model" -name 'deployment-*' | sort | head -n 1)
    budget=$(find "$STATE/deploy/model" -name 'poddisruptionbudget-*' | sort | head -n 1)
    [ -n "$deployment" ] && [ -n "$budget" ] || { echo "$1 has no Deployment or no budget"; return 1; }

    sed -i 's/^\( *\)terminationGracePeriodSeconds: .*/\1terminationGracePeriodSeconds: 77/' "$deployment"
    push "edit"
    stage "  an edit rolls forward" wait_for "the second revision" 180 applied_revision
    [ "$(kubectl get -f "$deployment" -o jsonpath='{.spec.template.spec.terminationGracePeriodSeconds}')" = 77 ] ||
        { echo "the edit did not arrive"; return 1; }

    cp "$budget" "$STATE/budget.yaml"
    rm "$budget"
    if [ -f "$STATE/deploy/model/kustomization.yaml" ]; then
        sed -i "/${budget##*/}/d" "$STATE/deploy/model/kustomization.yaml"
    fi
    push "remove"
    stage "  a removed object is pruned" wait_for "the third revision" 180 applied_revision
    kubectl get -f "$STATE/budget.yaml" > /dev/null 2>&1 && { echo "the removed object is still there"; return 1; }

    before=$(kubectl get -f "$deployment" -o jsonpath='{.metadata.resourceVersion}')
    sed -i 's/^\( *\)terminationGracePeriodSeconds: .*/\1terminationGracePeriodSeconds: soon/' "$deployment"
    push "break"
    stage "  a broken commit is refused" wait_for "the refusal" 180 refused_revision
    after=$(kubectl get -f "$deployment" -o jsonpath='{.metadata.resourceVersion}' 2> /dev/null || true)
    after=${after:-$(kubectl -n ml get deployment -o jsonpath='{.items[0].metadata.resourceVersion}')}
    [ "$before" = "$after" ] || { echo "the broken commit changed the Deployment"; return 1; }

    kubectl -n "$FLUX_NAMESPACE" delete kustomization model > /dev/null
    halt kustomize-controller
    halt source-controller
    halt git-http
}
