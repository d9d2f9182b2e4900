"""AWS::EC2::Instance."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane import wiring
from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    whole_number,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import Fields
from local_aws.control_plane.cloudformation.resource_types.networking.network import (
    TaggedResource,
    security_groups,
)
from local_aws.control_plane.ec2.launches import launch_options, launch_placement

_LOOK_EACH_SECONDS = 0.05
_LAUNCHED = ("IamInstanceProfile", "InstanceType", "SecurityGroupIds")
"""What changes in place, and is as it should be once the instance is launched."""


class Instance(TaggedResource):
    """An instance whose type changes keeps its id; here it runs on meanwhile.

    AWS: "AWS::EC2::Instance" in the CloudFormation Template Reference: for an EBS-backed instance,
    InstanceType, UserData and EbsOptimized update with some interruptions. It is complete when it
    runs.
    """

    fields: ClassVar[Fields] = {
        "DisableApiTermination": ("disable_api_termination", False),
        "EbsOptimized": ("ebs_optimized", False),
        "InstanceInitiatedShutdownBehavior": ("instance_initiated_shutdown_behavior", "stop"),
        "InstanceType": ("instance_type", "m1.small"),
        "SourceDestCheck": ("source_dest_check", True),
    }
    changing_properties = frozenset({"IamInstanceProfile", "SecurityGroupIds"})

    def create(self, place: Place, properties: Properties) -> Any:
        """moto launches with few of the properties, and reads none of a launch template."""
        ec2 = backends.ec2(place)
        profile = properties.get("IamInstanceProfile")
        interfaces = [_interface(each) for each in properties.get("NetworkInterfaces", [])]
        asked = {**properties, **_launch_members(properties)}
        launch_placement.require_fitting(ec2, asked, 1)
        instance = ec2.run_instances(
            properties.get("ImageId", ""),
            1,
            properties.get("UserData"),
            properties.get("SecurityGroups", []),
            associate_public_ip=None,  # as the subnet has it
            block_device_mappings=list(properties.get("BlockDeviceMappings", [])),
            instance_type=properties.get("InstanceType", "m1.small"),
            is_instance_type_default="InstanceType" not in properties,
            key_name=properties.get("KeyName"),
            launch_template=dict(properties.get("LaunchTemplate", {})),
            metadata_options=dict(properties.get("MetadataOptions", {})),
            monitoring_state="enabled" if properties.get("Monitoring") else "disabled",
            nics=interfaces,
            placement=properties.get("AvailabilityZone"),
            private_ip=properties.get("PrivateIpAddress"),
            region_name=place.region,
            security_group_ids=_group_ids(ec2, properties),
            subnet_id=properties.get("SubnetId"),
        ).instances[0]
        launch_options.note_options(instance, asked)
        with self.deleted_on_failure(place, instance, properties):
            if profile:
                _put_profile(ec2, instance.id, profile)
            launched = {name: properties[name] for name in _LAUNCHED if name in properties}
            return self.update(place, instance, launched, properties)

    def instances(self, model: Any) -> list[Any]:
        return [model]

    def wait_until_ready(self, model: Any, cancelled: threading.Event) -> None:
        while model.state == "pending" and not cancelled.wait(_LOOK_EACH_SECONDS):
            pass
        if model.state not in ("pending", "running"):
            raise ResourceFailedError(f"The instance is {model.state}: {model._reason}")

    def wait_until_deleted(self, model: Any) -> None:
        """Without a data plane nobody shuts it down."""
        while wiring.current().has_data_plane and model.state == "shutting-down":
            time.sleep(_LOOK_EACH_SECONDS)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        ec2 = backends.ec2(place)
        if old.get("SecurityGroupIds") != new.get("SecurityGroupIds"):
            ec2.modify_instance_security_groups(
                model.id, security_groups(ec2, model.vpc_id, _group_ids(ec2, new))
            )
        if old and old.get("IamInstanceProfile") != new.get("IamInstanceProfile"):
            _put_profile(ec2, model.id, new.get("IamInstanceProfile"))
        return super().update(place, model, old, new)


def _group_ids(ec2: Any, properties: Properties) -> list[str]:
    """Ref of a group without a VpcId is its name, which EC2 takes in the place of its id.

    Source: AWS's linter of templates: "SecurityGroupIds can take a name from a default VPC".
    """
    given = properties.get("SecurityGroupIds", [])
    groups = {group.name: group.id for group in ec2.describe_security_groups()} if given else {}
    return [groups.get(name, name) for name in given]


def _put_profile(ec2: Any, instance_id: str, profile: str | None) -> None:
    """In the place of the one that it has."""
    associated = ec2.iam_instance_profile_associations.get(instance_id)
    if associated:
        ec2.disassociate_iam_instance_profile(associated.association_id)
    if profile:
        ec2.associate_iam_instance_profile(instance_id, profile)


def _launch_members(properties: Properties) -> dict[str, Any]:
    """The members of RunInstances that are properties of another name."""
    credit = properties.get("CreditSpecification", {}).get("CPUCredits")
    return {
        "CreditSpecification": {"CpuCredits": credit} if credit else {},
        "Placement": {
            "Affinity": properties.get("Affinity"),
            "AvailabilityZone": properties.get("AvailabilityZone"),
            "GroupName": properties.get("PlacementGroupName"),
            "HostId": properties.get("HostId"),
            "Tenancy": properties.get("Tenancy"),
        },
    }


def _interface(shape: Mapping[str, Any]) -> dict[str, Any]:
    """As RunInstances takes it."""
    interface = {**shape, "DeviceIndex": whole_number("DeviceIndex", shape["DeviceIndex"])}
    if "GroupSet" in interface:
        interface["Groups"] = interface.pop("GroupSet")
    return interface
