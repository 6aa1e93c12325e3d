# shellcheck shell=bash
# KEDA's admission webhook as a process, made compulsory (the published failurePolicy is Ignore).

start_keda() {
    local certs=$STATE/keda-certs
    mkdir -p "$certs"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=keda -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$certs/tls.key" -out "$certs/tls.crt" 2> /dev/null
    cp "$certs/tls.crt" "$certs/ca.crt"
    cp "$certs/tls.key" "$certs/ca.key"
    launch keda-webhooks "$BIN/keda-webhooks" --cert-dir "$certs" --port "$KEDA_PORT" \
        --metrics-bind-address "127.0.0.1:$KEDA_METRICS_PORT" --health-probe-bind-address "127.0.0.1:$KEDA_HEALTH_PORT"
    wait_for "KEDA's webhook" 60 curl -fsS "http://127.0.0.1:$KEDA_HEALTH_PORT/healthz"
    wait_for "KEDA's webhook" 60 curl -fsSk -o /dev/null "https://127.0.0.1:$KEDA_PORT/validate-keda-sh-v1alpha1-scaledobject"
    must_live keda-webhooks
    keda_webhook_configuration "$(base64 -w0 "$certs/ca.crt")" | kubectl apply --server-side -f - > /dev/null
    # The API server takes a moment to use a new webhook: wait until it refuses what the webhook refuses.
    wait_for "the refusal of min above max by KEDA's webhook" 60 keda_refuses
}

keda_webhook_configuration() { # CA
    local kind
    cat <<YAML
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: keda-admission}
webhooks:
YAML
    for kind in scaledobject scaledjob triggerauthentication clustertriggerauthentication; do
        cat <<YAML
- name: v$kind.kb.io
  admissionReviewVersions: [v1]
  clientConfig: {url: "https://127.0.0.1:$KEDA_PORT/validate-keda-sh-v1alpha1-$kind", caBundle: $1}
  failurePolicy: Fail
  namespaceSelector: {matchExpressions: [{key: webhooks, operator: NotIn, values: ["off"]}]}
  matchPolicy: Equivalent
  rules: [{apiGroups: [keda.sh], apiVersions: [v1alpha1], operations: [CREATE, UPDATE], resources: [${kind}s]}]
  sideEffects: None
  timeoutSeconds: 10
YAML
    done
}

keda_refuses() {
    local said
    said=$(kubectl create --dry-run=server -f - 2>&1 <<'YAML'
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: probe, namespace: default}
spec:
  scaleTargetRef: {name: none}
  minReplicaCount: 2
  maxReplicaCount: 1
  triggers: [{type: cron, metadata: {timezone: UTC, start: 0 8 * * *, end: 0 9 * * *, desiredReplicas: "1"}}]
YAML
    ) && { echo "accepted"; return 1; }
    grep -q 'must be less than' <<< "$said" || { echo "$said"; return 1; }
}
