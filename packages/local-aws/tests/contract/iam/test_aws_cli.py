"""The AWS CLI signs as AWS documents it, and is understood."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from signed_requests import RawClient

AwsClient = Any


@pytest.mark.parametrize(
    "words",
    [
        ("s3", "ls"),
        ("sts", "get-caller-identity"),
        ("ec2", "describe-vpcs"),
        ("ssm", "describe-parameters"),
        ("cloudformation", "list-stacks"),
    ],
)
def test_the_aws_cli(raw: RawClient, words: tuple[str, ...], tmp_path: Path) -> None:
    assert _aws_cli(raw, tmp_path, *words).returncode == 0


def test_the_aws_cli_copies_large_files_and_presigns(
    raw: RawClient, bucket: str, tmp_path: Path
) -> None:
    """70 MB go up in parts of 8 MB; a presigned URL is one to fetch with any program."""
    large, back = tmp_path / "large", tmp_path / "back"
    large.write_bytes(bytes(range(256)) * 4 * 1024 * 70)

    assert _aws_cli(raw, tmp_path, "s3", "cp", str(large), f"s3://{bucket}/l e").returncode == 0
    assert _aws_cli(raw, tmp_path, "s3", "cp", f"s3://{bucket}/l e", str(back)).returncode == 0
    assert back.read_bytes() == large.read_bytes()
    url = _aws_cli(raw, tmp_path, "s3", "presign", f"s3://{bucket}/l e").stdout.strip()
    assert raw.send("GET", url.removeprefix(raw.endpoint), {"Range": "bytes=1-2"})[0] == 206


def _aws_cli(raw: RawClient, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(home),
        "AWS_ENDPOINT_URL": raw.endpoint,
        "AWS_ACCESS_KEY_ID": str(raw.key.access_key),
        "AWS_SECRET_ACCESS_KEY": str(raw.key.secret_key),
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    return subprocess.run(
        [Path(sys.executable).with_name("aws"), *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
