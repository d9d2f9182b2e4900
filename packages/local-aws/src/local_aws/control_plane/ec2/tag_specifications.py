"""Tags that a request gives in several TagSpecifications are all given; moto takes but one.

Source: API_TagSpecification in the EC2 API Reference.
"""

from __future__ import annotations

from typing import Any

from moto.ec2 import responses

from local_aws.control_plane import moto_seams


def install() -> None:
    for module in (
        responses.carrier_gateways,
        responses.egress_only_internet_gateways,
        responses.elastic_ip_addresses,
        responses.elastic_network_interfaces,
        responses.nat_gateways,
        responses.transit_gateway_attachments,
        responses.vpcs,
        responses.vpn_connections,
    ):
        moto_seams.replace(module, add_tag_specification=_tags)


def _tags(specifications: Any) -> dict[str, str]:
    """`specifications`: a list of them, or one alone, which some of moto's callers give."""
    given = specifications if isinstance(specifications, list) else [specifications or {}]
    return {tag["Key"]: tag["Value"] for each in given for tag in each.get("Tags", [])}
