"""What a bucket's settings must be, and what is taken for it."""

import json
from typing import Any

import pytest
from ansible.module_utils.resilience import bucket_settings

TAGS = {"Project": "p", "resilient-service:stack": "b"}
SETTINGS = {each.member: each for each in bucket_settings.of("b-1", TAGS, "aws-cn")}
RULE = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
OTHER_RULE = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}


@pytest.mark.parametrize("member", SETTINGS)
def test_what_is_put_is_what_is_wanted(member: str) -> None:
    setting = SETTINGS[member]
    [given] = setting.request.values()
    assert setting.is_met(given["TagSet"] if member == "TagSet" else given)
    assert not setting.is_met(None)


@pytest.mark.parametrize(
    ("member", "found", "is_met"),
    [
        ("TagSet", [{"Key": "Project", "Value": "p"}], False),
        ("PublicAccessBlockConfiguration", {"BlockPublicAcls": True}, False),
        ("ServerSideEncryptionConfiguration", {"Rules": [RULE]}, True),
        ("ServerSideEncryptionConfiguration", {"Rules": [OTHER_RULE]}, False),
        ("ServerSideEncryptionConfiguration", {"Rules": []}, False),
        ("Policy", json.dumps({"Version": "2012-10-17", "Statement": []}), False),
    ],
)
def test_what_is_found(member: str, found: Any, is_met: bool) -> None:
    assert SETTINGS[member].is_met(found) == is_met


def test_the_policy_names_the_bucket_in_its_partition() -> None:
    [statement] = json.loads(SETTINGS["Policy"].request["Policy"])["Statement"]
    assert statement["Resource"] == ["arn:aws-cn:s3:::b-1", "arn:aws-cn:s3:::b-1/*"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
