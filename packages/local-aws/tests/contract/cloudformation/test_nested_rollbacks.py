"""Nested stacks whose stack rolls back: they go back, or are deleted, with it."""

from __future__ import annotations

from typing import Any

from local_aws_command import eventually
from nested_stacks import StoreTemplate, child_template, nested_stack, own_statuses, parent_template
from stack_driver import BROKEN, StackDriver, parameter, table


def test_a_nested_stack_that_fails_rolls_the_parent_back(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation User Guide, "Troubleshooting": the reason names the nested stack and its."""
    stack = stacks.create(
        unique_name, parent_template(nested_stack(store_template(child_template(Bad=BROKEN))))
    )

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    child_id = stacks.physical_id(unique_name, "Child")
    assert stacks.failures(unique_name) == {
        "Child": f"Embedded stack {child_id} was not successfully created: "
        "The following resource(s) failed to create: [Bad]. "
    }
    assert own_statuses(stacks, child_id) == [
        "CREATE_IN_PROGRESS",
        "CREATE_FAILED",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_nested_update_that_fails_is_rolled_back(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update rollback failed": nested stacks roll back as well."""
    url = store_template(child_template())
    stacks.create(unique_name, parent_template(nested_stack(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    store_template(child_template(Bad={**BROKEN, "DependsOn": "One"}))

    stack = stacks.update(unique_name, parent_template(nested_stack(url, {"Value": "b"})))

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.failures(unique_name)["Child"] == (
        f"Embedded stack {child_id} was not successfully updated. Currently in "
        "UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to update: "
        "[Bad]. "
    )
    assert stacks.described(child_id)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.outputs(child_id) == {"Value": "a"}
    store_template(child_template())
    assert stacks.update(unique_name, parent_template(nested_stack(url, {"Value": "c"})))[
        "StackStatus"
    ] == ("UPDATE_COMPLETE")
    assert stacks.outputs(unique_name) == {"FromChild": "c"}


def test_a_nested_update_is_undone_when_the_parent_fails_later(
    stacks: StackDriver, store_template: StoreTemplate, aws: Any, unique_name: str
) -> None:
    """CloudFormation User Guide, "nested stacks": what the nested update replaced is still there,
    whatever lies at its URL by now."""
    url = store_template(child_template(Moved=parameter("1", Name=f"/{unique_name}/old")))
    stacks.create(unique_name, parent_template(nested_stack(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    store_template(
        child_template(Moved=parameter("1", Name=f"/{unique_name}/new"), Two=parameter("2"))
    )
    late = {**BROKEN, "DependsOn": "Copy"}

    stack = stacks.update(
        unique_name, parent_template(nested_stack(url, {"Value": "b"}), Late=late)
    )

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert own_statuses(stacks, child_id)[2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert stacks.outputs(child_id) == {"Value": "a"}
    found = aws("ssm").get_parameters_by_path(Path=f"/{unique_name}")["Parameters"]
    assert [row["Name"] for row in found] == [f"/{unique_name}/old"]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_kept_failure_keeps_the_nested_update_until_it_is_rolled_back(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """API_UpdateStack, DisableRollback; API_RollbackStack."""
    url = store_template(child_template())
    stacks.create(unique_name, parent_template(nested_stack(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    late = {**BROKEN, "DependsOn": "Copy"}
    parent = parent_template(nested_stack(url, {"Value": "b"}), Late=late)
    assert (
        stacks.update(unique_name, parent, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    )
    assert stacks.outputs(child_id) == {"Value": "b"}

    stacks.client.rollback_stack(StackName=unique_name)

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.outputs(child_id) == {"Value": "a"}


def test_a_nested_rollback_that_failed_is_continued_by_the_root(
    stacks: StackDriver, store_template: StoreTemplate, aws: Any, unique_name: str
) -> None:
    """API_ContinueUpdateRollback: ResourcesToSkip names `NestedStack.Resource`."""
    url = store_template({"Table": table()})
    stacks.create(unique_name, {"Child": nested_stack(url)})
    child_id = stacks.physical_id(unique_name, "Child")
    tagged = table(Tags=[{"Key": "changed", "Value": "yes"}])
    wait = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Condition": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": "Table",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "3"},
        },
    }
    store_template({"Table": tagged, **wait})
    stacks.client.update_stack(StackName=unique_name, UsePreviousTemplate=True)
    eventually(lambda: ("Table", "UPDATE_COMPLETE", "") in stacks.events(child_id))
    aws("dynamodb").delete_table(TableName=stacks.physical_id(child_id, "Table"))
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    assert stacks.described(child_id)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"

    stacks.client.continue_update_rollback(StackName=unique_name)
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    stacks.client.continue_update_rollback(StackName=unique_name, ResourcesToSkip=["Child.Table"])

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.described(child_id)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
