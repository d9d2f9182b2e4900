"""What the keys of GetSessionToken and GetFederationToken may do, and what limits sessions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.sts.models import sts_backends
from refusals import error_of, refusal_of
from role_driver import ACCOUNT, TRUSTS_THE_ACCOUNT, allow, denies, keys_of, policy_document

from local_aws.control_plane.iam.sessions import multi_factor, session_starts

AwsClient = Any
User = Callable[..., dict[str, str]]
LISTS_USERS = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
INVALID = (
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
)


@pytest.fixture
def user(aws: AwsClient, unique_name: str) -> Iterator[User]:
    """Creates a user with these statements, and an access key."""
    iam = aws("iam")

    def make(*statements: dict[str, Any]) -> dict[str, str]:
        iam.create_user(UserName=unique_name)
        document = policy_document(*statements)
        iam.put_user_policy(UserName=unique_name, PolicyName="p", PolicyDocument=document)
        key = iam.create_access_key(UserName=unique_name)["AccessKey"]
        return {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
        }

    yield make
    for key in iam.list_access_keys(UserName=unique_name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=unique_name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName=unique_name, PolicyName="p")
    iam.delete_user(UserName=unique_name)


@pytest.fixture
def device(aws: AwsClient, unique_name: str) -> Iterator[dict[str, str]]:
    """A virtual MFA device: its serial number and its secret."""
    iam = aws("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=unique_name)["VirtualMFADevice"]
    yield {"serial": made["SerialNumber"], "secret": made["Base32StringSeed"].decode()}
    iam.delete_virtual_mfa_device(SerialNumber=made["SerialNumber"])


@pytest.fixture
def users_device(
    aws: AwsClient, user: User, device: dict[str, str], unique_name: str
) -> Iterator[dict[str, str]]:
    """The keys of a user who may do everything and has the device."""
    keys = user(allow("*"))
    of_user = {"UserName": unique_name, "SerialNumber": device["serial"]}
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "234567"}
    aws("iam").enable_mfa_device(**of_user, **codes)
    yield keys
    aws("iam").deactivate_mfa_device(**of_user)


def code_of(device: dict[str, str]) -> str:
    return multi_factor.code_at(device["secret"], int(time.time()) // 30)


def test_a_session_token_calls_neither_iam_nor_most_of_sts(aws: AwsClient, user: User) -> None:
    """API_GetSessionToken: "You cannot call any IAM API operations unless MFA authentication
    information is included in the request. You cannot call any STS API except AssumeRole or
    GetCallerIdentity."; https://github.com/99designs/aws-vault/issues/1056: the error's code."""
    session = keys_of(aws("sts", **user(allow("*"))).get_session_token())

    assert refusal_of(aws("iam", **session).list_users) == INVALID
    sts = aws("sts", **session)
    sts.get_caller_identity()
    for call, arguments in (
        (sts.get_federation_token, {"Name": "bob"}),
        (sts.get_access_key_info, {"AccessKeyId": session["aws_access_key_id"]}),
    ):
        assert refusal_of(call, **arguments)[1] == "AccessDenied"
    assert "TableNames" in aws("dynamodb", **session).list_tables()


def test_a_federated_user_calls_neither_iam_nor_sts(aws: AwsClient, user: User) -> None:
    """API_GetFederationToken: "You cannot call any IAM operations using the CLI or the Amazon Web
    Services API"; "You cannot call any STS operations except GetCallerIdentity"."""
    policy = policy_document(allow("*"))
    made = aws("sts", **user(allow("*"))).get_federation_token(Name="bob", Policy=policy)
    session = keys_of(made)

    assert refusal_of(aws("iam", **session).list_users) == INVALID
    role = f"arn:aws:iam::{ACCOUNT}:role/any"
    refused = refusal_of(aws("sts", **session).assume_role, RoleArn=role, RoleSessionName="me")
    assert refused[1:] == ("AccessDenied", "Cannot call AssumeRole with session credentials")
    aws("sts", **session).get_caller_identity()


def test_the_code_of_a_users_device_is_verified(
    aws: AwsClient, users_device: dict[str, str], device: dict[str, str]
) -> None:
    """API_GetSessionToken: "An incorrect MFA code causes the API to return an access denied error";
    https://github.com/lonelyplanet/aws-mfa/pull/21 and https://github.com/aws/aws-cli/issues/6325:
    the words; "AWS global condition context keys" in the IAM User Guide."""
    sts = aws("sts", **users_device)
    given = {"SerialNumber": device["serial"], "TokenCode": code_of(device)}
    session = keys_of(sts.get_session_token(**given))
    assert "Users" in aws("iam", **session).list_users()

    other = f"{int(given['TokenCode']) ^ 1:06}"
    assert error_of(sts.get_session_token, **{**given, "TokenCode": other}) == (
        "AccessDenied",
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    )
    unknown = {**given, "SerialNumber": f"{device['serial']}-2"}
    assert error_of(sts.get_session_token, **unknown) == (
        "AccessDenied",
        (
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your "
            "MFA serial number is valid and associated with this user."
        ),
    )


def test_a_role_can_demand_a_device(
    aws: AwsClient,
    role: Callable[..., str],
    users_device: dict[str, str],
    device: dict[str, str],
) -> None:
    """API_AssumeRole, "Using MFA with AssumeRole"; "Configuring MFA-protected API access" in the
    IAM User Guide: the credentials that AssumeRole returns do not include that MFA was used."""
    arn = role(allow("iam:ListUsers", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    trust = {"Effect": "Allow", "Principal": TRUSTS_THE_ACCOUNT, "Action": "sts:AssumeRole"}
    demands = {**trust, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": True}}}
    name = arn.rpartition("/")[2]
    aws("iam").update_assume_role_policy(RoleName=name, PolicyDocument=policy_document(demands))
    sts, call = aws("sts", **users_device), {"RoleArn": arn, "RoleSessionName": "me"}
    given = {"SerialNumber": device["serial"], "TokenCode": code_of(device)}

    assert denies(sts.assume_role, **call)
    without = keys_of(sts.get_session_token())
    assert denies(aws("sts", **without).assume_role, **call)
    assumed = keys_of(sts.assume_role(**call, **given))
    assert denies(aws("iam", **assumed).list_users)
    with_device = keys_of(sts.get_session_token(**given))
    aws("sts", **with_device).assume_role(**call)


def test_keys_of_the_account_last_an_hour_at_most(aws: AwsClient) -> None:
    """API_GetSessionToken: "Credentials based on account credentials can range from 900 seconds (15
    minutes) up to 3,600 seconds (1 hour), with a default of 1 hour"."""
    expires = aws("sts").get_session_token(DurationSeconds=7_200)["Credentials"]["Expiration"]
    assert timedelta(minutes=59) < expires - datetime.now(UTC) <= timedelta(hours=1)


def test_sessions_that_began_before_are_revoked(aws: AwsClient, role: Callable[..., str]) -> None:
    """IAM User Guide, "Revoke IAM role temporary security credentials": aws:TokenIssueTime, which
    requests with long-term keys lack."""
    arn = role(allow("dynamodb:ListTables"))
    call = {"RoleArn": arn, "RoleSessionName": "me"}
    old, new = (keys_of(aws("sts").assume_role(**call)) for _ in range(2))
    sessions = sts_backends[ACCOUNT]["aws"].assumed_roles
    before = next(s for s in sessions if s.access_key_id == old["aws_access_key_id"])
    began = session_starts.of_session(before) - timedelta(hours=1)
    session_starts.keep(before, began)
    revoked = (began + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    revoking = {"RoleName": arn.rpartition("/")[2], "PolicyName": "AWSRevokeOlderSessions"}
    aws("iam").put_role_policy(
        **revoking,
        PolicyDocument=policy_document(
            {
                **allow("*"),
                "Effect": "Deny",
                "Condition": {"DateLessThan": {"aws:TokenIssueTime": revoked}},
            }
        ),
    )

    assert denies(aws("dynamodb", **old).list_tables)
    assert "TableNames" in aws("dynamodb", **new).list_tables()
    aws("iam").delete_role_policy(**revoking)


def test_a_federated_user_has_the_policies_and_tags_of_the_request(
    aws: AwsClient, user: User
) -> None:
    """API_GetFederationToken: PolicyArns, Tags, which need sts:TagSession."""
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    denied = {**allow("sts:TagSession"), "Effect": "Deny"}
    denied["Condition"] = {"StringEquals": {"aws:RequestTag/team": "blue"}}
    keys = user(allow(["dynamodb:*", "sts:*"]), allow("ssm:*", Condition=tagged), denied)
    sts = aws("sts", **keys)
    policies = [{"arn": "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"}]
    call = {"Name": "bob", "PolicyArns": policies}

    red = keys_of(sts.get_federation_token(**call, Tags=[{"Key": "team", "Value": "red"}]))
    assert "Parameters" in aws("ssm", **red).describe_parameters()
    assert denies(aws("dynamodb", **red).list_tables)
    assert denies(aws("ssm", **keys_of(sts.get_federation_token(**call))).describe_parameters)
    assert denies(sts.get_federation_token, **call, Tags=[{"Key": "team", "Value": "blue"}])


@pytest.mark.parametrize("operation", ["assume_role", "get_federation_token"])
def test_a_session_has_so_many_and_so_long_policies(
    aws: AwsClient, role: Callable[..., str], operation: str
) -> None:
    """API_AssumeRole, API_GetFederationToken: "up to 10 managed policy ARNs"; "The plaintext that
    you use for both inline and managed session policies can't exceed 2,048 characters"."""
    call = {"RoleArn": role(allow("s3:*")), "RoleSessionName": "me"}
    call = call if operation == "assume_role" else {"Name": "bob"}
    ask = getattr(aws("sts"), operation)
    policy = policy_document(allow("s3:*"))
    ask(**call, PolicyArns=[{"arn": LISTS_USERS}] * 10, Policy=policy + " " * (2048 - len(policy)))

    code, words = error_of(ask, **call, Policy=policy + " " * 2048)
    assert code == "ValidationError"
    assert "at 'policy' failed" in words
    assert "less than or equal to 2048" in words
    code, words = error_of(ask, **call, PolicyArns=[{"arn": LISTS_USERS}] * 11)
    assert code == "ValidationError"
    assert "at 'policyArns' failed" in words


@pytest.mark.parametrize("tag", [{"Key": "AWS:x", "Value": "b"}, {"Key": "x", "Value": "aws:b"}])
def test_tags_that_begin_like_awss_own_are_refused(
    aws: AwsClient, role: Callable[..., str], tag: dict[str, str]
) -> None:
    """IAM User Guide, "Rules for tagging in IAM and AWS STS": "You cannot create a tag key or value
    that begins with the text aws:"."""
    call = {"RoleArn": role(allow("s3:*")), "RoleSessionName": "me", "Tags": [tag]}
    assert error_of(aws("sts").assume_role, **call)[0] == "InvalidParameterValue"
