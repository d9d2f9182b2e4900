"""Ranges of addresses in security group rules are ranges, for IPv4 and IPv6 alike.

moto takes what its regular expressions take: a line break at the end, for example.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import security_groups

from local_aws.control_plane import moto_seams

_FORM = re.compile("[0-9A-Fa-f.:]+/[0-9]{1,3}")


class MalformedCidrError(EC2ClientError):
    """AWS's answer; `cidr` is a range, or a rule's range with its description."""

    def __init__(self, cidr: Any) -> None:
        block = cidr
        if isinstance(cidr, dict):
            block = cidr.get("CidrIp") or cidr.get("CidrIpv6") or ""
        shown = ascii(str(block)[:100])[1:-1]
        super().__init__("InvalidParameterValue", f"CIDR block {shown} is malformed")


def install() -> None:
    moto_seams.replace(
        security_groups,
        is_valid_cidr=_is_ipv4,
        is_valid_ipv6_cidr=_is_ipv6,
        InvalidCIDRSubnetError=MalformedCidrError,
    )


def _is_ipv4(block: str) -> bool:
    return _version(block) == 4


def _is_ipv6(block: str) -> bool:
    return _version(block) == 6


def _version(block: Any) -> int | None:
    if not isinstance(block, str) or not _FORM.fullmatch(block):
        return None
    try:
        return ipaddress.ip_network(block, strict=False).version
    except ValueError:
        return None
