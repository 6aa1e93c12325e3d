# The server against real parts: an S3 server.

stage 'fetch from S3' bash runtime/tests/s3/run
