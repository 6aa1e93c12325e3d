# The server against real parts: an S3 server, the clients that people have, the ONNX project's own cases, real models, and
# the image under podman. One release build for all of them.

server_release() { cargo build --release --locked -p mlspec-runtime --bin mlserve; }

stage 'fetch from S3' bash runtime/tests/s3/run
stage 'server, ONNX Runtime by its library' runtime/tests/onnxruntime
stage 'server, release build' server_release
stage 'server, tritonclient' runtime/tests/clients/run clients
stage 'server, its README word for word' runtime/tests/clients/run readme
stage 'server, ONNX node cases three ways' runtime/tests/clients/run cases
stage 'server, real models with both engines' runtime/tests/clients/run models
stage 'server, image' runtime/image/build-and-test
