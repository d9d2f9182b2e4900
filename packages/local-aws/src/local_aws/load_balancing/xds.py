"""Envoy's configuration for a desired state: pure functions from values to xDS resources.

One file per resource that changes by itself: targets come and go (EDS) without touching their
cluster (CDS), rules (RDS) and certificates (SDS) without touching their listener (LDS). A changed
cluster is warmed again by Envoy, and its health counts start over; a changed listener drains its
connections.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from local_aws.contract.desired_state import DesiredState, Forward
from local_aws.contract.facts import TargetKey
from local_aws.load_balancing.clusters import Resource, assignment, cluster
from local_aws.load_balancing.listeners import listener
from local_aws.load_balancing.names import cluster_name, listener_name
from local_aws.load_balancing.routes import route_configuration
from local_aws.load_balancing.targets import PlacedTarget
from local_aws.load_balancing.tls import secret, secret_file

HEALTH_LOG = "health_checks.jsonl"
ACCESS_LOG = "requests.log"
_CLUSTERS = "cds.json"
_LISTENERS = "lds.json"
_UNUSED_IDLE_SECONDS = 60  # of a target group that nothing forwards to


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
    `directory` is where it finds the files and writes its logs of health checks and requests.
    """
    served = [target for target in placed if target.address is not None]
    endpoints, clusters, routes, secrets, listeners = {}, {}, {}, {}, []
    stickiness = {
        group.arn: group.stickiness for group in desired.target_groups if group.stickiness
    }
    idle_seconds = _idle_seconds(desired)
    for group in desired.target_groups:
        name = cluster_name(group.arn)
        targets = [target for target in served if target.key.target_group_arn == group.arn]
        resource = assignment(name, targets, unchecked)
        file = _file(f"eds-{name}.json", [resource], f"cluster.{name}")
        endpoints[file.name] = file
        clusters[name] = cluster(
            name,
            group,
            len(targets),
            idle_seconds.get(group.arn, _UNUSED_IDLE_SECONDS),
            directory / file.name,
            directory / HEALTH_LOG,
        )
    for balancer in desired.load_balancers:
        for wanted in balancer.listeners:
            name = listener_name(wanted.arn)
            resource = route_configuration(name, wanted, balancer, stickiness)
            file = _file(f"rds-{name}.json", [resource], f"http.{name}.rds.{name}")
            routes[file.name] = file
            listeners.append(
                listener(name, wanted, balancer, directory / file.name, directory / ACCESS_LOG)
            )
            for certificate in wanted.tls.certificates if wanted.tls else ():
                resource = secret(certificate)
                file = _file(secret_file(certificate), [resource], f"sds.{resource['name']}")
                secrets[file.name] = file
    listeners_file = _file(_LISTENERS, listeners, "listener_manager.lds")
    return Configuration(endpoints, clusters, routes, secrets, listeners_file)


def _idle_seconds(desired: DesiredState) -> dict[str, float]:
    """The idle timeout of the load balancer that forwards to each target group, by its ARN.

    It is that of connections to targets, too: "Connection idle timeout" in
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
    """
    return {
        arn: balancer.idle_timeout_seconds
        for balancer in desired.load_balancers
        for each in balancer.listeners
        for rule in each.rules
        if isinstance(rule.action, Forward)
        for arn, _ in rule.action.target_groups
    }


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
