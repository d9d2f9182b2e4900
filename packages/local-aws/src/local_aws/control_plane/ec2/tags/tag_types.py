"""DescribeTags calls resources by the types that the API has, which CreateTags takes.

Source: TagDescription and TagSpecification in the EC2 API Reference: ResourceType.
"""

from __future__ import annotations

from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX

_TYPES = {
    "dedicated_host": "dedicated-host",
    "flow-logs": "vpc-flow-log",
    "managed-prefix-list": "prefix-list",
    "nat-gateway": "natgateway",
    "reserved-instance": "reserved-instances",
    "spot-instance-request": "spot-instances-request",
    "vpc-elastic-ip": "elastic-ip",
}
"""What moto calls otherwise."""


def install() -> None:
    EC2_PREFIX_TO_RESOURCE.update(
        {EC2_RESOURCE_TO_PREFIX[moto_name]: name for moto_name, name in _TYPES.items()}
    )
