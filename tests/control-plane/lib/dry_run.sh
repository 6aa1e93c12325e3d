# shellcheck shell=bash
# `mlspec compile --server-dry-run` against this API server: what it takes, what it refuses and at
# which line of the spec, and everything that can stand between mlspec and an answer.

DRY_RUN=dry-run

build_with_cluster() { (cd "$ROOT" && cargo build --quiet --features cluster --bin mlspec); }

# What mlspec must say, and its exit code.
expect() { # WHAT CODE TEXT ARGUMENT…
    local what=$1 code=$2 wanted=$3 said status=0
    shift 3
    said=$("${CARGO_TARGET_DIR:-$ROOT/target}/debug/mlspec" compile "$STATE/dry-run" --server-dry-run \
        --format concise --color never "$@" 2>&1) || status=$?
    if [ "$status" != "$code" ] || ! grep -qF -- "$wanted" <<< "$said"; then
        printf '%s: exit %s, wanted %s and "%s"; mlspec said:\n%s\n' "$what" "$status" "$code" "$wanted" "$said"
        return 1
    fi
    echo "$what: $(grep -F -m 1 -- "$wanted" <<< "$said")"
}

# The line of models.kdl that a text stands in: `models.kdl:LINE:`.
line_of() { echo "models.kdl:$(grep -nF -m 1 -- "$1" "$STATE/dry-run/models.kdl" | cut -d: -f1):"; }

# A kubeconfig of its own in $STATE/$1, with one context more.
with_context() { # NAME CONTEXT SERVER TOKEN
    cat > "$STATE/$1" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "$3", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: "$4"}}]
contexts: [{name: "$2", context: {cluster: c, user: u}}]
YAML
    echo "$STATE/$1"
}

# Takes a kind away for the time of one question.
missing_kind() {
    local crd=virtualservices.networking.istio.io status=0
    kubectl get crd "$crd" -o yaml > "$STATE/crd.yaml"
    kubectl delete crd "$crd" > /dev/null
    expect "a missing kind" 2 'has no VirtualService of networking.istio.io/v1' --env prod || status=1
    kubectl create -f "$STATE/crd.yaml" > /dev/null
    kubectl wait --for=condition=Established "crd/$crd" > /dev/null
    return $status
}

judge_dry_run() {
    local closed token file before
    build_with_cluster || return 1
    rm -rf "$STATE/dry-run"
    cp -r "$HERE/dry-run" "$STATE/dry-run"
    kubectl create namespace "$DRY_RUN" --dry-run=client -o yaml | kubectl apply --server-side -f - > /dev/null

    before=$(kubectl -n "$DRY_RUN" get deployments,services,scaledobjects,persistentvolumeclaims -o name)
    expect "accepted" 0 "objects would be accepted" --env prod || return 1
    [ "$before" = "$(kubectl -n "$DRY_RUN" get deployments,services,scaledobjects,persistentvolumeclaims -o name)" ] ||
        { echo "the dry run stored something"; return 1; }

    # Taken, and warned about, at the patch's line.
    kubectl label namespace "$DRY_RUN" pod-security.kubernetes.io/warn=restricted > /dev/null
    expect "pod security" 0 'would violate PodSecurity "restricted:latest"' --env prod || return 1
    expect "pod security" 0 "$(line_of 'hostNetwork')" --env prod || return 1
    kubectl label namespace "$DRY_RUN" pod-security.kubernetes.io/warn- > /dev/null

    # Refused, each at the line that the field comes from.
    kubectl -n "$DRY_RUN" apply --server-side -f - > /dev/null <<YAML || return 1
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: cache}
spec: {accessModes: [ReadWriteMany], storageClassName: efs, resources: {requests: {storage: 20Gi}}}
YAML
    expect "a claim that shrinks" 1 "$(line_of 'claim "cache"')" --env prod || return 1
    expect "a claim that shrinks" 1 'Forbidden' --env prod || return 1
    kubectl -n "$DRY_RUN" delete persistentvolumeclaim cache --wait=false > /dev/null
    kubectl -n "$DRY_RUN" patch persistentvolumeclaim cache --type merge -p '{"metadata":{"finalizers":null}}' > /dev/null

    kubectl -n "$DRY_RUN" apply --server-side -f - > /dev/null <<YAML || return 1
apiVersion: apps/v1
kind: Deployment
metadata: {name: plain}
spec:
  selector: {matchLabels: {app: old}}
  template: {metadata: {labels: {app: old}}, spec: {containers: [{name: server, image: x}]}}
YAML
    expect "a selector that would change" 1 'field is immutable' --env prod || return 1
    expect "a selector that would change" 1 "$(line_of 'model "plain"')" --env prod || return 1
    kubectl -n "$DRY_RUN" delete deployment plain > /dev/null

    kubectl -n "$DRY_RUN" apply --server-side -f - > /dev/null <<YAML || return 1
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: by-hand}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}}
YAML
    expect "KEDA's webhook" 1 'already managed by the hpa' --env prod || return 1
    expect "KEDA's webhook" 1 "$(line_of 'model "scaled"')" --env prod || return 1
    kubectl -n "$DRY_RUN" delete horizontalpodautoscaler by-hand > /dev/null

    # No answer, and why.
    KUBECONFIG=$STATE/nowhere expect "no kubeconfig" 2 "there is no kubeconfig to read" --env prod || return 1
    expect "an unknown context" 2 'has no context "tset"' --env prod --context tset || return 1
    expect "a context for no cluster" 2 'there is no cluster "tes"' --env prod --context tes=test || return 1
    expect "a context for two clusters" 2 'does not say which cluster' --context test || return 1
    closed=$("$ROOT/runtime/tests/free-ports" 1)
    file=$(with_context unreachable.kubeconfig unreachable "https://127.0.0.1:$closed" x)
    KUBECONFIG=$file expect "an unreachable server" 2 "cannot be reached" --env far || return 1
    file=$(with_context stranger.kubeconfig test "https://127.0.0.1:$API_PORT" wrong)
    KUBECONFIG=$file expect "a stranger" 2 "does not let you in" --env prod || return 1
    kubectl -n "$DRY_RUN" create serviceaccount guest --dry-run=client -o yaml | kubectl apply --server-side -f - > /dev/null
    token=$(kubectl -n "$DRY_RUN" create token guest)
    file=$(with_context guest.kubeconfig test "https://127.0.0.1:$API_PORT" "$token")
    KUBECONFIG=$file expect "no permission" 2 "does not let you patch a Deployment" --env prod || return 1
    expect "a missing namespace" 2 'has no namespace "dry-run-lost"' --env lost || return 1
    missing_kind || return 1
    expect "accepted again" 0 "objects would be accepted" --env prod || return 1
    kubectl delete namespace "$DRY_RUN" --wait=false > /dev/null
}
