"""Target groups: settings, names, and the load balancers that use them.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.elbv2.exceptions import ELBClientError, InvalidConfigurationRequest
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer, FakeTargetGroup, elbv2_backends

from local_aws.contract.desired_state import Stickiness
from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import (
    health_check_settings,
    target_group_attributes,
    values,
)
from local_aws.control_plane.elbv2.health_check_settings import SHORTEST_INTERVAL_SECONDS
from local_aws.control_plane.elbv2.target_group_defaults import (
    MINIMUM_HEALTHY_PERCENTAGE,
    defaults,
)

_moto_init = FakeTargetGroup.__init__
_moto_create = ELBv2Backend.create_target_group
_moto_modify = ELBv2Backend.modify_target_group
_moto_modify_attributes = ELBv2Backend.modify_target_group_attributes


def install() -> None:
    moto_seams.add(FakeTargetGroup, load_balancer_arns=property(_load_balancer_arns, _ignore_copy))
    moto_seams.replace(FakeTargetGroup, __init__=_init)
    moto_seams.replace(
        ELBv2Backend,
        create_target_group=_create_target_group,
        modify_target_group=_modify_target_group,
        modify_target_group_attributes=_modify_target_group_attributes,
    )


def enabled_zones(group: FakeTargetGroup) -> set[str]:
    """Return the Availability Zones of the load balancers that use the group."""
    load_balancers = elbv2_backends[group.account_id][group.region_name].load_balancers
    return {
        subnet.availability_zone
        for arn in group.load_balancer_arns
        for subnet in load_balancers[arn].subnets
    }


def stickiness(group: FakeTargetGroup) -> Stickiness | None:
    """How its targets are sticky; None when they are not."""
    attributes = group.attributes
    if str(attributes.get("stickiness.enabled")) != "true":
        return None
    if attributes.get("stickiness.type") == "app_cookie":
        return Stickiness(
            int(str(attributes["stickiness.app_cookie.duration_seconds"])),
            str(attributes["stickiness.app_cookie.cookie_name"]),
        )
    return Stickiness(int(str(attributes["stickiness.lb_cookie.duration_seconds"])))


def minimum_healthy_percentage(group: FakeTargetGroup) -> int:
    """Below it requests go to unhealthy targets too; 0 when it is off."""
    percentage = str(group.attributes[MINIMUM_HEALTHY_PERCENTAGE])
    return 0 if percentage == "off" else int(percentage)


def require_free_for(group: FakeTargetGroup, balancer: FakeLoadBalancer) -> None:
    """A group is of one load balancer, in its VPC. Raises ELBClientError, in ELB's words as users
    reported them.

    "Quotas for your Application Load Balancers": one load balancer for each target group.
    """
    if group.vpc_id != balancer.vpc_id:
        raise InvalidConfigurationRequest(
            f"Target group '{group.arn}' is in a different VPC than load balancer '{balancer.arn}'"
        )
    if any(arn != balancer.arn for arn in group.load_balancer_arns):
        raise ELBClientError(
            "TargetGroupAssociationLimit",
            "The following target groups cannot be associated with more than one load balancer: "
            f"{group.arn}",
        )


def require_emulated_target_type(target_type: str | None) -> None:
    """Raises InvalidConfigurationRequest for Lambda functions, which are not called here."""
    if target_type == "lambda":
        raise InvalidConfigurationRequest(
            "The local AWS does not emulate target groups of Lambda functions; "
            "use target type 'instance' or 'ip'"
        )


def _load_balancer_arns(self: FakeTargetGroup) -> list[str]:
    """Name the load balancers whose listeners forward to the group: read, never remembered."""
    backend = elbv2_backends[self.account_id][self.region_name]
    return [
        arn
        for arn, load_balancer in backend.load_balancers.items()
        if any(
            self.arn in backend._get_target_group_arns_from(action.data)
            for listener in load_balancer.listeners.values()
            for rule in listener.rules.values()
            for action in rule.actions
        )
    ]


def _ignore_copy(self: FakeTargetGroup, value: Any) -> None:
    """Drop moto's list: it keeps load balancers that are gone."""


def _init(self: FakeTargetGroup, *args: Any, **kwargs: Any) -> None:
    _moto_init(self, *args, **kwargs)
    if self.target_type != "lambda":
        self.attributes = dict(defaults(self.protocol, self.target_type))


def _create_target_group(self: ELBv2Backend, name: str, **settings: Any) -> FakeTargetGroup:
    """Create a group, or return the one that has this name and these settings, as AWS does."""
    for group in self.target_groups.values():
        if group.name == name:
            if not _same_settings(group, settings):
                raise ELBClientError(
                    "DuplicateTargetGroupName",
                    f"A target group with the same name '{name}' exists, but with different "
                    "settings",
                )
            return group
    _require_http1(settings.get("protocol_version"))
    values.name("target group", name)
    _require_checked(settings.get("target_type"), settings.get("healthcheck_enabled"))
    if settings.get("port") is not None:
        values.port("port", settings["port"])
    protocol = settings.get("protocol")
    present = {
        "group_protocol": protocol,
        "protocol": "HTTP" if protocol in (None, "HTTP", "HTTPS") else "TCP",
        "interval": 30,
        "timeout": 5,
    }
    health_check_settings.check(_given(settings), present)
    settings["healthcheck_protocol"] = settings.get("healthcheck_protocol") or present["protocol"]
    interval = int(settings.get("healthcheck_interval_seconds") or SHORTEST_INTERVAL_SECONDS)
    if interval >= SHORTEST_INTERVAL_SECONDS:
        return _moto_create(self, name, **settings)
    # No timeout that AWS takes is smaller than such an interval, so moto's check would refuse it.
    group = _moto_create(self, name, **{**settings, "healthcheck_interval_seconds": 300})
    group.health_check_interval_seconds = interval
    return group


def _require_http1(protocol_version: str | None) -> None:
    """The local load balancer speaks HTTP/1.1 with targets."""
    if protocol_version not in (None, "HTTP1"):
        raise InvalidConfigurationRequest(
            f"Target group protocol version '{values.shown(protocol_version)}' is not emulated; "
            "use 'HTTP1'"
        )


def _require_checked(target_type: str | None, is_enabled: Any) -> None:
    """API_CreateTargetGroup, HealthCheckEnabled; the words as users reported them."""
    if target_type != "lambda" and is_enabled is not None and not values.is_true(is_enabled):
        raise InvalidConfigurationRequest(
            "Health check enabled must be true for target groups with target type "
            f"'{target_type or 'instance'}'"
        )


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "protocol": settings.get("healthcheck_protocol"),
        "interval": settings.get("healthcheck_interval_seconds"),
        "timeout": settings.get("healthcheck_timeout_seconds"),
        "healthy_threshold": settings.get("healthy_threshold_count"),
        "unhealthy_threshold": settings.get("unhealthy_threshold_count"),
        "path": settings.get("healthcheck_path"),
        "port": settings.get("healthcheck_port"),
        "matcher": (settings.get("matcher") or {}).get("HttpCode"),
    }


def _modify_target_group(
    self: ELBv2Backend, arn: str, *positional: Any, **settings: Any
) -> FakeTargetGroup:
    names = (
        *("health_check_proto", "health_check_port", "health_check_path"),
        *("health_check_interval", "health_check_timeout"),
        *("healthy_threshold_count", "unhealthy_threshold_count"),
        *("http_codes", "health_check_enabled"),
    )
    settings = {**dict(zip(names, positional, strict=False)), **settings}
    group = self.target_groups.get(arn)
    if group is not None:
        given = {
            "protocol": settings.get("health_check_proto"),
            "interval": settings.get("health_check_interval"),
            "timeout": settings.get("health_check_timeout"),
            "healthy_threshold": settings.get("healthy_threshold_count"),
            "unhealthy_threshold": settings.get("unhealthy_threshold_count"),
            "path": settings.get("health_check_path"),
            "port": settings.get("health_check_port"),
            "matcher": settings.get("http_codes"),
        }
        present = {
            "group_protocol": group.protocol,
            "protocol": group.health_check_protocol,
            "interval": group.health_check_interval_seconds,
            "timeout": group.health_check_timeout_seconds,
        }
        health_check_settings.check(given, present)
        _require_checked(group.target_type, settings.get("health_check_enabled"))
    return _moto_modify(self, arn, **settings)


def _same_settings(group: FakeTargetGroup, settings: Mapping[str, Any]) -> bool:
    present = {
        "vpc_id": group.vpc_id,
        "protocol": group.protocol,
        "port": group.port,
        "target_type": group.target_type,
        "healthcheck_path": group.health_check_path,
        "healthcheck_port": group.health_check_port,
        "healthcheck_protocol": group.health_check_protocol,
        "healthcheck_interval_seconds": group.health_check_interval_seconds,
        "healthcheck_timeout_seconds": group.health_check_timeout_seconds,
        "healthy_threshold_count": group.healthy_threshold_count,
        "unhealthy_threshold_count": group.unhealthy_threshold_count,
        "matcher": getattr(group, "matcher", None),  # moto gives none to TCP health checks
    }
    return all(
        wanted is None or str(wanted) == str(present[name])
        for name, wanted in settings.items()
        if name in present
    )


def _modify_target_group_attributes(
    self: ELBv2Backend, target_group_arn: str, attributes: dict[str, Any]
) -> None:
    group = self.target_groups.get(target_group_arn)
    if group is not None:
        target_group_attributes.check(group, attributes)
    _moto_modify_attributes(self, target_group_arn, attributes)
