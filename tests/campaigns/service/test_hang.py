"""Instances' programs hang (SIGSTOP) under 100 requests a second.

Requests that went to the hanging one before the load balancer took it out time out, no other
fails, and it is healthy again when it goes on (SIGCONT).
"""

from __future__ import annotations

import random
import signal
import time

import pytest
from campaign import Figures, spread
from hit_instances import PATIENCE_SECONDS, hits
from live_service import LiveService
from local_aws_command import eventually
from traffic import CHECK_SECONDS, RATE, Traffic

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600)]

REQUEST_TIMEOUT_SECONDS = 1.0
# Two checks, each of which comes a second after the one before and takes its whole timeout of two.
OUT_SECONDS = 2 * (CHECK_SECONDS + 2.0)
# Two checks that pass, the first of which comes after one that hung; then the report's second.
WHOLE_SECONDS = 2.0 + 2 * CHECK_SECONDS + 1.0


def test_only_what_went_to_the_hanging_one_times_out(
    service: LiveService, dice: random.Random, figures: Figures, full: bool
) -> None:
    def hang(traffic: Traffic, victim: str) -> float:
        traffic.hit(victim)
        service.signal(victim, signal.SIGSTOP)
        try:
            eventually(lambda: service.states()[victim] == "unhealthy", PATIENCE_SECONDS)
            traffic.go_on(dice.uniform(REQUEST_TIMEOUT_SECONDS, 3.0))
        finally:
            went_on_at = time.time()
            service.signal(victim, signal.SIGCONT)
        return went_on_at

    failed, out, whole, wrong = [], [], [], []
    for hit in hits(service, dice, figures, 20 if full else 1, hang, REQUEST_TIMEOUT_SECONDS):
        others = [reply for reply in hit.failed if reply.error != "timeout"]
        wrong += [*hit.problems, *(f"{reply.error}, not a timeout" for reply in others)]
        failed.append(float(len(hit.failed)))
        out.append(next(check.at for check in hit.checks if check.kind == "out") - hit.at)
        whole.append(hit.whole_seconds)
    if not whole:
        pytest.skip("the machine was too busy to judge a single hang")
    figures.add(
        rate=RATE,
        timed_out_each=spread(failed),
        timed_out_in_all=int(sum(failed)),
        not_explained=len(wrong),
        out_of_rotation_seconds=spread(out),
        whole_again_seconds=spread(whole),
    )
    assert wrong == []
    assert max(out) <= OUT_SECONDS
    assert max(whole) <= WHOLE_SECONDS
