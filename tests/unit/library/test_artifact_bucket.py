"""The bucket of a stack: private, over TLS only, filled once, and nobody else's.

On a local AWS: moto by itself denies everything in a bucket that wants TLS.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from artifact_bucket import ArtifactBucket
from botocore.exceptions import ClientError
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


WRITES = (
    "create_bucket",
    "put_bucket_tagging",
    "put_public_access_block",
    "put_bucket_encryption",
    "put_bucket_policy",
    "put_object",
    "delete_objects",
    "delete_bucket",
)
READS = (
    "get_bucket_tagging",
    "get_public_access_block",
    "get_bucket_encryption",
    "get_bucket_policy",
)


class S3:
    """A client without a network: each write first fails with the given codes, one a call."""

    meta = SimpleNamespace(region_name="eu-west-1")

    def __init__(self, *codes: str, exists: bool = False) -> None:
        self.calls: list[str] = []
        self._exists = exists
        for name in WRITES:
            setattr(self, name, self._operation(name, [*codes]))
        for name in READS:
            setattr(self, name, self._operation(name, ["NoSuchBucket"] * 2))

    def head_bucket(self, **_: Any) -> dict[str, Any]:
        if not self._exists:
            raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadBucket")
        return {}

    head_object = head_bucket

    def list_objects_v2(self, **_: Any) -> dict[str, Any]:
        return {"Contents": []}

    def _operation(self, name: str, codes: list[str]) -> Callable[..., dict[str, Any]]:
        def call(**_: Any) -> dict[str, Any]:
            self.calls.append(name)
            if codes:
                raise ClientError({"Error": {"Code": codes.pop(0), "Message": "Try again."}}, name)
            return {}

        return call


def of_client(s3: S3) -> ArtifactBucket:
    return ArtifactBucket(s3, "b-1", {"Project": "p", "resilient-service:stack": "b"}, check=False)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits between two tries."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.mark.usefixtures("at_once")
def test_a_new_bucket_that_s3_is_still_making_is_tried_again(tmp_path: Path) -> None:
    """S3, "Error responses": OperationAborted, "Try again"; amazon.aws.s3_bucket retries both."""
    (tmp_path / "server.zip").write_bytes(b"1")
    s3 = S3("OperationAborted", "NoSuchBucket", "OperationAborted")
    bucket = of_client(s3)

    bucket.make("aws")
    bucket.upload(tmp_path / "server.zip")

    made = WRITES[:6]
    assert s3.calls == [name for name in made for _ in range(4)]
    assert len(bucket.actions) == len(made)


@pytest.mark.usefixtures("at_once")
def test_a_bucket_that_was_there_and_is_gone_is_not_awaited() -> None:
    s3 = S3("NoSuchBucket", exists=True)

    with pytest.raises(AnsibleAWSError, match=r"^Failed to tag the bucket b-1: .*NoSuchBucket"):
        of_client(s3).make("aws")
    # Read for its owner, and to see whether it is tagged already; neither was repeated.
    assert s3.calls == ["get_bucket_tagging", "get_bucket_tagging", "put_bucket_tagging"]


@pytest.mark.parametrize(
    ("write", "said"),
    [
        ("create_bucket", "create the bucket b-1"),
        ("put_bucket_tagging", "tag the bucket b-1"),
        ("put_public_access_block", "make the bucket b-1 private"),
        ("put_bucket_encryption", "encrypt the bucket b-1"),
        ("put_bucket_policy", "restrict the bucket b-1 to TLS"),
        ("put_object", "upload [0-9a-f]{64}.zip to the bucket b-1"),
    ],
)
def test_a_write_that_fails_is_named(write: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "server.zip").write_bytes(b"1")
    s3 = S3()
    setattr(s3, write, s3._operation(write, ["AccessDenied"]))
    bucket = of_client(s3)

    def deploy() -> None:
        bucket.make("aws")
        bucket.upload(tmp_path / "server.zip")

    with pytest.raises(AnsibleAWSError, match=rf"^Failed to {said}: An error .*AccessDenied"):
        deploy()


@pytest.mark.parametrize(
    ("write", "said"),
    [
        ("delete_objects", "delete 2 objects of the bucket b-1"),
        ("delete_bucket", "delete the bucket b-1"),
    ],
)
def test_a_deletion_that_fails_is_named(write: str, said: str) -> None:
    s3 = S3(exists=True)
    bucket = of_client(s3)
    s3.list_objects_v2 = lambda **_: {"Contents": [{"Key": "a"}, {"Key": "b"}]}  # type: ignore[method-assign]
    setattr(s3, write, s3._operation(write, ["AccessDenied"]))

    with pytest.raises(AnsibleAWSError, match=rf"^Failed to {said}: An error .*AccessDenied"):
        bucket.remove()


def test_an_object_that_s3_does_not_delete_is_named() -> None:
    """S3, API_DeleteObjects: what fails of it is in an answer with the status 200."""
    s3 = S3(exists=True)
    bucket = of_client(s3)
    # More than one page of them: whoever goes on as if they were gone never ends.
    s3.list_objects_v2 = lambda **_: {"Contents": [{"Key": "a"}, {"Key": "b"}], "IsTruncated": True}  # type: ignore[method-assign]
    refused = {"Key": "b", "Code": "AccessDenied", "Message": "Access Denied"}
    s3.delete_objects = lambda **_: {"Errors": [refused]}  # type: ignore[attr-defined]

    with pytest.raises(AnsibleAWSError, match=r"^Failed to delete b of the bucket b-1: Access D"):
        bucket.remove()
