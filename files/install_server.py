#!/usr/bin/python3
"""First boot: fetches the server's archive, verifies it and unpacks it, or says why it cannot.

It is written for the Python 3.9 that Amazon Linux 2023 carries, and travels in user data. Where the
server is already, as on a later boot, it does nothing. What fails is one line on the console, and
FAILURE to CloudFormation, which would otherwise wait for a signal that never comes.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

FOLDER = Path("app")
ARCHIVE = Path("app.zip")
PAUSE_SECONDS = 2
METADATA = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/")


class InstallError(Exception):
    """The step that failed and why, in one line."""


class CutShortError(InstallError):
    """The time was over before the step had ended; it says less than an earlier refusal."""


def install(options, deadline):
    wait_for_python(options, deadline)
    download(options, deadline)
    verify(options)
    unpack(options, deadline)


def wait_for_python(options, deadline):
    """cloud-init has installed it, unless another process held the package manager's lock."""
    python = Path(options.python)
    if not python.exists():
        repeated("package", ["dnf", "install", "--assumeyes", python.name], deadline)


def download(options, deadline):
    """A role that is seconds old may still be refused, so it is tried until the time is over."""
    words = ["--bucket", options.bucket, "--key", options.sha256 + ".zip"]
    words += ["--expected-bucket-owner", options.account, str(ARCHIVE)]
    repeated("download", aws(options, "s3api", "get-object", *words), deadline)


def verify(options):
    found = hashlib.sha256(ARCHIVE.read_bytes()).hexdigest()
    if found != options.sha256:
        ARCHIVE.unlink()
        raise InstallError(
            f"digest: what was fetched has SHA-256 {found}, and the launch template names "
            f"{options.sha256}"
        )


def unpack(options, deadline):
    """Into a folder that gets its name when it is complete."""
    partial = FOLDER.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        with zipfile.ZipFile(ARCHIVE) as archive:
            archive.extractall(partial)
            has_bytecode = any(name.endswith(".pyc") for name in archive.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        raise InstallError(f"unpack: {error}") from error
    if not has_bytecode:  # the server may not write where its code is
        run("unpack", [options.python, "-m", "compileall", "-q", str(partial)], deadline)
    partial.rename(FOLDER)
    ARCHIVE.unlink()


def signal_failure(options):
    words = ["--stack-name", options.stack, "--logical-resource-id", options.resource]
    words += ["--unique-id", instance_id(), "--status", "FAILURE"]
    command = aws(options, "cloudformation", "signal-resource", *words)
    run("signal", command, time.monotonic() + 15)


def instance_id():
    headers = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    token = metadata("PUT", "api/token", headers)
    return metadata("GET", "meta-data/instance-id", {"X-aws-ec2-metadata-token": token})


def metadata(method, path, headers):
    url = f"{METADATA}/latest/{path}"
    request = urllib.request.Request(url, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read().decode()


def aws(options, *words):
    return [options.aws, *words, "--region", options.region]


def repeated(step, command, deadline):
    said = None
    while True:
        try:
            return run(step, command, deadline)
        except InstallError as error:
            if said is None or not isinstance(error, CutShortError):
                said = error
            if time.monotonic() + PAUSE_SECONDS > deadline:
                raise said from error
            time.sleep(PAUSE_SECONDS)


def run(step, command, deadline):
    try:
        subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=max(1, deadline - time.monotonic()),
            check=True,
        )
    except subprocess.CalledProcessError as error:
        lines = error.stdout.decode(errors="replace").strip().splitlines()
        raise InstallError(f"{step}: {lines[-1] if lines else error}") from error
    except subprocess.TimeoutExpired as error:
        raise CutShortError(
            f"{step}: {command[0]} has not ended after {error.timeout:.0f} s"
        ) from error
    except OSError as error:
        raise InstallError(f"{step}: {error}") from error


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("aws", "python", "region", "account", "bucket", "sha256", "stack", "resource"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--seconds", type=float, default=40, help="how long to repeat what fails")
    options = parser.parse_args()
    if FOLDER.exists():
        return 0
    try:
        install(options, time.monotonic() + options.seconds)
    except (InstallError, OSError) as error:
        print(f"first boot failed: {error}", flush=True)
        try:
            signal_failure(options)
        except (InstallError, OSError) as refusal:
            print(f"the failure could not be signalled: {refusal}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
