"""`aws` on an instance: it may do what the instance's role may, and says what AWS says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fleet_driver import ID, ONE
from role_driver import allow

from local_aws.contract.credentials import RoleCredentials
from local_aws.metadata.service import MetadataService

AwsClient = Any
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def instance(
    aws: AwsClient, session: Callable[..., dict[str, str]], tmp_path: Path
) -> Iterator[Callable[..., Run]]:
    """An instance whose role has these statements; runs `aws` on it."""
    found: dict[str, RoleCredentials] = {}
    metadata = MetadataService(found.get)
    metadata.serve(ONE)

    def with_role(*statements: dict[str, Any]) -> Run:
        keys = session(*statements)
        found[ID] = RoleCredentials(
            role_name="role",
            instance_profile_arn="arn",
            instance_profile_id="id",
            access_key_id=keys["aws_access_key_id"],
            secret_access_key=keys["aws_secret_access_key"],
            session_token=keys["aws_session_token"],
            expires_at=datetime.now(UTC) + timedelta(hours=6),
        )

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-I", "-m", "local_aws.compute.aws_cli", *words],
                cwd=tmp_path,
                env={
                    "PATH": os.defpath,
                    "AWS_ENDPOINT_URL": aws("s3").meta.endpoint_url,
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.endpoint(ID),
                },
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

        return run

    yield with_role
    metadata.stop()


def get_object(bucket: str) -> tuple[str, ...]:
    named = ("--bucket", bucket, "--key", "one", "fetched", "--region", "us-east-1")
    return ("s3api", "get-object", *named)


def test_it_fetches_with_the_roles_credentials(
    aws: AwsClient, bucket: str, instance: Callable[..., Run], tmp_path: Path
) -> None:
    """AWS CLI Command Reference, "s3api get-object": the outfile is the last word."""
    aws("s3").put_object(Bucket=bucket, Key="one", Body=b"content")

    run = instance(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/one"))

    assert run(*get_object(bucket)).returncode == 0
    assert (tmp_path / "fetched").read_bytes() == b"content"


def test_what_the_role_may_not_do_is_refused(
    aws: AwsClient, bucket: str, instance: Callable[..., Run], tmp_path: Path
) -> None:
    """AWS CLI User Guide, "Command line return codes": 254, an error of the service."""
    aws("s3").put_object(Bucket=bucket, Key="one", Body=b"content")

    done = instance(allow("sqs:*"))(*get_object(bucket))

    assert done.returncode == 254
    assert "An error occurred (AccessDenied) when calling the GetObject operation: " in done.stderr
    assert not (tmp_path / "fetched").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("s3", "ls"), "'s3 ls' is not on this image, which has s3api get-object, "),
        (("s3api", "get-object", "--bucket", "b"), "arguments are required: --key, outfile"),
        (("s3api", "get-object", "--profile", "me"), "Unknown options: --profile"),
    ],
)
def test_other_words_are_refused_by_name(
    words: tuple[str, ...], message: str, instance: Callable[..., Run]
) -> None:
    """AWS CLI User Guide, "Command line return codes": 252, wrong syntax."""
    done = instance(allow("sqs:*"))(*words)

    assert done.returncode == 252
    assert message in done.stderr
