"""The bucket of a stack: private, over TLS only, filled once, and nobody else's.

On a local AWS: moto by itself denies everything in a bucket that wants TLS.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from local_aws_command import LocalAws

Client = Callable[[str], Any]
Bucket = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    local_aws = LocalAws(tmp_path_factory.mktemp("local-aws"))
    local_aws.start()
    yield local_aws
    local_aws.stop()


@pytest.fixture(autouse=True)
def environment(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points the module, and the test's own clients, at it."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in local_aws.client_environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def aws() -> Client:
    return boto3.client


@pytest.fixture
def name() -> str:
    return f"c{uuid.uuid4().hex[:8]}"


@pytest.fixture
def bucket(run_module: Callable[..., dict[str, Any]], name: str, tmp_path: Path) -> Bucket:
    """The module, for a stack of the bucket's name and a small file."""
    file = tmp_path / "server.zip"
    file.write_bytes(b"the server")
    tags = {"Project": "resilient-service", "resilient-service:stack": name}

    def run(**options: Any) -> dict[str, Any]:
        return run_module("artifact_bucket", bucket=name, tags=tags, file=str(file), **options)

    return run


def test_check_do_do_again_check_again(name: str, bucket: Bucket, aws: Client) -> None:
    checked = bucket(check=True)
    assert name not in [each["Name"] for each in aws("s3").list_buckets()["Buckets"]]
    done = bucket()
    assert checked["changed"] is done["changed"] is True
    assert (checked["actions"], checked["diff"]) == (done["actions"], done["diff"])
    for check in (False, True):
        assert bucket(check=check)["changed"] is False


def test_the_file_is_there_by_its_digest(name: str, bucket: Bucket, aws: Client) -> None:
    made = bucket()
    key = f"{hashlib.sha256(b'the server').hexdigest()}.zip"
    assert made["key"] == key
    assert made["actions"] == [
        "created the bucket",
        "tagged it",
        "made it private",
        "encrypted it",
        "restricted it to TLS",
        f"uploaded {key}",
    ]
    assert aws("s3").get_object(Bucket=name, Key=key)["Body"].read() == b"the server"
    private = aws("s3").get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert set(private.values()) == {True}
    [statement] = json.loads(aws("s3").get_bucket_policy(Bucket=name)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_setting_that_was_undone_is_made_again(name: str, bucket: Bucket, aws: Client) -> None:
    bucket()
    aws("s3").delete_bucket_policy(Bucket=name)
    aws("s3").delete_public_access_block(Bucket=name)
    assert bucket()["actions"] == ["made it private", "restricted it to TLS"]
    assert bucket()["changed"] is False


def test_what_a_play_left_half_made_is_completed(name: str, bucket: Bucket, aws: Client) -> None:
    aws("s3").create_bucket(Bucket=name)
    made = bucket()
    assert "created the bucket" not in made["actions"]
    assert "tagged it" in made["actions"]


def test_somebody_elses_is_refused_and_left_alone(name: str, bucket: Bucket, aws: Client) -> None:
    aws("s3").create_bucket(Bucket=name)
    aws("s3").put_object(Bucket=name, Key="theirs", Body=b"1")
    refused = bucket()
    assert refused["failed"]
    assert f"The bucket {name} is somebody else's" in refused["msg"]
    assert bucket(state="absent")["changed"] is False
    assert [each["Key"] for each in aws("s3").list_objects_v2(Bucket=name)["Contents"]] == [
        "theirs"
    ]


def test_it_is_removed_with_all_that_is_in_it(name: str, bucket: Bucket, aws: Client) -> None:
    bucket()
    aws("s3").put_object(Bucket=name, Key="older.zip", Body=b"1")
    removed = bucket(state="absent")
    assert removed["actions"][-1] == "deleted the bucket"
    assert name not in [each["Name"] for each in aws("s3").list_buckets()["Buckets"]]
    assert bucket(state="absent")["changed"] is False
