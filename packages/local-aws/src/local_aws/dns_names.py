"""The names that EC2 gives to addresses.

Source: "Amazon EC2 instance hostnames and domains" in the EC2 User Guide.
"""

from __future__ import annotations

_AMAZONS_OLDEST_REGION = "us-east-1"
"""Its names are of the time when there was no other."""


def private_name(address: str, region: str) -> str:
    domain = "ec2" if region == _AMAZONS_OLDEST_REGION else f"{region}.compute"
    return f"ip-{address.replace('.', '-')}.{domain}.internal"


def public_name(address: str, region: str) -> str:
    part = "compute-1" if region == _AMAZONS_OLDEST_REGION else f"{region}.compute"
    return f"ec2-{address.replace('.', '-')}.{part}.amazonaws.com"
