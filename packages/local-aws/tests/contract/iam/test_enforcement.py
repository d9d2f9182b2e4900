"""A role session may do what its policies allow, and is refused in its protocol's own shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from moto.sts.models import sts_backends
from refusals import refusal_of
from role_driver import ACCOUNT, TRUSTS_EC2, allow, policy_document
from stack_driver import StackDriver, parameter

AwsClient = Any
Session = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "status", "code"),
    [
        ("dynamodb", "list_tables", {}, 400, "AccessDeniedException"),
        ("ssm", "get_parameters", {"Names": ["a"]}, 400, "AccessDeniedException"),
        ("cloudformation", "describe_stacks", {}, 403, "AccessDenied"),
        ("ec2", "describe_instances", {}, 403, "UnauthorizedOperation"),
        ("autoscaling", "describe_auto_scaling_groups", {}, 403, "AccessDenied"),
        ("elbv2", "describe_target_groups", {}, 403, "AccessDenied"),
        ("iam", "list_roles", {}, 403, "AccessDenied"),
        ("s3", "list_buckets", {}, 403, "AccessDenied"),
    ],
)
def test_what_no_policy_allows_is_denied_in_the_protocols_shape(
    aws: AwsClient,
    session: Session,
    service: str,
    operation: str,
    arguments: dict[str, Any],
    status: int,
    code: str,
) -> None:
    """Each service's API Reference, "Common errors"; EC2: "Error codes", UnauthorizedOperation."""
    client = aws(service, **session(allow("sqs:*")))

    refusal = refusal_of(getattr(client, operation), **arguments)

    assert refusal[:2] == (status, code)
    assert f"arn:aws:sts::{ACCOUNT}:assumed-role/" in refusal[2]
    assert "no identity-based policy allows" in refusal[2]


def test_a_statement_on_one_table_allows_that_table_only(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """Amazon DynamoDB Developer Guide, "Identity-based policies": table ARNs."""
    arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{unique_name}"
    dynamodb = aws("dynamodb", **session(allow("dynamodb:GetItem", arn)))
    key = {"Id": {"S": "1"}}

    allowed = refusal_of(dynamodb.get_item, TableName=unique_name, Key=key)
    other = refusal_of(dynamodb.get_item, TableName="other", Key=key)
    write = refusal_of(dynamodb.put_item, TableName=unique_name, Item=key)

    assert allowed[1] == "ResourceNotFoundException"  # it got as far as the table
    assert other[1] == "AccessDeniedException"
    assert write[1] == "AccessDeniedException"
    assert f"table/{unique_name} because" in write[2]


def test_each_name_of_get_parameters_must_be_allowed(aws: AwsClient, session: Session) -> None:
    """AWS Systems Manager User Guide, "Restricting access to parameters using IAM policies"."""
    arn = f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/mine-*"
    ssm = aws("ssm", **session(allow("ssm:GetParameters", arn)))

    assert ssm.get_parameters(Names=["mine-1", "mine-2"])["InvalidParameters"]
    refusal = refusal_of(ssm.get_parameters, Names=["mine-1", "yours"])
    assert refusal[1] == "AccessDeniedException"
    assert "parameter/yours" in refusal[2]


def test_a_public_parameter_is_in_no_account(aws: AwsClient, session: Session) -> None:
    """Systems Manager User Guide, "Discovering public parameters": the ARN has no account."""
    arn = "arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/*"
    ssm = aws("ssm", **session(allow("ssm:GetParameter", arn)))
    images = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default"

    found = ssm.get_parameter(Name=f"{images}-x86_64")["Parameter"]

    assert found["ARN"] == arn.replace("*", "al2023-ami-kernel-default-x86_64")
    assert refusal_of(ssm.get_parameter, Name="mine")[1] == "AccessDeniedException"
    refusal = refusal_of(ssm.get_parameters, Names=[f"{images}-x86_64"])
    assert f"on resource: {found['ARN']} " in refusal[2]


def test_a_stack_is_named_by_its_whole_arn(
    aws: AwsClient, session: Session, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Control access with IAM": stack ARNs hold the unique id."""
    stack_id = stacks.create(unique_name, {"One": parameter("1")})["StackId"]
    cloudformation = aws(
        "cloudformation", **session(allow("cloudformation:DescribeStacks", stack_id))
    )

    assert cloudformation.describe_stacks(StackName=unique_name)["Stacks"]
    assert cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    assert refusal_of(cloudformation.describe_stacks, StackName="other")[1] == "AccessDenied"
    assert refusal_of(cloudformation.describe_stacks)[1] == "AccessDenied"


def test_an_explicit_deny_wins(aws: AwsClient, session: Session) -> None:
    """IAM User Guide, "Policy evaluation logic"."""
    deny = {"Effect": "Deny", "Action": "dynamodb:List*", "Resource": "*"}
    dynamodb = aws("dynamodb", **session(allow("*"), deny))

    refusal = refusal_of(dynamodb.list_tables)

    assert refusal[1] == "AccessDeniedException"
    assert "with an explicit deny" in refusal[2]
    assert dynamodb.describe_limits()


def test_a_changed_policy_holds_at_once(aws: AwsClient, session: Session, unique_name: str) -> None:
    """IAM User Guide, "Changing permissions for a role": sessions are evaluated again."""
    dynamodb = aws("dynamodb", **session(allow("sqs:*")))
    assert refusal_of(dynamodb.list_tables)[1] == "AccessDeniedException"

    aws("iam").put_role_policy(
        RoleName=unique_name,
        PolicyName="inline",
        PolicyDocument=policy_document(allow("dynamodb:ListTables")),
    )

    assert "TableNames" in dynamodb.list_tables()


def test_a_session_policy_can_only_take_away(aws: AwsClient, session: Session) -> None:
    """IAM User Guide, "Session policies": the intersection."""
    narrow = policy_document(allow("dynamodb:ListTables"))
    keys = session(allow("dynamodb:*"), Policy=narrow)

    assert "TableNames" in aws("dynamodb", **keys).list_tables()
    assert refusal_of(aws("dynamodb", **keys).describe_limits)[1] == "AccessDeniedException"


def test_a_permissions_boundary_can_only_take_away(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """IAM User Guide, "Permissions boundaries for IAM entities"."""
    keys = session(allow("*"))
    aws("iam").put_role_permissions_boundary(
        RoleName=unique_name,
        PermissionsBoundary="arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess",
    )

    assert "TableNames" in aws("dynamodb", **keys).list_tables()
    assert refusal_of(aws("ssm", **keys).describe_parameters)[1] == "AccessDeniedException"


def test_an_attached_managed_policy_counts(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """IAM User Guide, "Managed policies and inline policies"."""
    keys = session(allow("sqs:*"))
    arn = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
    aws("iam").attach_role_policy(RoleName=unique_name, PolicyArn=arn)

    assert "TableNames" in aws("dynamodb", **keys).list_tables()

    aws("iam").detach_role_policy(RoleName=unique_name, PolicyArn=arn)


def test_a_condition_must_hold(aws: AwsClient, session: Session) -> None:
    """IAM User Guide, "AWS global condition context keys": aws:RequestedRegion."""
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    keys = session(allow("dynamodb:*", Condition=condition))

    assert "TableNames" in aws("dynamodb", region="eu-west-1", **keys).list_tables()
    assert refusal_of(aws("dynamodb", **keys).list_tables)[1] == "AccessDeniedException"


def test_a_group_and_a_target_group_are_named_by_their_arns(
    aws: AwsClient, session: Session, service: dict[str, str], unique_name: str
) -> None:
    """Service Authorization Reference: Elastic Load Balancing V2, Amazon EC2."""
    elbv2 = aws("elbv2")
    arn = elbv2.create_target_group(
        Name=unique_name, Protocol="HTTP", Port=80, VpcId=service["VPCId"]
    )["TargetGroups"][0]["TargetGroupArn"]
    instances = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/*"
    keys = session(
        allow("elasticloadbalancing:ModifyTargetGroup", arn),
        allow("ec2:RebootInstances", instances),
    )

    assert aws("elbv2", **keys).modify_target_group(TargetGroupArn=arn, HealthCheckPath="/x")
    refusal = refusal_of(aws("elbv2", **keys).delete_target_group, TargetGroupArn=arn)
    assert refusal[1] == "AccessDenied"
    refusal = refusal_of(aws("ec2", **keys).reboot_instances, InstanceIds=["i-0"])
    assert refusal[1].startswith("InvalidInstanceID")  # allowed, but there is none
    refusal = refusal_of(aws("ec2", **keys).terminate_instances, InstanceIds=["i-0"])
    assert refusal[1] == "UnauthorizedOperation"
    elbv2.delete_target_group(TargetGroupArn=arn)


def test_the_caller_identity_is_the_assumed_role(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """AWS STS API Reference, GetCallerIdentity: allowed whatever the policies say."""
    identity = aws("sts", **session({**allow("*"), "Effect": "Deny"})).get_caller_identity()

    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{unique_name}/me"
    assert identity["UserId"].endswith(":me")
    assert identity["Account"] == ACCOUNT


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("dynamodb", "list_tables", "ExpiredTokenException"),
        ("cloudformation", "describe_stacks", "ExpiredToken"),
        ("ec2", "describe_instances", "RequestExpired"),
    ],
)
def test_an_expired_session_is_refused_as_expired(
    aws: AwsClient, session: Session, service: str, operation: str, code: str
) -> None:
    """IAM User Guide, "Troubleshoot": ExpiredToken; EC2 "Error codes": RequestExpired."""
    keys = session(allow("*"))
    for known in sts_backends[ACCOUNT]["aws"].assumed_roles:
        if known.access_key_id == keys["aws_access_key_id"]:
            known.expiration -= timedelta(hours=2)

    assert refusal_of(getattr(aws(service, **keys), operation))[1] == code


def test_a_wrong_secret_or_token_is_refused(aws: AwsClient, session: Session) -> None:
    """AWS General Reference, "Troubleshoot Signature Version 4 signing"."""
    keys = session(allow("*"))
    forged = {**keys, "aws_secret_access_key": "guessed"}
    stale = {**keys, "aws_session_token": "guessed"}
    unknown = {**keys, "aws_access_key_id": "ASIAUNKNOWN000000000"}

    assert refusal_of(aws("ssm", **forged).describe_parameters)[1] == "InvalidSignatureException"
    assert refusal_of(aws("ssm", **stale).describe_parameters)[1] == "UnrecognizedClientException"
    assert refusal_of(aws("ssm", **unknown).describe_parameters)[1] == "UnrecognizedClientException"
    assert refusal_of(aws("iam", **forged).list_roles)[:2] == (403, "SignatureDoesNotMatch")
    assert refusal_of(aws("iam", **unknown).list_roles)[:2] == (403, "InvalidClientTokenId")
    assert refusal_of(aws("ec2", **forged).describe_vpcs)[:2] == (401, "AuthFailure")


def test_only_whom_the_trust_policy_names_may_assume_a_role(
    aws: AwsClient, role: Callable[..., str]
) -> None:
    """AWS STS API Reference, AssumeRole; moto answers a role for EC2 with a server error."""
    arn = role(allow("*"), principal=TRUSTS_EC2)

    refusal = refusal_of(aws("sts").assume_role, RoleArn=arn, RoleSessionName="me")

    assert refusal[:2] == (403, "AccessDenied")
    assert "sts:AssumeRole" in refusal[2]
    unknown = refusal_of(aws("sts").assume_role, RoleArn=f"{arn}-not", RoleSessionName="me")
    assert unknown[:2] == (403, "AccessDenied")


def test_an_object_in_a_bucket_has_its_own_arn(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """Service Authorization Reference, Amazon S3."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    s3.put_object(Bucket=unique_name, Key="open/a b", Body=b"1")
    mine = aws("s3", **session(allow("s3:GetObject", f"arn:aws:s3:::{unique_name}/open/*")))

    assert mine.get_object(Bucket=unique_name, Key="open/a b")["Body"].read() == b"1"
    assert refusal_of(mine.get_object, Bucket=unique_name, Key="shut")[1] == "AccessDenied"
    assert refusal_of(mine.put_object, Bucket=unique_name, Key="open/b")[1] == "AccessDenied"
    assert refusal_of(mine.list_objects_v2, Bucket=unique_name)[1] == "AccessDenied"
    s3.delete_object(Bucket=unique_name, Key="open/a b")
    s3.delete_bucket(Bucket=unique_name)
