"""Whose lock it is: this process's, a living one's, a dead one's, or one of another machine."""

import json
import os
import subprocess
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evidence.record.processes import ProcessIdentity
from safeguards.operator_lock import LockState, OperatorLock, is_lock_of

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def mine() -> OperatorLock:
    process = ProcessIdentity.of(os.getpid())
    assert process is not None
    return OperatorLock.of(process, "scenario.yml", NOW)


def test_its_text_says_all_of_it(mine: OperatorLock) -> None:
    assert OperatorLock.from_json(mine.to_json()) == mine


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"owner": "ada"}', "null", '"text"'])
def test_something_else_is_no_lock(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
        OperatorLock.from_json(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pid": "1"},
        {"started_at": 7},
        {"owner": None},
        {"pid": True},
        {"run": 7},
        {"renewed_at": "2026-01-01T12:00:00"},
        {"renewed_at": 7},
    ],
    ids=str,
)
def test_a_field_of_another_kind_makes_it_no_lock(
    wrong: dict[str, Any], mine: OperatorLock
) -> None:
    value = json.dumps(asdict(mine) | wrong)
    with pytest.raises(ValueError, match="not a lock"):
        OperatorLock.from_json(value)
    assert not is_lock_of(value, mine)


def test_a_value_of_a_later_version_can_be_read(mine: OperatorLock) -> None:
    assert OperatorLock.from_json(mine.to_json().replace("{", '{"more": 1, ', 1)) == mine


def test_this_process_has_its_own_whatever_it_plays(mine: OperatorLock) -> None:
    later = replace(mine, playbook="deploy.yml")
    assert later.state(mine, NOW) is LockState.OWN
    assert is_lock_of(later.to_json(), mine)
    assert later.state(None, NOW) is LockState.ALIVE


def test_a_process_of_this_machine_is_alive_until_it_ends(mine: OperatorLock) -> None:
    other = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE)
    try:
        process = ProcessIdentity.of(other.pid)
        assert process is not None
        theirs = OperatorLock.of(process, "deploy.yml", NOW)
        assert theirs.state(mine, NOW + timedelta(days=1)) is LockState.ALIVE
    finally:
        other.communicate()
    assert theirs.state(mine, NOW) is LockState.DEAD


@pytest.mark.parametrize(
    "theirs",
    [
        {"host": "elsewhere"},
        # This machine before it was started again, or another one of the same name.
        {"started_at": "00000000-0000-0000-0000-000000000000/1"},
    ],
    ids=["another host", "another boot"],
)
@pytest.mark.parametrize(
    ("minutes", "state"), [(0, LockState.ALIVE), (60, LockState.ALIVE), (61, LockState.STALE)]
)
def test_elsewhere_only_time_can_tell(
    theirs: dict[str, str], minutes: int, state: LockState, mine: OperatorLock
) -> None:
    lock = replace(mine, pid=1, **theirs)
    assert lock.state(mine, NOW + timedelta(minutes=minutes)) is state
    renewed = lock.renewed(NOW + timedelta(minutes=minutes))
    assert renewed.state(mine, NOW + timedelta(minutes=minutes + 59)) is LockState.ALIVE


def test_it_is_described_by_owner_process_playbook_and_age(mine: OperatorLock) -> None:
    lock = replace(mine, owner="ada@desk", pid=4711)
    described = lock.described(NOW + timedelta(minutes=3))
    assert described == "ada@desk (process 4711, scenario.yml, for 3 min)"
