"""Uploads a folder to the bucket `models`; large files in parts, as the AWS tools do."""

import os
import pathlib
import sys

import boto3

folder = pathlib.Path(sys.argv[1])
s3 = boto3.client(
    "s3", endpoint_url=os.environ["S3_ENDPOINT"], verify=os.environ["S3_CA"], region_name="us-east-1"
)
s3.create_bucket(Bucket="models")
for path in sorted(folder.rglob("*")):
    key = path.relative_to(folder).as_posix()
    if path.is_dir():
        # The marker that consoles make.
        s3.put_object(Bucket="models", Key=key + "/")
    else:
        s3.upload_file(str(path), "models", key)
