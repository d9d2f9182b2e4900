"""Condition keys: what a policy may ask of a request, its caller and the resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from role_driver import ACCOUNT, allow, denies, policy_document

DENIALS = ("UnauthorizedOperation", "AccessDenied", "AccessDeniedException")
Keys = Callable[..., dict[str, str]]


@pytest.fixture
def keys(aws: Any, unique_name: str) -> Iterator[Keys]:
    """Creates a role with one statement, and tags, and returns the keys of a session of it."""
    iam = aws("iam")

    def make(statement: dict[str, Any], **tags: str) -> dict[str, str]:
        trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
        made = iam.create_role(
            RoleName=unique_name,
            AssumeRolePolicyDocument=policy_document(trust),
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        iam.put_role_policy(
            RoleName=unique_name, PolicyName="p", PolicyDocument=policy_document(statement)
        )
        arn = made["Role"]["Arn"]
        session = aws("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
        return {
            "aws_access_key_id": session["AccessKeyId"],
            "aws_secret_access_key": session["SecretAccessKey"],
            "aws_session_token": session["SessionToken"],
        }

    yield make
    iam.delete_role_policy(RoleName=unique_name, PolicyName="p")
    iam.delete_role(RoleName=unique_name)


def when(action: Any, condition: dict[str, Any]) -> dict[str, Any]:
    """A statement that allows the actions under a condition."""
    return allow(action, Condition=condition)


def refuses(call: Callable[..., Any], **arguments: Any) -> bool:
    """Whether it is denied; every other error is one of the test."""
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIALS:
            raise
        return True
    return False


def tags(**pairs: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


@pytest.mark.parametrize("service", ["ec2", "dynamodb", "ssm", "elbv2", "autoscaling"])
def test_the_resources_tags(
    service: str, aws: Any, keys: Keys, unique_name: str, launch_template: str, default_vpc: str
) -> None:
    """IAM User Guide, "Controlling access to AWS resources using tags": aws:ResourceTag."""
    mine = aws(service, **keys(when("*", {"StringEquals": {"aws:ResourceTag/Env": "test"}})))
    theirs = aws(service)
    calls = []
    for env in ("test", "prod"):
        name = f"{unique_name}-{env}"
        if service == "ec2":
            volume = theirs.create_volume(
                AvailabilityZone="us-east-1a",
                Size=1,
                TagSpecifications=[{"ResourceType": "volume", "Tags": tags(Env=env)}],
            )
            calls.append((mine.delete_volume, {"VolumeId": volume["VolumeId"]}))
        elif service == "dynamodb":
            theirs.create_table(TableName=name, Tags=tags(Env=env), **TABLE)
            calls.append((mine.describe_table, {"TableName": name}))
        elif service == "ssm":
            theirs.put_parameter(Name=name, Value="1", Type="String", Tags=tags(Env=env))
            calls.append((mine.get_parameter, {"Name": name}))
        elif service == "elbv2":
            made = theirs.create_target_group(
                Name=name, Protocol="HTTP", Port=80, VpcId=default_vpc, Tags=tags(Env=env)
            )
            arn = made["TargetGroups"][0]["TargetGroupArn"]
            calls.append((mine.delete_target_group, {"TargetGroupArn": arn}))
        else:
            theirs.create_auto_scaling_group(
                AutoScalingGroupName=name,
                MinSize=0,
                MaxSize=0,
                AvailabilityZones=["us-east-1a"],
                LaunchTemplate={"LaunchTemplateId": launch_template},
                Tags=tags(Env=env),
            )
            calls.append(
                (mine.set_desired_capacity, {"AutoScalingGroupName": name, "DesiredCapacity": 0})
            )
    assert [refuses(call, **arguments) for call, arguments in calls] == [False, True]


TABLE: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def test_the_tags_of_the_instance_that_a_profile_is_taken_from(
    aws: Any, keys: Keys, unique_name: str
) -> None:
    """Service Authorization Reference, EC2: the resource of both actions is the instance."""
    ec2 = aws("ec2")
    aws("iam").create_instance_profile(InstanceProfileName=unique_name)
    associations = {}
    for team in ("a", "b"):
        marked = [{"ResourceType": "instance", "Tags": tags(team=team)}]
        launched = ec2.run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=marked
        )["Instances"][0]["InstanceId"]
        associations[team] = ec2.associate_iam_instance_profile(
            InstanceId=launched, IamInstanceProfile={"Name": unique_name}
        )["IamInstanceProfileAssociation"]["AssociationId"]
    condition = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    session = aws("ec2", **keys(when("*", condition)))

    replacement = {"IamInstanceProfile": {"Name": unique_name}}
    replace = session.replace_iam_instance_profile_association
    disassociate = session.disassociate_iam_instance_profile
    assert refuses(replace, AssociationId=associations["b"], **replacement)
    assert refuses(disassociate, AssociationId=associations["b"])
    assert not refuses(disassociate, AssociationId=associations["a"])


def test_the_tags_that_a_request_gives(aws: Any, keys: Keys, unique_name: str) -> None:
    """IAM User Guide, "AWS global condition context keys": aws:RequestTag, aws:TagKeys."""
    condition = {
        "StringEquals": {"aws:RequestTag/team": "a"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]},
    }
    session = keys(when("*", condition))
    ec2, ssm, iam = (aws(service, **session) for service in ("ec2", "ssm", "iam"))
    for given, refused in (
        (tags(team="a", cost="1"), False),
        (tags(team="b"), True),
        (tags(team="a", other="1"), True),
        ([], True),
    ):
        specifications = [{"ResourceType": "volume", "Tags": given}] if given else []
        volume = {"AvailabilityZone": "us-east-1a", "Size": 1, "TagSpecifications": specifications}
        assert refuses(ec2.create_volume, **volume) is refused, given
    parameter = {"Name": unique_name, "Value": "1", "Type": "String"}
    assert refuses(ssm.put_parameter, **parameter, Tags=tags(team="b"))
    assert not refuses(ssm.put_parameter, **parameter, Tags=tags(team="a"))
    profile = {"InstanceProfileName": unique_name}
    assert refuses(iam.create_instance_profile, **profile, Tags=tags(team="b"))
    assert not refuses(iam.create_instance_profile, **profile, Tags=tags(team="a"))


def test_the_principals_tags(aws: Any, keys: Keys, unique_name: str) -> None:
    """IAM User Guide, "AWS global condition context keys": aws:PrincipalTag, as a variable too."""
    resource = "arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/dept}/*"
    ssm = aws("ssm", **keys(allow("ssm:GetParameter", resource), dept=unique_name))
    for name in (f"/{unique_name}/a", f"/other-{unique_name}/a"):
        aws("ssm").put_parameter(Name=name, Value="1", Type="String")
    assert not refuses(ssm.get_parameter, Name=f"/{unique_name}/a")
    assert refuses(ssm.get_parameter, Name=f"/other-{unique_name}/a")


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("get_item", lambda name, key: {"TableName": name, "Key": key}),
        ("put_item", lambda name, key: {"TableName": name, "Item": key}),
        ("batch_get_item", lambda name, key: {"RequestItems": {name: {"Keys": [key]}}}),
        (
            "batch_write_item",
            lambda name, key: {"RequestItems": {name: [{"PutRequest": {"Item": key}}]}},
        ),
        (
            "transact_get_items",
            lambda name, key: {"TransactItems": [{"Get": {"TableName": name, "Key": key}}]},
        ),
        (
            "query",
            lambda name, key: {
                "TableName": name,
                "KeyConditionExpression": "#k = :k",
                "ExpressionAttributeNames": {"#k": "k"},
                "ExpressionAttributeValues": {":k": key["k"]},
            },
        ),
    ],
)
def test_the_keys_of_items(
    aws: Any, keys: Keys, unique_name: str, call: str, asked: Callable[..., dict[str, Any]]
) -> None:
    """DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"."""
    aws("dynamodb").create_table(TableName=unique_name, **TABLE)
    condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["mine"]}}
    dynamodb = aws("dynamodb", **keys(when("dynamodb:*", condition)))
    for value, refused in (("mine", False), ("yours", True)):
        request = asked(unique_name, {"k": {"S": value}})
        assert refuses(getattr(dynamodb, call), **request) is refused


def test_the_prefix_of_a_listing(aws: Any, keys: Keys, bucket: str) -> None:
    """Service Authorization Reference, Amazon S3: s3:prefix."""
    s3 = aws("s3", **keys(when("s3:ListBucket", {"StringLike": {"s3:prefix": "home/*"}})))
    assert not refuses(s3.list_objects_v2, Bucket=bucket, Prefix="home/a")
    assert refuses(s3.list_objects_v2, Bucket=bucket, Prefix="etc/")
    assert refuses(s3.list_objects_v2, Bucket=bucket)


@pytest.mark.parametrize(("account", "allowed"), [("123456789012", True), ("210987654321", False)])
def test_whose_a_resource_is_can_be_a_condition(
    account: str, allowed: bool, aws: Any, keys: Keys
) -> None:
    """IAM User Guide, "AWS global condition context keys": aws:ResourceAccount."""
    condition = {"StringEquals": {"aws:ResourceAccount": account}}
    dynamodb = aws("dynamodb", **keys(allow("dynamodb:*", Condition=condition)))
    if allowed:
        assert "TableNames" in dynamodb.list_tables()
    else:
        assert refuses(dynamodb.list_tables)


def test_who_names_no_user_means_itself(aws: Any, unique_name: str) -> None:
    """API_ListAccessKeys, API_GetUser: without a name it is the one whose key signs the request;
    IAM User Guide, "Allow users to manage their own access keys": the policy."""
    iam, user = aws("iam"), {"UserName": unique_name}
    iam.create_user(**user)
    own = f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"
    document = policy_document(allow(["iam:GetUser", "iam:*AccessKey*"], own))
    iam.put_user_policy(**user, PolicyName="own", PolicyDocument=document)
    key = iam.create_access_key(**user)["AccessKey"]
    keys = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    mine = aws("iam", **keys)

    assert mine.get_user()["User"]["UserName"] == unique_name
    assert len(mine.list_access_keys()["AccessKeyMetadata"]) == 1
    assert denies(mine.list_access_keys, UserName=f"{unique_name}-2")
