# The server against real parts: an S3 server. `runtime/image/build-and-test` and the scripts under
# `runtime/tests/clients/` are run by hand so far.

stage 'fetch from S3' bash runtime/tests/s3/run
