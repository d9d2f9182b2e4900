"""Envoy's configuration for a desired state: pure functions from values to xDS resources.

One file per resource that changes by itself: targets come and go (EDS) without touching their
cluster (CDS), rules (RDS) and certificates (SDS) without touching their listener (LDS). A changed
cluster is warmed anew by Envoy, and its health counts start over; a changed listener drains its
connections.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.contract.desired_state import DesiredState, Listener, LoadBalancer, TargetGroup
from local_aws.contract.facts import TargetKey
from local_aws.load_balancing.health_check import health_check
from local_aws.load_balancing.names import cluster_name, listener_name
from local_aws.load_balancing.replies import LOCAL_REPLIES
from local_aws.load_balancing.routes import (
    LUA_FILTER,
    RESPONSE_HEADERS_FILTER,
    STICKINESS_FILTER,
    route_configuration,
)
from local_aws.load_balancing.targets import PlacedTarget
from local_aws.load_balancing.tls import secret, secret_file, transport_socket

Resource = dict[str, Any]

HEALTH_LOG = "health_checks.jsonl"
_CLUSTERS = "cds.json"
_LISTENERS = "lds.json"
_CONNECT_SECONDS = 10  # "HTTP 504: ... before the connection timeout expired (10 seconds)"
_TARGET_IDLE_SECONDS = 60
_REQUEST_HEADERS_KIB = 64
_LUA_SCRIPTS = {
    LUA_FILTER: Path(__file__).with_name("alb.lua"),
    STICKINESS_FILTER: Path(__file__).with_name("stickiness.lua"),
}
_UNLIMITED = 1_000_000  # ALB has no circuit breaker; Envoy's default stops at 1,024
_TYPE = "type.googleapis.com/envoy."


@dataclass(frozen=True)
class XdsFile:
    """One discovery response.

    `version` is a digest of its resources; Envoy's statistic <scope>.version_text shows it once
    the response is applied, <scope>.update_rejected counts those that were not.
    """

    name: str
    text: str
    version: str
    scope: str


@dataclass(frozen=True)
class Configuration:
    """All discovery responses for a desired state, each kind by file name."""

    endpoints: dict[str, XdsFile]
    clusters: dict[str, Resource]  # by name; `clusters_file` makes the response
    routes: dict[str, XdsFile]
    secrets: dict[str, XdsFile]
    listeners: XdsFile


def configuration(
    desired: DesiredState,
    placed: Iterable[PlacedTarget],
    unchecked: Collection[TargetKey],
    directory: Path,
) -> Configuration:
    """`unchecked` are targets that Envoy must take for unhealthy and not check at the moment;
    `directory` is where it finds the files and writes its health check log.
    """
    served = [target for target in placed if target.address is not None]
    endpoints, clusters, routes, secrets, listeners = {}, {}, {}, {}, []
    stickiness = {
        group.arn: group.stickiness for group in desired.target_groups if group.stickiness
    }
    for group in desired.target_groups:
        name = cluster_name(group.arn)
        targets = [target for target in served if target.key.target_group_arn == group.arn]
        file = _endpoints(name, targets, unchecked)
        endpoints[file.name] = file
        clusters[name] = _cluster(name, group, len(targets), directory / file.name, directory)
    for balancer in desired.load_balancers:
        for listener in balancer.listeners:
            name = listener_name(listener.arn)
            resource = route_configuration(name, listener, balancer, stickiness)
            file = _file(f"rds-{name}.json", [resource], f"http.{name}.rds.{name}")
            routes[file.name] = file
            listeners.append(_listener(name, listener, balancer, directory / file.name))
            for certificate in listener.tls.certificates if listener.tls else ():
                resource = secret(certificate)
                file = _file(secret_file(certificate), [resource], f"sds.{resource['name']}")
                secrets[file.name] = file
    listeners_file = _file(_LISTENERS, listeners, "listener_manager.lds")
    return Configuration(endpoints, clusters, routes, secrets, listeners_file)


def clusters_file(clusters: Iterable[Resource]) -> XdsFile:
    """The discovery response that names these clusters."""
    return _file(_CLUSTERS, list(clusters), "cluster_manager.cds")


def bootstrap(directory: Path, admin_socket: str) -> Resource:
    """What Envoy is started with; `directory` holds the discovery responses."""

    def source(name: str) -> Resource:
        return {
            "resource_api_version": "V3",
            "path_config_source": {"path": str(directory / name)},
        }

    return {
        "node": {"id": "load-balancing", "cluster": "local-aws"},
        "dynamic_resources": {
            "cds_config": source(_CLUSTERS),
            "lds_config": source(_LISTENERS),
        },
        "layered_runtime": {
            "layers": [
                {
                    "name": "limits",
                    # Envoy's own, 100, is less than five patterns of 128 characters need.
                    "static_layer": {"re2": {"max_program_size": {"error_level": 100_000}}},
                }
            ]
        },
        "admin": {"address": {"pipe": {"path": admin_socket, "mode": 0o600}}},
    }


def _file(name: str, resources: list[Resource], scope: str) -> XdsFile:
    version = hashlib.sha256(json.dumps(resources, sort_keys=True).encode()).hexdigest()[:16]
    text = json.dumps({"version_info": version, "resources": resources}, indent=1)
    return XdsFile(name, text, version, scope)


def _endpoints(name: str, targets: list[PlacedTarget], unchecked: Collection[TargetKey]) -> XdsFile:
    """A removed target is simply not listed: DRAINING hosts would take part in fail-open."""
    by_address = {target.address: target for target in targets if target.address is not None}
    endpoints = [
        _endpoint(host, port, target, is_checked=target.key not in unchecked)
        for (host, port), target in sorted(by_address.items())
    ]
    resource = {
        "@type": f"{_TYPE}config.endpoint.v3.ClusterLoadAssignment",
        "cluster_name": name,
        "endpoints": [{"lb_endpoints": endpoints}],
    }
    return _file(f"eds-{name}.json", [resource], f"cluster.{name}")


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
        # An unhealthy one takes part in fail-open. UNKNOWN: its checks tell.
        "health_status": "UNKNOWN" if is_checked else "UNHEALTHY",
    }


def _cluster(
    name: str, group: TargetGroup, targets: int, endpoints: Path, directory: Path
) -> Resource:
    limits = ("max_connections", "max_pending_requests", "max_requests", "max_retries")
    resource: Resource = {
        "@type": f"{_TYPE}config.cluster.v3.Cluster",
        "name": name,
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
                "value": _panic_percent(group.minimum_healthy_targets, targets)
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
                "common_http_protocol_options": {"idle_timeout": f"{_TARGET_IDLE_SECONDS}s"},
                "explicit_http_config": {"http_protocol_options": {}},
            }
        },
    }
    if group.health_check.enabled:
        resource["health_checks"] = [health_check(group.health_check, directory / HEALTH_LOG)]
    if group.slow_start_seconds:
        resource["round_robin_lb_config"] = {
            "slow_start_config": {"slow_start_window": f"{group.slow_start_seconds}s"}
        }
    return resource


def _panic_percent(minimum_healthy: int, targets: int) -> int:
    """Envoy panics, and routes to all, when the healthy share is *below* this whole percentage.

    For "fewer than m healthy of n" any value above (m - 1) / n and up to m / n will do; 1 is right
    for m = 1 and up to 100 targets, and does not change (which would warm the cluster anew).
    """
    if minimum_healthy <= 1:
        return 1
    return min(100, 100 * minimum_healthy // max(targets, 1))


def _listener(name: str, listener: Listener, balancer: LoadBalancer, routes: Path) -> Resource:
    idle_timeout = f"{balancer.idle_timeout_seconds}s"
    manager = {
        "@type": f"{_TYPE}extensions.filters.network.http_connection_manager.v3"
        ".HttpConnectionManager",
        "stat_prefix": name,
        "codec_type": "AUTO",
        "rds": {
            "route_config_name": name,
            "config_source": {
                "resource_api_version": "V3",
                "path_config_source": {"path": str(routes)},
            },
        },
        "server_header_transformation": "PASS_THROUGH",
        "use_remote_address": True,
        "skip_xff_append": True,  # routes.py does it
        # Nobody is "internal": a client cannot steer Envoy with x-envoy-* headers.
        "internal_address_config": {
            "cidr_ranges": [{"address_prefix": "255.255.255.255", "prefix_len": 32}]
        },
        "generate_request_id": False,
        "preserve_external_request_id": True,
        "max_request_headers_kb": _REQUEST_HEADERS_KIB,
        "stream_idle_timeout": idle_timeout,
        "common_http_protocol_options": {
            "idle_timeout": idle_timeout,
            "max_headers_count": 1000,
        },
        "http_protocol_options": {
            "accept_http_10": True,
            "default_host_for_http_10": "alb",
            "allow_custom_methods": True,
        },
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "local_reply_config": LOCAL_REPLIES,
        "http_filters": [
            # First for requests, so last for responses: those of the other filters pass it too.
            # Only listeners that change headers enable it.
            {
                "name": RESPONSE_HEADERS_FILTER,
                "typed_config": {
                    "@type": f"{_TYPE}extensions.filters.http.header_mutation.v3.HeaderMutation"
                },
                "disabled": True,
            },
            _lua(LUA_FILTER),
            # Only routes whose requests are sticky enable it.
            {**_lua(STICKINESS_FILTER), "disabled": True},
            {
                "name": "envoy.filters.http.router",
                "typed_config": {
                    "@type": f"{_TYPE}extensions.filters.http.router.v3.Router",
                    "suppress_envoy_headers": True,
                },
            },
        ],
    }
    network_filter = {
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": manager,
    }
    chain: Resource = {"filters": [network_filter]}
    if listener.tls:
        chain["transport_socket"] = transport_socket(listener.tls, routes.parent)
    address = {"address": "127.0.0.1", "port_value": listener.local_port}
    return {
        "@type": f"{_TYPE}config.listener.v3.Listener",
        "name": name,
        "address": {"socket_address": address},
        # With SO_REUSEPORT a port in use would be shared instead of refused.
        "enable_reuse_port": False,
        "filter_chains": [chain],
    }


def _lua(name: str) -> Resource:
    return {
        "name": name,
        "typed_config": {
            "@type": f"{_TYPE}extensions.filters.http.lua.v3.Lua",
            "default_source_code": {"filename": str(_LUA_SCRIPTS[name])},
        },
    }
