"""Whose lock is taken over: that of a process that is gone, and of no other."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evidence.record.processes import ProcessIdentity
from safeguards.lock_takeover import taken_over, takeover
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


def found(value: str | None, version: int) -> dict[str, Any]:
    lock = {"held": value is None, "value": value, "version": version}
    return {"stack": {"name": "demo"}, "lock": lock}


def test_a_lock_that_nobody_has_is_not_taken_over(mine: OperatorLock) -> None:
    held = found(None, 1)
    assert taken_over(held, mine, NOW, lambda _: pytest.fail("it is held")) == ([], held)


def test_whoever_was_quicker_and_is_gone_too_is_replaced_too(mine: OperatorLock) -> None:
    first, second = (replace(mine, pid=2**22 + number) for number in (1, 2))
    answers = {1: found(second.to_json(), 2), 2: found(None, 3)}

    lines, last = taken_over(found(first.to_json(), 1), mine, NOW, answers.__getitem__)

    assert last == answers[2]
    assert [line.partition("process ")[2][:7] for line in lines] == [str(second.pid)]


def test_whoever_was_quicker_and_is_alive_keeps_it(mine: OperatorLock) -> None:
    dead, alive = replace(mine, pid=2**22 + 1), replace(mine, host="elsewhere", owner="bob@away")
    with pytest.raises(RefusedError, match="in use by bob@away"):
        taken_over(found(dead.to_json(), 1), mine, NOW, lambda _: found(alive.to_json(), 2))
