"""The waiter against a clock that only moves when someone sleeps."""

from collections.abc import Iterable

import pytest
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for


class SleepingClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def wait(seen: Iterable[str], clock: SleepingClock, **options: bool) -> str:
    observations = iter(seen)
    return wait_for(
        lambda: next(observations),
        lambda observation: observation == "healthy",
        timeout_seconds=10,
        interval_seconds=4,
        clock=clock,
        **options,
    )


@pytest.mark.parametrize(
    ("seen", "waited_seconds"),
    [
        (["healthy"], 0),
        (["initial", "healthy"], 4),
        (["initial", "initial", "initial", "healthy"], 10),  # the last look is at the deadline
    ],
)
def test_returns_the_observation_that_holds(seen: list[str], waited_seconds: float) -> None:
    clock = SleepingClock()
    assert wait(seen, clock) == "healthy"
    assert clock.seconds == waited_seconds


def test_gives_up_at_the_deadline_with_what_it_saw_last() -> None:
    with pytest.raises(NotReachedError) as raised:
        wait(["initial", "initial", "initial", "unhealthy"], SleepingClock())
    assert (raised.value.last, raised.value.waited_seconds) == ("unhealthy", 10)


def test_gives_up_at_once_when_the_state_cannot_come_any_more() -> None:
    clock = SleepingClock()
    observations = iter(["initial", "gone", "healthy"])
    with pytest.raises(NotReachedError) as raised:
        wait_for(
            lambda: next(observations),
            lambda observation: observation == "healthy",
            hopeless=lambda observation: "it is gone" if observation == "gone" else None,
            timeout_seconds=10,
            interval_seconds=4,
            clock=clock,
        )
    assert (raised.value.last, raised.value.reason, clock.seconds) == ("gone", "it is gone", 4)


def test_check_mode_looks_once_and_does_not_judge() -> None:
    clock = SleepingClock()
    assert wait(["unhealthy"], clock, check_mode=True) == "unhealthy"
    assert clock.seconds == 0


def test_with_growth_each_interval_is_longer_than_the_one_before() -> None:
    clock = SleepingClock()
    observed_at = []

    def observe() -> str:
        observed_at.append(clock.seconds)
        return "draining"

    with pytest.raises(NotReachedError):
        wait_for(
            observe,
            lambda _: False,
            timeout_seconds=10,
            interval_seconds=1,
            growth=2,
            clock=clock,
        )

    assert observed_at == [0, 1, 3, 7, 10]
