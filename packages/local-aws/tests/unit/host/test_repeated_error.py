"""An error that comes ten times a second fills no log, and is not overlooked when it changes."""

from __future__ import annotations

import logging

import pytest

from local_aws.host.repeated_error import RepeatedError, RepeatedErrors


@pytest.fixture
def repeated(caplog: pytest.LogCaptureFixture) -> RepeatedError:
    caplog.set_level(logging.INFO)
    return RepeatedError(logging.getLogger(), "trying")


def fail(repeated: RepeatedError, error: Exception, times: int = 1) -> None:
    def attempt() -> None:
        raise error

    for _ in range(times):
        try:
            attempt()
        except Exception as raised:  # noqa: BLE001 - as its user does
            repeated.failed(raised)


def test_the_same_one_is_logged_once_with_its_traceback(
    repeated: RepeatedError, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(100):
        fail(repeated, OSError("disk full"))

    assert len(caplog.records) == 1
    assert "trying failed" in caplog.text
    assert "Traceback" in caplog.text
    assert "OSError: disk full" in caplog.text


def test_another_one_is_logged_with_how_often_the_one_before_came(
    repeated: RepeatedError, caplog: pytest.LogCaptureFixture
) -> None:
    fail(repeated, OSError("disk full"), times=7)
    fail(repeated, ValueError("disk full"))
    fail(repeated, ValueError("another"), times=2)
    repeated.succeeded()

    assert [record.getMessage() for record in caplog.records] == [
        "trying failed; it is tried again, and the same error is not logged again",
        "trying failed 7 times as above",
        "trying failed; it is tried again, and the same error is not logged again",
        "trying failed 1 times as above",
        "trying failed; it is tried again, and the same error is not logged again",
        "trying works again; it had failed 2 times",
    ]


def test_after_it_has_ended_the_same_one_is_news(
    repeated: RepeatedError, caplog: pytest.LogCaptureFixture
) -> None:
    repeated.succeeded()
    assert not caplog.records
    for _ in range(2):
        fail(repeated, OSError("disk full"))
        repeated.succeeded()
        repeated.succeeded()
    assert len(caplog.records) == 4


def test_each_of_many_things_has_its_own(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    repeated = RepeatedErrors(logging.getLogger())
    for _ in range(3):
        repeated.failed("one", OSError("disk full"))
        repeated.failed("two", OSError("disk full"))
    repeated.succeeded("one")
    repeated.succeeded("three")

    assert [record.getMessage() for record in caplog.records] == [
        "one failed; it is tried again, and the same error is not logged again",
        "two failed; it is tried again, and the same error is not logged again",
        "one works again; it had failed 3 times",
    ]
