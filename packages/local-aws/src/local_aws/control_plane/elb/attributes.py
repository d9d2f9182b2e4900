"""Attributes of a Classic Load Balancer: all of them from the beginning, each kept until changed.

Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerAttributes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.elb.models import ELBBackend, LoadBalancer

from local_aws.control_plane import moto_seams

_DRAINING_SECONDS = 300
_DESYNC_MITIGATION = ("elb.http.desyncmitigationmode", "defensive")


def install() -> None:
    moto_seams.replace(LoadBalancer, get_default_attributes=staticmethod(_defaults))
    moto_seams.replace(ELBBackend, modify_load_balancer_attributes=_modify)


def _defaults() -> dict[str, Any]:
    return {
        "cross_zone_load_balancing": {"enabled": False},
        "access_log": {"enabled": False},
        "connection_draining": {"enabled": False, "timeout": _DRAINING_SECONDS},
        "connection_settings": {"idle_timeout": 60},
        "additional_attributes": [_DESYNC_MITIGATION],
    }


def _modify(
    self: ELBBackend,
    load_balancer_name: str,
    cross_zone: Mapping[str, Any] | None = None,
    connection_settings: Mapping[str, Any] | None = None,
    connection_draining: Mapping[str, Any] | None = None,
    access_log: Mapping[str, Any] | None = None,
    additional_attributes: list[dict[str, str]] | None = None,
) -> None:
    """Change what is given. Draining without a timeout has the default's."""
    attributes = self.get_load_balancer(load_balancer_name).attributes
    if connection_draining:
        connection_draining = {"Timeout": _DRAINING_SECONDS, **connection_draining}
    changed = {
        "cross_zone_load_balancing": cross_zone,
        "connection_settings": connection_settings,
        "connection_draining": connection_draining,
        "access_log": access_log,
    }
    attributes.update({name: value for name, value in changed.items() if value})
    if additional_attributes:
        given = {each["Key"]: each["Value"] for each in additional_attributes}
        before = dict(attributes["additional_attributes"])
        attributes["additional_attributes"] = list({**before, **given}.items())
