"""Tags that a request gives in several TagSpecifications are all given; moto takes but one.

Source: API_TagSpecification in the EC2 API Reference.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.responses import (
    carrier_gateways,
    egress_only_internet_gateways,
    elastic_ip_addresses,
    elastic_network_interfaces,
    nat_gateways,
    transit_gateway_attachments,
    vpcs,
    vpn_connections,
)

from local_aws.control_plane import moto_seams


def install() -> None:
    for module in (
        carrier_gateways,
        egress_only_internet_gateways,
        elastic_ip_addresses,
        elastic_network_interfaces,
        nat_gateways,
        transit_gateway_attachments,
        vpcs,
        vpn_connections,
    ):
        moto_seams.replace(module, add_tag_specification=_tags)


def _tags(specifications: Any) -> dict[str, str]:
    """`specifications`: a list of them, or one alone, which some of moto's callers give."""
    given = specifications if isinstance(specifications, list) else [specifications or {}]
    return {tag["Key"]: tag["Value"] for each in given for tag in each.get("Tags", [])}
