"""Protocols of security group rules: only TCP, UDP and ICMP have ports, and need them.

moto wants ports of every protocol, and fails without.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.security_groups import SecurityGroupRule

from local_aws.control_plane import moto_seams

_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
_WITH_PORTS = {"tcp": "TCP/UDP", "udp": "TCP/UDP", "icmp": "ICMP"}
_EVERY = "-1"

_moto_init = SecurityGroupRule.__init__


def install() -> None:
    moto_seams.replace(SecurityGroupRule, __init__=_init)


def _init(
    self: SecurityGroupRule,
    ec2_backend: Any,
    ip_protocol: str,
    group_id: str,
    from_port: str | None,
    to_port: str | None,
    *args: Any,
    **kwargs: Any,
) -> None:
    protocol = str(ip_protocol or "").lower()
    protocol = _NAMES.get(protocol, protocol)
    has_ports = from_port is not None and to_port is not None
    if protocol in _WITH_PORTS and not has_ports:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Invalid value 'Must specify both from and to ports with {_WITH_PORTS[protocol]}.' "
            "for portRange.",
        )
    if protocol in ("tcp", "udp") and int(from_port or 0) > int(to_port or 0):
        raise EC2ClientError(
            "InvalidParameterValue", f"Invalid TCP/UDP port range ({from_port}:{to_port})"
        )
    takes_ports = protocol in _WITH_PORTS or (protocol == "icmpv6" and has_ports)
    # For moto a rule of every protocol has no ports.
    seen = protocol if takes_ports else _EVERY
    _moto_init(self, ec2_backend, seen, group_id, from_port, to_port, *args, **kwargs)
    self.ip_protocol = protocol or None
