"""Servers of others that a case needs, on the loopback, for as long as it takes."""

import contextlib
import hashlib
import subprocess

from harness.registry import CaseFailed


@contextlib.contextmanager
def service(bench, name):
    """Starts the server of tests/cloud_net/services/NAME and gives its port; ends it at the end."""
    script = bench.root / "tests" / "cloud_net" / "services" / name
    with subprocess.Popen([script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as process:
        said = process.stdout.readline().split()
        try:
            if said[:1] != ["ready"]:
                raise CaseFailed(f"the server {name} does not start: {' '.join(said)}; run "
                                 "tools/setup, which installs it")
            yield said[1]
        finally:
            process.stdin.close()


# The keys of the one user of the server `ceph`, and of nobody else.
S3_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "TILESACCESSKEY",
                  "AWS_SECRET_ACCESS_KEY": "TILESSECRETKEY0123456789",
                  "AWS_SESSION_TOKEN": None, "AWS_PROFILE": None}


@contextlib.contextmanager
def s3_bucket(bench):
    """Starts Ceph with an empty bucket and gives its URL."""
    with service(bench, "ceph") as port:
        endpoint = f"http://127.0.0.1:{port}"
        key = f"{S3_ENVIRONMENT['AWS_ACCESS_KEY_ID']}:{S3_ENVIRONMENT['AWS_SECRET_ACCESS_KEY']}"
        digest = hashlib.sha256(b"").hexdigest()
        made = subprocess.run(
            ["curl", "-sf", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", key,
             "-H", f"x-amz-content-sha256: {digest}", "-X", "PUT", f"{endpoint}/tiles"], check=False)
        if made.returncode != 0:
            raise CaseFailed(f"curl cannot make a bucket at {endpoint}; it needs version 7.75")
        yield f"s3://tiles/bench?endpoint={endpoint}"
