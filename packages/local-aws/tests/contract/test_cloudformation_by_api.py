"""Types that moto has in its APIs only: created, changed in place, seen in the API, and deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

AwsClient = Any
Seen = Callable[[AwsClient, str, dict[str, str]], Any]
"""What the API shows, of the resource One with a physical id, among the ids of all resources."""


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _policy(action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


_TAGS = [{"Key": "team", "Value": "a"}]
_VPC = {
    "Vpc": _resource("EC2::VPC", CidrBlock="10.75.0.0/16"),
    "Acl": _resource("EC2::NetworkAcl", VpcId=_ref("Vpc")),
}
_TOPIC = {"Topic": _resource("SNS::Topic"), "Queue": _resource("SQS::Queue")}
_QUEUE_ARN = {"Fn::GetAtt": ["Queue", "Arn"]}
_GROUP = {"Logs": _resource("Logs::LogGroup")}
_USER = {"User": _resource("IAM::User"), "Group": _resource("IAM::Group")}


def _acl_ports(aws: AwsClient, _: str, ids: dict[str, str]) -> list[Any]:
    [acl] = aws("ec2").describe_network_acls(NetworkAclIds=[ids["Acl"]])["NetworkAcls"]
    return [entry["PortRange"]["From"] for entry in acl["Entries"] if "PortRange" in entry]


def _dhcp(aws: AwsClient, _: str, ids: dict[str, str]) -> bool:
    [vpc] = aws("ec2").describe_vpcs(VpcIds=[ids["Vpc"]])["Vpcs"]
    return bool(vpc["DhcpOptionsId"] == ids["Options"])


def _endpoint(aws: AwsClient, endpoint_id: str, _: dict[str, str]) -> Any:
    found = aws("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"]
    return json.loads(found[0]["PolicyDocument"])["Statement"][0]["Action"]


def _subscription(aws: AwsClient, arn: str, _: dict[str, str]) -> Any:
    attributes = aws("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return attributes.get("RawMessageDelivery"), attributes.get("FilterPolicy")


def _topic_policy(aws: AwsClient, _: str, ids: dict[str, str]) -> Any:
    attributes = aws("sns").get_topic_attributes(TopicArn=ids["Topic"])["Attributes"]
    return json.loads(attributes["Policy"])["Statement"][0]["Action"]


def _queue_policy(aws: AwsClient, _: str, ids: dict[str, str]) -> Any:
    found = aws("sqs").get_queue_attributes(QueueUrl=ids["Queue"], AttributeNames=["Policy"])
    return json.loads(found["Attributes"]["Policy"])["Statement"][0]["Action"]


def _metric_filter(aws: AwsClient, name: str, ids: dict[str, str]) -> Any:
    filters = aws("logs").describe_metric_filters(logGroupName=ids["Logs"])["metricFilters"]
    return [each["filterPattern"] for each in filters if each["filterName"] == name]


def _ports(aws: AwsClient, name: str, _: dict[str, str]) -> Any:
    [found] = aws("elb").describe_load_balancers(LoadBalancerNames=[name])[
        "LoadBalancerDescriptions"
    ]
    listeners = [each["Listener"]["LoadBalancerPort"] for each in found["ListenerDescriptions"]]
    return listeners, found["HealthCheck"]["Interval"]


def _records(aws: AwsClient, _: str, ids: dict[str, str]) -> Any:
    found = aws("route53").list_resource_record_sets(HostedZoneId=ids["Zone"])
    return [each["TTL"] for each in found["ResourceRecordSets"] if each["Type"] == "A"]


def _zone(aws: AwsClient, zone_id: str, _: dict[str, str]) -> Any:
    return aws("route53").get_hosted_zone(Id=zone_id)["HostedZone"]["Config"].get("Comment")


def _repository(aws: AwsClient, name: str, _: dict[str, str]) -> Any:
    [found] = aws("ecr").describe_repositories(repositoryNames=[name])["repositories"]
    tags = aws("ecr").list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
    return found["imageTagMutability"], tags == _TAGS


def _members(aws: AwsClient, _: str, ids: dict[str, str]) -> int:
    return len(aws("iam").get_group(GroupName=ids["Group"])["Users"])


def _attached(aws: AwsClient, name: str, _: dict[str, str]) -> Any:
    found = aws("iam").list_attached_group_policies(GroupName=name)["AttachedPolicies"]
    return [policy["PolicyName"] for policy in found]


def _inline(aws: AwsClient, name: str, ids: dict[str, str]) -> Any:
    found = aws("iam").get_user_policy(UserName=ids["User"], PolicyName=name)
    return found["PolicyDocument"]["Statement"][0]["Action"]


def _statements(aws: AwsClient, statement_id: str, ids: dict[str, str]) -> Any:
    policy = json.loads(aws("lambda").get_policy(FunctionName=ids["Function"])["Policy"])
    return [each["Action"] for each in policy["Statement"] if each["Sid"] == statement_id]


def _versions(aws: AwsClient, arn: str, ids: dict[str, str]) -> bool:
    found = aws("lambda").list_versions_by_function(FunctionName=ids["Function"])["Versions"]
    return arn in [each["FunctionArn"] for each in found]


def _alias(aws: AwsClient, arn: str, ids: dict[str, str]) -> Any:
    found = aws("lambda").get_alias(FunctionName=ids["Function"], Name=arn.rpartition(":")[2])
    return found["FunctionVersion"], found["Description"]


def _document(aws: AwsClient, name: str, _: dict[str, str]) -> Any:
    document = aws("ssm").describe_document(Name=name)["Document"]
    return document["DocumentFormat"], document["Tags"]


def _attachment(aws: AwsClient, attachment_id: str, ids: dict[str, str]) -> Any:
    [found] = aws("ec2").describe_vpn_gateways(VpnGatewayIds=[ids["Gateway"]])["VpnGateways"]
    is_named = attachment_id == f"VGW|{ids['Vpc']}"
    return is_named, [each["State"] for each in found["VpcAttachments"]]


def _connection(aws: AwsClient, connection_id: str, _: dict[str, str]) -> Any:
    found = aws("ec2").describe_vpn_connections(VpnConnectionIds=[connection_id])["VpnConnections"]
    own = [tag for tag in found[0]["Tags"] if not tag["Key"].startswith("aws:")]
    return found[0]["State"], own


def _capacities(aws: AwsClient, _: str, ids: dict[str, str]) -> Any:
    named = {"ServiceNamespace": "dynamodb", "ResourceIds": [f"table/{ids['Table']}"]}
    found = aws("application-autoscaling").describe_scalable_targets(**named)["ScalableTargets"]
    return [(each["MinCapacity"], each["MaxCapacity"]) for each in found]


def _tracked(value: int) -> dict[str, Any]:
    metric = {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}
    return {"TargetValue": value, "PredefinedMetricSpecification": metric}


def _target_value(aws: AwsClient, _: str, ids: dict[str, str]) -> Any:
    named = {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{ids['Table']}"}
    found = aws("application-autoscaling").describe_scaling_policies(**named)["ScalingPolicies"]
    return [each["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] for each in found]


def _secret(aws: AwsClient, arn: str, _: dict[str, str]) -> Any:
    value = json.loads(aws("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    found = aws("secretsmanager").describe_secret(SecretId=arn)
    own = [tag for tag in found["Tags"] if not tag["Key"].startswith("aws:cloudformation:")]
    return len(value["password"]), value["user"], found["Description"], own


_RECORD = {"Name": "a.example.com.", "Type": "A", "ResourceRecords": ["192.0.2.1"]}
_ZONE = {"Zone": _resource("Route53::HostedZone", Name="example.com.")}
_LISTENER = {"InstancePort": "80", "Protocol": "HTTP"}
_HEALTH = {"Target": "TCP:80", "HealthyThreshold": "2", "UnhealthyThreshold": "2", "Timeout": "5"}
_PATTERN = [{"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}]
_READS = "arn:aws:iam::aws:policy/ReadOnlyAccess"

_CODE = {"ZipFile": "def handler(event, context): pass"}
_TRUST = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
_FUNCTION = {
    "Role": _resource("IAM::Role", AssumeRolePolicyDocument=_TRUST),
    "Function": _resource(
        "Lambda::Function",
        Code=_CODE,
        Handler="index.handler",
        Role={"Fn::GetAtt": ["Role", "Arn"]},
        Runtime="python3.12",
    ),
}
_GATEWAYS = {
    "Customer": _resource(
        "EC2::CustomerGateway", Type="ipsec.1", BgpAsn=65000, IpAddress="192.0.2.1"
    ),
    "Gateway": _resource("EC2::VPNGateway", Type="ipsec.1"),
}
_TABLE = _resource(
    "DynamoDB::Table",
    AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
    ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
)
_READS_OF_TABLE = {
    "ResourceId": {"Fn::Sub": "table/${Table}"},
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
    "ServiceNamespace": "dynamodb",
    "RoleARN": "arn:aws:iam::123456789012:role/r",
}
_OF_FUNCTION = {"FunctionName": _ref("Function")}

_TYPES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], Seen, Any]] = [
    (
        "EC2::NetworkAclEntry",
        _VPC,
        {
            "NetworkAclId": _ref("Acl"),
            "RuleNumber": 100,
            "Protocol": 6,
            "RuleAction": "allow",
            "CidrBlock": "0.0.0.0/0",
            "PortRange": {"From": 80, "To": 80},
        },
        {"PortRange": {"From": 81, "To": 81}},
        _acl_ports,
        [81],
    ),
    (
        "EC2::VPCDHCPOptionsAssociation",
        {**_VPC, "Options": _resource("EC2::DHCPOptions", DomainName="example.com")},
        {"VpcId": _ref("Vpc"), "DhcpOptionsId": _ref("Options")},
        {},
        _dhcp,
        True,
    ),
    (
        "EC2::VPCEndpoint",
        _VPC,
        {"VpcId": _ref("Vpc"), "ServiceName": "com.amazonaws.us-east-1.s3"},
        {"PolicyDocument": _policy("s3:Get*")},
        _endpoint,
        "s3:Get*",
    ),
    (
        "SNS::Subscription",
        _TOPIC,
        {"TopicArn": _ref("Topic"), "Protocol": "sqs", "Endpoint": _QUEUE_ARN},
        {"RawMessageDelivery": True, "FilterPolicy": {"kind": ["job"]}},
        _subscription,
        ("true", '{"kind": ["job"]}'),
    ),
    (
        "SNS::TopicPolicy",
        _TOPIC,
        {"Topics": [_ref("Topic")], "PolicyDocument": _policy("sns:Publish")},
        {"PolicyDocument": _policy("sns:Subscribe")},
        _topic_policy,
        "sns:Subscribe",
    ),
    (
        "SQS::QueuePolicy",
        _TOPIC,
        {"Queues": [_ref("Queue")], "PolicyDocument": _policy("sqs:SendMessage")},
        {"PolicyDocument": _policy("sqs:ReceiveMessage")},
        _queue_policy,
        "sqs:ReceiveMessage",
    ),
    (
        "Logs::MetricFilter",
        _GROUP,
        {
            "LogGroupName": _ref("Logs"),
            "FilterPattern": "ERROR",
            "MetricTransformations": _PATTERN,
        },
        {"FilterPattern": "FATAL"},
        _metric_filter,
        ["FATAL"],
    ),
    (
        "ElasticLoadBalancing::LoadBalancer",
        {},
        {
            "AvailabilityZones": ["us-east-1a"],
            "Listeners": [{**_LISTENER, "LoadBalancerPort": "80"}],
            "HealthCheck": {**_HEALTH, "Interval": "30"},
        },
        {
            "Listeners": [{**_LISTENER, "LoadBalancerPort": "8080"}],
            "HealthCheck": {**_HEALTH, "Interval": "10"},
            "CrossZone": True,
            "Tags": _TAGS,
        },
        _ports,
        ([8080], 10),
    ),
    (
        "Route53::HostedZone",
        {},
        {"Name": "example.com."},
        {"HostedZoneConfig": {"Comment": "new"}, "HostedZoneTags": _TAGS},
        _zone,
        "new",
    ),
    (
        "Route53::RecordSet",
        _ZONE,
        {**_RECORD, "HostedZoneId": _ref("Zone"), "TTL": "60"},
        {"TTL": "61"},
        _records,
        [61],
    ),
    (
        "Route53::RecordSetGroup",
        _ZONE,
        {"HostedZoneId": _ref("Zone"), "RecordSets": [{**_RECORD, "TTL": "60"}]},
        {"RecordSets": [{**_RECORD, "TTL": "62"}]},
        _records,
        [62],
    ),
    (
        "ECR::Repository",
        {},
        {},
        {"ImageTagMutability": "IMMUTABLE", "Tags": _TAGS},
        _repository,
        ("IMMUTABLE", True),
    ),
    ("IAM::Group", {}, {}, {"ManagedPolicyArns": [_READS]}, _attached, ["ReadOnlyAccess"]),
    (
        "IAM::UserToGroupAddition",
        _USER,
        {"GroupName": _ref("Group"), "Users": []},
        {"Users": [_ref("User")]},
        _members,
        1,
    ),
    (
        "IAM::UserPolicy",
        _USER,
        {"UserName": _ref("User"), "PolicyName": "p", "PolicyDocument": _policy("s3:Get*")},
        {"PolicyDocument": _policy("s3:List*")},
        _inline,
        "s3:List*",
    ),
    (
        "Lambda::Permission",
        _FUNCTION,
        {
            **_OF_FUNCTION,
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
            "SourceArn": "arn:aws:events:us-east-1:123456789012:rule/r",
        },
        {},
        _statements,
        ["lambda:InvokeFunction"],
    ),
    ("Lambda::Version", _FUNCTION, _OF_FUNCTION, {}, _versions, True),
    (
        "Lambda::Alias",
        {**_FUNCTION, "Version": _resource("Lambda::Version", **_OF_FUNCTION)},
        {
            **_OF_FUNCTION,
            "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
            "Name": "live",
        },
        {"Description": "new"},
        _alias,
        ("1", "new"),
    ),
    (
        "EC2::VPCGatewayAttachment",
        {**_VPC, "Gateway": _resource("EC2::VPNGateway", Type="ipsec.1")},
        {"VpcId": _ref("Vpc"), "VpnGatewayId": _ref("Gateway")},
        {},
        _attachment,
        (True, ["attached"]),
    ),
    (
        "EC2::VPNConnection",
        _GATEWAYS,
        {
            "Type": "ipsec.1",
            "CustomerGatewayId": _ref("Customer"),
            "VpnGatewayId": _ref("Gateway"),
            "StaticRoutesOnly": True,
        },
        {"Tags": _TAGS},
        _connection,
        ("available", _TAGS),
    ),
    (
        "ApplicationAutoScaling::ScalableTarget",
        {"Table": _TABLE},
        {**_READS_OF_TABLE, "MinCapacity": 1, "MaxCapacity": 5},
        {"MaxCapacity": 9},
        _capacities,
        [(1, 9)],
    ),
    (
        "ApplicationAutoScaling::ScalingPolicy",
        {
            "Table": _TABLE,
            "Target": _resource(
                "ApplicationAutoScaling::ScalableTarget",
                **{**_READS_OF_TABLE, "MinCapacity": 1, "MaxCapacity": 5},
            ),
        },
        {
            "PolicyName": "reads",
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": _ref("Target"),
            "TargetTrackingScalingPolicyConfiguration": _tracked(70),
        },
        {"TargetTrackingScalingPolicyConfiguration": _tracked(50)},
        _target_value,
        [50.0],
    ),
    (
        "SecretsManager::Secret",
        {},
        {
            "GenerateSecretString": {
                "GenerateStringKey": "password",
                "PasswordLength": 20,
                "SecretStringTemplate": '{"user": "admin"}',
            }
        },
        {"Description": "new", "Tags": _TAGS},
        _secret,
        (20, "admin", "new", _TAGS),
    ),
    (
        "SSM::Document",
        {},
        {"Content": {"schemaVersion": "2.2", "description": "d", "mainSteps": []}},
        {"Tags": _TAGS},
        _document,
        ("JSON", _TAGS),
    ),
]


@pytest.mark.parametrize(
    ("kind", "beside", "before", "changed", "seen", "expected"),
    _TYPES,
    ids=[each[0] for each in _TYPES],
)
def test_it_lives_its_whole_life_in_its_services_api(
    kind: str,
    beside: dict[str, Any],
    before: dict[str, Any],
    changed: dict[str, Any],
    seen: Seen,
    expected: Any,
    stacks: StackDriver,
    aws: AwsClient,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, each type: a change without a replacement is one in place;
    it is undone by the way back, and the stack leaves nothing."""

    def declared(properties: dict[str, Any]) -> dict[str, Any]:
        return {**beside, "One": _resource(kind, **properties)}

    created = stacks.create(unique_name, declared(before))
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    physical_id = stacks.physical_id(unique_name, "One")
    if changed:
        updated = stacks.update(unique_name, declared({**before, **changed}))
        assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    ids = {name: stacks.physical_id(unique_name, name) for name in declared({})}
    found = seen(aws, ids["One"], ids)
    if changed:
        restored = stacks.update(unique_name, declared(before))
        assert restored["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    deleted = stacks.delete(unique_name)

    assert ids["One"] == physical_id
    assert found == expected
    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])


def test_a_subnet_has_the_vpcs_default_list_again(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::SubnetNetworkAclAssociation": a subnet has one
    list at each time."""
    subnet = _resource("EC2::Subnet", VpcId=_ref("Vpc"), CidrBlock="10.75.1.0/24")
    association = _resource(
        "EC2::SubnetNetworkAclAssociation", SubnetId=_ref("Subnet"), NetworkAclId=_ref("Acl")
    )

    def lists() -> list[str]:
        wanted = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
        found = aws("ec2").describe_network_acls(Filters=wanted)["NetworkAcls"]
        return [acl["NetworkAclId"] for acl in found]

    stacks.create(unique_name, {**_VPC, "Subnet": subnet})
    subnet_id = stacks.physical_id(unique_name, "Subnet")
    before = lists()
    stacks.update(unique_name, {**_VPC, "Subnet": subnet, "One": association})
    meanwhile = lists()
    stacks.update(unique_name, {**_VPC, "Subnet": subnet})

    assert meanwhile == [stacks.physical_id(unique_name, "Acl")]
    assert lists() == before
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_an_address_moves_from_one_instance_to_another(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::EIPAssociation"."""

    def declared(instance: str) -> dict[str, Any]:
        return {
            "First": _resource("EC2::Instance", ImageId="ami-12c6146b"),
            "Second": _resource("EC2::Instance", ImageId="ami-12c6146b"),
            "Address": _resource("EC2::EIP"),
            "One": _resource(
                "EC2::EIPAssociation",
                AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]},
                InstanceId=_ref(instance),
            ),
        }

    def holder() -> str:
        address = stacks.physical_id(unique_name, "Address")
        [found] = aws("ec2").describe_addresses(PublicIps=[address])["Addresses"]
        return str(found["InstanceId"])

    stacks.create(unique_name, declared("First"))
    first = holder()
    stacks.update(unique_name, declared("Second"))

    assert first == stacks.physical_id(unique_name, "First")
    assert holder() == stacks.physical_id(unique_name, "Second")
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_document_with_another_content_is_another_document(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::SSM::Document": UpdateMethod is Replace unless it
    says otherwise."""
    content = {"schemaVersion": "2.2", "description": "d", "mainSteps": []}
    stacks.create(unique_name, {"One": _resource("SSM::Document", Content=content)})
    first = stacks.physical_id(unique_name, "One")
    other = {**content, "description": "other"}

    in_place = _resource("SSM::Document", Content=other, UpdateMethod="NewVersion")
    with pytest.raises(ClientError, match="does not change Content of AWS::SSM::Document in place"):
        stacks.update(unique_name, {"One": in_place})
    stacks.update(unique_name, {"One": _resource("SSM::Document", Content=other)})

    assert stacks.physical_id(unique_name, "One") != first


def test_a_nat_gateway_s_network_interface_goes_with_it(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::NatGateway": EniId; Amazon VPC User Guide, "NAT
    gateways": deleting one removes its network interface."""
    resources = {
        **_VPC,
        "Subnet": _resource("EC2::Subnet", VpcId=_ref("Vpc"), CidrBlock="10.75.9.0/24"),
        "One": _resource("EC2::NatGateway", ConnectivityType="private", SubnetId=_ref("Subnet")),
    }
    outputs = {"Interface": {"Value": {"Fn::GetAtt": ["One", "EniId"]}}}
    stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})
    wanted = {"Filters": [{"Name": "network-interface-id", "Values": []}]}
    wanted["Filters"][0]["Values"] = [stacks.outputs(unique_name)["Interface"]]
    assert aws("ec2").describe_network_interfaces(**wanted)["NetworkInterfaces"]

    stacks.delete(unique_name)

    assert not aws("ec2").describe_network_interfaces(**wanted)["NetworkInterfaces"]
