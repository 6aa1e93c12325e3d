//! The image says what the contract says.

use mlspec_contract::{env, paths, ports};

const CONTAINERFILE: &str = include_str!("../Containerfile");

#[test]
fn the_image_keeps_to_the_contract() {
    let library = format!(
        "ENV {}=/usr/lib/onnxruntime/libonnxruntime.so",
        env::ORT_LIBRARY
    );
    for line in [
        format!("ENTRYPOINT [\"{}\"]", paths::PROGRAM),
        format!("CMD [\"serve\", \"--config\", \"{}\"]", paths::CONFIG_FILE),
        format!("EXPOSE {} {} {}", ports::HTTP, ports::GRPC, ports::ADMIN),
        library,
    ] {
        assert!(
            CONTAINERFILE.lines().any(|found| found == line),
            "the Containerfile lacks `{line}`"
        );
    }
    let assemble = include_str!("../image/assemble");
    for folder in [paths::CONFIG_DIR, paths::MODEL_DIR, paths::CACHE_DIR] {
        assert!(
            assemble.contains(&format!("\"$root{folder}\"")),
            "the image lacks `{folder}`"
        );
    }
}
