"""One instance after another is hit by a fault under traffic, and what each fault costs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from attribution import failed_requests, unexplained, whole_again_at
from campaign import Figures
from health_log import Check
from live_service import LiveService
from traffic import CHECK_SECONDS, Traffic, was_too_busy

from evidence.records import Reply

PATIENCE_SECONDS = 30.0

Fault = Callable[[Traffic, str], float]
"""Hits an instance, and undoes the fault if that does not undo itself.

It returns since when nothing keeps the instance from serving.
"""


@dataclass(frozen=True)
class Hit:
    """What one fault on one instance cost. `problems` is what it does not explain.

    `whole_seconds` are those until all was whole again, since nothing kept it from that.
    """

    instance: str
    at: float
    failed: list[Reply]
    checks: list[Check]
    whole_seconds: float
    problems: list[str]


def hits(
    service: LiveService,
    dice: random.Random,
    figures: Figures,
    times: int,
    fault: Fault,
    timeout_seconds: float = 5.0,
) -> Iterator[Hit]:
    """Hit an instance so many times, and yield each time that the machine had time to record.

    `timeout_seconds` are those of each request; `figures` count the faults by the name of `fault`.
    """
    for number in range(times):
        victim = dice.choice(service.in_service())
        with Traffic(service, timeout_seconds=timeout_seconds) as traffic:
            traffic.go_on(dice.uniform(0, CHECK_SECONDS))  # any moment between two checks
            free_at = fault(traffic, victim)
            traffic.await_answer(victim, PATIENCE_SECONDS)
            service.await_whole(PATIENCE_SECONDS)
            traffic.go_on(CHECK_SECONDS)
        figures.count(f"{fault.__name__}s")
        evidence = traffic.evidence
        if was_too_busy(evidence):
            figures.count("unjudged")
            continue
        figures.count("requests", len(evidence.replies))
        checks = traffic.checks
        problems = unexplained(evidence, victim, checks, traffic.sent)
        yield Hit(
            instance=victim,
            at=traffic.hit_at,
            failed=failed_requests(evidence),
            checks=checks,
            whole_seconds=whole_again_at(evidence, victim) - free_at,
            problems=[f"{fault.__name__} {number}: {problem}" for problem in problems],
        )
