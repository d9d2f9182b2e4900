"""Instances' programs die (SIGKILL) under 100 requests a second.

Nothing fails but what was on its way to the dead one before the load balancer took it out, and
three of three are healthy again within five seconds, when the program starts within one.
"""

from __future__ import annotations

import random
import signal

import pytest
from campaign import Figures, spread
from hit_instances import PATIENCE_SECONDS, hits
from live_service import LiveService
from traffic import CHECK_SECONDS, RATE, Traffic

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600)]

# One second of rest before the restart, two checks that pass at one a second, and one in which
# DescribeTargetHealth may still report what was before. To it comes the program's own start.
WHOLE_SECONDS = 1.0 + 2 * CHECK_SECONDS + 1.0


def test_only_what_went_to_the_dead_one_fails(
    service: LiveService, dice: random.Random, figures: Figures, full: bool
) -> None:
    def kill(traffic: Traffic, victim: str) -> float:
        dead = service.process(victim)
        traffic.hit(victim)
        service.signal(victim, signal.SIGKILL)
        service.await_restart(victim, dead, PATIENCE_SECONDS)
        return traffic.hit_at

    failed, whole, starts, wrong = [], [], [], []
    for hit in hits(service, dice, figures, 60 if full else 2, kill):
        wrong += hit.problems
        failed.append(float(len(hit.failed)))
        whole.append(hit.whole_seconds)
        starts.append(service.start_seconds(hit.instance))
    if not whole:
        pytest.skip("the machine was too busy to judge a single kill")
    figures.add(
        rate=RATE,
        failed_each=spread(failed),
        failed_in_all=int(sum(failed)),
        not_explained=len(wrong),
        whole_again_seconds=spread(whole),
        of_it_program_start_seconds=spread(starts),
    )
    assert wrong == []
    late = [
        f"whole after {took:.2f} s, of which the program's start took {start:.2f} s"
        for took, start in zip(whole, starts, strict=True)
        if took > WHOLE_SECONDS + start
    ]
    assert late == []
