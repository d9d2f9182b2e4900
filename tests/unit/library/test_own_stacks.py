"""Which stacks a sweep removes: ours, whose time is over, and that nobody else uses."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from own_stacks import is_own, judged, operator

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


def lock(minutes: float = 0, host: str = "elsewhere", pid: int = 1) -> str:
    renewed_at = (NOW - timedelta(minutes=minutes)).isoformat()
    return json.dumps(
        {
            "owner": "ada@elsewhere",
            "host": host,
            "pid": pid,
            "started_at": "7",
            "renewed_at": renewed_at,
        }
    )


@pytest.mark.parametrize(
    ("expires_at", "held", "expired", "why"),
    [
        ("", "", False, "it never expires"),
        (LATER, "", False, f"it may stay until {LATER}"),
        (BEFORE, "", True, f"its time was over at {BEFORE}"),
        (BEFORE, lock(), False, f"its time was over at {BEFORE}, but ada@elsewhere uses it"),
        (BEFORE, lock(minutes=61), True, f"its time was over at {BEFORE}"),
    ],
)
def test_a_stack_goes_when_its_time_is_over_and_nobody_uses_it(
    expires_at: str, held: str, expired: bool, why: str
) -> None:
    found = judged(stack(expires_at), held, "", NOW)

    assert (found["expired"], found["why"]) == (expired, why)


def test_a_lock_of_the_one_who_asks_or_of_a_process_that_is_gone_is_no_use() -> None:
    here = socket.gethostname()
    assert operator(lock(), lock(), NOW) == ""
    assert operator(lock(host=here, pid=os.getpid()), "", NOW) == "ada@elsewhere"
    assert operator(lock(host=here, pid=2**22 + 1), "", NOW) == ""
    assert operator("not a lock", "", NOW) == "somebody whose lock cannot be read"


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
    held = json.dumps(
        {
            "owner": "ada",
            "host": "x",
            "pid": 1,
            "started_at": "7",
            "renewed_at": "2999-01-01T00:00:00Z",
        }
    )
    aws("ssm").put_parameter(
        Name="/resilient-service/sweep-two/operator-lock", Value=held, Type="String"
    )

    stacks = {each["name"]: each for each in run_module("own_stacks")["stacks"]}

    assert {"sweep-one", "sweep-two"} <= set(stacks)
    assert "foreign" not in stacks
    assert stacks["sweep-one"]["expired"]
    assert stacks["sweep-two"]["in_use_by"] == "ada"
    assert run_module("own_stacks", own_lock=held)["stacks"][-1]["expired"]
