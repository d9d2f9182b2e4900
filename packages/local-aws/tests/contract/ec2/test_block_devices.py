"""The volumes of a new instance, and the group that it is in when none is named."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

_IMAGE = "ami-12c6146b"


def _root(ec2: Any) -> str:
    return str(ec2.describe_images(ImageIds=[_IMAGE])["Images"][0]["RootDeviceName"])


def _launched(ec2: Any, **request: Any) -> str:
    answer = ec2.run_instances(MinCount=1, MaxCount=1, **request)
    return str(answer["Instances"][0]["InstanceId"])


def _volumes(ec2: Any, instance_id: str) -> dict[str, dict[str, Any]]:
    wanted = [{"Name": "attachment.instance-id", "Values": [instance_id]}]
    volumes = ec2.describe_volumes(Filters=wanted)["Volumes"]
    return {volume["Attachments"][0]["Device"]: volume for volume in volumes}


@pytest.mark.parametrize("by", ["request", "launch template"])
@pytest.mark.parametrize("ebs", [{"Encrypted": True}, {"DeleteOnTermination": False}])
def test_a_root_device_takes_what_is_left_out_from_its_image(
    aws: Any, unique_name: str, by: str, ebs: dict[str, Any]
) -> None:
    """API_EbsBlockDevice: without a VolumeSize the size is that of the snapshot."""
    ec2 = aws("ec2")
    [image] = ec2.describe_images(ImageIds=[_IMAGE])["Images"][0]["BlockDeviceMappings"]
    mapping = {"BlockDeviceMappings": [{"DeviceName": _root(ec2), "Ebs": ebs}]}
    data = {"ImageId": _IMAGE, **mapping}
    if by == "request":
        instance_id = _launched(ec2, **data)
    else:
        ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=data)
        instance_id = _launched(ec2, LaunchTemplate={"LaunchTemplateName": unique_name})

    [(device, volume)] = _volumes(ec2, instance_id).items()
    assert device == _root(ec2)
    assert volume["Size"] == image["Ebs"]["VolumeSize"]
    assert volume["Encrypted"] == ebs.get("Encrypted", False)
    [reservation] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    [mapped] = reservation["Instances"][0]["BlockDeviceMappings"]
    assert mapped["Ebs"]["DeleteOnTermination"] == ebs.get("DeleteOnTermination", True)


def test_devices_beside_the_root(aws: Any) -> None:
    """API_BlockDeviceMapping: a sized device is one more volume; VirtualName and NoDevice are
    none."""
    ec2 = aws("ec2")
    instance_id = _launched(
        ec2,
        ImageId=_IMAGE,
        BlockDeviceMappings=[
            {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 3}},
            {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0"},
            {"DeviceName": "/dev/sdd", "NoDevice": ""},
        ],
    )

    volumes = _volumes(ec2, instance_id)
    assert volumes.keys() == {_root(ec2), "/dev/sdb"}
    assert volumes["/dev/sdb"]["Size"] == 3


def test_a_template_may_omit_a_device_of_its_image(
    aws: Any, stacks: StackDriver, unique_name: str
) -> None:
    """API_BlockDeviceMapping: NoDevice counts "regardless of the assigned value"; in a template an
    instance has an empty object for it, a launch configuration a boolean."""
    ec2 = aws("ec2")
    none = {"DeviceName": "/dev/sdb", "NoDevice": {}}
    image = {"ImageId": _IMAGE, "InstanceType": "t3.micro"}
    of_group = {**image, "BlockDeviceMappings": [{**none, "NoDevice": True}]}
    group = {
        "MinSize": "1",
        "MaxSize": "1",
        "AvailabilityZones": ["us-east-1a"],
        "LaunchConfigurationName": {"Ref": "Configuration"},
    }
    resources = {
        "One": ("EC2::Instance", {**image, "BlockDeviceMappings": [none]}),
        "Configuration": ("AutoScaling::LaunchConfiguration", of_group),
        "Group": ("AutoScaling::AutoScalingGroup", group),
    }

    stacks.create(
        unique_name,
        {name: {"Type": f"AWS::{t}", "Properties": p} for name, (t, p) in resources.items()},
    )

    name = stacks.physical_id(unique_name, "Group")
    [found] = aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
        "AutoScalingGroups"
    ]
    [member] = found["Instances"]
    for instance_id in (stacks.physical_id(unique_name, "One"), member["InstanceId"]):
        assert _volumes(ec2, instance_id).keys() == {_root(ec2)}


def test_a_device_beside_the_root_needs_a_size(aws: Any) -> None:
    """API_EbsBlockDevice: either the snapshot or a volume size."""
    mapping = {"DeviceName": "/dev/sdb", "Ebs": {"Encrypted": True}}

    with pytest.raises(ClientError, match="MissingParameter"):
        _launched(aws("ec2"), ImageId=_IMAGE, BlockDeviceMappings=[mapping])


@pytest.mark.parametrize("by", ["request", "network interface"])
def test_without_a_security_group_it_is_in_the_default_one(
    aws: Any, subnets: dict[str, str], by: str
) -> None:
    """API_RunInstances: "If you don't specify a security group ID, we use the default security
    group"."""
    ec2 = aws("ec2")
    subnet = {"SubnetId": subnets["us-east-1a"]}
    request = {"NetworkInterfaces": [{"DeviceIndex": 0, **subnet}]} if by != "request" else subnet

    instance_id = _launched(ec2, ImageId=_IMAGE, **request)

    [reservation] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    groups = [group["GroupName"] for group in reservation["Instances"][0]["SecurityGroups"]]
    assert groups == ["default"]


@pytest.mark.parametrize(
    ("ebs", "given"),
    [
        ({"VolumeType": "gp3"}, ("gp3", 3000, 125)),
        ({"VolumeType": "gp3", "Iops": 4000, "Throughput": 500}, ("gp3", 4000, 500)),
        ({"VolumeType": "io1", "Iops": 100}, ("io1", 100, None)),
        ({"VolumeType": "st1", "VolumeSize": 125}, ("st1", None, None)),
        ({}, ("gp2", 100, None)),
    ],
    ids=str,
)
@pytest.mark.parametrize("by", ["launch", "CreateVolume", "ModifyVolume"])
def test_a_volume_has_the_performance_of_its_request(
    aws: Any, by: str, ebs: dict[str, Any], given: tuple[Any, ...]
) -> None:
    """API_EbsBlockDevice, API_CreateVolume, API_ModifyVolume; EBS User Guide, "General Purpose SSD
    volumes"."""
    ec2 = aws("ec2")
    size = ebs.get("VolumeSize", 20)
    type_and_performance = {name: value for name, value in ebs.items() if name != "VolumeSize"}
    if by == "launch":
        mapping = {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": size, **ebs}}
        instance_id = _launched(ec2, ImageId=_IMAGE, BlockDeviceMappings=[mapping])
        volume_id = _volumes(ec2, instance_id)["/dev/sdb"]["VolumeId"]
    else:
        first = type_and_performance if by == "CreateVolume" else {}
        made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=size, **first)
        volume_id = made["VolumeId"]
        if by == "ModifyVolume" and type_and_performance:
            ec2.modify_volume(VolumeId=volume_id, **type_and_performance)
    [found] = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"]
    if by == "launch":
        ec2.terminate_instances(InstanceIds=[instance_id])
    else:
        ec2.delete_volume(VolumeId=volume_id)
    assert (found["VolumeType"], found.get("Iops"), found.get("Throughput")) == given


@pytest.mark.parametrize("by", ["launch", "CreateVolume"])
@pytest.mark.parametrize(
    ("ebs", "words"),
    [
        ({"VolumeType": "io2"}, "MissingParameter.*iops must be specified for io2 volumes"),
        ({"VolumeType": "gp2", "Iops": 100}, "iops is not supported for gp2 volumes"),
        ({"Iops": 100}, "iops is not supported for gp2 volumes"),
        ({"VolumeType": "io1", "Iops": 100, "Throughput": 250},
         "InvalidParameterCombination.*throughput is not supported for io1 volumes"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_type_of_volume_is_refused(
    aws: Any, by: str, ebs: dict[str, Any], words: str
) -> None:
    """API_EbsBlockDevice: Iops and Throughput "are supported for" some types only."""
    ec2 = aws("ec2")
    mapping = {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 20, **ebs}}
    launch = {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 1, "BlockDeviceMappings": [mapping]}
    volume = {"AvailabilityZone": "us-east-1a", "Size": 20, **ebs}
    call, asked = (ec2.run_instances, launch) if by == "launch" else (ec2.create_volume, volume)
    with pytest.raises(ClientError, match=words):
        call(**asked)
