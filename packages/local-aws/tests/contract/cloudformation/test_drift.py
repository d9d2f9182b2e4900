"""Drift: what was changed by hand since the stack's last operation.

CloudFormation User Guide, "Detect unmanaged configuration changes to stacks and resources with
drift detection".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from role_driver import EC2_ASSUMES_IT, policy_document
from stack_driver import StackDriver
from type_lives import ref, resource

AwsClient = Any
Difference = tuple[str, str, str, str]
"""Path, expected and actual value, type."""

_RULE = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"}
_SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
_WIDE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
_READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def service(vpc: str, subnets: list[str], name: str) -> dict[str, Any]:
    """Resources of each type whose drift is detected, some of which add to others."""
    tags = [{"Key": "own", "Value": "1"}]
    trust = json.loads(policy_document(EC2_ASSUMES_IT))
    group_id = {"Fn::GetAtt": ["Group", "GroupId"]}
    return {
        "Table": resource(
            "DynamoDB::Table",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            Tags=tags,
        ),
        "Setting": resource(
            "SSM::Parameter", Type="String", Value="on", Description="d", Tags={"own": "1"}
        ),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=trust, Policies=[], Tags=tags),
        "Policy": resource(
            "IAM::Policy",
            PolicyName="reads",
            Roles=[ref("Role")],
            PolicyDocument=json.loads(policy_document(_READ)),
        ),
        "Profile": resource("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Group": resource(
            "EC2::SecurityGroup",
            GroupDescription="d",
            VpcId=vpc,
            SecurityGroupIngress=[
                _RULE,
                {"IpProtocol": "-1", "FromPort": 0, "CidrIp": "9.0.0.0/8"},
            ],
            Tags=tags,
        ),
        "SshRule": resource("EC2::SecurityGroupIngress", GroupId=group_id, **_SSH),
        "OutRule": resource("EC2::SecurityGroupEgress", GroupId=group_id, **_SSH),
        "Key": resource("EC2::KeyPair", KeyName=f"{name}-key"),
        "Template": resource(
            "EC2::LaunchTemplate",
            LaunchTemplateName=f"{name}-template",
            LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"},
        ),
        "Fleet": resource(
            "AutoScaling::AutoScalingGroup",
            MinSize="0",
            MaxSize="2",
            VPCZoneIdentifier=subnets,
            TargetGroupARNs=[ref("Targets")],
            LaunchTemplate={
                "LaunchTemplateId": ref("Template"),
                "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
            },
            Tags=[{**tags[0], "PropagateAtLaunch": False}],
        ),
        "Balancer": resource(
            "ElasticLoadBalancingV2::LoadBalancer",
            Subnets=subnets,
            SecurityGroups=[group_id],
            LoadBalancerAttributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "30"}],
            Tags=tags,
        ),
        "Targets": resource(
            "ElasticLoadBalancingV2::TargetGroup",
            VpcId=vpc,
            Protocol="HTTP",
            Port="80",
            HealthCheckPath="/health",
            Matcher={"HttpCode": "200"},
            TargetGroupAttributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": 5}],
            Tags=tags,
        ),
        "Listener": resource(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
    }


@pytest.fixture
def changes(aws: AwsClient) -> dict[str, tuple[Callable[[str], Any], Difference]]:
    """For each resource a change by hand, given its physical id, and the drift that it is."""
    ec2, elbv2, iam = aws("ec2"), aws("elbv2"), aws("iam")
    dynamodb, fleet = aws("dynamodb"), aws("autoscaling")
    wide = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}]
    recovery = {"PointInTimeRecoveryEnabled": False}
    return {
        "Table": (
            lambda name: dynamodb.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification=recovery
            ),
            (
                "/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
                *("true", "false", "NOT_EQUAL"),
            ),
        ),
        "Setting": (
            lambda name: aws("ssm").put_parameter(Name=name, Value="off", Overwrite=True),
            ("/Value", "on", "off", "NOT_EQUAL"),
        ),
        "Role": (
            lambda name: iam.put_role_policy(
                RoleName=name, PolicyName="more", PolicyDocument=policy_document(_READ)
            ),
            (
                *("/Policies/0", "null"),
                json.dumps(
                    {
                        "PolicyName": "more",
                        "PolicyDocument": json.loads(policy_document(_READ)),
                    }
                ),
                "ADD",
            ),
        ),
        "Profile": (
            lambda name: iam.remove_role_from_instance_profile(
                InstanceProfileName=name,
                RoleName=iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"][
                    "Roles"
                ][0]["RoleName"],
            ),
            ("/Roles/0", "{Role}", "null", "REMOVE"),
        ),
        "Group": (
            lambda group: ec2.authorize_security_group_ingress(
                GroupId=group, IpPermissions=[{**wide[0], "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
            ),
            ("/SecurityGroupIngress/2", "null", json.dumps(_WIDE), "ADD"),
        ),
        "SshRule": (
            lambda rule: ec2.modify_security_group_rules(
                GroupId=ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])[
                    "SecurityGroupRules"
                ][0]["GroupId"],
                SecurityGroupRules=[
                    {
                        "SecurityGroupRuleId": rule,
                        "SecurityGroupRule": {**wide[0], "CidrIpv4": "11.0.0.0/8"},
                    }
                ],
            ),
            ("/CidrIp", "10.0.0.0/8", "11.0.0.0/8", "NOT_EQUAL"),
        ),
        "Fleet": (
            lambda name: fleet.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=3),
            ("/MaxSize", "2", "3", "NOT_EQUAL"),
        ),
        "Balancer": (
            lambda arn: elbv2.modify_load_balancer_attributes(
                LoadBalancerArn=arn,
                Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "40"}],
            ),
            ("/LoadBalancerAttributes/0/Value", "30", "40", "NOT_EQUAL"),
        ),
        "Targets": (
            lambda arn: elbv2.modify_target_group(TargetGroupArn=arn, HealthCheckPath="/"),
            ("/HealthCheckPath", "/health", "/", "NOT_EQUAL"),
        ),
        "Listener": (
            lambda arn: elbv2.modify_listener(ListenerArn=arn, Port=81),
            ("/Port", "80", "81", "NOT_EQUAL"),
        ),
    }


def detect(stacks: StackDriver, name: str, **options: Any) -> dict[str, Any]:
    """Check a stack; returns the detection."""
    started = stacks.client.detect_stack_drift(StackName=name, **options)
    found: dict[str, Any] = stacks.client.describe_stack_drift_detection_status(
        StackDriftDetectionId=started["StackDriftDetectionId"]
    )
    return found


def drifts(stacks: StackDriver, name: str, *statuses: str) -> dict[str, dict[str, Any]]:
    """What was found, by logical id; of these statuses only, if there are any."""
    options = {"StackResourceDriftStatusFilters": list(statuses)} if statuses else {}
    found = stacks.client.describe_stack_resource_drifts(StackName=name, **options)
    return {each["LogicalResourceId"]: each for each in found["StackResourceDrifts"]}


def difference(drift: dict[str, Any]) -> list[Difference]:
    return [
        (each["PropertyPath"], each["ExpectedValue"], each["ActualValue"], each["DifferenceType"])
        for each in drift["PropertyDifferences"]
    ]


def test_changes_by_hand_are_drift(
    stacks: StackDriver,
    changes: dict[str, tuple[Callable[[str], Any], Difference]],
    default_vpc: str,
    subnets: dict[str, str],
    unique_name: str,
) -> None:
    """API_DescribeStackResourceDrifts, API_PropertyDifference: defaults and AWS's tags are none."""
    template = service(default_vpc, list(subnets.values())[:2], unique_name)
    stacks.create(unique_name, template, Tags=[{"Key": "stack", "Value": "1"}])
    assert stacks.described(unique_name)["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}
    assert drifts(stacks, unique_name) == {}

    found = detect(stacks, unique_name)
    every = drifts(stacks, unique_name)
    assert {each: difference(drift) for each, drift in every.items() if difference(drift)} == {}
    assert every.keys() == template.keys() - {"Policy"}
    assert (found["DetectionStatus"], found["StackDriftStatus"]) == (
        "DETECTION_COMPLETE",
        "IN_SYNC",
    )
    assert found["DriftedStackResourceCount"] == 0

    ids = {logical_id: drift["PhysicalResourceId"] for logical_id, drift in every.items()}
    shown = {}
    for logical_id, (change, _) in changes.items():
        change(ids[logical_id])
        shown[logical_id] = stacks.client.detect_stack_resource_drift(
            StackName=unique_name, LogicalResourceId=logical_id
        )["StackResourceDrift"]
    assert {name: difference(each) for name, each in shown.items()} == {
        name: [(path, expected.replace("{Role}", ids["Role"]), *more)]
        for name, (_, (path, expected, *more)) in changes.items()
    }
    assert {each["StackResourceDriftStatus"] for each in shown.values()} == {"MODIFIED"}
    found = detect(stacks, unique_name)
    assert (found["StackDriftStatus"], found["DriftedStackResourceCount"]) == (
        "DRIFTED",
        len(changes),
    )
    assert drifts(stacks, unique_name, "MODIFIED").keys() == changes.keys()
    assert stacks.described(unique_name)["DriftInformation"]["StackDriftStatus"] == "DRIFTED"
    listed = stacks.client.describe_stack_resources(StackName=unique_name)["StackResources"]
    of_policy, of_table = (
        next(each for each in listed if each["LogicalResourceId"] == name)["DriftInformation"]
        for name in ("Policy", "Table")
    )
    assert of_policy == {"StackResourceDriftStatus": "NOT_CHECKED"}
    assert of_table["StackResourceDriftStatus"] == "MODIFIED"
    assert of_table["LastCheckTimestamp"].tzinfo


def test_what_was_deleted_by_hand_is_drift(
    aws: AwsClient, stacks: StackDriver, default_vpc: str, subnets: dict[str, str], unique_name: str
) -> None:
    """API_StackResourceDrift, StackResourceDriftStatus: DELETED."""
    template = service(default_vpc, list(subnets.values())[:2], unique_name)
    del template["SshRule"]
    stacks.create(unique_name, template)
    detect(stacks, unique_name)
    ids = {name: each["PhysicalResourceId"] for name, each in drifts(stacks, unique_name).items()}
    ec2, elbv2, iam = aws("ec2"), aws("elbv2"), aws("iam")
    aws("ssm").delete_parameter(Name=ids["Setting"])
    aws("dynamodb").delete_table(TableName=ids["Table"])
    group = ec2.describe_security_group_rules(SecurityGroupRuleIds=[ids["OutRule"]])
    ec2.revoke_security_group_egress(
        GroupId=group["SecurityGroupRules"][0]["GroupId"], SecurityGroupRuleIds=[ids["OutRule"]]
    )
    elbv2.delete_listener(ListenerArn=ids["Listener"])
    elbv2.delete_load_balancer(LoadBalancerArn=ids["Balancer"])
    ec2.delete_key_pair(KeyName=ids["Key"])
    aws("autoscaling").delete_auto_scaling_group(
        AutoScalingGroupName=ids["Fleet"], ForceDelete=True
    )
    elbv2.delete_target_group(TargetGroupArn=ids["Targets"])
    ec2.delete_launch_template(LaunchTemplateId=ids["Template"])
    ec2.delete_security_group(GroupId=ids["Group"])
    iam.remove_role_from_instance_profile(InstanceProfileName=ids["Profile"], RoleName=ids["Role"])
    iam.delete_instance_profile(InstanceProfileName=ids["Profile"])
    iam.delete_role_policy(RoleName=ids["Role"], PolicyName="reads")
    iam.delete_role(RoleName=ids["Role"])

    found = detect(stacks, unique_name)
    gone = drifts(stacks, unique_name, "DELETED")
    assert gone.keys() == ids.keys()
    assert (found["StackDriftStatus"], found["DriftedStackResourceCount"]) == ("DRIFTED", len(ids))
    assert "ActualProperties" not in gone["Setting"]
    assert json.loads(gone["Setting"]["ExpectedProperties"])["Value"] == "on"


def test_a_detection_is_of_some_resources_and_an_update_ends_what_it_found(
    aws: AwsClient, stacks: StackDriver, unique_name: str
) -> None:
    """API_DetectStackDrift, LogicalResourceIds; an update brings back what the template says."""
    setting = resource("SSM::Parameter", Type="String", Value="1", Name=f"{unique_name}-0")
    other = resource("SSM::Parameter", Type="String", Value="1", Name=f"{unique_name}-1")
    stacks.create(unique_name, {"One": setting, "Two": other})
    aws("ssm").put_parameter(Name=f"{unique_name}-1", Value="2", Overwrite=True)
    assert detect(stacks, unique_name, LogicalResourceIds=["One"])["StackDriftStatus"] == "IN_SYNC"
    assert drifts(stacks, unique_name).keys() == {"One"}
    assert detect(stacks, unique_name)["DriftedStackResourceCount"] == 1
    other["Properties"]["Value"] = "3"
    stacks.update(unique_name, {"One": setting, "Two": other})
    assert stacks.described(unique_name)["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}
    assert detect(stacks, unique_name)["StackDriftStatus"] == "IN_SYNC"


def test_the_value_of_a_noecho_parameter_is_not_compared(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Parameters", NoEcho: no call shows the value."""
    setting = resource("SSM::Parameter", Type="String", Value=ref("Secret"))
    template = {
        "Parameters": {"Secret": {"Type": "String", "NoEcho": True}},
        "Resources": {"Setting": setting},
    }
    stacks.create(unique_name, template, {"Secret": "hidden-1"})
    detect(stacks, unique_name)
    shown = drifts(stacks, unique_name)["Setting"]
    assert "Value" not in json.loads(shown["ExpectedProperties"])
    assert "hidden-1" not in str(shown)


def test_drift_is_not_detected_on_everything(stacks: StackDriver, unique_name: str) -> None:
    """API_DetectStackDrift, API_DetectStackResourceDrift."""
    client = stacks.client
    handle = resource("CloudFormation::WaitConditionHandle")
    stack_id = stacks.create(unique_name, {"Handle": handle})["StackId"]
    assert detect(stacks, unique_name)["StackDriftStatus"] == "IN_SYNC"
    with pytest.raises(ClientError, match="not supported for the resource type"):
        client.detect_stack_resource_drift(StackName=unique_name, LogicalResourceId="Handle")
    with pytest.raises(ClientError, match="Resource Other does not exist"):
        client.detect_stack_resource_drift(StackName=unique_name, LogicalResourceId="Other")
    with pytest.raises(ClientError, match="does not exist"):
        client.describe_stack_drift_detection_status(StackDriftDetectionId="none")
    stacks.delete(unique_name)
    with pytest.raises(ClientError, match="DELETE_COMPLETE"):
        client.detect_stack_drift(StackName=stack_id)
