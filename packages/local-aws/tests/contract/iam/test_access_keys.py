"""Who may use the endpoint: whoever signs with a key that was issued here, and while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sts.models import sts_backends
from signed_requests import allow, keys_of, policy_document, refusal

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.iam.sessions import temporary_keys

AwsClient = Any


@pytest.mark.parametrize(
    ("service", "operation", "unknown", "forged"),
    [
        ("sts", "get_caller_identity", (403, "InvalidClientTokenId"), "SignatureDoesNotMatch"),
        ("cloudformation", "list_stacks", (403, "InvalidClientTokenId"), "SignatureDoesNotMatch"),
        ("ec2", "describe_vpcs", (401, "AuthFailure"), "AuthFailure"),
        (
            "dynamodb",
            "list_tables",
            (400, "UnrecognizedClientException"),
            "InvalidSignatureException",
        ),
        (
            "lambda",
            "list_functions",
            (403, "UnrecognizedClientException"),
            "InvalidSignatureException",
        ),
        ("s3", "list_buckets", (403, "InvalidAccessKeyId"), "SignatureDoesNotMatch"),
    ],
)
def test_a_key_that_was_not_issued_here_and_a_wrong_secret_are_refused(
    aws: AwsClient,
    administrators_key: AccessKey,
    service: str,
    operation: str,
    unknown: tuple[int, str],
    forged: str,
) -> None:
    """Each service's API Reference, "Common errors"; EC2 and S3: "Error codes"."""
    nobody = {"aws_access_key_id": "AKIANOBODYKNOWS00000", "aws_secret_access_key": "x"}
    guesser = {
        "aws_access_key_id": administrators_key.access_key_id,
        "aws_secret_access_key": "guessed",
    }

    assert refusal(getattr(aws(service, **nobody), operation)) == unknown
    assert refusal(getattr(aws(service, **guesser), operation))[1] == forged


def test_awss_example_key_is_nobodys(aws: AwsClient) -> None:
    """moto hands it out as everyone's session token and federation token."""
    example = {
        "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
    }

    assert refusal(aws("sts", **example).get_caller_identity)[1] == "InvalidClientTokenId"


def test_a_users_key_works_until_it_is_inactive_or_deleted(aws: AwsClient, user: str) -> None:
    """IAM User Guide, "Manage access keys": an inactive key cannot be used."""
    iam = aws("iam")
    key = iam.create_access_key(UserName=user)["AccessKey"]
    sts = aws("sts", **keys_of(key))

    assert sts.get_caller_identity()["Arn"].endswith(f":user/{user}")
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert refusal(sts.get_caller_identity) == (403, "InvalidClientTokenId")
    iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Active")
    assert sts.get_caller_identity()
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    assert refusal(sts.get_caller_identity) == (403, "InvalidClientTokenId")


def test_a_user_may_do_what_the_policies_of_user_and_groups_allow(
    aws: AwsClient, user: str
) -> None:
    """IAM User Guide, "Policy evaluation logic": nothing is allowed by default."""
    iam = aws("iam")
    keys = keys_of(iam.create_access_key(UserName=user)["AccessKey"])
    dynamodb, ssm = aws("dynamodb", **keys), aws("ssm", **keys)
    assert refusal(dynamodb.list_tables)[1] == "AccessDeniedException"

    allow(aws, user, "dynamodb:ListTables")
    assert "TableNames" in dynamodb.list_tables()
    assert refusal(ssm.describe_parameters)[1] == "AccessDeniedException"

    iam.create_group(GroupName=user)
    arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
    iam.attach_group_policy(GroupName=user, PolicyArn=arn)
    iam.add_user_to_group(GroupName=user, UserName=user)
    assert "Parameters" in ssm.describe_parameters()
    iam.remove_user_from_group(GroupName=user, UserName=user)
    iam.detach_group_policy(GroupName=user, PolicyArn=arn)
    iam.delete_group(GroupName=user)


def test_a_session_token_acts_as_its_user(aws: AwsClient, user: str) -> None:
    """STS API Reference, GetSessionToken: the permissions of the user who called it."""
    keys = keys_of(aws("iam").create_access_key(UserName=user)["AccessKey"])
    allow(aws, user, "dynamodb:ListTables")

    session = keys_of(aws("sts", **keys).get_session_token()["Credentials"])

    assert aws("sts", **session).get_caller_identity()["Arn"].endswith(f":user/{user}")
    assert "TableNames" in aws("dynamodb", **session).list_tables()
    assert refusal(aws("ssm", **session).describe_parameters)[1] == "AccessDeniedException"
    assert refusal(aws("sts", **session).get_session_token)[1] == "AccessDenied"
    stolen = {**session, "aws_session_token": "another"}
    assert refusal(aws("sts", **stolen).get_caller_identity)[1] == "InvalidClientTokenId"


def test_an_administrators_session_token_is_an_administrators(aws: AwsClient) -> None:
    keys = keys_of(aws("sts").get_session_token()["Credentials"])

    assert "Parameters" in aws("ssm", **keys).describe_parameters()


def test_a_federated_user_may_do_what_both_policies_allow(aws: AwsClient, user: str) -> None:
    """STS API Reference, GetFederationToken: the intersection; nothing without a policy."""
    keys = keys_of(aws("iam").create_access_key(UserName=user)["AccessKey"])
    allow(aws, user, "dynamodb:ListTables", "ssm:*", "sts:GetFederationToken")
    sts = aws("sts", **keys)
    policy = policy_document({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})

    limited = keys_of(sts.get_federation_token(Name="bob", Policy=policy)["Credentials"])
    bare = keys_of(sts.get_federation_token(Name="bob")["Credentials"])

    arn = aws("sts", **limited).get_caller_identity()["Arn"]
    assert arn == f"arn:aws:sts::{DEFAULT_ACCOUNT_ID}:federated-user/bob"
    assert "TableNames" in aws("dynamodb", **limited).list_tables()
    assert refusal(aws("dynamodb", **limited).describe_limits)[1] == "AccessDeniedException"
    assert refusal(aws("ssm", **limited).describe_parameters)[1] == "AccessDeniedException"
    assert refusal(aws("dynamodb", **bare).list_tables)[1] == "AccessDeniedException"


def test_a_temporary_key_ends(aws: AwsClient) -> None:
    keys = keys_of(aws("sts").get_session_token(DurationSeconds=900)["Credentials"])
    known = temporary_keys.keys_of(sts_backends[DEFAULT_ACCOUNT_ID]["aws"])
    key = known[keys["aws_access_key_id"]]
    object.__setattr__(key, "expires_at", datetime.now(UTC) - timedelta(seconds=1))

    assert refusal(aws("sts", **keys).get_caller_identity) == (403, "ExpiredToken")


def test_a_key_is_deleted_by_its_user_without_a_name(aws: AwsClient, unique_name: str) -> None:
    """Recorded from AWS; API_DeleteAccessKey: the caller is the user who signs the request."""
    iam = aws("iam")
    iam.create_user(UserName=unique_name)
    allow(aws, unique_name, "iam:DeleteAccessKey")
    own, other = (iam.create_access_key(UserName=unique_name)["AccessKey"] for _ in range(2))
    keys = {
        "aws_access_key_id": own["AccessKeyId"],
        "aws_secret_access_key": own["SecretAccessKey"],
    }
    with pytest.raises(ClientError, match=f"The Access Key with id {other['AccessKeyId']} cannot"):
        iam.delete_access_key(AccessKeyId=other["AccessKeyId"])
    aws("iam", **keys).delete_access_key(AccessKeyId=other["AccessKeyId"])
    left = iam.list_access_keys(UserName=unique_name)["AccessKeyMetadata"]
    assert [each["AccessKeyId"] for each in left] == [own["AccessKeyId"]]


def test_a_session_has_to_name_whose_key_it_deletes(
    aws: AwsClient, role: Callable[..., str]
) -> None:
    """Recorded from AWS: ValidationError."""
    arn = role({"Effect": "Allow", "Action": "iam:*", "Resource": "*"})
    session = keys_of(aws("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"])
    words = "Must specify userName when calling with non-User credentials"
    with pytest.raises(ClientError, match=words) as refused:
        aws("iam", **session).delete_access_key(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_the_last_use_of_an_unknown_key_is_not_returned(aws: AwsClient) -> None:
    """Recorded from AWS: AccessDenied, whatever the caller may do."""
    with pytest.raises(ClientError) as refused:
        aws("iam").get_access_key_last_used(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
    error = refused.value.response["Error"]
    assert error["Code"] == "AccessDenied"
    assert error["Message"] == (
        "User: arn:aws:iam::123456789012:root is not authorized to perform "
        "iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE"
    )


def test_the_administrator_is_the_account(aws: AwsClient) -> None:
    """API_GetCallerIdentity; "IAM JSON policy elements: Principal" in the IAM User Guide: policies
    know an account's own keys by this ARN."""
    identity = aws("sts").get_caller_identity()
    shown = {name: identity[name] for name in ("Account", "Arn", "UserId")}
    assert shown == {
        "Account": DEFAULT_ACCOUNT_ID,
        "Arn": f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root",
        "UserId": DEFAULT_ACCOUNT_ID,
    }
