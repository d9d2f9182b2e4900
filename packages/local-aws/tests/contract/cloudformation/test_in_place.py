"""What AWS changes without interruption stays the same resource, or is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from role_driver import EC2_ASSUMES_IT
from stack_driver import StackDriver, parameter, template_body

AwsClient = Any

_TAGS = [{"Key": "team", "Value": "a"}]
_NETWORK = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.71.0.0/16"}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.71.1.0/24"},
    },
    "Other": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "GroupDescription": "other"},
    },
}
_IN_VPC = {"VpcId": {"Ref": "Vpc"}}
_ENI = {"SubnetId": {"Ref": "Subnet"}}
_ZONE = {"AvailabilityZone": "us-east-1a"}


def _policy(action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _change_set(stacks: StackDriver, name: str, template: dict[str, Any]) -> dict[str, Any]:
    """The change of the resource One, and no other."""
    stacks.client.create_change_set(
        StackName=name,
        ChangeSetName="look",
        TemplateBody=template_body(template),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    described = stacks.client.describe_change_set(StackName=name, ChangeSetName="look")
    stacks.client.delete_change_set(StackName=name, ChangeSetName="look")
    [change] = [each["ResourceChange"] for each in described["Changes"]]
    assert change["LogicalResourceId"] == "One"
    found: dict[str, Any] = change
    return found


_CHANGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("AWS::EC2::VPC", {"CidrBlock": "10.72.0.0/16"}, {"Tags": _TAGS, "EnableDnsHostnames": True}),
    (
        "AWS::EC2::Subnet",
        {**_IN_VPC, "CidrBlock": "10.71.2.0/24"},
        {"Tags": _TAGS, "MapPublicIpOnLaunch": True},
    ),
    ("AWS::EC2::InternetGateway", {}, {"Tags": _TAGS}),
    ("AWS::EC2::RouteTable", _IN_VPC, {"Tags": _TAGS}),
    ("AWS::EC2::EIP", {}, {"Tags": _TAGS}),
    (
        "AWS::EC2::NetworkInterface",
        _ENI,
        {"Description": "new", "GroupSet": [{"Ref": "Other"}], "Tags": _TAGS},
    ),
    (
        "AWS::EC2::Volume",
        {**_ZONE, "Size": 1},
        {"VolumeType": "gp3", "Iops": 4000, "Tags": _TAGS},  # no volume shrinks on the way back
    ),
    ("AWS::EC2::TransitGateway", {"Description": "d"}, {"Tags": _TAGS}),
    ("AWS::SQS::Queue", {}, {"MessageRetentionPeriod": 600, "Tags": _TAGS}),
    ("AWS::SNS::Topic", {}, {"DisplayName": "new", "Tags": _TAGS}),
    ("AWS::Logs::LogGroup", {}, {"RetentionInDays": 7, "Tags": _TAGS}),
    (
        "AWS::S3::Bucket",
        {},
        {
            "Tags": _TAGS,
            "VersioningConfiguration": {"Status": "Enabled"},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
        },
    ),
    (
        "AWS::IAM::User",
        {},
        {"Tags": _TAGS, "Policies": [{"PolicyName": "p", "PolicyDocument": _policy("s3:Get*")}]},
    ),
    ("AWS::Events::Rule", {"ScheduleExpression": "rate(1 hour)"}, {"State": "DISABLED"}),
    ("AWS::Kinesis::Stream", {"ShardCount": 1}, {"ShardCount": 2}),
]


@pytest.mark.parametrize(
    ("type_name", "before", "changed"), _CHANGES, ids=[each[0] for each in _CHANGES]
)
def test_what_its_schema_does_not_replace_keeps_its_physical_id(
    type_name: str,
    before: dict[str, Any],
    changed: dict[str, Any],
    stacks: StackDriver,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, each type: no interruption; createOnlyProperties of its
    schema are replaced. The way back, and the deletion, succeed too."""

    def declared(properties: dict[str, Any]) -> dict[str, Any]:
        needed = _NETWORK if before in (_IN_VPC, _ENI) or "VpcId" in before else {}
        return {**needed, "One": {"Type": type_name, "Properties": properties}}

    stacks.create(unique_name, declared(before))
    physical_id = stacks.physical_id(unique_name, "One")
    template = declared({**before, **changed})

    seen = _change_set(stacks, unique_name, template)
    updated = stacks.update(unique_name, template)
    kept = stacks.physical_id(unique_name, "One")
    restored = stacks.update(unique_name, declared(before))

    assert seen["Replacement"] == "False"
    assert {detail["Target"]["RequiresRecreation"] for detail in seen["Details"]} == {"Never"}
    assert updated["StackStatus"] == restored["StackStatus"] == "UPDATE_COMPLETE"
    assert kept == stacks.physical_id(unique_name, "One") == physical_id
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_changes_in_place_have_their_effect(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference: VPC, Subnet, Volume, Queue, Topic, LogGroup, Bucket."""

    def declared(**properties: dict[str, Any]) -> dict[str, Any]:
        resources = {
            "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.73.0.0/16"}),
            "Subnet": ("AWS::EC2::Subnet", {**_IN_VPC, "CidrBlock": "10.73.1.0/24"}),
            "Volume": ("AWS::EC2::Volume", {**_ZONE, "Size": 1}),
            "Queue": ("AWS::SQS::Queue", {}),
            "Topic": ("AWS::SNS::Topic", {}),
            "Group": ("AWS::Logs::LogGroup", {}),
            "Bucket": ("AWS::S3::Bucket", {}),
        }
        return {
            name: {"Type": type_name, "Properties": {**own, **properties.get(name, {})}}
            for name, (type_name, own) in resources.items()
        }

    stacks.create(unique_name, declared())

    stacks.update(
        unique_name,
        declared(
            Vpc={"EnableDnsHostnames": True, "Tags": _TAGS},
            Subnet={"MapPublicIpOnLaunch": True},
            Volume={"Size": 2},
            Queue={"DelaySeconds": 5},
            Topic={"DisplayName": "new"},
            Group={"RetentionInDays": 7},
            Bucket={"VersioningConfiguration": {"Status": "Enabled"}, "Tags": _TAGS},
        ),
    )

    ids = {name: stacks.physical_id(unique_name, name) for name in declared()}
    ec2 = aws("ec2")
    [vpc] = ec2.describe_vpcs(VpcIds=[ids["Vpc"]])["Vpcs"]
    tags = {tag["Key"]: tag["Value"] for tag in vpc["Tags"]}
    assert tags["team"] == "a"
    assert tags["aws:cloudformation:stack-name"] == unique_name
    dns = ec2.describe_vpc_attribute(VpcId=ids["Vpc"], Attribute="enableDnsHostnames")
    assert dns["EnableDnsHostnames"]["Value"]
    [subnet] = ec2.describe_subnets(SubnetIds=[ids["Subnet"]])["Subnets"]
    assert subnet["MapPublicIpOnLaunch"]
    [volume] = ec2.describe_volumes(VolumeIds=[ids["Volume"]])["Volumes"]
    assert volume["Size"] == 2
    queue = aws("sqs").get_queue_attributes(QueueUrl=ids["Queue"], AttributeNames=["DelaySeconds"])
    assert queue["Attributes"]["DelaySeconds"] == "5"
    topic = aws("sns").get_topic_attributes(TopicArn=ids["Topic"])
    assert topic["Attributes"]["DisplayName"] == "new"
    [group] = aws("logs").describe_log_groups(logGroupNamePrefix=ids["Group"])["logGroups"]
    assert group["retentionInDays"] == 7
    s3 = aws("s3")
    assert s3.get_bucket_versioning(Bucket=ids["Bucket"])["Status"] == "Enabled"
    assert s3.get_bucket_tagging(Bucket=ids["Bucket"])["TagSet"] == _TAGS


def test_an_inline_policy_moves_from_one_role_to_another(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::IAM::Policy": no interruption."""

    def declared(role: str, action: str) -> dict[str, Any]:
        trust = {**_policy("sts:AssumeRole"), "Statement": [EC2_ASSUMES_IT]}
        roles = {
            name: {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
            for name in ("Old", "New")
        }
        properties = {
            "PolicyName": "p",
            "PolicyDocument": _policy(action),
            "Roles": [{"Ref": role}],
        }
        return {**roles, "One": {"Type": "AWS::IAM::Policy", "Properties": properties}}

    stacks.create(unique_name, declared("Old", "s3:Get*"))

    stack = stacks.update(unique_name, declared("New", "s3:List*"))

    iam = aws("iam")
    old, new = (stacks.physical_id(unique_name, name) for name in ("Old", "New"))
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert iam.list_role_policies(RoleName=old)["PolicyNames"] == []
    policy = iam.get_role_policy(RoleName=new, PolicyName="p")["PolicyDocument"]
    assert policy == _policy("s3:List*")


def test_an_instances_groups_may_be_given_by_name(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::SecurityGroup": Ref is the name of a group
    without a VpcId, which SecurityGroupIds of an instance takes."""

    def declared(*groups: str) -> dict[str, Any]:
        group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "one"}}
        given = [{"Ref": name} for name in groups]
        properties = {"ImageId": "ami-12c6146b", "SecurityGroupIds": given}
        one = {"Type": "AWS::EC2::Instance", "Properties": properties}
        return {"First": group, "Second": group, "One": one}

    def shown() -> list[str]:
        instance_id = stacks.physical_id(unique_name, "One")
        [found] = aws("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"]
        return [group["GroupName"] for group in found["Instances"][0]["SecurityGroups"]]

    stacks.create(unique_name, declared("First"))
    assert shown() == [stacks.physical_id(unique_name, "First")]
    stacks.update(unique_name, declared("Second"))
    assert shown() == [stacks.physical_id(unique_name, "Second")]
    stacks.delete(unique_name)


def test_an_instance_keeps_its_id_when_its_type_changes(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::Instance": some interruptions; the schema's
    conditionalCreateOnlyProperties are Conditional in a change set."""

    def declared(instance_type: str) -> dict[str, Any]:
        properties = {"ImageId": "ami-12c6146b", "InstanceType": instance_type, "Tags": _TAGS}
        return {"One": {"Type": "AWS::EC2::Instance", "Properties": properties}}

    stacks.create(unique_name, declared("t3.micro"))
    instance_id = stacks.physical_id(unique_name, "One")

    seen = _change_set(stacks, unique_name, declared("t3.small"))
    stacks.update(unique_name, declared("t3.small"))

    assert seen["Replacement"] == "Conditional"
    assert seen["Details"][0]["Target"]["RequiresRecreation"] == "Conditionally"
    assert stacks.physical_id(unique_name, "One") == instance_id
    [[instance]] = [
        reservation["Instances"]
        for reservation in aws("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"]
    ]
    assert instance["InstanceType"] == "t3.small"
    tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
    assert (tags["team"], tags["aws:cloudformation:logical-id"]) == ("a", "One")


def test_what_cannot_be_changed_in_place_is_refused_before_anything_changes(
    stacks: StackDriver, unique_name: str
) -> None:
    """AWS changes a key's policy without interruption. The local AWS does not, and says so: it
    would lose the key with what it has encrypted."""

    def declared(action: str, value: str) -> dict[str, Any]:
        return {
            "First": parameter(value),
            "One": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": _policy(action)}},
        }

    stacks.create(unique_name, declared("kms:*", "1"))
    key_id = stacks.physical_id(unique_name, "One")
    refusal = "The local AWS does not change KeyPolicy of AWS::KMS::Key in place."

    with pytest.raises(ClientError, match=refusal):
        _change_set(stacks, unique_name, declared("kms:Describe*", "2"))
    with pytest.raises(ClientError, match=refusal):
        stacks.update(unique_name, declared("kms:Describe*", "2"))

    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.physical_id(unique_name, "One") == key_id


def _rule(port: int, block: str = "10.0.0.0/8") -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": block}]


def _index(name: str) -> dict[str, Any]:
    schema = [{"AttributeName": "k", "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}


_TABLE = {
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.mark.parametrize(
    ("type_name", "before", "failing"),
    [
        (
            "AWS::EC2::SecurityGroup",
            {"SecurityGroupIngress": _rule(1), "SecurityGroupEgress": _rule(1)},
            {"SecurityGroupIngress": _rule(2, "10.0.0.0/99"), "SecurityGroupEgress": _rule(2)},
        ),
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": _policy("s3:Get*")},
            {"PolicyDocument": {"Statement": "none"}, "Roles": [{"Ref": "Role"}]},
        ),
        (
            "AWS::DynamoDB::Table",
            {**_TABLE, "StreamSpecification": {"StreamViewType": "NEW_IMAGE"}},
            {
                "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
                "GlobalSecondaryIndexes": [_index("one"), _index("two")],
            },
        ),
        ("AWS::EC2::NetworkInterface", _ENI, {"GroupSet": ["sg-00000000"], "Description": "new"}),
    ],
)
def test_a_change_that_fails_halfway_is_rolled_back(
    type_name: str,
    before: dict[str, Any],
    failing: dict[str, Any],
    stacks: StackDriver,
    unique_name: str,
) -> None:
    """CloudFormation User Guide, "Stack failure options": the stack is what it was, whether what
    fails had changed nothing yet, or a part."""
    trust = {**_policy("sts:AssumeRole"), "Statement": [EC2_ASSUMES_IT]}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    required = {"GroupDescription": "d"} if type_name == "AWS::EC2::SecurityGroup" else {}

    def declared(properties: dict[str, Any]) -> dict[str, Any]:
        needed = _NETWORK if before is _ENI else {"Role": role}
        return {**needed, "One": {"Type": type_name, "Properties": {**required, **properties}}}

    stacks.create(unique_name, declared(before))

    stack = stacks.update(unique_name, declared({**before, **failing}))

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE", stacks.failures(unique_name)
    assert "One" in stacks.failures(unique_name)
