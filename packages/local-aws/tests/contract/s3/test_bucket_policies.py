"""Which policies a bucket can have: principals that exist, S3's actions, what they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from refusals import refusal_of
from signed_requests import policy_document

ACCOUNT = "arn:aws:iam::123456789012"
NO_ACTION = "Policy has invalid action"
NOT_APPLICABLE = "Action does not apply to any resource(s) in statement"

Put = Callable[..., None]


@pytest.fixture
def put(s3: Any, bucket: str) -> Put:
    def call(resources: list[str] | None = None, **changes: Any) -> None:
        """Put a policy with resources of the bucket: "" is the bucket, "/*" all objects."""
        names = ["", "/*"] if resources is None else resources
        statement = {
            "Effect": "Deny",
            "Principal": {"AWS": f"{ACCOUNT}:root"},
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{bucket}{name}" for name in names],
            **changes,
        }
        document = policy_document({name: each for name, each in statement.items() if each})
        s3.put_bucket_policy(Bucket=bucket, Policy=document)
        s3.delete_bucket_policy(Bucket=bucket)

    return call


@pytest.mark.parametrize(
    "principal",
    [
        "x",
        f"{ACCOUNT}:root",
        {"AWS": "x"},
        {"AWS": f"{ACCOUNT}:role/nobody"},
        {"AWS": [f"{ACCOUNT}:root", f"{ACCOUNT}:user/nobody"]},
        {"AWS": f"{ACCOUNT}:group/g"},
        {"AWS": f"{ACCOUNT}:role/*"},
        {"Service": "amazonaws.com"},
    ],
    ids=str,
)
@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_a_principal_exists(put: Put, principal: Any, element: str) -> None:
    """ "AWS JSON policy elements: Principal" in the IAM User Guide; reported by users of AWS
    (cloud-custodian/cloud-custodian 4948)."""
    given = {"Principal": None, element: principal}
    assert refusal_of(put, **given) == (400, "MalformedPolicy", "Invalid principal in policy")


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": ["123456789012", "arn:aws:iam::444455556666:role/theirs"]},
        {"Service": ["delivery.logs.amazonaws.com", "logging.s3.amazonaws.com"]},
        {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},
        {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
    ],
    ids=str,
)
def test_whom_nobody_here_knows_may_be_named(put: Put, principal: Any) -> None:
    """ "AWS JSON policy elements: Principal": accounts, services and roles of other accounts."""
    put(Principal=principal, Action="s3:DeleteObjectVersion")


def test_a_user_may_be_named_once_there_is_one(aws: Any, put: Put, unique_name: str) -> None:
    """As above: the account's own users have to exist."""
    iam = aws("iam")
    arn = iam.create_user(UserName=unique_name)["User"]["Arn"]
    put(Principal={"AWS": arn})
    iam.delete_user(UserName=unique_name)
    assert refusal_of(put, Principal={"AWS": arn})[1] == "MalformedPolicy"


@pytest.mark.parametrize(
    ("resources", "action", "words"),
    [
        (["", "/*"], "ec2:RunInstances", NO_ACTION),
        (["", "/*"], "GetObject", NO_ACTION),
        (["", "/*"], "s3:HeadObject", NO_ACTION),
        (["", "/*"], "s3:ListObjectsV2", NO_ACTION),
        (["", "/*"], "s3:ListAllMyBuckets", NO_ACTION),
        (["", "/*"], ["s3:GetObject", "sqs:*"], NO_ACTION),
        (["", "/*"], "s3:Fly*", NO_ACTION),
        ([""], "s3:PutObject", NOT_APPLICABLE),
        (["/*"], "s3:GetBucketAcl", NOT_APPLICABLE),
        (["/*"], ["s3:GetObject", "s3:ListBucket"], NOT_APPLICABLE),
    ],
    ids=str,
)
def test_an_action_is_one_of_s3_on_what_the_statement_names(
    put: Put, resources: list[str], action: Any, words: str
) -> None:
    """ "Actions, resources, and condition keys for Amazon S3" in the Service Authorization
    Reference; reported by users of AWS (wandb/terraform-aws-wandb 156)."""
    refused = refusal_of(put, resources=resources, Action=action)
    assert refused == (400, "MalformedPolicy", words)


@pytest.mark.parametrize(
    ("resources", "action"),
    [
        (["/*"], "s3:*"),
        (["/logs/*"], ["s3:Get*", "S3:putobject"]),
        ([""], ["s3:List*", "s3:GetBucketLocation"]),
        (["*"], ["s3:GetObject", "s3:ListBucket"]),
        (["", "/*"], "*"),
    ],
    ids=str,
)
def test_wildcards_stand_for_what_there_is(put: Put, resources: list[str], action: Any) -> None:
    """ "IAM JSON policy elements: Action": case does not matter."""
    put(resources=resources, Action=action)
