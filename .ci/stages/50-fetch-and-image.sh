# `mlserve fetch` against a real S3 server, and the image as a cluster would run it.

stage 'fetch from S3' runtime/tests/s3/run
stage 'image' runtime/image/build-and-test
