"""The pure parts of Envoy's configuration; that Envoy does what it says, the other tests show."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_balancing_world import GROUP, health_check, instance, load_balancer, target_group

from local_aws.contract.desired_state import DesiredState
from local_aws.load_balancing import xds
from local_aws.load_balancing.clusters import panic_percent
from local_aws.load_balancing.health_check import health_check as envoy_health_check
from local_aws.load_balancing.health_check import matcher_ranges
from local_aws.load_balancing.names import cluster_name
from local_aws.load_balancing.targets import place


def configuration(*numbers: int, port: int = 18_000, **changes: object) -> xds.Configuration:
    group = target_group(numbers, **changes)
    state = DesiredState(tuple(instance(n) for n in range(3)), (load_balancer(port),), (group,))
    addresses = {f"i-{n}": ("127.0.0.1", 20_000 + n) for n in range(3)}
    return xds.configuration(state, place(state, addresses), (), Path("/xds"))


def test_a_target_that_comes_or_goes_changes_only_the_endpoints() -> None:
    two, three = configuration(0, 1), configuration(0, 1, 2)
    assert two.endpoints != three.endpoints
    assert (two.clusters, two.routes, two.listeners) == (
        three.clusters,
        three.routes,
        three.listeners,
    )


def test_order_of_targets_changes_nothing() -> None:
    assert configuration(0, 1, 2) == configuration(2, 0, 1)


def test_slow_start() -> None:
    cluster = configuration(0, slow_start_seconds=30).clusters[cluster_name(GROUP)]
    assert cluster["round_robin_lb_config"] == {"slow_start_config": {"slow_start_window": "30s"}}
    assert "round_robin_lb_config" not in configuration(0).clusters[cluster_name(GROUP)]


@pytest.mark.parametrize("minimum", [1, 2, 3, 10])
def test_panic_is_exactly_below_the_minimum(minimum: int) -> None:
    for targets in range(minimum, 60):
        percent = panic_percent(minimum, targets)
        for healthy in range(targets + 1):
            panics = 100 * healthy / targets < percent
            assert panics is (healthy < minimum), (healthy, targets)


def test_fewer_targets_than_the_minimum_panic_when_one_fails() -> None:
    assert panic_percent(minimum_healthy=3, targets=2) > 100 * 1 / 2


@pytest.mark.parametrize(
    ("matcher", "ranges", "others"),
    [
        ("200", [(200, 200)], [(100, 200), (201, 600)]),
        ("200-299", [(200, 299)], [(100, 200), (300, 600)]),
        ("301,200", [(200, 200), (301, 301)], [(100, 200), (201, 301), (302, 600)]),
        ("200-299,250-310", [(200, 299), (250, 310)], [(100, 200), (311, 600)]),
    ],
)
def test_matcher(
    matcher: str, ranges: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    assert matcher_ranges(matcher) == ranges
    check = envoy_health_check(health_check(matcher=matcher), Path("/log"))["http_health_check"]
    assert [(r["start"], r["end"]) for r in check["retriable_statuses"]] == others


def test_names_need_no_quoting() -> None:
    assert cluster_name(GROUP) == "us-east-1_123456789012_targetgroup_web_50dc6c495c0c9188"
