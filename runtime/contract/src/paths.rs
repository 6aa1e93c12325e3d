//! URL paths of the server and file paths inside its image.

/// Answers 200 while the process and its engines work: false only for a panicking or stuck engine. For liveness.
pub const LIVE: &str = "/v2/health/live";

/// Answers 200 when every model is loaded and warmed up, and no end was asked for. For readiness and startup.
pub const READY: &str = "/v2/health/ready";

/// Same answer as [`LIVE`], at the path that hand-written probes often use.
pub const HEALTH: &str = "/health";

/// Prometheus text format, on the admin and the HTTP port.
pub const METRICS: &str = "/metrics";

/// The simple form: `{"features": [...]}` to the first model, or `{"model": "name", "features": [...]}`.
pub const PREDICT: &str = "/predict";

/// The configuration file, mounted from the ConfigMap.
pub const CONFIG_FILE: &str = "/etc/mlserve/config.yaml";

/// Folder that the ConfigMap is mounted at.
pub const CONFIG_DIR: &str = "/etc/mlserve";

/// Key of the configuration in the ConfigMap.
pub const CONFIG_KEY: &str = "config.yaml";

/// Folder under which model files are mounted or fetched to.
pub const MODEL_DIR: &str = "/models";

/// Writable folder that outlives a container restart: TensorRT engine caches. Needed only with `tensorrt`.
pub const CACHE_DIR: &str = "/var/cache/mlserve";

/// Writable scratch folder. The server itself writes nothing; CUDA's kernel cache does.
pub const TMP_DIR: &str = "/tmp";

/// The server's program inside the image; the image's entry point.
pub const PROGRAM: &str = "/usr/bin/mlserve";

/// Path of one model's readiness, `/v2/models/NAME/ready`, percent-encoded where the name needs it.
pub fn model_ready(model: &str) -> String {
    format!("/v2/models/{}/ready", encode_segment(model))
}

/// Path of one model's inference, `/v2/models/NAME/infer`, percent-encoded where the name needs it.
pub fn model_infer(model: &str) -> String {
    format!("/v2/models/{}/infer", encode_segment(model))
}

/// Encodes one path segment: everything but RFC 3986's unreserved characters becomes `%XX`.
pub fn encode_segment(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_survive_in_a_path() {
        assert_eq!(model_ready("bert-base"), "/v2/models/bert-base/ready");
        assert_eq!(model_infer("team/a:1"), "/v2/models/team%2Fa%3A1/infer");
        assert_eq!(encode_segment("ü"), "%C3%BC");
    }
}
