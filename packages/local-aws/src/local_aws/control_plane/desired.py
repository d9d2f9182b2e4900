"""Read what should be from moto's state: instances, load balancers, target groups."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance as MotoInstance
from moto.ec2.models.instances import Reservation
from moto.elbv2.models import (
    ELBv2Backend,
    FakeListener,
    FakeListenerRule,
    FakeLoadBalancer,
    FakeRule,
    FakeTargetGroup,
    elbv2_backends,
)

from local_aws.contract.desired_state import (
    Action,
    DesiredState,
    FixedResponse,
    Forward,
    HealthCheck,
    Instance,
    Listener,
    LoadBalancer,
    Redirect,
    Rule,
    Target,
    TargetGroup,
)
from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.instances.target_lifecycle_state import (
    target_lifecycle_states,
)
from local_aws.control_plane.desired_instance import desired_instance
from local_aws.control_plane.ec2.instances import instance_states
from local_aws.control_plane.elbv2 import (
    listener_attributes,
    listener_security,
    load_balancer_attributes,
    rule_conditions,
    target_group_defaults,
    target_groups,
    transforms,
    values,
)
from local_aws.control_plane.elbv2.load_balancers import is_provisioned, local_address
from local_aws.control_plane.elbv2.target_use import TargetUse
from local_aws.host.repeated_error import RepeatedErrors

_failures = RepeatedErrors(logging.getLogger(__name__))


def desired_state() -> DesiredState:
    """Return what the data plane should make so, over all regions. Call it under LOCK."""
    return DesiredState(
        instances=tuple(_instances()),
        known_instances=frozenset(instance.id for instance in _all_instances()),
        living_instances=frozenset(
            instance.id for instance in _all_instances() if instance.state != "terminated"
        ),
        load_balancers=tuple(_load_balancers()),
        target_groups=tuple(_target_groups()),
    )


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """What cannot be read is left out and logged: the others go on."""
    what = f"reading {name}"
    try:
        yield
        _failures.succeeded(what)
    except Exception as error:  # noqa: BLE001 - moto may hold anything
        _failures.failed(what, error)


def _all_instances() -> Iterator[MotoInstance]:
    for reservation in _reservations():
        yield from reservation.instances


def _reservations() -> Iterator[Reservation]:
    for backend in moto_seams.backends_in_use(ec2_backends):
        yield from backend.reservations.values()


def _instances() -> Iterator[Instance]:
    now = time.time()
    lifecycle_states = target_lifecycle_states()
    for reservation in _reservations():
        for instance in reservation.instances:
            if instance_states.is_wanted(instance, now):
                with _reading(instance.id):
                    yield desired_instance(
                        instance, reservation.id, lifecycle_states.get(instance.id)
                    )


def _load_balancers() -> Iterator[LoadBalancer]:
    now = time.time()
    for backend in moto_seams.backends_in_use(elbv2_backends):
        for balancer in backend.load_balancers.values():
            if is_provisioned(balancer, now):
                with _reading(balancer.arn):
                    yield _load_balancer(balancer, backend)


def _load_balancer(balancer: FakeLoadBalancer, backend: ELBv2Backend) -> LoadBalancer:
    attributes = load_balancer_attributes.of(balancer)
    return LoadBalancer(
        arn=balancer.arn,
        name=balancer.name,
        dns_name=balancer.dns_name,
        idle_timeout_seconds=int(attributes["idle_timeout.timeout_seconds"]),
        listeners=tuple(_listener(listener, backend) for listener in balancer.listeners.values()),
        request_headers=load_balancer_attributes.request_headers(balancer),
        client_keep_alive_seconds=int(attributes["client_keep_alive.seconds"]),
        has_access_log=load_balancer_attributes.has_access_logs(attributes),
    )


def _listener(listener: FakeListener, backend: ELBv2Backend) -> Listener:
    by_priority = sorted(listener._non_default_rules.values(), key=lambda rule: int(rule.priority))
    default = listener._default_rule[0]
    return Listener(
        arn=listener.arn,
        port=int(listener.port),
        local_port=local_address(listener).port,
        rules=(
            *(_rule(rule, int(rule.priority)) for rule in by_priority),
            _rule(default, None),
        ),
        tls=listener_security.tls(backend, listener),
        response_headers=listener_attributes.response_headers(listener),
    )


def _rule(rule: FakeRule | FakeListenerRule, priority: int | None) -> Rule:
    conditions = rule.conditions
    return Rule(
        priority=priority,
        path_patterns=rule_conditions.patterns(conditions, "path-pattern"),
        host_patterns=rule_conditions.patterns(conditions, "host-header"),
        action=_action(rule.actions[-1].data),
        http_headers=rule_conditions.http_headers(conditions),
        query_parameters=rule_conditions.query_parameters(conditions),
        methods=rule_conditions.patterns(conditions, "http-request-method"),
        source_cidrs=rule_conditions.patterns(conditions, "source-ip"),
        path_expressions=rule_conditions.expressions(conditions, "path-pattern"),
        host_expressions=rule_conditions.expressions(conditions, "host-header"),
        url_rewrite=transforms.rewrite(rule, "url-rewrite"),
        host_rewrite=transforms.rewrite(rule, "host-header-rewrite"),
    )


def _action(data: Mapping[str, Any]) -> Action:
    if data["Type"] == "fixed-response":
        response = data["FixedResponseConfig"]
        return FixedResponse(
            status_code=int(response["StatusCode"]),
            content_type=response.get("ContentType") or "text/plain",
            message_body=response.get("MessageBody") or "",
        )
    if data["Type"] == "redirect":
        redirect = data["RedirectConfig"]
        return Redirect(
            protocol=redirect.get("Protocol", "#{protocol}"),
            host=redirect.get("Host", "#{host}"),
            port=redirect.get("Port", "#{port}"),
            path=redirect.get("Path", "/#{path}"),
            query=redirect.get("Query", "#{query}"),
            status_code=int(redirect["StatusCode"].removeprefix("HTTP_")),
        )
    return _forward(data)


def _forward(data: Mapping[str, Any]) -> Forward:
    """A target group may be given beside the configuration, too."""
    config = data.get("ForwardConfig", {})
    groups = config.get("TargetGroups") or [{"TargetGroupArn": data["TargetGroupArn"]}]
    stickiness = config.get("TargetGroupStickinessConfig", {})
    is_sticky = values.is_true(stickiness.get("Enabled"))
    return Forward(
        tuple((group["TargetGroupArn"], int(group.get("Weight", 1))) for group in groups),
        sticky_seconds=int(stickiness["DurationSeconds"]) if is_sticky else None,
    )


def _target_groups() -> Iterator[TargetGroup]:
    for backend in moto_seams.backends_in_use(elbv2_backends):
        for group in backend.target_groups.values():
            # Nothing checks the health of a group that no listener uses.
            if group.load_balancer_arns:
                with _reading(group.arn):
                    yield _target_group(group)


def _target_group(group: FakeTargetGroup) -> TargetGroup:
    return TargetGroup(
        arn=group.arn,
        name=group.name,
        target_type=group.target_type,
        health_check=_health_check(group),
        targets=tuple(Target(key.target_id, key.port) for key in TargetUse(group).used()),
        slow_start_seconds=int(str(group.attributes.get("slow_start.duration_seconds", 0))),
        minimum_healthy_targets=int(
            str(group.attributes[target_group_defaults.MINIMUM_HEALTHY_TARGETS])
        ),
        minimum_healthy_percentage=target_groups.minimum_healthy_percentage(group),
        stickiness=target_groups.stickiness(group),
        protocol=group.protocol or "HTTP",
        algorithm=str(group.attributes["load_balancing.algorithm.type"]),
    )


def _health_check(group: FakeTargetGroup) -> HealthCheck:
    port = group.health_check_port
    return HealthCheck(
        enabled=bool(group.health_check_enabled),
        protocol=group.health_check_protocol or "HTTP",
        path=group.health_check_path or "/",
        port=None if port in (None, "traffic-port") else int(port),
        interval_seconds=int(group.health_check_interval_seconds),
        timeout_seconds=int(group.health_check_timeout_seconds),
        healthy_threshold=int(group.healthy_threshold_count),
        unhealthy_threshold=int(group.unhealthy_threshold_count),
        matcher=str(group.matcher.get("HttpCode") or "200"),
    )
