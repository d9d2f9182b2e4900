from __future__ import annotations

from dataclasses import replace

import pytest
from load_balancing_world import GROUP, instance, load_balancer, target_group

from local_aws.contract.desired_state import DesiredState, Target, TargetGroup
from local_aws.load_balancing.targets import PlacedTarget, place

ADDRESSES = {f"i-{n}": ("127.0.0.1", 20_000 + n) for n in range(3)}


def desired(*groups: TargetGroup, **changes: object) -> DesiredState:
    instances = tuple(instance(n) for n in range(3))
    state = DesiredState(instances, (load_balancer(18_000),), groups or (target_group((0,)),))
    return replace(state, **changes)


def ip_group(*addresses: str) -> TargetGroup:
    registered = tuple(Target(address, 8080) for address in addresses)
    return replace(target_group(()), target_type="ip", targets=registered)


def only(state: DesiredState) -> PlacedTarget:
    (placed,) = place(state, ADDRESSES)
    return placed


def test_instance_is_where_it_serves() -> None:
    assert only(desired()) == PlacedTarget(
        (GROUP, "i-0", 80), ("127.0.0.1", 20_000), "172.31.0.0:80", "172.31.0.0:80"
    )


def test_instance_that_compute_does_not_know_yet_is_nowhere() -> None:
    (placed,) = place(desired(), {})
    assert (placed.address, placed.on_this_machine) == (None, True)


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
    placed = only(desired(ip_group("203.0.113.1")))
    assert (placed.address, placed.on_this_machine) == (None, False)


def test_ip_of_an_instance_in_another_region_is_out_of_reach() -> None:
    """Each region's default VPC has the same addresses."""
    elsewhere = instance(2, region="eu-west-1")
    assert not only(desired(ip_group("172.31.0.2"), instances=(elsewhere,))).on_this_machine


def test_instance_that_does_not_run_is_nowhere() -> None:
    (placed,) = place(desired(instances=()), {})
    assert (placed.address, placed.on_this_machine) == (None, True)
