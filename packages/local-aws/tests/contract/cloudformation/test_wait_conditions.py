"""Wait conditions: a stack waits for signals that are put to a handle's URL."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from local_aws_command import eventually
from stack_driver import StackDriver, parameter

AwsClient = Any
Put = Callable[..., int]

_HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def _condition(timeout: int | str = 30, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFormation::WaitCondition",
        "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": timeout, **properties},
    }


def _template(condition: dict[str, Any]) -> dict[str, Any]:
    """A stack with one condition, whose data an output shows."""
    return {
        "Resources": {"Condition": condition, "Handle": _HANDLE, "Late": parameter("late")},
        "Outputs": {"Data": {"Value": {"Fn::GetAtt": "Condition.Data"}}},
    }


def _put(url: str, body: str, method: str = "PUT", **headers: str) -> int:
    """Send a signal as curl and cfn-signal do; returns the status."""
    address = urlsplit(url)
    assert address.hostname == "127.0.0.1"
    connection = http.client.HTTPConnection(address.hostname, address.port or 80, timeout=10)
    connection.request(method, f"{address.path}?{address.query}", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _signal(unique_id: str, status: str = "SUCCESS", **members: Any) -> str:
    message = {"Status": status, "UniqueId": unique_id, "Reason": "ready", "Data": unique_id}
    return json.dumps({**message, **members})


@pytest.fixture
def waiting(stacks: StackDriver, unique_name: str) -> Callable[..., str]:
    """Starts a stack that waits for its condition; returns the handle's URL."""

    def start(condition: dict[str, Any]) -> str:
        stacks.start(unique_name, _template(condition))
        eventually(lambda: ("Condition", "CREATE_IN_PROGRESS") in _states(stacks, unique_name))
        return stacks.physical_id(unique_name, "Handle")

    return start


def _states(stacks: StackDriver, name: str) -> list[tuple[str, str]]:
    return [(logical_id, status) for logical_id, status, _ in stacks.events(name)]


def test_a_condition_is_complete_once_its_count_has_signalled(
    stacks: StackDriver, waiting: Callable[..., str], unique_name: str
) -> None:
    """CloudFormation User Guide, "Create wait conditions": Count; a repeated id counts once.

    It waits after what is created anyway.
    """
    url = waiting(_condition(Count=2))
    assert ("Late", "CREATE_COMPLETE") in _states(stacks, unique_name)
    for body in (_signal("a"), _signal("a", Data="again")):
        assert _put(url, body) == 200
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_IN_PROGRESS"

    assert _put(url, _signal("b", Data={"port": 80})) == 200

    assert stacks.settled(unique_name)["StackStatus"] == "CREATE_COMPLETE"
    assert json.loads(stacks.outputs(unique_name)["Data"]) == {"a": "a", "b": {"port": 80}}
    stack_id = stacks.described(unique_name)["StackId"]
    assert stacks.physical_id(unique_name, "Condition") == f"{stack_id}/Handle"
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert _put(url, _signal("c")) == 403


def test_signals_that_came_before_the_condition_count(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Create wait conditions": the handle's URL is checked."""
    stacks.create(unique_name, {"Handle": _HANDLE})
    assert _put(stacks.physical_id(unique_name, "Handle"), _signal("early")) == 200

    stack = stacks.update(unique_name, _template(_condition("5")))

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.outputs(unique_name)["Data"] == '{"early":"early"}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            _signal("i-1", "FAILURE", Reason="no disk"),
            "WaitCondition received failed message: 'no disk' for uniqueId: i-1",
        ),
        ("not JSON", "Unparsable WaitCondition data"),
        ('{"Status": "SUCCESS"}', "Unparsable WaitCondition data"),
        (_signal("i-1", "MAYBE"), "Unparsable WaitCondition data"),
        ("[" * 5000, "Unparsable WaitCondition data"),
    ],
)
def test_a_failure_ends_the_wait_at_once(
    body: str,
    reason: str,
    stacks: StackDriver,
    waiting: Callable[..., str],
    unique_name: str,
) -> None:
    """CloudFormation User Guide, "Create wait conditions": the stack rolls back."""
    assert _put(waiting(_condition()), body) == 200

    assert stacks.settled(unique_name)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stacks.failures(unique_name) == {"Condition": reason}


def test_a_timeout_fails_the_condition(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::CloudFormation::WaitCondition": Timeout."""
    stack = stacks.create(unique_name, _template(_condition(1, Count=3)))

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    reason = "WaitCondition timed out. Received 0 conditions when expecting 3"
    assert stacks.failures(unique_name) == {"Condition": reason}


def test_a_deletion_ends_the_wait(
    stacks: StackDriver, waiting: Callable[..., str], unique_name: str
) -> None:
    """API_DeleteStack: also while the stack is being created."""
    waiting(_condition())

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_condition_may_wait_for_signals_of_its_creation_policy(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "CreationPolicy attribute": wait conditions, too."""
    condition = {
        "Type": "AWS::CloudFormation::WaitCondition",
        "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": "PT30S"}},
    }
    stacks.start(unique_name, {"Condition": condition})
    eventually(lambda: ("Condition", "CREATE_IN_PROGRESS") in _states(stacks, unique_name))

    stacks.client.signal_resource(
        StackName=unique_name, LogicalResourceId="Condition", UniqueId="a", Status="SUCCESS"
    )

    assert stacks.settled(unique_name)["StackStatus"] == "CREATE_COMPLETE"


def test_the_url_takes_signals_and_nothing_else(
    stacks: StackDriver, waiting: Callable[..., str], unique_name: str
) -> None:
    """CloudFormation User Guide, "Create wait conditions": a presigned URL of S3, to which the
    Content-Type header must be empty."""
    url = waiting(_condition())
    assert _put(url.partition("?")[0], _signal("a")) == 403
    assert _put(url + "x", _signal("a")) == 403
    assert _put(url.replace("Handle", "Condition"), _signal("a")) == 403
    assert _put(url, _signal("a"), "GET") == 403
    assert _put(url, _signal("a"), **{"Content-Type": "application/json"}) == 403
    assert _put(url, _signal("a", Data="x" * 70_000)) == 400
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_IN_PROGRESS"

    assert _put(url, _signal("a"), **{"Content-Type": ""}) == 200
    assert stacks.settled(unique_name)["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"Handle": "https://example.com/x"}, "Handle must be the Ref of a WaitConditionHandle."),
        ({"Timeout": "0"}, "Value of property Timeout must be a positive number."),
        ({"Timeout": "43201"}, "Value for Timeout property must be less than 43200"),
        ({"Timeout": {"Ref": "AWS::NoValue"}}, "Property Timeout cannot be empty."),
        ({"Count": 0}, "Value of property Count must be a positive number."),
    ],
)
def test_properties_that_cannot_be_waited_for_fail_the_condition(
    properties: dict[str, Any], reason: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::CloudFormation::WaitCondition"."""
    stacks.create(unique_name, _template(_condition(**{"timeout": 5, **properties})))

    assert stacks.failures(unique_name) == {"Condition": reason}


def test_a_condition_without_anything_to_wait_for_is_refused(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference: it has a Handle or a CreationPolicy."""
    with pytest.raises(ClientError, match="Property Handle cannot be empty"):
        stacks.create(unique_name, {"C": {"Type": "AWS::CloudFormation::WaitCondition"}})


def test_a_condition_cannot_be_updated(
    stacks: StackDriver, waiting: Callable[..., str], unique_name: str
) -> None:
    """CloudFormation Template Reference: updates aren't supported."""
    _put(waiting(_condition()), _signal("a"))
    assert stacks.settled(unique_name)["StackStatus"] == "CREATE_COMPLETE"

    with pytest.raises(ClientError, match="WaitCondition is not supported"):
        stacks.update(unique_name, _template(_condition(60)))
