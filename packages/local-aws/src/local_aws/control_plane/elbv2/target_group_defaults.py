"""The attributes that a new target group has: those of the load balancers its protocol is for.

Source: API_TargetGroupAttribute; "Target group attributes" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
"""

from __future__ import annotations

from collections.abc import Mapping

_UNHEALTHY_STATE_ROUTING = "target_group_health.unhealthy_state_routing.minimum_healthy_targets"
MINIMUM_HEALTHY_TARGETS = f"{_UNHEALTHY_STATE_ROUTING}.count"
MINIMUM_HEALTHY_PERCENTAGE = f"{_UNHEALTHY_STATE_ROUTING}.percentage"
DNS_FAILOVER = "target_group_health.dns_failover.minimum_healthy_targets"

_ALL = {
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "stickiness.enabled": "false",
    MINIMUM_HEALTHY_TARGETS: "1",
    MINIMUM_HEALTHY_PERCENTAGE: "off",
    f"{DNS_FAILOVER}.count": "1",
    f"{DNS_FAILOVER}.percentage": "off",
}
_APPLICATION = {
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "slow_start.duration_seconds": "0",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.type": "lb_cookie",
}
_NETWORK = {
    "deregistration_delay.connection_termination.enabled": "false",
    "preserve_client_ip.enabled": "true",
    "proxy_protocol_v2.enabled": "false",
    "stickiness.type": "source_ip",
    "target_health_state.unhealthy.connection_termination.enabled": "true",
    "target_health_state.unhealthy.draining_interval_seconds": "0",
}
EVERY_NAME = frozenset(
    {
        *_ALL,
        *_APPLICATION,
        *_NETWORK,
        "lambda.multi_value_headers.enabled",
        "target_failover.on_deregistration",
        "target_failover.on_unhealthy",
    }
)
"""The attributes of all target groups, those of functions and appliances too."""


def defaults(protocol: str | None, target_type: str | None) -> Mapping[str, str]:
    """Of a group whose targets are no Lambda functions."""
    if protocol in ("HTTP", "HTTPS"):
        return {**_ALL, **_APPLICATION}
    if target_type == "ip" and protocol in ("TCP", "TLS"):
        return {**_ALL, **_NETWORK, "preserve_client_ip.enabled": "false"}
    return {**_ALL, **_NETWORK}
