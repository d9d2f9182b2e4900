"""Whose lock is taken over: that of a process that is gone, and of no other."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from evidence.record.processes import ProcessIdentity
from safeguards.lock_takeover import takeover
from safeguards.operator_lock import OperatorLock
from safeguards.refusal import RefusedError

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def mine() -> OperatorLock:
    process = ProcessIdentity.of(os.getpid())
    assert process is not None
    return replace(OperatorLock.of(process, "scenario.yml", NOW), owner="ada@desk")


def test_the_lock_of_this_process_is_not_taken_over(mine: OperatorLock) -> None:
    assert takeover("demo", mine.to_json(), mine, NOW) is None


def test_whoever_is_gone_is_named(mine: OperatorLock) -> None:
    ended = replace(mine, pid=2**22 + 1)
    away = replace(mine, host="elsewhere")

    dead = takeover("demo", ended.to_json(), mine, NOW + timedelta(minutes=3))
    stale = takeover("demo", away.to_json(), mine, NOW + timedelta(minutes=61))

    assert dead == (
        "lock: taken over from ada@desk (process 4194305, scenario.yml, for 3 min), which has ended"
    )
    assert str(stale).endswith("for 61 min), which has not renewed it for an hour")


def test_whoever_is_alive_keeps_it_and_is_named(mine: OperatorLock) -> None:
    held = replace(mine, host="elsewhere")
    expected = "The stack demo is in use by ada@desk .*--name /resilient-service/demo/operator-lock"
    with pytest.raises(RefusedError, match=expected):
        takeover("demo", held.to_json(), mine, NOW)


def test_what_is_no_lock_is_shown(mine: OperatorLock) -> None:
    with pytest.raises(RefusedError, match="holds something else than this project's lock: 'x'"):
        takeover("demo", "x", mine, NOW)
