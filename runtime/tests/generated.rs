//! The gRPC types in `src/grpc` are what `proto/inference.proto` says. With `MLSPEC_BLESS=1` they are written anew.

use prost::Message;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn grpc_types_follow_the_proto_file() {
    let descriptors = protox::compile(["inference.proto"], [format!("{ROOT}/proto")]).unwrap();
    check("src/grpc/descriptors.bin", &descriptors.encode_to_vec());
    let out = std::env::temp_dir().join(format!("mlserve-proto-{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    prost_build::Config::new()
        .bytes(["."])
        .btree_map(["."])
        .out_dir(&out)
        .compile_fds(descriptors)
        .unwrap();
    let code = std::fs::read(out.join("inference.rs")).unwrap();
    std::fs::remove_dir_all(&out).unwrap();
    check("src/grpc/proto.rs", &code);
}

fn check(path: &str, fresh: &[u8]) {
    let path = format!("{ROOT}/{path}");
    if std::env::var_os("MLSPEC_BLESS").is_some() {
        std::fs::write(&path, fresh).unwrap();
    }
    assert!(
        std::fs::read(&path).unwrap() == fresh,
        "{path} is stale: run again with MLSPEC_BLESS=1"
    );
}
