from __future__ import annotations

import pytest

from recommendation_server.aws import AwsError, OutageError
from recommendation_server.breaker import FAILURES_TO_OPEN, RETRY_SECONDS, Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def outage() -> None:
    raise OutageError("ReadTimeoutError")


def refusal() -> None:
    raise AwsError("ResourceNotFoundException")


def code(breaker: Breaker, function: object) -> str:
    with pytest.raises(AwsError) as caught:
        breaker.call(function)  # type: ignore[arg-type]
    return caught.value.code


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES_TO_OPEN):
        assert code(breaker, outage) == "ReadTimeoutError"
    return breaker


def test_opens_after_consecutive_outages_and_then_asks_nobody() -> None:
    breaker = opened(Clock())
    assert breaker.is_open()
    assert code(breaker, pytest.fail) == "CircuitOpen"


def test_a_refusal_is_an_answer() -> None:
    breaker = Breaker(Clock())
    for _ in range(FAILURES_TO_OPEN * 3):
        code(breaker, refusal)
    assert not breaker.is_open()


def test_an_answer_between_outages_starts_the_count_again() -> None:
    breaker = Breaker(Clock())
    for function in (outage, outage, refusal, outage, outage):
        code(breaker, function)
    assert not breaker.is_open()


def test_one_trial_a_second_and_one_success_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += RETRY_SECONDS
    assert code(breaker, outage) == "ReadTimeoutError"
    assert code(breaker, pytest.fail) == "CircuitOpen"
    clock.now += RETRY_SECONDS
    assert breaker.call(lambda: "item") == "item"
    assert not breaker.is_open()
    assert breaker.call(lambda: "item") == "item"
