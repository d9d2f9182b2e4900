"""Tags of a new instance's volumes and network interfaces; moto tags volumes, and none by template.

Source: TagSpecifications in API_RunInstances and API_RequestLaunchTemplateData of the EC2 API
Reference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from moto.ec2.models.instances import Instance
from moto.ec2.utils import convert_tag_spec


def tag(
    instance: Instance,
    requested: Mapping[str, Mapping[str, str]],
    template: Mapping[str, Any],
    given_interfaces: Collection[str],
) -> None:
    """Tag what was created with the instance; a request's tags win over its template's.

    `requested` are tags by the type of what they are for; `given_interfaces` are the ids of network
    interfaces that were there before.
    """
    by_template = convert_tag_spec(template.get("TagSpecifications", []))
    volumes = {**by_template.get("volume", {}), **requested.get("volume", {})}
    for _, device in instance.get_block_device_mapping:
        instance.ec2_backend.volumes[device.volume_id].add_tags(volumes)
    interfaces = {
        **by_template.get("network-interface", {}),
        **requested.get("network-interface", {}),
    }
    for interface in instance.nics.values():
        if interface.id not in given_interfaces:
            interface.add_tags(interfaces)
