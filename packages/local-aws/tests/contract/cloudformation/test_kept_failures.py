"""A failed update or creation that is kept (DisableRollback): undone, tried again or deleted."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import BROKEN, StackDriver, parameter

AwsClient = Any


def _kept_failure(stacks: StackDriver, name: str) -> None:
    """A stack whose update has failed and was kept: one changed, one added, one missing."""
    stacks.create(name, {"Changed": parameter("1", Name=f"/{name}/changed")})
    failing = {
        "Changed": parameter("2", Name=f"/{name}/changed"),
        "Added": parameter("1", Name=f"/{name}/added"),
        "Broken": {**BROKEN, "DependsOn": ["Changed", "Added"]},
    }

    stack = stacks.update(name, failing, DisableRollback=True)

    assert stack["StackStatus"] == "UPDATE_FAILED"
    assert stack["StackStatusReason"].startswith("The following resource(s) failed to update")


def _values(aws: AwsClient, name: str) -> dict[str, str]:
    found = aws("ssm").get_parameters_by_path(Path=f"/{name}", Recursive=True)["Parameters"]
    return {row["Name"].removeprefix(f"/{name}/"): row["Value"] for row in found}


def test_a_failed_update_that_is_kept_can_be_rolled_back(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_UpdateStack, DisableRollback; API_RollbackStack: to the last known stable state."""
    _kept_failure(stacks, unique_name)
    assert _values(aws, unique_name) == {"changed": "2", "added": "1"}

    stacks.client.rollback_stack(StackName=unique_name)

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert _values(aws, unique_name) == {"changed": "1"}
    with pytest.raises(ClientError, match="UPDATE_ROLLBACK_COMPLETE state and can not be rolled"):
        stacks.client.rollback_stack(StackName=unique_name)


def test_a_failed_update_that_is_kept_can_be_tried_again(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Stack failure options": retry, with another template, too."""
    _kept_failure(stacks, unique_name)

    again = stacks.update(unique_name, DisableRollback=True)
    repaired = {
        "Changed": parameter("2", Name=f"/{unique_name}/changed"),
        "Added": parameter("1", Name=f"/{unique_name}/added"),
        "Broken": parameter("1", Name=f"/{unique_name}/repaired"),
    }
    with pytest.raises(ClientError, match=r"non-terminal \[UPDATE_FAILED\] state"):
        stacks.update(unique_name, repaired)
    stack = stacks.update(unique_name, repaired, DisableRollback=True)

    assert again["StackStatus"] == "UPDATE_FAILED"
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert _values(aws, unique_name) == {"changed": "2", "added": "1", "repaired": "1"}


def test_a_failed_update_that_is_kept_is_deleted_with_what_it_created(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_DeleteStack: nothing of the stack stays."""
    _kept_failure(stacks, unique_name)

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert _values(aws, unique_name) == {}


def test_an_update_that_keeps_its_failure_replaces_nothing(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_UpdateStack and API_ExecuteChangeSet, DisableRollback; recorded from AWS."""
    stacks.create(unique_name, {"One": parameter("1", Name=f"/{unique_name}/old")})
    moved = {"One": parameter("1", Name=f"/{unique_name}/new")}

    updated = stacks.update(unique_name, moved, DisableRollback=True)

    assert updated["StackStatus"] == "UPDATE_FAILED"
    assert stacks.failures(unique_name) == {
        "One": "Replacement type updates not supported on stack with disable-rollback.",
        unique_name: "The following resource(s) failed to update: [One]. ",
    }
    assert _values(aws, unique_name) == {"old": "1"}
    stacks.client.rollback_stack(StackName=unique_name)
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.update(unique_name, moved)["StackStatus"] == "UPDATE_COMPLETE"
    assert _values(aws, unique_name) == {"new": "1"}


def test_a_failed_creation_that_is_kept_can_be_rolled_back(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_RollbackStack: without a last known stable state, what was created is deleted."""
    good = parameter("1", Name=f"/{unique_name}/good")
    broken = {**BROKEN, "DependsOn": "Good"}
    stacks.create(unique_name, {"Good": good, "Broken": broken}, DisableRollback=True)

    stacks.client.rollback_stack(StackName=unique_name)

    assert stacks.settled(unique_name)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert _values(aws, unique_name) == {}


def test_a_request_may_retain_nothing_of_a_failed_creation(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """API_CreateStack, API_UpdateStack, API_ExecuteChangeSet and API_RollbackStack:
    RetainExceptOnCreate."""

    def resources(name: str) -> dict[str, Any]:
        one = parameter(name, Name=f"/{unique_name}/{name}") | {"DeletionPolicy": "Retain"}
        return {"Other": parameter("1"), name: one, "Broken": BROKEN | {"DependsOn": name}}

    def left() -> list[str]:
        found = aws("ssm").get_parameters_by_path(Path=f"/{unique_name}")["Parameters"]
        return sorted(each["Value"] for each in found)

    stacks.create(unique_name, resources("first"), RetainExceptOnCreate=True)
    assert (stacks.described(unique_name)["StackStatus"], left()) == ("ROLLBACK_COMPLETE", [])
    assert stacks.described(unique_name)["RetainExceptOnCreate"] is True
    stacks.delete(unique_name)
    stacks.create(unique_name, {"Other": parameter("1")})
    stacks.update(unique_name, resources("second"), RetainExceptOnCreate=True)
    assert left() == []
    stacks.change_set(unique_name, resources("third"))
    named = {"StackName": unique_name, "ChangeSetName": "changes"}
    stacks.client.execute_change_set(**named, RetainExceptOnCreate=True)
    stacks.settled(unique_name)
    assert left() == []
    stacks.update(unique_name, resources("fourth"), DisableRollback=True)
    stacks.client.rollback_stack(StackName=unique_name, RetainExceptOnCreate=True)
    stacks.settled(unique_name)
    assert left() == []

    stacks.update(unique_name, resources("fifth"))
    assert left() == ["fifth"]
    aws("ssm").delete_parameter(Name=f"/{unique_name}/fifth")


def test_what_is_retained_except_on_create_goes_with_a_failed_creation(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """CloudFormation Template Reference, "DeletionPolicy attribute": RetainExceptOnCreate."""

    def one(value: str) -> dict[str, Any]:
        return parameter(value, Name=f"/{unique_name}") | {"DeletionPolicy": "RetainExceptOnCreate"}

    def values() -> list[str]:
        found = aws("ssm").get_parameters(Names=[f"/{unique_name}"])["Parameters"]
        return [each["Value"] for each in found]

    stacks.create(unique_name, {"One": one("1"), "Two": BROKEN | {"DependsOn": "One"}})
    assert (stacks.described(unique_name)["StackStatus"], values()) == ("ROLLBACK_COMPLETE", [])
    stacks.delete(unique_name)

    stacks.create(unique_name, {"Other": parameter("1")})
    stacks.update(
        unique_name,
        {"Other": parameter("1"), "One": one("2"), "Two": BROKEN | {"DependsOn": "One"}},
    )
    assert values() == []

    stacks.update(unique_name, {"Other": parameter("1"), "One": one("3")})
    stacks.delete(unique_name)
    assert values() == ["3"]
    aws("ssm").delete_parameter(Name=f"/{unique_name}")


def test_a_failed_creation_that_is_kept_is_gone_on_with(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Stack failure options"; the words as users reported them."""
    good = parameter("1", Name=f"/{unique_name}/good")
    failing = {"Good": good, "Broken": {**BROKEN, "DependsOn": "Good"}}
    stacks.create(unique_name, failing, DisableRollback=True)

    with pytest.raises(ClientError, match=r"non-terminal \[CREATE_FAILED\] state"):
        stacks.update(unique_name, failing)
    again = stacks.update(unique_name, failing, DisableRollback=True)
    assert again["StackStatus"] == "UPDATE_FAILED"
    repaired = {"Good": good, "Broken": parameter("1", Name=f"/{unique_name}/repaired")}
    stack = stacks.update(unique_name, repaired, DisableRollback=True)
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert _values(aws, unique_name) == {"good": "1", "repaired": "1"}


def test_a_creation_that_never_was_complete_is_rolled_back_to_nothing(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_RollbackStack: there is no last known stable state."""
    good = parameter("1", Name=f"/{unique_name}/good")
    failing = {"Good": good, "Broken": {**BROKEN, "DependsOn": "Good"}}
    stacks.create(unique_name, failing, DisableRollback=True)
    stacks.update(unique_name, failing, DisableRollback=True)

    stacks.client.rollback_stack(StackName=unique_name)
    assert stacks.settled(unique_name)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert _values(aws, unique_name) == {}
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_creation_that_was_to_do_nothing_is_not_gone_on_with(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_CreateStack, OnFailure; the words as users reported them."""
    stacks.create(unique_name, {"Broken": BROKEN}, OnFailure="DO_NOTHING")
    with pytest.raises(ClientError, match=r"contains \[on-failure: DO_NOTHING\]"):
        stacks.update(unique_name, {"Broken": parameter("1")}, DisableRollback=True)
