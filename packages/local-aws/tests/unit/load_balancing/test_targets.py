from __future__ import annotations

from dataclasses import replace

import pytest
from load_balancing_world import GROUP, ZONES, instance, load_balancer, target_group

from local_aws.contract.desired_state import DesiredState, FixedResponse, Rule, Target, TargetGroup
from local_aws.load_balancing import targets
from local_aws.load_balancing.targets import PlacedTarget, place

ADDRESSES = {f"i-{n}": ("127.0.0.1", 20_000 + n) for n in range(3)}


def desired(*groups: TargetGroup, **changes: object) -> DesiredState:
    instances = tuple(instance(n) for n in range(3))
    state = DesiredState(instances, (load_balancer(18_000),), groups or (target_group((0,)),))
    return replace(state, **changes)


def ip_group(*addresses: str) -> TargetGroup:
    registered = tuple(Target(address, 8080, None) for address in addresses)
    return replace(target_group(()), target_type="ip", targets=registered)


def only(state: DesiredState) -> PlacedTarget:
    (placed,) = place(state, ADDRESSES)
    return placed


def test_instance_is_where_it_serves() -> None:
    assert only(desired()) == PlacedTarget(
        (GROUP, "i-0", 80), ("127.0.0.1", 20_000), "172.31.0.0:80"
    )


def test_instance_that_compute_does_not_know_yet_is_nowhere() -> None:
    (placed,) = place(desired(), {})
    assert (placed.address, placed.excluded) == (None, None)


def test_health_check_port_is_in_the_host_header() -> None:
    group = target_group((0,))
    group = replace(group, health_check=replace(group.health_check, port=9000))
    assert only(desired(group)).host_header == "172.31.0.0:9000"


@pytest.mark.parametrize(
    ("target_id", "address"),
    [("172.31.0.2", ("127.0.0.1", 20_002)), ("127.0.0.1", ("127.0.0.1", 8080))],
)
def test_ip_target(target_id: str, address: tuple[str, int]) -> None:
    assert only(desired(ip_group(target_id))).address == address


def test_ip_out_of_reach() -> None:
    assert only(desired(ip_group("203.0.113.1"))).excluded == targets.UNREACHABLE


def test_group_without_a_forward_is_not_in_use() -> None:
    listener = load_balancer(18_000).listeners[0]
    fixed = replace(listener, rules=(Rule(None, (), (), FixedResponse(200, "text/plain", "")),))
    balancer = replace(load_balancer(18_000), listeners=(fixed,))
    assert only(desired(load_balancers=(balancer,))).excluded == targets.NOT_IN_USE
    assert only(desired(load_balancers=())).excluded == targets.NOT_IN_USE


def test_zone_that_is_not_enabled() -> None:
    balancer = replace(load_balancer(18_000), availability_zones=ZONES[1:])
    placed = place(desired(target_group((0, 1)), load_balancers=(balancer,)), ADDRESSES)
    assert [target.excluded for target in placed] == [targets.ZONE_NOT_ENABLED, None]


def test_instance_that_does_not_run() -> None:
    assert only(desired(instances=())).excluded == targets.NOT_RUNNING
