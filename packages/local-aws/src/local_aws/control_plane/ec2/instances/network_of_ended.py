"""A terminated instance has no network interface, address, subnet or security group any more.

moto keeps those interfaces attached that are not deleted with it, and fails without any.
Source: "How instance termination works" and "Delete a network interface" in the Amazon EC2 User
Guide; what DescribeInstances shows of terminated instances, as users reported it.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance

from local_aws.control_plane import moto_seams

_moto_dns_name: Any = Instance.private_dns_name


def install() -> None:
    moto_seams.replace(
        Instance,
        private_dns_name=property(_private_dns_name),
        private_ip=property(_private_ip),
        private_ip_address=property(_private_ip),
        public_ip=property(_public_ip),
        public_ip_address=property(_public_ip),
    )


def leave(instance: Instance) -> None:
    """Take the instance out of its network: interfaces go with it or are there for others."""
    for interface in list(instance.nics.values()):
        if interface.delete_on_termination:
            interface.delete()
        instance.detach_eni(interface)
    instance.security_groups = []
    instance._subnet_id = None


def _primary(instance: Instance) -> NetworkInterface | None:
    found: NetworkInterface | None = instance.nics.get(0)
    return found


def _private_ip(self: Instance) -> str | None:
    primary = _primary(self)
    return primary.private_ip_address if primary else None


def _public_ip(self: Instance) -> str | None:
    primary = _primary(self)
    return primary.public_ip if primary else None


def _private_dns_name(self: Instance) -> str:
    name: str = _moto_dns_name.fget(self) if _primary(self) else ""
    return name
