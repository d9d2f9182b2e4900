"""An instance of moto's as the data plane gets it."""

from __future__ import annotations

import base64

from moto.ec2.models.elastic_network_interfaces import NetworkInterface as MotoInterface
from moto.ec2.models.instances import Instance as MotoInstance

from local_aws.contract.desired_state import Instance, NetworkInterface
from local_aws.control_plane.ec2.instances import instance_states


def desired_instance(
    instance: MotoInstance, reservation_id: str, target_lifecycle_state: str | None
) -> Instance:
    """`target_lifecycle_state` is None for an instance that is in no Auto Scaling group."""
    options = instance.metadata_options
    zone = instance.availability_zone or ""
    return Instance(
        instance_id=instance.id,
        region=instance.ec2_backend.region_name,
        availability_zone=zone,
        private_ip=instance.private_ip or "",
        image_id=instance.image_id,
        instance_type=instance.instance_type,
        # Encoded; moto's own type for it, or plain text in a template's later versions.
        user_data=base64.b64decode(str(instance.user_data or "")),
        boots=instance_states.lifecycle(instance).boots,
        tags=dict(instance.ec2_backend.tags.get(instance.id, {})),
        metadata_enabled=options.http_endpoint == "enabled",
        metadata_tags_enabled=options.instance_metadata_tags == "enabled",
        metadata_needs_token=options.http_tokens == "required",
        target_lifecycle_state=target_lifecycle_state,
        reservation_id=reservation_id,
        launch_index=int(instance.ami_launch_index),
        availability_zone_id=_zone_id(instance, zone),
        placement_group=instance.placement.group_name or None,
        interfaces=tuple(
            _interface(number, interface) for number, interface in sorted(instance.nics.items())
        ),
    )


def _zone_id(instance: MotoInstance, name: str) -> str:
    zones = instance.ec2_backend.describe_availability_zones()
    return next((zone.zone_id for zone in zones if zone.name == name), "")


def _interface(number: int, interface: MotoInterface) -> NetworkInterface:
    subnet = interface.subnet
    vpc = subnet.ec2_backend.get_vpc(subnet.vpc_id)
    others = [
        each["PrivateIpAddress"]
        for each in interface.private_ip_addresses
        if each["PrivateIpAddress"] != interface.private_ip_address
    ]
    return NetworkInterface(
        device_number=number,
        interface_id=interface.id,
        mac=interface.mac_address,
        private_ips=(interface.private_ip_address or "", *others),
        public_ip=interface.public_ip,
        subnet_id=subnet.id,
        subnet_cidr_block=subnet.cidr_block,
        vpc_id=subnet.vpc_id,
        vpc_cidr_blocks=tuple(
            each["cidr_block"] for each in (vpc.get_cidr_block_association_set() if vpc else ())
        ),
        security_groups=tuple(sorted((group.id, group.name) for group in interface.group_set)),
    )
