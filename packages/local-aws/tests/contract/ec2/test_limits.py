"""Sizes, numbers and ranges of EC2 requests."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from refusals import error_of

from local_aws.control_plane import desired
from local_aws.control_plane.lock import LOCK

IMAGE = "ami-12c6146b"


def test_user_data_of_more_than_16_kb_is_refused(aws: Any, unique_name: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html"""
    ec2 = aws("ec2")
    ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, UserData="#" * 16_384)
    launch = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "UserData": "#" * 16_385}
    assert error_of(ec2.run_instances, **launch) == (
        "InvalidParameterValue",
        "User data is limited to 16384 bytes",
    )

    name = {"LaunchTemplateName": unique_name}
    fits, large = (base64.b64encode(b"#" * n).decode() for n in (16_384, 16_385))
    refusal = ("InvalidUserData.Malformed", "User data is limited to 16384 bytes.")
    data = {"LaunchTemplateData": {"UserData": large}}
    assert error_of(ec2.create_launch_template, **name, **data) == refusal
    ec2.create_launch_template(**name, LaunchTemplateData={"UserData": fits})
    assert error_of(ec2.create_launch_template_version, **name, **data) == refusal
    data = {"LaunchTemplateData": {"UserData": "not base64"}}
    code, _ = error_of(ec2.create_launch_template_version, **name, **data)
    assert code == "InvalidUserData.Malformed"


def test_user_data_that_is_changed_is_base64_too(aws: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html"""
    ec2 = aws("ec2")
    [made] = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"]
    ec2.stop_instances(InstanceIds=[made["InstanceId"]])
    change = {"InstanceId": made["InstanceId"], "Attribute": "userData"}
    fits, large = (base64.b64encode(b"#" * n).decode() for n in (16_384, 16_385))

    refused = error_of(ec2.modify_instance_attribute, **change, Value="abcde")
    assert refused == ("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
    refused = error_of(ec2.modify_instance_attribute, **change, Value=large)
    assert refused == ("InvalidParameterValue", "User data is limited to 16384 bytes")
    ec2.modify_instance_attribute(**change, Value=fits)


def test_what_cannot_be_read_is_left_out(aws: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The data plane goes on with all others."""
    ec2 = aws("ec2")
    made = ec2.run_instances(ImageId=IMAGE, MinCount=2, MaxCount=2)["Instances"]
    broken, other = (each["InstanceId"] for each in made)
    backend = ec2_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
    instance: Any = backend.get_instance(broken)
    with LOCK:
        instance.user_data = "abcde"
        wanted = desired.desired_state()
        instance.user_data = None

    running = {each.instance_id for each in wanted.instances}
    assert other in running
    assert broken not in running
    assert broken in wanted.known_instances
    assert f"reading {broken} failed" in caplog.text


@pytest.mark.parametrize(
    ("family", "block"),
    [
        ("CidrIp", "999.1.1.1/99"),
        ("CidrIp", "10.0.0.0/33"),
        ("CidrIp", "10.0.0.0"),
        ("CidrIp", "10.0.0.0/8\n"),
        ("CidrIp", "10.0.0.0/\u0668"),
        ("CidrIp", "::/0"),
        ("CidrIpv6", "10.0.0.0/8"),
        ("CidrIpv6", "::g/0"),
        ("CidrIpv6", "::/129"),
    ],
)
def test_a_malformed_range_is_refused(aws: Any, unique_name: str, family: str, block: str) -> None:
    """API_IpRange, API_Ipv6Range: a range in CIDR notation."""
    ec2 = aws("ec2")
    group = ec2.create_security_group(GroupName=f"{unique_name}", Description="d")["GroupId"]
    ranges = {"CidrIp": "IpRanges", "CidrIpv6": "Ipv6Ranges"}[family]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, ranges: [{family: block}]}
    for call in (ec2.authorize_security_group_ingress, ec2.authorize_security_group_egress):
        code, message = error_of(call, GroupId=group, IpPermissions=[rule])
        assert code == "InvalidParameterValue"
        assert message.startswith("CIDR block ")
        assert message.endswith(" is malformed")


def test_more_instances_than_the_machine_bears_are_refused(aws: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    code, message = error_of(
        aws("ec2").run_instances, ImageId=IMAGE, MinCount=1, MaxCount=1_000_000
    )
    assert code == "InstanceLimitExceeded"
    assert "than your current instance limit of 1000 allows" in message


def test_a_group_of_a_million_launches_up_to_the_limit_and_says_so(
    asg: Any, group: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A launch that EC2 refuses is a failed scaling activity."""
    monkeypatch.setattr("local_aws.control_plane.ec2.launches.launching.INSTANCE_LIMIT", 2)
    name = group(MinSize=0, MaxSize=10**9, DesiredCapacity=10**9)
    activities = asg.describe_scaling_activities(AutoScalingGroupName=name)["Activities"]
    assert "instance limit of 2" in activities[0]["StatusMessage"]
    # With the real limit again, it would launch a thousand in the tests that follow.
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=0, DesiredCapacity=0)


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_change_of_a_rules_description_is_answered(
    direction: str, aws: Any, unique_name: str
) -> None:
    """API_UpdateSecurityGroupRuleDescriptionsIngress and -Egress: Return."""
    ec2 = aws("ec2")
    group = ec2.create_security_group(GroupName=unique_name, Description="d")["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}

    def ranges(description: str) -> dict[str, Any]:
        ip_range = {"CidrIp": "10.0.0.0/8", "Description": description}
        return {"GroupId": group, "IpPermissions": [{**rule, "IpRanges": [ip_range]}]}

    getattr(ec2, f"authorize_security_group_{direction}")(**ranges("old"))

    answer = getattr(ec2, f"update_security_group_rule_descriptions_{direction}")(**ranges("new"))

    assert answer["Return"] is True
    ec2.delete_security_group(GroupId=group)


@pytest.mark.parametrize("protocol", ["47", "icmpv6", "58"])
def test_a_rule_of_another_protocol_needs_no_ports(
    protocol: str, aws: Any, unique_name: str
) -> None:
    """API_IpPermission: IpProtocol."""
    ec2 = aws("ec2")
    group = ec2.create_security_group(GroupName=unique_name, Description="d")["GroupId"]
    rule = {"IpProtocol": protocol, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])

    [found] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]

    assert found["IpProtocol"] == {"58": "icmpv6"}.get(protocol, protocol)
    assert "FromPort" not in found
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[rule])
    ec2.delete_security_group(GroupId=group)


@pytest.mark.parametrize("protocol", ["tcp", "17", "icmp"])
def test_a_rule_with_ports_needs_both(protocol: str, aws: Any, unique_name: str) -> None:
    """API_IpPermission: FromPort, ToPort."""
    ec2 = aws("ec2")
    group = ec2.create_security_group(GroupName=unique_name, Description="d")["GroupId"]
    rule = {"IpProtocol": protocol, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    call = {"GroupId": group, "IpPermissions": [rule]}
    code, message = error_of(ec2.authorize_security_group_ingress, **call)
    assert code == "InvalidParameterValue"
    assert "Must specify both from and to ports" in message


@pytest.mark.parametrize(
    ("call", "name", "said"),
    [
        ("describe_instances", "nonsense", "The filter 'nonsense' is invalid"),
        ("describe_subnets", "nonsense", "The filter 'nonsense' is invalid"),
        (
            "describe_instances",
            "network-interface.requester-managed",
            "does not evaluate the filter network-interface.requester-managed",
        ),
        (
            "describe_network_interfaces",
            "addresses.association.owner-id",
            "does not evaluate the filter addresses.association.owner-id",
        ),
    ],
)
def test_a_filter_that_is_not_evaluated_is_named(
    call: str, name: str, said: str, aws: Any, group: Any
) -> None:
    """API_Filter; whether one exists is what each Describe call documents."""
    group(DesiredCapacity=1)  # there is something to be filtered
    filters = [{"Name": name, "Values": ["x"]}]
    code, message = error_of(getattr(aws("ec2"), call), Filters=filters)
    assert (code, said in message) == ("InvalidParameterValue", True), message


def test_the_default_security_group_stays(aws: Any) -> None:
    """Amazon VPC User Guide, "Default security groups for your VPCs"."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.66.0.0/16")["Vpc"]["VpcId"]
    of_vpc = {"Filters": [{"Name": "vpc-id", "Values": [vpc]}]}
    [default] = ec2.describe_security_groups(**of_vpc)["SecurityGroups"]
    code, message = error_of(ec2.delete_security_group, GroupId=default["GroupId"])
    assert (code, default["GroupId"] in message) == ("CannotDelete", True)
    ec2.delete_vpc(VpcId=vpc)
