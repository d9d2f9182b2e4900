"""Names that Envoy, its statistics and the file system all take, made from ARNs."""

from __future__ import annotations

import re


def cluster_name(target_group_arn: str) -> str:
    """The name of a target group's cluster."""
    return _name(target_group_arn)


def listener_name(listener_arn: str) -> str:
    """The name of a listener and of its routes."""
    return _name(listener_arn)


def certificate_name(certificate_arn: str) -> str:
    """The name of a certificate, and of its private key."""
    return _name(certificate_arn)


def _name(arn: str) -> str:
    """The region, account and resource of an ARN, in characters that need no quoting."""
    return re.sub(r"[^A-Za-z0-9-]", "_", arn.split(":", 3)[-1])
