"""What an operator may do, and what CloudFormation may do in an operator's name.

The latter is held against AWS's own description of it: each resource type's schema lists under
`handlers` which permissions CloudFormation needs to create, read, update and delete it (AWS:
"handlers" in the CloudFormation CLI User Guide). The local AWS does not check them, so this is all
that can be known of them without an account. The former is what the playbooks call, and is tested
with them (tests/playbooks/scenarios/test_operator_policy.py) but for what they call of failures
alone.
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import operator_policies
import pytest
from botocore.exceptions import ClientError
from cfnlint.decode import decode
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from local_aws_command import LocalAws

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, without white space.
POLICY_CHARACTERS = 6_144
FOR_WHAT_THE_TEMPLATE_HAS_NOT = {
    "cloudwatch:PutMetricAlarm": "metrics collection of groups",
    "cognito-idp:*": "listeners that authenticate users",
    "kinesis:*": "streams of tables",
    "kms:*": "keys of one's own",
    "logs:*": "tables that are imported",
    "managed-fleets:*": "managed fleets",
    "s3:*": "tables that are imported",
    "vpc-lattice:*": "VPC Lattice",
    "autoscaling:*LoadBalancers": "classic load balancers",
    "autoscaling:*TrafficSources": "traffic sources",
    "autoscaling:*InstanceRefresh": "instance refreshes",
    "autoscaling:*LifecycleHook": "lifecycle hooks",
    "autoscaling:*NotificationConfiguration": "notifications",
    "autoscaling:*MetricsCollection": "metrics collection",
    "dynamodb:*Replica": "global tables",
    "dynamodb:*Import*": "imports",
    "dynamodb:*KinesisStreamingDestination": "streams",
    "dynamodb:*Item": "imports and replicas",
    "dynamodb:Query": "imports and replicas",
    "dynamodb:Scan": "imports and replicas",
    "dynamodb:PutResourcePolicy": "policies of tables",
    "dynamodb:DeleteResourcePolicy": "policies of tables",
    "dynamodb:UpdateContributorInsights": "contributor insights",
    "dynamodb:UpdateTimeToLive": "times to live",
    "ec2:ImportKeyPair": "public keys that are given",
    "elasticloadbalancing:*CapacityReservation": "reserved capacity",
    "elasticloadbalancing:ModifyIpPools": "pools of addresses",
    "elasticloadbalancing:SetIpAddressType": "IPv6",
    "iam:*GroupPolicy": "groups",
    "iam:*UserPolicy": "users",
    "iam:AttachRolePolicy": "managed policies",
    "iam:DetachRolePolicy": "managed policies",
    "iam:*PermissionsBoundary": "permissions boundaries",
    "iam:UpdateRoleDescription": "descriptions of roles",
}
READ_TO_SEE_WHAT_THERE_IS = {
    "dynamodb:DescribeKinesisStreamingDestination",
}
"""Asked for whenever the resource is read, whatever it has."""


def policy(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(operator_policies.rendered(name))
    return document


def actions(document: dict[str, Any]) -> set[str]:
    given = (each["Action"] for each in document["Statement"])
    return {name for each in given for name in ([each] if isinstance(each, str) else each)}


def needed() -> set[str]:
    """By the handlers of all types of the template."""
    template, problems = decode(str(operator_policies.TEMPLATES / "resilient-service.yaml"))
    assert not problems
    types = {resource["Type"] for resource in template["Resources"].values()}
    schemas = [
        PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", each).schema for each in types
    ]
    return {
        permission
        for schema in schemas
        for name, handler in schema["handlers"].items()
        if name != "list"
        for permission in handler["permissions"]
    }


def is_for_nothing_here(action: str) -> bool:
    patterns = FOR_WHAT_THE_TEMPLATE_HAS_NOT
    return action not in READ_TO_SEE_WHAT_THERE_IS and any(
        fnmatch.fnmatchcase(action, pattern) for pattern in patterns
    )


def test_cloudformation_may_do_what_its_handlers_need_and_nothing_else() -> None:
    allowed = actions(policy("cloudformation-policy.json"))
    wanted = {action for action in needed() if not is_for_nothing_here(action)}
    covered = {
        action for action in wanted if any(fnmatch.fnmatchcase(action, each) for each in allowed)
    }
    assert sorted(wanted - covered) == []
    unused = [
        each for each in allowed if not any(fnmatch.fnmatchcase(action, each) for action in wanted)
    ]
    assert unused == []


def test_each_exception_is_one() -> None:
    for pattern in FOR_WHAT_THE_TEMPLATE_HAS_NOT:
        assert fnmatch.filter(needed(), pattern), pattern


def test_what_cloudformation_may_do_the_operator_may_not_do_alone() -> None:
    """AWS global condition context keys, aws:CalledVia: absent when a principal calls directly."""
    for statement in policy("cloudformation-policy.json")["Statement"]:
        via = statement["Condition"]["ForAnyValue:StringEquals"]
        assert via == {"aws:CalledVia": "cloudformation.amazonaws.com"}, statement["Sid"]


@pytest.mark.parametrize("name", operator_policies.NAMES)
def test_it_fits_a_managed_policy(name: str) -> None:
    assert len("".join(json.dumps(policy(name)).split())) <= POLICY_CHARACTERS


@pytest.mark.parametrize("name", operator_policies.NAMES)
def test_only_what_has_no_narrower_resource_is_allowed_on_everything(name: str) -> None:
    for statement in policy(name)["Statement"]:
        if statement["Resource"] == "*":
            names = actions({"Statement": [statement]})
            reads = all(
                action.partition(":")[2].startswith(("Describe", "Get", "List")) for action in names
            )
            assert reads or "aws:RequestedRegion" in str(statement["Condition"]), statement["Sid"]


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[LocalAws]:
    local_aws = LocalAws(tmp_path / "local-aws")
    local_aws.start()
    yield local_aws
    local_aws.stop()


def as_operator(local_aws: LocalAws, service: str, stack: str) -> Any:
    """A client with the credentials of a role that has nothing but the operator's policy."""
    here = {
        "aws_region": "us-east-1",
        "preflight.account": "123456789012",
        "__partition": "aws",
        "service_stack_name": stack,
    }
    document = operator_policies.rendered("operator-policy.json", operator_policies.LONGEST | here)
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    iam, sts = local_aws.client("iam"), local_aws.client("sts")
    role = iam.create_role(RoleName="operator", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName="operator", PolicyName="operator", PolicyDocument=document)
    session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="ada")["Credentials"]
    return boto3.client(
        service,
        endpoint_url=local_aws.running["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )


def test_the_console_of_the_stacks_instances_may_be_read_and_no_other(local_aws: LocalAws) -> None:
    """A deployment reads there why a first boot failed (`stack_state`)."""
    ec2 = local_aws.client("ec2")

    def instance(stack: str) -> str:
        tags = [{"Key": "resilient-service:stack", "Value": stack}]
        launched = ec2.run_instances(
            ImageId=ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"],
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )
        return str(launched["Instances"][0]["InstanceId"])

    own, foreign = instance("demo"), instance("another")
    operator = as_operator(local_aws, "ec2", "demo")

    assert operator.get_console_output(InstanceId=own)["InstanceId"] == own
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        operator.get_console_output(InstanceId=foreign)
    ec2.terminate_instances(InstanceIds=[own])  # as a rollback does, before anybody reads
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[own], WaiterConfig={"Delay": 1})
    assert operator.get_console_output(InstanceId=own)["InstanceId"] == own
