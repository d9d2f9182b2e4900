"""The metadata about an instance's network: its names, addresses and interfaces.

Source: the categories `mac`, `public-*`, `security-groups` and `network/` of "Instance metadata
categories" in the EC2 user guide.
"""

from __future__ import annotations

from local_aws.contract.desired_state import Instance, NetworkInterface
from local_aws.dns_names import private_name, public_name


def paths(instance: Instance, account_id: str) -> dict[str, str]:
    """Each path below `meta-data/` and its value."""
    hostname = private_name(instance.private_ip, instance.region)
    values = {
        "hostname": hostname,
        "local-hostname": hostname,
        "local-ipv4": instance.private_ip,
    }
    for interface in instance.interfaces:
        folder = f"network/interfaces/macs/{interface.mac}"
        for name, value in _of_interface(interface, instance.region, account_id).items():
            values[f"{folder}/{name}"] = value
    if instance.interfaces:
        primary = instance.interfaces[0]
        values["mac"] = primary.mac
        values["security-groups"] = "\n".join(name for _, name in primary.security_groups)
        if primary.public_ip:
            values["public-ipv4"] = primary.public_ip
            values["public-hostname"] = public_name(primary.public_ip, instance.region)
    return values


def _of_interface(interface: NetworkInterface, region: str, account_id: str) -> dict[str, str]:
    values = {
        "device-number": str(interface.device_number),
        "interface-id": interface.interface_id,
        "local-hostname": private_name(interface.private_ips[0], region),
        "local-ipv4s": "\n".join(interface.private_ips),
        "mac": interface.mac,
        "owner-id": account_id,
        "security-group-ids": "\n".join(group_id for group_id, _ in interface.security_groups),
        "security-groups": "\n".join(name for _, name in interface.security_groups),
        "subnet-id": interface.subnet_id,
        "subnet-ipv4-cidr-block": interface.subnet_cidr_block,
        "vpc-id": interface.vpc_id,
        "vpc-ipv4-cidr-block": next(iter(interface.vpc_cidr_blocks), ""),
        "vpc-ipv4-cidr-blocks": "\n".join(interface.vpc_cidr_blocks),
    }
    if interface.public_ip:
        values["public-hostname"] = public_name(interface.public_ip, region)
        values["public-ipv4s"] = interface.public_ip
        values[f"ipv4-associations/{interface.public_ip}"] = interface.private_ips[0]
    return values
