# The server against real parts: an S3 server, unmodified clients, the ONNX backend cases, a
# container runtime.

stage 'fetch from S3' bash runtime/tests/s3/run
stage 'container image' bash runtime/image/build-and-test
