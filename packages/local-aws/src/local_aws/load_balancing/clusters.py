"""A target group as a cluster of Envoy's, and its targets as the cluster's endpoints: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from local_aws.contract.desired_state import TargetGroup
from local_aws.contract.facts import TargetKey
from local_aws.load_balancing.access_log import NAMESPACE
from local_aws.load_balancing.algorithms import policy
from local_aws.load_balancing.header_case import HEADER_CASE
from local_aws.load_balancing.health_check import health_check
from local_aws.load_balancing.target_tls import check_criteria, sockets
from local_aws.load_balancing.targets import PlacedTarget

Resource = dict[str, Any]

_CONNECT_SECONDS = 10  # "HTTP 504: ... before the connection timeout expired (10 seconds)"
_RESPONSE_HEADERS_KIB = 32  # "HTTP 502: ... exceeded 32 K for the entire response header"
_UNLIMITED = 1_000_000  # ALB has no circuit breaker; Envoy's default stops at 1,024
_TYPE = "type.googleapis.com/envoy."


def assignment(
    name: str, targets: Iterable[PlacedTarget], unchecked: Collection[TargetKey]
) -> Resource:
    """The endpoints of a cluster. A removed target is simply not listed: DRAINING hosts would take
    part in fail-open."""
    by_address = {target.address: target for target in targets if target.address is not None}
    endpoints = [
        _endpoint(host, port, target, is_checked=target.key not in unchecked)
        for (host, port), target in sorted(by_address.items())
    ]
    return {
        "@type": f"{_TYPE}config.endpoint.v3.ClusterLoadAssignment",
        "cluster_name": name,
        "endpoints": [{"lb_endpoints": endpoints}],
    }


def _endpoint(host: str, port: int, target: PlacedTarget, *, is_checked: bool) -> Resource:
    return {
        "endpoint": {
            "address": {"socket_address": {"address": host, "port_value": port}},
            "hostname": target.key.target_id,
            "health_check_config": {
                "hostname": target.host_header,
                "disable_active_health_check": not is_checked,
            },
        },
        "metadata": {"filter_metadata": {NAMESPACE: {"address": target.aws_address}}},
        # An unhealthy one takes part in fail-open. UNKNOWN: its checks decide.
        "health_status": "UNKNOWN" if is_checked else "UNHEALTHY",
    }


def cluster(
    name: str,
    group: TargetGroup,
    targets: int,
    idle_seconds: float,
    endpoints: Path,
    health_log: Path,
) -> Resource:
    """`targets` is how many are registered; Envoy finds them in the file `endpoints`.

    A connection to one that is idle for `idle_seconds` is closed.
    """
    limits = ("max_connections", "max_pending_requests", "max_requests", "max_retries")
    resource: Resource = {
        "@type": f"{_TYPE}config.cluster.v3.Cluster",
        "name": name,
        "metadata": {"filter_metadata": {NAMESPACE: {"arn": group.arn}}},
        "type": "EDS",
        "eds_cluster_config": {
            "eds_config": {
                "resource_api_version": "V3",
                "path_config_source": {"path": str(endpoints)},
            }
        },
        "connect_timeout": f"{_CONNECT_SECONDS}s",
        "lb_policy": "ROUND_ROBIN",
        "common_lb_config": {
            "healthy_panic_threshold": {
                "value": max(
                    panic_percent(group.minimum_healthy_targets, targets),
                    group.minimum_healthy_percentage,
                )
            },
            # Otherwise a second change of health within a second would reach traffic a second late.
            "update_merge_window": "0s",
        },
        # A deregistered target goes at once, whatever its health; its open requests end normally.
        "ignore_health_on_host_removal": True,
        "circuit_breakers": {"thresholds": [dict.fromkeys(limits, _UNLIMITED)]},
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": f"{_TYPE}extensions.upstreams.http.v3.HttpProtocolOptions",
                "common_http_protocol_options": {
                    "idle_timeout": f"{idle_seconds}s",
                    "max_response_headers_kb": _RESPONSE_HEADERS_KIB,
                },
                "explicit_http_config": {"http_protocol_options": HEADER_CASE},
            }
        },
        **policy(group),
        **sockets(group),
    }
    if group.health_check.enabled:
        check = health_check(group.health_check, health_log)
        resource["health_checks"] = [{**check, **check_criteria(group)}]
    return resource


def panic_percent(minimum_healthy: int, targets: int) -> int:
    """Envoy panics, and routes to all, when the healthy share is *below* this whole percentage.

    For "fewer than m healthy of n" any value above (m - 1) / n and up to m / n will do; 1 is right
    for m = 1 and up to 100 targets, and does not change (which would warm the cluster again).
    """
    if minimum_healthy <= 1:
        return 1
    return min(100, 100 * minimum_healthy // max(targets, 1))
