# shellcheck shell=bash
# etcd and kube-apiserver on free ports of the loopback interface, and a kubeconfig for them.

start_etcd() {
    rm -rf "$STATE/etcd"
    launch etcd "$BIN/etcd" --data-dir "$STATE/etcd" --log-level warn --unsafe-no-fsync \
        --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
        --listen-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" \
        --initial-advertise-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" \
        --initial-cluster "default=http://127.0.0.1:$ETCD_PEER_PORT"
    wait_for "etcd" 60 curl -fsS "http://127.0.0.1:$ETCD_PORT/health"
    must_live etcd
}

start_apiserver() {
    local certs=$STATE/certs
    mkdir -p "$certs"
    openssl genrsa -out "$certs/service-accounts.key" 2048 2> /dev/null
    echo 'mlspec-test,admin,1,"system:masters"' > "$certs/tokens.csv"
    launch kube-apiserver "$BIN/kube-apiserver" \
        --etcd-servers "http://127.0.0.1:$ETCD_PORT" --cert-dir "$certs" \
        --secure-port "$API_PORT" --bind-address 127.0.0.1 \
        --service-account-key-file "$certs/service-accounts.key" \
        --service-account-signing-key-file "$certs/service-accounts.key" \
        --service-account-issuer https://kubernetes.default.svc \
        --service-cluster-ip-range 10.96.0.0/16 --authorization-mode RBAC \
        --token-auth-file "$certs/tokens.csv" --allow-privileged=true --endpoint-reconciler-type none
    cat > "$KUBECONFIG" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: test
  cluster: {server: "https://127.0.0.1:$API_PORT", insecure-skip-tls-verify: true}
users:
- name: admin
  user: {token: mlspec-test}
contexts:
- name: test
  context: {cluster: test, user: admin}
current-context: test
YAML
    wait_for "kube-apiserver" 180 kubectl get --raw /readyz
    must_live kube-apiserver
    # Built with Go 1.27 its OpenAPI breaks; better said here than as a thousand odd failures.
    kubectl get --raw /openapi/v2 > "$STATE/openapi-v2.json"
    [ "$(head -c 10 "$STATE/openapi-v2.json")" = '{"swagger"' ] || die "the server's /openapi/v2 is broken"
    # The proxy lets the harnesses speak plain HTTP.
    launch kubectl-proxy kubectl proxy --port "$PROXY_PORT"
    wait_for "kubectl proxy" 60 curl -fsS "http://127.0.0.1:$PROXY_PORT/version"
}

start_api() {
    local ports
    mkdir -p "$STATE"
    read -r -a ports <<< "$("$ROOT/runtime/tests/free-ports" 8)"
    cat > "$STATE/ports" <<SH
ETCD_PORT=${ports[0]}
ETCD_PEER_PORT=${ports[1]}
API_PORT=${ports[2]}
PROXY_PORT=${ports[3]}
KEDA_PORT=${ports[4]}
KEDA_METRICS_PORT=${ports[5]}
KEDA_HEALTH_PORT=${ports[6]}
GIT_PORT=${ports[7]}
SH
    load_ports
    stage "start etcd" start_etcd
    stage "start kube-apiserver" start_apiserver
}

load_ports() {
    [ -f "$STATE/ports" ] || die "the control plane is not up; run: tests/control-plane/run up"
    # shellcheck disable=SC1091
    . "$STATE/ports"
}
