"""The table goes and comes back, under 100 requests a second and deep health checks.

Fail-open begins with the check that makes the last target unhealthy and ends with the one that
makes the first healthy: not a request sooner or later. Some outages are too short for any of it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from attribution import failed_requests
from campaign import Figures
from fail_open import misreported, misrouted, not_at_threshold, periods, served_in_fail_open
from live_service import SIZE, STACK, LiveService
from local_aws_command import eventually
from traffic import CHECK_SECONDS, RATE, Traffic, was_too_busy

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600)]

THRESHOLD = 2
PATIENCE_SECONDS = 30.0
ENOUGH_REPLIES = 30
"""Of so many in rotation, each of three instances has given some."""


@pytest.fixture
def deep(service: LiveService) -> Iterator[LiveService]:
    """The service with deep health checks, while the test lasts."""
    service.set_health_check("deep")
    service.await_whole(PATIENCE_SECONDS)
    yield service
    service.set_parameter("table", service.outputs["Table"])
    service.set_health_check("shallow")


def test_it_begins_and_ends_exactly_at_the_threshold(
    deep: LiveService, dice: random.Random, figures: Figures, full: bool
) -> None:
    table = deep.outputs["Table"]
    wrong, opened = [], 0
    for number in range(20 if full else 2):
        is_short = number % 3 == 1
        with Traffic(deep) as traffic:
            traffic.go_on(dice.uniform(0, CHECK_SECONDS))
            traffic.hit()
            deep.set_parameter("table", f"{STACK}-gone")
            if is_short:
                traffic.go_on(dice.uniform(0.2, 2 * CHECK_SECONDS))
            else:
                deep.await_states({"unhealthy"}, PATIENCE_SECONDS)
                traffic.go_on(dice.uniform(0.5, 2 * CHECK_SECONDS))
            deep.set_parameter("table", table)
            eventually(lambda: deep.settings("table") == {table}, PATIENCE_SECONDS)
            traffic.go_on(CHECK_SECONDS)  # the last check that can fail is over
            deep.await_whole(PATIENCE_SECONDS)
            traffic.go_on(CHECK_SECONDS)
        evidence, checks = traffic.evidence, traffic.checks
        figures.count("short_outages" if is_short else "long_outages")
        if was_too_busy(evidence):
            figures.count("unjudged")
            continue
        timeline = periods(checks, deep.states())
        served = served_in_fail_open(evidence.replies, timeline)
        problems = [f"failed: {reply}" for reply in failed_requests(evidence)]
        problems += [f"misrouted: {reply}" for reply in misrouted(evidence.replies, timeline)]
        problems += not_at_threshold(checks, THRESHOLD, THRESHOLD, CHECK_SECONDS)
        problems += misreported(evidence.target_health(), timeline)
        problems += [
            f"fail-open reached {dict(count)} only"
            for count in served
            if count.total() >= ENOUGH_REPLIES and len(count) < SIZE
        ]
        if not is_short and not served:
            problems.append("fail-open did not begin")
        wrong += [f"outage {number}: {problem}" for problem in problems]
        opened += len(served)
        figures.count("requests", len(evidence.replies))
        figures.count("of_them_in_fail_open", sum(served, Counter()).total())
        figures.count("changes_of_health", sum(check.kind != "failed" for check in checks))
    if "requests" not in figures.measured:
        pytest.skip("the machine was too busy to judge a single outage")
    figures.add(rate=RATE, fail_opens=opened, wrong=len(wrong))
    assert wrong == []
