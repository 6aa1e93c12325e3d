//! Two workspaces, by Argo CD and by Flux, that between them make an object of every kind and
//! use every optional field of one.

/// With Argo CD.
pub(super) const ARGOCD: &[(&str, &str)] = &[
    ("mlspec.kdl", ROOT),
    ("clusters/big.kdl", CLUSTER),
    ("models/bert.kdl", BERT),
    ("models/ranker.kdl", RANKER),
    ("models/tabular.kdl", TABULAR),
    ("models/legacy.kdl", LEGACY),
];

/// With Flux, and two environments on one cluster.
pub(super) const FLUX: &[(&str, &str)] = &[
    (
        "mlspec.kdl",
        r#"workspace "acme" edition=1 {
    use "clusters/*.kdl" "models/*.kdl"
    output "out/k8s"
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0"
    env "prod" namespace="ml" create-namespace=#true { cluster "big" }
    env "staging" namespace="ml-staging" { cluster "big" }
    gitops "flux" repo="https://git.acme.io/ml/deploy.git" branch="main"
}"#,
    ),
    ("clusters/big.kdl", CLUSTER),
    ("models/tabular.kdl", TABULAR),
    (
        "models/slow.kdl",
        r#"model "slow" {
    artifact "s3://models/slow/" size="60Gi"
    resources memory="16Gi"
    scale 7
    rollout "rolling" max-surge=1 max-unavailable=1
    claim "scratch" size="1Gi" access="RWX"
}"#,
    ),
];

const ROOT: &str = r#"workspace "acme" edition=1 {
    use "clusters/*.kdl" "models/*.kdl"
    output "out/k8s"
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0"
    env "prod" namespace="ml" create-namespace=#true { cluster "big" }
    auth "kafka-prod" secret="kafka" { username key="user"; password key="pass" }
    gitops "argocd" repo="https://git.acme.io/ml/deploy.git" branch="main" project="ml"
}"#;

const CLUSTER: &str = r#"cluster "big" {
    kubernetes "1.36"
    provides "keda" version="2.20"
    provides "istio" version="1.30" cni=#true
    provides "gateway-api" version="1.6"
    provides "ingress-nginx" version="1.15"
    provides "prometheus-operator" version="0.93" namespace="monitoring" url="http://prometheus.monitoring:9090" scrape="30s" {
        select "release" "kube-prometheus-stack"
    }
    provides "gpu-operator" version="26.3"
    gateway "public" kind="gateway-api" namespace="ingress" { hosts "*.acme.io" }
    gateway "mesh-way" kind="istio" namespace="ingress" { hosts "*.acme.io" }
    storage-class "efs" { access "RWX" "RWO" }
    store "s3://models/" endpoint="https://minio.acme.io" secret="models-s3" bandwidth="200Mi/s"
    pool "a100" gpu="A100-SXM4-40GB" nodes=4 gpus-per-node=8 cpu="96" memory="1100Gi" {
        mig strategy="mixed" { layout "small" gpus-per-node=8 { slice "1g.5gb" count=7 } }
        taint "nvidia.com/gpu"
        label "tier" "prod"
        zone "a" "b"
    }
    pool "cpu" nodes=6 cpu="16" memory="64Gi"
}"#;

/// mlserve, a slice, Kafka, a split by weight and header over both kinds of gateway.
const BERT: &str = r#"model "bert" {
    version "2.1"
    artifact "s3://models/bert/2.1/" size="438Mi" sha256="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    gpu mig="1g.5gb"
    resources cpu="2" memory="4Gi" memory-limit="8Gi"
    timeout "2s"
    slo p95="500ms" errors="1%"
    load expected="200/s"
    service-account "bert-account" { annotation "eks.amazonaws.com/role-arn" "arn:aws:iam::1:role/bert" }
    annotation "team.acme.io/owner" "nlp"
    label "team" "nlp"
    scale min=2 max=20 cooldown="10m" fallback=2 {
        on "kafka" servers="kafka.default.svc:9092" topic="t" group="g" lag=100 tls=#true sasl="scram_sha512" auth="kafka-prod"
        on "kafka" name="replay" servers="kafka.default.svc:9092" topic="t2" group="g" lag=100 sasl="plaintext" auth="kafka-prod"
        on "memory" utilization="70%"
    }
    expose gateway="public" host="nlp.acme.io" path="/sentiment" rewrite="/"
    expose "mesh" gateway="mesh-way" host="mesh.acme.io" path="/sentiment" rewrite="/v2"
    expose "grpc" gateway="public" host="grpc.acme.io" protocol="grpc"
    split {
        variant "control" weight=90 primary=#true
        variant "wider" weight=10 { resources cpu="4" }
        variant "beta" header="x-Beta" value="1"
    }
}"#;

/// Another image with everything a container may have, on a claim of its own, with an HPA.
const RANKER: &str = r##"model "ranker" {
    artifact "pvc://weights/ranker" size="2Gi" at="/models/r"
    claim "weights" size="100Gi" access="RWX" storage-class="efs"
    runtime "container" image="acme.io/ranker:1.0" port=8080 {
        command "python" "app.py"
        args "--workers" "1"
        user 10001
        writable "/tmp" size="1Gi"
        writable "/var/cache/ranker" size="2Gi"
        file "/etc/gcp" secret="gcp-key"
        port "grpc" 9000
        liveness "/health" every="20s" timeout="3s" failures=4
        readiness "/ready"
        metrics "/metrics" port=9090 latency="latency_seconds" requests="requests_total" errors=#"code=~"5..""#
    }
    startup "60s"
    resources cpu="500m" memory="1Gi" disk="10Gi" shm="512Mi"
    env-var "MODEL_PATH" "/models/r"
    env-var "API_KEY" secret="keys/api"
    disruption min-available=1
    priority-class "high"
    image-pull-secret "regcred"
    allow from="checkout"
    allow cidr="10.0.0.0/8"
    egress "redis.db.svc:6379"
    egress "api.acme.com:443"
    scale min=2 max=4 { on "cpu" utilization="70%"; on "memory" utilization="80%" }
    expose service="LoadBalancer" name="ranker-lb" port=8000
    rollout "recreate"
}"##;

/// The least that can be said, on an NFS export.
const TABULAR: &str = r#"model "tabular" {
    artifact "nfs://nfs.acme.io/export/tabular" size="10Mi"
    scale 2
}"#;

/// ingress-nginx with a canary.
const LEGACY: &str = r#"model "legacy" {
    artifact "baked:/models/legacy"
    timeout "1s"
    startup "30s"
    resources memory="1Gi"
    expose ingress="nginx" host="old.acme.io" path="/v1.0" rewrite="/" timeout="3s"
    expose "grpc" ingress="nginx" host="rpc.acme.io" protocol="grpc"
    split {
        variant "control" weight=95 primary=#true
        variant "next" weight=5 { resources memory="2Gi" }
    }
}"#;
