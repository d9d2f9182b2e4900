"""Instances stop, are replaced and updated, gracefully, under 100 requests a second.

No request fails, and two instances are in service in every sample.
"""

from __future__ import annotations

import random

import pytest
from attribution import failed_requests
from campaign import Figures, spread
from live_service import LiveService
from local_aws_command import eventually
from traffic import CHECK_SECONDS, RATE, Traffic

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(3600)]

PATIENCE_SECONDS = 90.0
FEWEST_IN_SERVICE = 2


def stop(service: LiveService, victim: str) -> None:
    """The group replaces an instance that somebody stopped."""
    service.ec2.stop_instances(InstanceIds=[victim])


def terminate(service: LiveService, victim: str) -> None:
    service.ec2.terminate_instances(InstanceIds=[victim])


def replace(service: LiveService, victim: str) -> None:
    service.auto_scaling.terminate_instance_in_auto_scaling_group(
        InstanceId=victim, ShouldDecrementDesiredCapacity=False
    )


def test_leaving_costs_no_request(
    service: LiveService, dice: random.Random, figures: Figures, full: bool
) -> None:
    ways = (stop, terminate, replace)
    for number in range(30 if full else 2):
        way = ways[number % len(ways)] if full else dice.choice(ways)
        victim = dice.choice(service.in_service())
        with Traffic(service) as traffic:
            traffic.go_on(dice.uniform(0, CHECK_SECONDS))
            way(service, victim)
            eventually(lambda victim=victim: victim not in service.states(), PATIENCE_SECONDS)
            service.await_whole(PATIENCE_SECONDS)
            traffic.go_on(CHECK_SECONDS)
        figures.count(f"{way.__name__}s")
        judge(traffic, figures)


def test_an_update_costs_no_request(service: LiveService, figures: Figures, full: bool) -> None:
    seconds = []
    for number in range(3 if full else 1):
        before = set(service.in_service())
        with Traffic(service) as traffic:
            service.run_release(f"9.0.{number}")
            service.await_whole(PATIENCE_SECONDS)
            traffic.go_on(CHECK_SECONDS)
        figures.count("updates")
        seconds.append(traffic.stopped_at - traffic.started_at)
        assert not before & set(service.in_service())
        judge(traffic, figures)
    figures.add(update_seconds=spread(seconds))


def judge(traffic: Traffic, figures: Figures) -> None:
    evidence = traffic.evidence
    if evidence.missed:
        figures.count("unjudged")
        return
    failed = failed_requests(evidence)
    in_service = [sample.in_service for sample in evidence.group()]
    fewest = min(in_service)
    figures.count("requests", len(evidence.replies))
    figures.count("failed", len(failed))
    figures.count("samples", len(in_service))
    figures.add(
        rate=RATE,
        fewest_in_service=min(fewest, figures.measured.get("fewest_in_service", fewest)),
    )
    assert failed == []
    assert fewest >= FEWEST_IN_SERVICE
