"""Updates change what differs, in place where AWS does, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from group_template import group_with_template
from stack_driver import BROKEN, StackDriver, parameter, template_body

AwsClient = Any


def test_an_update_without_changes_is_refused(
    stacks: StackDriver, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation API Reference, UpdateStack: "No updates are to be performed."

    List parameters and UsePreviousValue must compare equal to what was given at creation.
    """
    stacks.create(unique_name, "service.yaml", service)
    events = stacks.events(unique_name)

    for parameters in ({}, service):
        with pytest.raises(ClientError, match="No updates are to be performed"):
            stacks.update(unique_name, parameters=parameters)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique_name, "service.yaml")

    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.events(unique_name) == events


def test_a_changed_parameter_reaches_only_what_uses_it(
    stacks: StackDriver, service: dict[str, str], aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::ElasticLoadBalancingV2::TargetGroup":
    HealthCheckPath, update requires: no interruption."""
    stacks.create(unique_name, "service.yaml", service)
    arn = stacks.outputs(unique_name)["TGArn"]
    known = len(stacks.events(unique_name))

    stack = stacks.update(unique_name, parameters={"HealthCheck": "deep"})

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.outputs(unique_name)["TGArn"] == arn
    group = aws("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    assert group["HealthCheckPath"] == "/healthcheck?depth=deep"
    touched = {name for name, _, _ in stacks.events(unique_name)[known:]}
    assert touched == {unique_name, "TargetGroup", "HealthCheckParameter"}


def test_a_parameter_gets_a_new_version_in_place(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::SSM::Parameter": Value, no interruption."""
    name = f"/{unique_name}/one"
    stacks.create(unique_name, {"One": parameter("1", Name=name)})

    stacks.update(unique_name, {"One": parameter("2", Name=name)})

    stored = aws("ssm").get_parameter(Name=name)["Parameter"]
    assert (stored["Value"], stored["Version"]) == ("2", 2)


def test_a_launch_template_gets_a_version_by_every_change(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """The README of AWS's example of a resilient service, step 8: also by that of a tag."""
    ec2 = aws("ec2")

    def template(instance_type: str, owner: str) -> dict[str, Any]:
        tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "owner", "Value": owner}]}]
        return {
            "Template": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {
                    "LaunchTemplateData": {"InstanceType": instance_type},
                    "TagSpecifications": tags,
                },
            }
        }

    stacks.create(unique_name, template("t3.micro", "one"))
    template_id = stacks.physical_id(unique_name, "Template")

    def described() -> tuple[int, dict[str, str]]:
        found = ec2.describe_launch_templates(LaunchTemplateIds=[template_id])["LaunchTemplates"]
        tags = {tag["Key"]: tag["Value"] for tag in found[0]["Tags"]}
        return found[0]["LatestVersionNumber"], tags

    stacks.update(unique_name, template("t3.micro", "two"))
    assert described()[0] == 2
    assert described()[1]["owner"] == "two"

    stacks.update(unique_name, template("t3.small", "two"))
    assert described()[0] == 3


def test_a_changed_launch_template_reaches_the_group_that_uses_its_latest_version(
    stacks: StackDriver, service: dict[str, str], aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::LaunchTemplate": LatestVersionNumber."""
    template = {"InstanceType": "t3.micro", "ImageId": "ami-12c6146b"}
    resources = {
        "Template": {
            "Type": "AWS::EC2::LaunchTemplate",
            "Properties": {"LaunchTemplateData": template},
        },
        "Group": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            "Properties": {
                "MinSize": "0",
                "MaxSize": "1",
                "VPCZoneIdentifier": service["Subnets"].split(","),
                "LaunchTemplate": {
                    "LaunchTemplateId": {"Ref": "Template"},
                    "Version": {"Fn::GetAtt": "Template.LatestVersionNumber"},
                },
            },
        },
    }
    stacks.create(unique_name, resources)
    name = stacks.physical_id(unique_name, "Group")
    template["InstanceType"] = "t3.small"

    stacks.update(unique_name, resources)

    group = aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    assert group["AutoScalingGroups"][0]["LaunchTemplate"]["Version"] == "2"


def test_a_rollback_gives_a_launch_template_one_more_version(
    stacks: StackDriver, service: dict[str, str], aws: AwsClient, unique_name: str
) -> None:
    """EC2 User Guide, "Modify a launch template": a version cannot be changed, nor its number; and
    https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1912: a rollback
    removes none."""
    policy = {"AutoScalingRollingUpdate": {"MinInstancesInService": "0"}}
    before, after = (
        group_with_template(
            service, {"InstanceType": kind}, update_policy=policy, MinSize="1", MaxSize="2"
        )
        for kind in ("t3.micro", "t3.small")
    )
    stacks.create(unique_name, before)
    name = stacks.physical_id(unique_name, "Group")

    stacks.update(unique_name, {**after, "Broken": {**BROKEN, "DependsOn": "Group"}})

    assert stacks.described(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    versions = aws("ec2").describe_launch_template_versions(
        LaunchTemplateId=stacks.physical_id(unique_name, "Template")
    )["LaunchTemplateVersions"]
    by_number = {
        each["VersionNumber"]: each["LaunchTemplateData"]["InstanceType"] for each in versions
    }
    assert by_number == {1: "t3.micro", 2: "t3.small", 3: "t3.micro"}
    groups = aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    (group,) = groups["AutoScalingGroups"]
    assert group["LaunchTemplate"]["Version"] == "3"
    serving = [each for each in group["Instances"] if each["LifecycleState"] == "InService"]
    assert {each["LaunchTemplate"]["Version"] for each in serving} == {"3"}


def test_a_removed_resource_is_deleted_after_the_rest_was_updated(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update behaviors of stack resources": clean-up comes last."""
    stacks.create(unique_name, {"Kept": parameter("1"), "Removed": parameter("1")})
    known = len(stacks.events(unique_name))

    stack = stacks.update(unique_name, {"Kept": parameter("2"), "Added": parameter("1")})

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    events = stacks.events(unique_name)[known:]
    assert [event[:2] for event in events][-4:] == [
        (unique_name, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("Removed", "DELETE_IN_PROGRESS"),
        ("Removed", "DELETE_COMPLETE"),
        (unique_name, "UPDATE_COMPLETE"),
    ]
    rows = stacks.client.list_stack_resources(StackName=unique_name)["StackResourceSummaries"]
    assert {row["LogicalResourceId"] for row in rows} == {"Kept", "Added"}


def test_a_failed_update_restores_what_was(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Stack failure options": roll back all stack resources."""
    names = [f"/{unique_name}/{number}" for number in (1, 2)]
    before = {"Kept": parameter("old", Name=names[0]), "Moved": parameter("old", Name=names[1])}
    stacks.create(unique_name, before)
    after = {
        "Kept": parameter("new", Name=names[0]),
        "Moved": parameter("new", Name=f"{names[1]}/moved"),
        "Added": parameter("new", Name=f"/{unique_name}/added"),
        "Broken": {**BROKEN, "DependsOn": ["Kept", "Moved", "Added"]},
    }

    stack = stacks.update(unique_name, after)

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    statuses = {status: reason for name, status, reason in stacks.events(unique_name)}
    assert "[Broken]" in statuses["UPDATE_ROLLBACK_IN_PROGRESS"]
    assert "reserved" in statuses["CREATE_FAILED"]
    stored = aws("ssm").get_parameters_by_path(Path=f"/{unique_name}", Recursive=True)
    values = {row["Name"]: row["Value"] for row in stored["Parameters"]}
    assert values == {names[0]: "old", names[1]: "old"}
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique_name, before)


def test_the_type_of_a_resource_cannot_change(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Troubleshooting": resource type modification."""
    stacks.create(unique_name, {"One": parameter("1")})

    with pytest.raises(ClientError, match="Update of resource type is not permitted"):
        stacks.update(unique_name, {"One": {"Type": "AWS::EC2::KeyPair"}})


def test_a_changed_output_alone_is_an_update(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Outputs": they are part of the stack."""
    template = {"Resources": {"One": parameter("1")}, "Outputs": {"Out": {"Value": "old"}}}
    stacks.create(unique_name, template)
    template["Outputs"] = {"Out": {"Value": {"Ref": "One"}}}

    stacks.update(unique_name, template)

    assert stacks.outputs(unique_name)["Out"] == stacks.physical_id(unique_name, "One")


def test_a_stack_in_progress_refuses_another_update(
    stacks: StackDriver, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation User Guide, "Troubleshooting": stack states and updates."""
    waiting = {**service, "SignalCount": "3", "SignalTimeout": "PT30S"}
    stacks.client.create_stack(
        StackName=unique_name,
        TemplateBody=template_body("service.yaml"),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in waiting.items()],
        Capabilities=["CAPABILITY_IAM"],
    )

    with pytest.raises(ClientError, match="CREATE_IN_PROGRESS state and can not be updated"):
        stacks.client.update_stack(
            StackName=unique_name,
            TemplateBody='{"Resources": {"One": {"Type": "AWS::S3::Bucket"}}}',
        )
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("attribute", "old", "new"),
    [
        ("Metadata", {"revision": "1"}, {"revision": "2"}),
        ("DeletionPolicy", "Retain", "Delete"),
        ("UpdateReplacePolicy", "Delete", "Retain"),
    ],
)
def test_an_attribute_alone_is_an_update(
    attribute: str, old: Any, new: Any, stacks: StackDriver, unique_name: str
) -> None:
    """API_ResourceChange: the scope of a change names the attributes beside Properties."""
    stacks.create(unique_name, {"One": parameter("1") | {attribute: old}})
    changed = {"One": parameter("1") | {attribute: new}}
    stacks.client.create_change_set(
        StackName=unique_name, ChangeSetName="look", TemplateBody=template_body(changed)
    )

    seen = stacks.client.describe_change_set(StackName=unique_name, ChangeSetName="look")
    stack = stacks.update(unique_name, changed)

    [change] = [each["ResourceChange"] for each in seen["Changes"]]
    assert (change["Scope"], change["Replacement"]) == ([attribute], "False")
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique_name, changed)


def test_an_empty_list_of_tags_removes_them(stacks: StackDriver, unique_name: str) -> None:
    """API_UpdateStack, Tags: not given, they stay; an empty value removes all."""
    stacks.create(unique_name, {"One": parameter("1")}, Tags=[{"Key": "team", "Value": "a"}])

    kept = stacks.update(unique_name, {"One": parameter("2")})
    removed = stacks.update(unique_name, Tags=[])

    assert [tag["Key"] for tag in kept["Tags"]] == ["team"]
    assert removed["Tags"] == []


def test_the_stacks_new_tags_reach_its_resources(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Resource tag": a stack's tags are on its resources; those
    that a resource names itself win. API_ResourceChange: the scope of such a change is Tags."""

    def tags(logical_id: str) -> dict[str, str]:
        found = aws("ssm").list_tags_for_resource(
            ResourceType="Parameter", ResourceId=stacks.physical_id(unique_name, logical_id)
        )
        return {tag["Key"]: tag["Value"] for tag in found["TagList"]}

    def given(**values: str) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in values.items()]

    resources = {"Plain": parameter("1"), "Own": parameter("1", Tags={"team": "own"})}
    resources["Vpc"] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.75.0.0/16"}}
    stacks.create(unique_name, resources, Tags=given(team="a", old="1"))
    vpc_id = stacks.physical_id(unique_name, "Vpc")
    stacks.client.create_change_set(
        StackName=unique_name,
        ChangeSetName="look",
        TemplateBody=template_body(resources),
        Tags=given(team="b", new="1"),
    )
    seen = stacks.client.describe_change_set(StackName=unique_name, ChangeSetName="look")

    stacks.update(unique_name, resources, Tags=given(team="b", new="1"))

    assert [change["ResourceChange"]["Scope"] for change in seen["Changes"]] == [["Tags"]] * 3
    assert tags("Plain") == {"team": "b", "new": "1"}
    assert tags("Own") == {"team": "own", "new": "1"}
    [vpc] = aws("ec2").describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    own = {t["Key"]: t["Value"] for t in vpc["Tags"] if not t["Key"].startswith("aws:")}
    assert own == {"team": "b", "new": "1"}
    stacks.update(unique_name, resources, Tags=[])
    assert (tags("Plain"), tags("Own")) == ({}, {"team": "own"})


@pytest.mark.parametrize(("is_ignored", "sizes"), [(True, (1, 1, 3)), (False, (0, 0, 3))])
def test_sizes_that_somebody_else_has_set_stay_when_the_policy_says_so(
    is_ignored: bool, sizes: tuple[int, int, int], stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """CloudFormation Template Reference, "UpdatePolicy attribute":
    IgnoreUnmodifiedGroupSizeProperties of AutoScalingScheduledAction."""

    def declared(tag: str, largest: str = "3") -> dict[str, Any]:
        data = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
        template = {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"}
        group = {
            "MinSize": "0",
            "MaxSize": largest,
            "DesiredCapacity": "0",
            "AvailabilityZones": {"Fn::GetAZs": ""},
            "LaunchTemplate": template,
            "Tags": [{"Key": "k", "Value": tag, "PropagateAtLaunch": False}],
        }
        policy = {"IgnoreUnmodifiedGroupSizeProperties": is_ignored}
        return {
            "Template": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {"LaunchTemplateData": data},
            },
            "Group": {
                "Type": "AWS::AutoScaling::AutoScalingGroup",
                "Properties": group,
                "UpdatePolicy": {"AutoScalingScheduledAction": policy},
            },
        }

    def present() -> tuple[int, int, int]:
        [group] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
            "AutoScalingGroups"
        ]
        return group["MinSize"], group["DesiredCapacity"], group["MaxSize"]

    scaling = aws("autoscaling")
    stacks.create(unique_name, declared("1"))
    name = stacks.physical_id(unique_name, "Group")
    scaling.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=1, DesiredCapacity=1)

    stacks.update(unique_name, declared("2"))
    assert present() == sizes

    stacks.update(unique_name, declared("2", largest="5"))
    assert present() == (*sizes[:2], 5)
