"""One leftover of each kind is planted, by its tag or by its name, and the audit names it."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evidence.record.processes import ProcessIdentity
from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import OperatorLock
from safeguards.ownership import LOGICAL_IDS

STACK_TAG = "resilient-service:stack"
IMAGE = "ami-12c6146b"
STATEMENT = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
EC2 = {"Service": "ec2.amazonaws.com"}
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": EC2, "Action": "sts:AssumeRole"},
    }
)
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})

Client = Callable[[str], Any]


@pytest.fixture
def name() -> str:
    """A stack's name of this test's own: the AWS is shared by all tests."""
    return f"a{uuid.uuid4().hex[:8]}"


@pytest.fixture
def left(run_module: Callable[..., dict[str, Any]], name: str) -> Callable[..., dict[str, str]]:
    """The audit's findings: the command that removes each, by kind and id."""

    def audit(**options: Any) -> dict[tuple[str, str], str]:
        result = run_module("leftovers", stack_name=name, timeout_seconds=0, **options)
        found = {(each["kind"], each["id"]): each["remove"] for each in result["leftovers"]}
        assert result.get("failed", False) == bool(found)
        for (kind, identity), command in found.items():
            assert f"{kind} {identity}" in result["msg"]
            assert command in result["msg"]
        return found

    return audit


def tags(name: str) -> list[dict[str, str]]:
    return [{"Key": STACK_TAG, "Value": name}]


def of_ec2(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": tags(name)}]


def subnet(aws: Client) -> dict[str, Any]:
    return aws("ec2").describe_subnets()["Subnets"][0]


def stack(aws: Client, name: str) -> str:
    parameter = {"Name": f"/other/{name}", "Type": "String", "Value": "1"}
    resources = {"One": {"Type": "AWS::SSM::Parameter", "Properties": parameter}}
    body = json.dumps({"Resources": resources})
    return aws("cloudformation").create_stack(StackName=name, TemplateBody=body)["StackId"]


def instance(aws: Client, name: str) -> str:
    launched = aws("ec2").run_instances(
        ImageId=IMAGE, MinCount=1, MaxCount=1, TagSpecifications=of_ec2("instance", name)
    )
    return launched["Instances"][0]["InstanceId"]


def volume(aws: Client, name: str) -> str:
    zone = subnet(aws)["AvailabilityZone"]
    return aws("ec2").create_volume(
        AvailabilityZone=zone, Size=1, TagSpecifications=of_ec2("volume", name)
    )["VolumeId"]


def launch_template(aws: Client, name: str) -> str:
    return aws("ec2").create_launch_template(
        LaunchTemplateName=f"{name}-launch-template", LaunchTemplateData={"ImageId": IMAGE}
    )["LaunchTemplate"]["LaunchTemplateId"]


def group(aws: Client, name: str) -> str:
    autoscaling, group_name = aws("autoscaling"), f"{name}-{LOGICAL_IDS}AutoScalingGroup-X"
    autoscaling.create_launch_configuration(
        LaunchConfigurationName=name, ImageId=IMAGE, InstanceType="t3.micro"
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=group_name,
        LaunchConfigurationName=name,
        MinSize=0,
        MaxSize=0,
        AvailabilityZones=[subnet(aws)["AvailabilityZone"]],
    )
    return group_name


def load_balancer(aws: Client, name: str) -> str:
    subnets = aws("ec2").describe_subnets()["Subnets"][:2]
    return aws("elbv2").create_load_balancer(
        Name=f"{name}-lb", Subnets=[each["SubnetId"] for each in subnets]
    )["LoadBalancers"][0]["LoadBalancerArn"]


def listener(aws: Client, name: str) -> str:
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
    return aws("elbv2").create_listener(
        LoadBalancerArn=load_balancer(aws, name), Port=80, Protocol="HTTP", DefaultActions=[answer]
    )["Listeners"][0]["ListenerArn"]


def target_group(aws: Client, name: str) -> str:
    return aws("elbv2").create_target_group(
        Name=f"other{name}",
        Protocol="HTTP",
        Port=80,
        VpcId=subnet(aws)["VpcId"],
        Tags=tags(name),
    )["TargetGroups"][0]["TargetGroupArn"]


def parameter(suffix: str, prefix: str = "") -> Callable[[Client, str], str]:
    def put(aws: Client, name: str) -> str:
        full_name = f"{prefix}{name}{suffix}"
        aws("ssm").put_parameter(Name=full_name, Value="1", Type="String")
        return full_name

    return put


def role(aws: Client, name: str) -> str:
    role_name = f"{name}-{LOGICAL_IDS}Role-X"
    aws("iam").create_role(RoleName=role_name, AssumeRolePolicyDocument=TRUST)
    return role_name


def instance_profile(aws: Client, name: str) -> str:
    profile_name = f"{name}-{LOGICAL_IDS}InstanceProfile-X"
    aws("iam").create_instance_profile(InstanceProfileName=profile_name)
    return profile_name


def policy(aws: Client, name: str) -> str:
    return aws("iam").create_policy(PolicyName=f"{name}-instance", PolicyDocument=POLICY)["Policy"][
        "Arn"
    ]


def key_pair(aws: Client, name: str) -> str:
    return aws("ec2").create_key_pair(KeyName=f"{name}-key-0123abcd")["KeyPairId"]


def network_interface(aws: Client, name: str) -> str:
    return aws("ec2").create_network_interface(
        SubnetId=subnet(aws)["SubnetId"], Description=f"ELB app/{name}-lb/0123"
    )["NetworkInterface"]["NetworkInterfaceId"]


def security_group(aws: Client, name: str) -> str:
    return aws("ec2").create_security_group(
        GroupName=f"{name}-{LOGICAL_IDS}InstanceSecurityGroup-X", Description="left"
    )["GroupId"]


def table(aws: Client, name: str) -> str:
    table_name = f"{name}-recommendations"
    aws("dynamodb").create_table(
        TableName=table_name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
    )
    return table_name


def bucket(aws: Client, name: str) -> str:
    aws("s3").create_bucket(Bucket=f"other-{name}")
    aws("s3").put_bucket_tagging(Bucket=f"other-{name}", Tagging={"TagSet": tags(name)})
    return f"arn:aws:s3:::other-{name}"


def log_group(aws: Client, name: str) -> str:
    aws("logs").create_log_group(logGroupName=f"other-{name}", tags={STACK_TAG: name})
    return f"arn:aws:logs:us-east-1:123456789012:log-group:other-{name}"


def alarm(aws: Client, name: str) -> str:
    aws("cloudwatch").put_metric_alarm(
        AlarmName=f"other-{name}",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="Errors",
        Namespace="Demo",
        Period=60,
        Statistic="Sum",
        Threshold=1,
        Tags=tags(name),
    )
    return f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:other-{name}"


KINDS: dict[str, Callable[[Client, str], str]] = {
    "stack": stack,
    "instance": instance,
    "volume": volume,
    "launch template": launch_template,
    "Auto Scaling group": group,
    "load balancer": load_balancer,
    "listener": listener,
    "target group": target_group,
    "parameter": parameter("-failure-response"),
    "role": role,
    "instance profile": instance_profile,
    "policy": policy,
    "key pair": key_pair,
    "network interface": network_interface,
    "security group": security_group,
    "table": table,
    "bucket": bucket,
    "log group": log_group,
    "alarm": alarm,
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_listed_with_the_command_that_removes_it(
    kind: str, name: str, aws: Client, left: Callable[..., dict[tuple[str, str], str]]
) -> None:
    assert left() == {}

    planted = KINDS[kind](aws, name)

    command = left()[kind, planted]
    assert command.startswith("aws ")
    assert command.endswith(planted) or planted.endswith(command.rpartition("/")[2].split()[-1])


def test_its_own_bucket_is_listed_by_its_name_once(
    name: str, aws: Client, left: Callable[..., dict[tuple[str, str], str]]
) -> None:
    own = f"{name}-123456789012-us-east-1"
    aws("s3").create_bucket(Bucket=own)
    arn = f"arn:aws:s3:::{own}"
    assert left() == {("bucket", arn): f"aws s3 rb --force s3://{own}"}

    aws("s3").put_bucket_tagging(Bucket=own, Tagging={"TagSet": tags(name)})
    assert set(left()) == {("bucket", arn)}


def test_the_private_key_and_the_lock_are_parameters_too(
    name: str, aws: Client, left: Callable[..., dict[tuple[str, str], str]]
) -> None:
    key = parameter("", prefix="/ec2/keypair/key-")(aws, name)
    lock, now = parameter_name(name), datetime.now(UTC)
    own = OperatorLock.of(ProcessIdentity(1, "2"), "destroy.yml", now)
    held = own.renewed(now - timedelta(minutes=10)).to_json()
    aws("ssm").put_parameter(Name=lock, Value=held, Type="String")

    found = left(key_pair_id=f"key-{name}")
    assert set(found) == {("parameter", key), ("parameter", lock)}
    assert set(left(own_lock=asdict(own))) == set()
    assert set(left(own_lock=asdict(replace(own, pid=2)))) == {("parameter", lock)}
    aws("ssm").put_parameter(Name=lock, Value="not a lock", Type="String", Overwrite=True)
    assert set(left(own_lock=asdict(own))) == {("parameter", lock)}


def test_of_a_given_group_only_our_own_rule_is_left(
    name: str, aws: Client, left: Callable[..., dict[tuple[str, str], str]]
) -> None:
    group_id = aws("ec2").create_security_group(GroupName=name, Description="given")["GroupId"]
    for cidr, description in (
        ("203.0.113.0/24", "SSH from the operator"),
        ("198.51.100.0/24", "SSH from the operator"),
        ("192.0.2.0/24", "another"),
    ):
        ranges = [{"CidrIp": cidr, "Description": description}]
        aws("ec2").authorize_security_group_ingress(
            GroupId=group_id,
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": ranges}],
        )

    found = left(given_group_id=group_id, ssh_cidr="203.0.113.0/24")

    assert [kind for kind, _ in found] == ["security group rule"]
    assert all(group_id in command for command in found.values())


def test_a_terminated_instance_and_what_another_stack_has_are_not_left(
    name: str, aws: Client, left: Callable[..., dict[tuple[str, str], str]]
) -> None:
    aws("ec2").terminate_instances(InstanceIds=[instance(aws, name)])
    for kind in ("table", "load balancer", "parameter", "role", "key pair"):
        KINDS[kind](aws, f"{name}-two")

    assert left() == {}


def test_what_the_local_aws_still_runs_is_listed(
    name: str, tmp_path: Path, left: Callable[..., dict[tuple[str, str], str]]
) -> None:
    report = {
        "instances": [
            {"id": "i-1", "state": "terminated", "pid": os.getpid()},
            {"id": "i-2", "state": "running", "pid": os.getpid()},
            {"id": "i-3", "state": "terminated", "pid": None},
        ],
        "load_balancers": [{"name": f"{name}-lb", "url": "http://127.0.0.1:1/"}],
    }
    command = tmp_path / "local-aws"
    command.write_text(f"#!/bin/sh\necho '{json.dumps(report)}'\n")
    command.chmod(0o755)

    assert set(left(local_aws_command=[str(command)])) == {
        ("process", f"{os.getpid()} of i-1"),
        ("port", "http://127.0.0.1:1/"),
    }
