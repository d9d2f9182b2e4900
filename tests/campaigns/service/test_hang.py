"""Instances' programs hang (SIGSTOP) under 100 requests a second.

Requests that went to the hanging one before the load balancer took it out time out, no other
fails, and it is healthy again when it goes on (SIGCONT).
"""

from __future__ import annotations

import random
import signal
import time

import pytest
from attribution import failed_requests, unexplained, whole_again_at
from campaign import Figures, spread
from live_service import LiveService
from local_aws_command import eventually
from traffic import CHECK_SECONDS, RATE, Traffic, was_too_busy

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600)]

REQUEST_TIMEOUT_SECONDS = 1.0
# Two checks, each of which comes a second after the one before and takes its whole timeout of two.
OUT_SECONDS = 2 * (CHECK_SECONDS + 2.0)
# Two checks that pass, the first of which comes after one that hung; then the report's second.
WHOLE_SECONDS = 2.0 + 2 * CHECK_SECONDS + 1.0
PATIENCE_SECONDS = 30.0


def test_only_what_went_to_the_hanging_one_times_out(
    service: LiveService, dice: random.Random, figures: Figures, full: bool
) -> None:
    failed, out, whole, wrong = [], [], [], []
    for number in range(20 if full else 1):
        victim = dice.choice(service.in_service())
        with Traffic(service, timeout_seconds=REQUEST_TIMEOUT_SECONDS) as traffic:
            traffic.go_on(dice.uniform(0, CHECK_SECONDS))
            traffic.hit(victim)
            service.signal(victim, signal.SIGSTOP)
            try:
                eventually(lambda: service.states()[victim] == "unhealthy", PATIENCE_SECONDS)  # noqa: B023 - called at once
                traffic.go_on(dice.uniform(REQUEST_TIMEOUT_SECONDS, 3.0))
            finally:
                went_on_at = time.time()
                service.signal(victim, signal.SIGCONT)
            traffic.await_answer(victim, PATIENCE_SECONDS)
            service.await_whole(PATIENCE_SECONDS)
            traffic.go_on(CHECK_SECONDS)
        evidence = traffic.evidence
        figures.count("stopped")
        if was_too_busy(evidence):
            figures.count("unjudged")
            continue
        checks = traffic.checks
        figures.count("requests", len(evidence.replies))
        problems = unexplained(evidence, victim, checks, traffic.sent)
        problems += [
            f"{reply.error}, not a timeout"
            for reply in failed_requests(evidence)
            if reply.error != "timeout"
        ]
        wrong += [f"stop {number}: {problem}" for problem in problems]
        failed.append(float(len(failed_requests(evidence))))
        out.append(next(check.at for check in checks if check.kind == "out") - traffic.hit_at)
        whole.append(whole_again_at(evidence, victim) - went_on_at)
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
