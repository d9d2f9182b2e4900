"""Which stacks a sweep removes: ours, whose time is over, and that nobody else uses."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from own_stacks import is_own, judged, lines, operator

from evidence.record import processes
from evidence.record.processes import ProcessIdentity
from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import OperatorLock

NOW = datetime(2027, 1, 31, 18, tzinfo=UTC)
BEFORE, LATER = "2027-01-31T17:59:59Z", "2027-01-31T18:00:01Z"
OWN_TAGS = {
    "Project": "resilient-service",
    "resilient-service:stack": "demo",
    "resilient-service:deployment": "0123abcd",
}


def stack(expires_at: str, tags: dict[str, str] = OWN_TAGS) -> dict[str, Any]:
    return {
        "StackName": "demo",
        "StackId": "arn:demo",
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        "Parameters": [{"ParameterKey": "ExpiresAt", "ParameterValue": expires_at}],
    }


def lock_of(pid: int, minutes: float = 0) -> OperatorLock:
    """Of a process on this machine, renewed so long ago."""
    process = ProcessIdentity.of(pid)
    assert process is not None
    lock = OperatorLock.of(process, "scenario.yml", NOW - timedelta(minutes=minutes))
    return replace(lock, owner="ada@laptop")


def elsewhere(minutes: float = 0) -> str:
    return replace(lock_of(os.getpid(), minutes), host="elsewhere").to_json()


@pytest.mark.parametrize(
    ("expires_at", "held", "expired", "why"),
    [
        ("", None, False, "it never expires"),
        (LATER, None, False, f"it may stay until {LATER}"),
        (BEFORE, None, True, f"its time was over at {BEFORE}"),
        (BEFORE, elsewhere(), False, f"its time was over at {BEFORE}, but ada@laptop uses it"),
        (BEFORE, elsewhere(minutes=61), True, f"its time was over at {BEFORE}"),
    ],
)
def test_a_stack_goes_when_its_time_is_over_and_nobody_uses_it(
    expires_at: str, held: str | None, expired: bool, why: str
) -> None:
    found = judged(stack(expires_at), held, None, NOW)

    assert (found["expired"], found["why"]) == (expired, why)


def test_a_stack_whose_expiry_is_no_time_is_kept_and_named() -> None:
    found = judged(stack("2026-02-30T18:00:00Z"), None, None, NOW)

    assert not found["expired"]
    assert found["why"].startswith("its ExpiresAt, 2026-02-30T18:00:00Z, is not a time (")


def test_a_lock_of_the_one_who_asks_or_of_a_process_that_is_gone_is_no_use() -> None:
    mine = lock_of(os.getpid())
    assert operator(mine.to_json(), mine, NOW) == ""
    assert operator(mine.to_json(), None, NOW) == "ada@laptop"
    assert operator(replace(mine, pid=2**22 + 1).to_json(), None, NOW) == ""


@pytest.mark.parametrize("value", ["", "not a lock", "{}"])
def test_whoever_holds_what_cannot_be_read_is_left_alone(value: str) -> None:
    assert operator(value, None, NOW) == "somebody whose lock cannot be read"


def test_a_pid_that_another_process_has_by_now_is_no_use() -> None:
    mine = lock_of(os.getpid())
    boot, _, tick = mine.started_at.partition("/")
    earlier = replace(mine, started_at=f"{boot}/{int(tick) - 1}")

    assert operator(earlier.to_json(), None, NOW) == ""


def test_a_living_holder_is_found_where_there_is_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS: a stack in use is not swept."""
    exists = Path.exists
    monkeypatch.setattr(processes, "_HAS_PROC", False)
    monkeypatch.setattr(
        Path, "exists", lambda path: not path.is_relative_to("/proc") and exists(path)
    )
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as holder:
        held = lock_of(holder.pid, minutes=120)
        assert operator(held.to_json(), None, NOW) == "ada@laptop"
    assert operator(held.to_json(), None, NOW) == ""


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"Project": "resilient-service"},
        {**OWN_TAGS, "Project": "another"},
        {**OWN_TAGS, "resilient-service:stack": "another"},
        {**OWN_TAGS, "resilient-service:deployment": "x"},
    ],
)
def test_a_stack_without_all_three_tags_is_never_swept(tags: dict[str, str]) -> None:
    assert is_own(stack(BEFORE))
    assert not is_own(stack(BEFORE, tags))


def test_that_there_is_none_is_a_line() -> None:
    assert lines([]) == ["there is no stack of this project"]


def test_it_lists_ours_of_the_account_with_their_locks(
    run_module: Callable[..., dict[str, Any]], aws: Callable[[str], Any]
) -> None:
    body = {
        "Parameters": {"ExpiresAt": {"Type": "String"}},
        "Resources": {
            "One": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {
                    "Name": {"Fn::Sub": "/${AWS::StackName}/one"},
                    "Type": "String",
                    "Value": "1",
                },
            }
        },
    }
    for name, is_ours in (("sweep-one", True), ("sweep-two", True), ("foreign", False)):
        tags = {**OWN_TAGS, "resilient-service:stack": name} if is_ours else {}
        aws("cloudformation").create_stack(
            StackName=name,
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": "ExpiresAt", "ParameterValue": "2020-01-01T00:00:00Z"}],
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
    held = lock_of(os.getpid())
    aws("ssm").put_parameter(Name=parameter_name("sweep-two"), Value=held.to_json(), Type="String")

    found = run_module("own_stacks")
    stacks = {each["name"]: each for each in found["stacks"]}

    assert {"sweep-one", "sweep-two"} <= set(stacks)
    assert "foreign" not in stacks
    assert stacks["sweep-one"]["expired"]
    assert stacks["sweep-two"]["in_use_by"] == "ada@laptop"
    assert "sweep-one is removed: its time was over at 2020-01-01T00:00:00Z" in found["lines"]
    assert any(line.startswith("sweep-two stays: ") for line in found["lines"])
    assert run_module("own_stacks", own_lock=asdict(held))["stacks"][-1]["expired"]
    assert "not a lock: '{}'" in run_module("own_stacks", own_lock={})["msg"]
