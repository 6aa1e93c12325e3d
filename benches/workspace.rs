//! The workspace that is measured: models of nine objects each, no two of them equal.

use std::fmt::Write;

use mlspec::system::MemorySystem;

const ROOT: &str = r#"workspace "bench" edition=1 {
    use "cluster.kdl" "models/*.kdl"
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0"
    env "prod" namespace="ml" { cluster "eks" }
}
"#;

const CLUSTER: &str = r#"cluster "eks" {
    kubernetes "1.36"
    provides "prometheus-operator" version="0.93" url="http://prometheus.monitoring:9090" {
        select "release" "kube-prometheus-stack"
    }
    store "s3://models/" endpoint="https://minio.acme.io" secret="models-s3" bandwidth="200Mi/s"
    pool "cpu" nodes=6 cpu="16" memory="64Gi"
}
"#;

/// Models with names, versions, sizes and numbers of their own; another `release` changes every
/// object of each.
pub(crate) fn workspace(models: usize, release: u32) -> MemorySystem {
    let mut system = MemorySystem::default()
        .file("mlspec.kdl", ROOT)
        .file("cluster.kdl", CLUSTER);
    for n in 0..models {
        let mut text = String::new();
        let (size, batch, delay) = (400 + n % 97, 8 + n % 25, 3 + n % 7);
        let (p95, min, max) = (200 + n % 300, 2 + n % 3, 6 + n % 11);
        let _ = write!(
            text,
            r#"model "m{n}" {{
    version "{release}.{n}"
    artifact "s3://models/m{n}/" size="{size}Mi"
    resources cpu="2" memory="4Gi"
    batch max-size={batch} max-delay="{delay}ms"
    timeout "2s"
    slo p95="{p95}ms" errors="1%"
    scale min={min} max={max} {{ on "cpu" utilization="70%" }}
    waive "SCL-10" reason="bench" until="2999-01-01"
}}
"#
        );
        system = system.file(format!("models/m{n}.kdl"), text);
    }
    system
}
