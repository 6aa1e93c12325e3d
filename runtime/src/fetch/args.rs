//! The command line of `mlserve fetch`.

use std::path::PathBuf;

use clap::Args;

use super::digest::Sha256;

/// Downloads a model into a folder, checked and atomically: the init container.
///
/// A URI that ends in `/` names all objects below it, any other one object. Sources: `s3://bucket/key`, `gs://bucket/key`,
/// `https://host/path`, `hf://org/repo@revision[/path]`, `file:/path` or a plain path.
///
/// Credentials come from the environment: `AWS_*` (keys, web identity, pod identity; `AWS_SKIP_SIGNATURE=true` for public
/// buckets; `AWS_VIRTUAL_HOSTED_STYLE_REQUEST=true` for endpoints without path style), `GOOGLE_*`
/// (`GOOGLE_APPLICATION_CREDENTIALS`, workload identity; `GOOGLE_SKIP_SIGNATURE=true`), `HF_TOKEN`.
/// `HTTPS_PROXY` and `NO_PROXY` are honored; `SSL_CERT_FILE` replaces the system's certificate authorities.
///
/// Exit codes: 0 the folder holds the model; 1 the input is wrong (URI, access, hash); 2 network or disk failed.
#[derive(Args, Clone, Debug)]
pub struct FetchArgs {
    /// What to fetch.
    #[arg(value_name = "URI")]
    pub uri: String,

    /// Folder that receives the files; made where absent.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,

    /// Expected SHA-256, 64 hexadecimal digits: of the object, or of a folder's sorted `<sha256>  <path>` lines.
    #[arg(long, value_name = "HEX")]
    pub sha256: Option<Sha256>,

    /// Base URL of the S3, Google Cloud Storage or Hugging Face service.
    ///
    /// Default: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `GOOGLE_BASE_URL` or `HF_ENDPOINT`, else the public service.
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,

    /// Expected size, from which the volume was planned; a source more than a quarter larger is refused before it is downloaded.
    #[arg(long, value_name = "BYTES")]
    pub size: Option<u64>,

    /// Certificate authorities to trust beside the system's, in PEM. Default: `AWS_CA_BUNDLE`.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,

    /// Requests at a time, 1 to 32.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub parallel: u8,

    /// Seconds to wait for the next byte of one connection before it is tried again, 1 to 3600.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,

    /// Seconds of retrying without one new byte before the fetch gives up, 0 to 86400.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub retry_for: u32,

    /// Prints the SHA-256 for the spec on standard output.
    #[arg(long)]
    pub print_sha256: bool,
}

impl FetchArgs {
    /// Returns the most bytes that may be fetched: what is stated may be rounded, and volumes are planned a quarter larger.
    pub(super) fn most(&self) -> Option<u64> {
        self.size.map(|size| size.saturating_add(size / 4))
    }
}
