"""Which target gets a request, by the algorithm of its group.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from load_balancing_world import World, wait_for


def choose_by(world: World, algorithm: str) -> None:
    """Change the group's algorithm; Envoy goes by it once each target was checked again."""
    world.register(0, 1, 2, algorithm=algorithm)
    before = [len(target.checks) for target in world.targets]
    wait_for(
        lambda: all(
            len(target.checks) >= checks + 3
            for target, checks in zip(world.targets, before, strict=True)
        )
    )


def test_least_outstanding_requests(world: World) -> None:
    """A target that is busy gets none, as long as another has nothing to do."""
    choose_by(world, "least_outstanding_requests")
    may_answer = threading.Event()
    for target in world.targets:
        target.answer = lambda handler: (may_answer.wait(10), handler.reply(200, b""))
    with ThreadPoolExecutor(2) as clients:
        waiting = []
        for number in (1, 2):
            waiting.append(clients.submit(world.get))
            wait_for(lambda n=number: sum(len(target.requests) for target in world.targets) == n)
        busy = [target for target in world.targets if target.requests]
        [idle] = [target for target in world.targets if not target.requests]
        idle.answer = lambda handler: handler.reply(200, b"idle")
        assert [world.get()[2] for _ in range(20)] == [b"idle"] * 20
        may_answer.set()
        assert [each.result()[0] for each in waiting] == [200, 200]
    assert [len(target.requests) for target in busy] == [1, 1]


def test_weighted_random(world: World) -> None:
    """Every target gets some, in no order: round robin would never repeat one at once."""
    choose_by(world, "weighted_random")
    served = [world.get()[2] for _ in range(90)]
    assert min(Counter(served).values()) >= 12
    assert len(Counter(served)) == 3
    runs = Counter(a == b == c for a, b, c in zip(served, served[1:], served[2:], strict=False))
    assert runs[True] >= 1
