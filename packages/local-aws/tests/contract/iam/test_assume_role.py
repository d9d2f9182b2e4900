"""Who may assume a role, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from refusals import refusal_of
from role_driver import ACCOUNT, allow, denies, keys_of, policy_document
from signed_requests import RawClient

AwsClient = Any
Session = Callable[..., dict[str, str]]


@pytest.fixture
def assumable(aws: AwsClient, unique_name: str) -> Iterator[Callable[..., str]]:
    """Creates a role that this principal may assume; returns its ARN."""
    iam, name = aws("iam"), f"{unique_name}-other"

    def make(principal: str, **more: Any) -> str:
        trust = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
        document = policy_document({**trust, **more})
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
        return str(made["Role"]["Arn"])

    yield make
    iam.delete_role(RoleName=name)


@pytest.mark.parametrize(
    ("trusts", "statements", "allowed"),
    [
        ("itself", [allow("sqs:*")], True),
        ("itself", [{"Effect": "Deny", "Action": "sts:*", "Resource": "*"}], False),
        ("account", [allow("sqs:*")], False),
        ("account", [allow("sts:AssumeRole")], True),
    ],
)
def test_whom_a_role_names_needs_no_policy_of_its_own(
    aws: AwsClient,
    role: Callable[..., str],
    assumable: Callable[..., str],
    trusts: str,
    statements: list[dict[str, Any]],
    allowed: bool,
) -> None:
    """AWS STS API Reference, AssumeRole: in the same account, one of both is enough."""
    arn = role(*statements)
    keys = keys_of(aws("sts").assume_role(RoleArn=arn, RoleSessionName="me"))
    other = assumable(arn if trusts == "itself" else ACCOUNT)
    call = {"RoleArn": other, "RoleSessionName": "other"}
    if allowed:
        assert aws("sts", **keys).assume_role(**call)["Credentials"]
    else:
        assert refusal_of(aws("sts", **keys).assume_role, **call)[:2] == (403, "AccessDenied")


def test_a_session_policy_limits_whom_a_role_names(
    aws: AwsClient, role: Callable[..., str], assumable: Callable[..., str]
) -> None:
    """IAM User Guide, "Policy evaluation logic": it limits what the role's ARN is granted."""
    arn = role(allow("*"))
    limited = policy_document(allow("sqs:*"))
    keys = keys_of(aws("sts").assume_role(RoleArn=arn, RoleSessionName="me", Policy=limited))
    call = {"RoleArn": assumable(arn), "RoleSessionName": "other"}
    assert refusal_of(aws("sts", **keys).assume_role, **call)[:2] == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringEquals": {"sts:RoleSessionName": "other"}}, True),
        ({"StringEquals": {"sts:RoleSessionName": "somebody"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}, False),
    ],
)
def test_a_trust_policys_conditions_count(
    aws: AwsClient, assumable: Callable[..., str], condition: dict[str, Any], allowed: bool
) -> None:
    """IAM User Guide, "Available keys for AWS STS" and the global condition keys."""
    call = {"RoleArn": assumable(ACCOUNT, Condition=condition), "RoleSessionName": "other"}
    if allowed:
        assert aws("sts").assume_role(**call)["Credentials"]
    else:
        assert refusal_of(aws("sts").assume_role, **call)[:2] == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DurationSeconds": 7200}, "exceeds the MaxSessionDuration"),
        ({"DurationSeconds": 43_201}, "less than or equal to 43200"),
        ({"DurationSeconds": 899}, "greater than or equal to 900"),
        ({"RoleSessionName": "has space"}, "regular expression pattern"),
        ({"RoleSessionName": "e\u0301"}, "regular expression pattern"),
    ],
)
def test_a_sessions_length_and_name_have_limits(
    raw: RawClient, assumable: Callable[..., str], changes: dict[str, Any], said: str
) -> None:
    """AWS STS API Reference, AssumeRole: DurationSeconds, RoleSessionName."""
    call = {"RoleArn": assumable(ACCOUNT), "RoleSessionName": "other", **changes}
    body = urlencode({"Action": "AssumeRole", "Version": "2011-06-15", **call}).encode()
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    status, text = raw.send("POST", "/", raw.signed("sts", body=body, **form), body)
    assert (status, "<Code>ValidationError</Code>" in text) == (400, True)
    assert said in text


@pytest.mark.parametrize(
    "arn",
    [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ],
)
def test_what_is_no_arn_is_no_role(aws: AwsClient, arn: str) -> None:
    """AWS STS API Reference, AssumeRole: RoleArn, as real answers have been recorded."""
    call = {"RoleArn": arn, "RoleSessionName": "other"}
    refused = (400, "ValidationError", f"{arn} is invalid")
    assert refusal_of(aws("sts").assume_role, **call) == refused


def test_the_keys_of_a_sessions_tags_ignore_case(
    aws: AwsClient, assumable: Callable[..., str]
) -> None:
    """AWS STS API Reference, AssumeRole: Tags, TransitiveTagKeys, as recorded."""
    arn = assumable(ACCOUNT, Action=["sts:AssumeRole", "sts:TagSession"])
    call = {"RoleArn": arn, "RoleSessionName": "other"}
    tags = [{"Key": "team", "Value": "1"}, {"Key": "Team", "Value": "2"}]
    for more, words in (
        (
            {"Tags": tags},
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (
            {"Tags": tags[:1], "TransitiveTagKeys": ["other"]},
            "The specified transitive tag key must be included in the requested tags.",
        ),
    ):
        refused = refusal_of(aws("sts").assume_role, **call, **more)
        assert refused == (400, "InvalidParameterValue", words)


def test_a_chained_session_lasts_an_hour_at_most(
    aws: AwsClient, role: Callable[..., str], assumable: Callable[..., str]
) -> None:
    """IAM User Guide, "Roles terms and concepts": role chaining."""
    arn = role(allow("*"))
    keys = keys_of(aws("sts").assume_role(RoleArn=arn, RoleSessionName="me"))
    other = assumable(ACCOUNT)
    aws("iam").update_role(RoleName=other.rpartition("/")[2], MaxSessionDuration=43_200)
    call = {"RoleArn": other, "RoleSessionName": "other", "DurationSeconds": 3601}
    assert "1 hour session limit" in refusal_of(aws("sts", **keys).assume_role, **call)[2]
    assert aws("sts").assume_role(**call)["Credentials"]


def test_a_transitive_tag_is_not_set_again_in_a_chain(
    aws: AwsClient, role: Callable[..., str], assumable: Callable[..., str]
) -> None:
    """Recorded from AWS; IAM User Guide, "Chaining roles with session tags"."""
    arn = role(allow("*"))
    other = assumable(ACCOUNT, Action=["sts:AssumeRole", "sts:TagSession"])
    tag = {"Key": "Project", "Value": "1"}
    call = {"RoleSessionName": "chained", "Tags": [tag]}
    first = aws("sts").assume_role(RoleArn=arn, TransitiveTagKeys=["Project"], **call)
    second = aws("sts", **keys_of(first)).assume_role(RoleArn=other, RoleSessionName="second")
    words = (
        "One of the specified transitive tag keys can't be set because it conflicts with a "
        "transitive tag key from the calling session."
    )
    for key in ("Project", "project"):
        again = {"RoleArn": other, **call, "Tags": [{**tag, "Key": key}]}
        refused = refusal_of(aws("sts", **keys_of(first)).assume_role, **again)
        assert refused == (400, "InvalidParameterValue", words)
    plain = aws("sts").assume_role(RoleArn=arn, **call)
    assert aws("sts", **keys_of(plain)).assume_role(RoleArn=other, **call)
    assert "PackedPolicySize" not in second


def test_only_what_has_a_policy_or_tags_is_packed(aws: AwsClient, role: Callable[..., str]) -> None:
    """Recorded from AWS: PackedPolicySize of AssumeRole and GetFederationToken."""
    sts, arn = aws("sts"), role(allow("*"))
    call = {"RoleArn": arn, "RoleSessionName": "packed"}
    assert "PackedPolicySize" not in sts.assume_role(**call)
    assert "PackedPolicySize" in sts.assume_role(**call, Policy=policy_document(allow("s3:*")))
    assert sts.get_federation_token(Name="bob")["PackedPolicySize"] == 0


def test_a_sessions_policy_is_a_document(aws: Any, role: Any) -> None:
    """API_AssumeRole, API_GetFederationToken: MalformedPolicyDocument."""
    sts, words = aws("sts"), "The policy is not in the valid JSON format."
    malformed = (400, "MalformedPolicyDocument", words)
    permission = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    request = {"RoleArn": role(permission), "RoleSessionName": "me", "Policy": "no document"}
    assert refusal_of(sts.assume_role, **request) == malformed
    assert refusal_of(sts.get_federation_token, Name="bob", Policy="no document") == malformed


def test_who_is_created_again_is_not_trusted(aws: AwsClient, unique_name: str) -> None:
    """IAM User Guide, "AWS JSON policy elements: Principal": the ARN of a user is replaced by the
    unique id when the trust policy is saved, and a policy may have that id itself."""
    iam, user = aws("iam"), {"UserName": unique_name}

    def created() -> tuple[str, dict[str, str]]:
        made = iam.create_user(**user)["User"]
        key = iam.create_access_key(**user)["AccessKey"]
        secret = key["SecretAccessKey"]
        keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": secret}
        return made["UserId"], keys

    def trusting(name: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"AWS": name}, "Action": "sts:AssumeRole"}
        return policy_document(trust)

    arn = f"arn:aws:iam::{ACCOUNT}:user/{unique_name}"
    _, keys = created()
    role = iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=trusting(arn))["Role"]
    call = {"RoleArn": role["Arn"], "RoleSessionName": "me"}
    aws("sts", **keys).assume_role(**call)

    iam.delete_access_key(**user, AccessKeyId=keys["aws_access_key_id"])
    iam.delete_user(**user)
    unique_id, keys = created()
    sts = aws("sts", **keys)
    assert refusal_of(sts.assume_role, **call)[1] == "AccessDenied"
    for name in (unique_id, arn):
        iam.update_assume_role_policy(RoleName=unique_name, PolicyDocument=trusting(name))
        sts.assume_role(**call)


RED = [{"Key": "team", "Value": "red"}]


@pytest.mark.parametrize(
    ("condition", "given", "is_trusted"),
    [
        ({"ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["team"]}}, {}, True),
        (
            {"ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["other"]}},
            {"Tags": RED, "TransitiveTagKeys": ["team"]},
            False,
        ),
        ({"StringEquals": {"aws:RequestTag/team": "${aws:ResourceTag/team}"}}, {"Tags": RED}, True),
        ({"StringNotEquals": {"aws:ResourceTag/team": "red"}}, {}, False),
        ({"StringEquals": {"iam:ResourceTag/team": "red"}}, {}, True),
        ({"StringNotEquals": {"sts:NotEvaluated": "x"}}, {}, False),
        ({"StringLike": {"sts:RoleSessionName": "m?"}}, {}, True),
        ({"Null": {"sts:ExternalId": "true"}}, {}, True),
    ],
    ids=str,
)
def test_a_trust_policy_is_held_to_all_condition_keys(
    aws: AwsClient,
    unique_name: str,
    condition: dict[str, Any],
    given: dict[str, Any],
    is_trusted: bool,
) -> None:
    """IAM User Guide, "IAM and AWS STS condition context keys"; a key whose value the local AWS
    does not know lets nobody in."""
    iam, name = aws("iam"), {"RoleName": unique_name}
    actions = ["sts:AssumeRole", "sts:TagSession"]
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": actions}
    document = policy_document({**trust, "Condition": condition})
    arn = iam.create_role(**name, AssumeRolePolicyDocument=document, Tags=RED)["Role"]["Arn"]

    call = {"RoleArn": arn, "RoleSessionName": "me", **given}
    assert denies(aws("sts").assume_role, **call) is not is_trusted
    iam.delete_role(**name)
