"""Health checks as ALB makes them: the probe, the thresholds, the reasons, fail-open."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from load_balancing_world import USER_AGENT, World, health_check, instance, wait_for

from local_aws.contract.facts import TargetHealth


@contextmanager
def traffic(world: World) -> Iterator[list[tuple[int, bytes]]]:
    """Keep asking; the answers so far, as (status, which target)."""
    answers: list[tuple[int, bytes]] = []
    stopping = threading.Event()

    def ask() -> None:
        while not stopping.is_set():
            status, _, body = world.get()
            answers.append((status, body))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def failures(answers: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    return [answer for answer in answers if answer[0] != 200]


def name(world: World, number: int) -> bytes:
    return str(world.targets[number].address[1]).encode()


def test_probe(world: World) -> None:
    changed = health_check(path="/healthcheck?depth=deep")
    world.register(0, health_check=changed)
    target = world.targets[0]
    wait_for(lambda: target.checks[-1][1] == "/healthcheck?depth=deep")
    headers = {key.lower(): value for key, value in target.checks[-1][2].items()}
    assert headers == {
        "host": "172.31.0.0:80",
        "user-agent": USER_AGENT,
        "connection": "close",
    }


def test_each_check_has_a_connection_of_its_own(world: World) -> None:
    target = world.targets[0]
    wait_for(lambda: len(target.check_connections) >= 4)
    assert len(set(target.check_connections)) == len(target.check_connections)


def test_new_target_is_healthy_after_one_pass(world: World) -> None:
    slow = health_check(interval_seconds=30, healthy_threshold=10)
    world.register(0, health_check=slow)
    world.targets[1].checks.clear()
    world.register(0, 1, health_check=slow)
    world.await_health(1, "healthy")
    assert len(world.targets[1].checks) == 1


def test_booting_target_is_healthy_after_one_pass(world: World) -> None:
    """Failed checks below the threshold do not cost a new target the one pass that ALB requires."""
    patient = health_check(unhealthy_threshold=10, healthy_threshold=10)
    world.register(0, health_check=patient)
    target = world.targets[1]
    target.health_status = 503
    target.checks.clear()
    world.register(0, 1, health_check=patient)

    def reconciled() -> bool:
        world.load_balancing.reconcile(world.desired, world.addresses)
        return world.health(1).reason == "Elb.InitialHealthChecking" and len(target.checks) >= 6

    wait_for(reconciled)
    times = [at for at, _, _ in target.checks]
    # One an interval, not faster. A single one may be noted late, and the next at its time.
    assert times[-1] - times[0] >= 0.14 * (len(times) - 1)
    target.health_status = 200
    target.checks.clear()
    wait_for(lambda: reconciled() or world.health(1).state == "healthy")
    assert len(target.checks) == 1


def test_out_after_unhealthy_threshold_and_back_after_healthy_threshold(world: World) -> None:
    target = world.targets[0]
    world.register(0, 1, 2, health_check=health_check(unhealthy_threshold=3, healthy_threshold=4))
    # Other thresholds are another cluster of Envoy's, of which the first check decides alone.
    target.checks.clear()
    wait_for(lambda: len(target.checks) >= 3)
    world.await_health(0, "healthy")
    with traffic(world) as answers:
        target.checks.clear()
        target.health_status = 503
        world.await_health(0, "unhealthy")
        # One more may be on its way when the state is seen.
        assert 3 <= len(target.checks) <= 4
        target.checks.clear()
        target.health_status = 200
        world.await_health(0, "healthy")
        assert 4 <= len(target.checks) <= 6
    assert not failures(answers)


def test_one_failure_below_the_threshold_changes_nothing(world: World) -> None:
    target = world.targets[0]
    target.health_status = 503
    target.checks.clear()
    wait_for(lambda: target.checks)
    target.health_status = 200
    target.checks.clear()
    wait_for(lambda: len(target.checks) >= 2)
    assert world.health(0) == TargetHealth("healthy")


def test_unhealthy_target_gets_no_traffic(world: World) -> None:
    world.targets[0].health_status = 500
    health = world.await_health(0, "unhealthy")
    assert health.reason == "Target.ResponseCodeMismatch"
    assert health.description == "Health checks failed with these codes: [500]"
    assert name(world, 0) not in {world.get()[2] for _ in range(30)}


def test_timeout_has_its_reason(world: World) -> None:
    world.register(0, 1, 2, health_check=health_check(timeout_seconds=0.1))
    world.await_health(0, "healthy")
    world.targets[0].health_status = None
    assert world.await_health(0, "unhealthy") == TargetHealth(
        "unhealthy", "Target.Timeout", "Request timed out"
    )


def test_refused_connection_has_its_reason(world: World) -> None:
    world.targets[0].close()
    assert world.await_health(0, "unhealthy") == TargetHealth(
        "unhealthy", "Target.FailedHealthChecks", "Health checks failed"
    )


@pytest.mark.parametrize(
    ("matcher", "status", "state"),
    [("200-299", 204, "healthy"), ("200,301", 301, "healthy"), ("200-299", 301, "unhealthy")],
)
def test_matcher(world: World, matcher: str, status: int, state: str) -> None:
    world.targets[0].health_status = status
    world.register(0, 1, 2, health_check=health_check(matcher=matcher))
    world.await_health(0, state)


def test_target_that_never_answered_is_initial_until_the_threshold(world: World) -> None:
    world.register(0)
    world.targets[1].health_status = 503
    world.targets[1].checks.clear()
    world.register(0, 1, health_check=health_check(unhealthy_threshold=4))
    initial = wait_for(lambda: (h := world.health(1)) and h.reason and h)
    assert initial.state == "initial"
    health = world.await_health(1, "unhealthy")
    assert health.reason == "Target.ResponseCodeMismatch"
    assert 4 <= len(world.targets[1].checks) <= 5


def test_fail_open_when_no_target_is_healthy(world: World) -> None:
    with traffic(world) as answers:
        for target in world.targets:
            target.health_status = 503
        for number in range(3):
            world.await_health(number, "unhealthy")
        answers.clear()
        wait_for(lambda: len(answers) >= 60)
    served = Counter(answers)
    assert set(served) == {(200, name(world, number)) for number in range(3)}
    assert min(served.values()) > len(answers) / 5


@pytest.mark.parametrize("number", [1, 3])
def test_fail_open_while_every_target_is_initial(world: World, number: int) -> None:
    """AWS: "Target group health" in the Application Load Balancer guide: with fewer *healthy*
    targets than the minimum, requests go to all; one that is initial is not healthy."""
    patient = health_check(unhealthy_threshold=10, interval_seconds=0.4)
    world.register(health_check=patient)
    for target in world.targets:
        target.health_status = 503
        target.checks.clear()
    world.register(*range(number), health_check=patient)

    with traffic(world) as answers:

        def checked_thrice() -> bool:
            world.apply(world.desired)
            assert {world.health(n).state for n in range(number)} == {"initial"}
            return min(len(target.checks) for target in world.targets[:number]) >= 3

        wait_for(checked_thrice)
    assert not failures(answers)
    assert {body for _, body in answers} == {name(world, n) for n in range(number)}


def test_initial_target_gets_no_traffic_while_another_one_is_healthy(world: World) -> None:
    """AWS: "Health checks for your target groups" in the Application Load Balancer guide: requests
    go to healthy targets only, and a new one has to pass a check first."""
    patient = health_check(unhealthy_threshold=10)
    world.register(0, health_check=patient)
    world.await_health(0, "healthy")
    world.targets[1].health_status = 503
    world.targets[1].checks.clear()
    world.register(0, 1, health_check=patient)

    with traffic(world) as answers:

        def checked_thrice() -> bool:
            world.apply(world.desired)
            assert world.health(1).state == "initial"
            return len(world.targets[1].checks) >= 3

        wait_for(checked_thrice)
    assert set(answers) == {(200, name(world, 0))}


@pytest.mark.parametrize(
    "minimum", [{"minimum_healthy_targets": 2}, {"minimum_healthy_percentage": 50}]
)
def test_fail_open_below_the_minimum(world: World, minimum: dict[str, int]) -> None:
    """With a minimum of 2, or of 50 %, one healthy target of three is too few, two are enough."""
    world.register(0, 1, 2, **minimum)
    for number in range(3):
        world.await_health(number, "healthy")
    world.targets[0].health_status = 503
    world.await_health(0, "unhealthy")
    assert len({world.get()[2] for _ in range(30)}) == 2
    world.targets[1].health_status = 503
    world.await_health(1, "unhealthy")
    assert len({world.get()[2] for _ in range(30)}) == 3


def test_changed_path_fails_no_request(world: World) -> None:
    with traffic(world) as answers:
        for number in range(6):
            world.register(0, 1, 2, health_check=health_check(path=f"/health{number}"))
            wait_for(lambda n=number: world.targets[2].checks[-1][1] == f"/health{n}")
            world.await_health(2, "healthy")
            so_far = len(answers)
            wait_for(lambda before=so_far: len(answers) >= before + 10)
    assert not failures(answers)


def test_target_is_unhealthy_for_what_its_changed_check_answers(world: World) -> None:
    """Not the reason of an earlier failure, though the log with the reason comes a moment later."""
    for number in range(3):
        world.targets[1].health_status = 500
        world.await_health(1, "unhealthy")
        world.targets[1].health_status = 200
        world.await_health(1, "healthy")
        world.targets[1].health_status = 503
        world.register(0, 1, 2, health_check=health_check(path=f"/health{number}"))
        assert "[503]" in world.await_health(1, "unhealthy").description


def test_disabled_health_check_is_unavailable_and_serves(world: World) -> None:
    world.register(0, health_check=health_check(enabled=False))
    assert world.health(0).state == "unavailable"
    assert world.get()[0] == 200


def test_target_whose_instance_does_not_run_gets_nothing(world: World) -> None:
    running = {i: address for i, address in world.addresses.items() if i != "i-0"}
    desired = replace(world.desired, instances=(instance(1), instance(2)))
    world.load_balancing.reconcile(desired, running)
    assert name(world, 0) not in {world.get()[2] for _ in range(20)}
