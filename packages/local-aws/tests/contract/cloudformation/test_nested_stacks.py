"""Nested stacks: created, updated and deleted with the stack that holds them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws_command import eventually
from nested_stacks import StoreTemplate, child_template, nested_stack, own_statuses, parent_template
from role_driver import EC2_ASSUMES_IT
from stack_driver import StackDriver, parameter, table, template_body


def test_a_nested_stack_lives_and_dies_with_itsparent(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation User Guide, "Split a template into reusable pieces using nested stacks"."""
    child = nested_stack(
        store_template(child_template()),
        {"Value": "given"},
        properties={
            "Tags": [{"Key": "own", "Value": "1"}],
            "NotificationARNs": ["arn:aws:sns:us-east-1:123456789012:t"],
            "TimeoutInMinutes": 5,
        },
    )
    tags = [{"Key": "of", "Value": "parent"}]

    stack = stacks.create(unique_name, parent_template(child), Tags=tags)

    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.events(unique_name)
    assert stacks.outputs(unique_name) == {"FromChild": "given"}
    child_id = stacks.physical_id(unique_name, "Child")
    nested = stacks.described(child_id)
    assert nested["StackName"].startswith(f"{unique_name}-Child-")
    assert (nested["ParentId"], nested["RootId"]) == (stack["StackId"], stack["StackId"])
    assert {tag["Key"] for tag in nested["Tags"]} == {"of", "own"}
    assert nested["TimeoutInMinutes"] == 5
    assert nested["NotificationARNs"] == ["arn:aws:sns:us-east-1:123456789012:t"]
    assert "EnableTerminationProtection" not in nested
    assert own_statuses(stacks, child_id) == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    listed = stacks.client.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    assert child_id in [row["StackId"] for row in listed if row.get("ParentId") == stack["StackId"]]

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.described(child_id)["StackStatus"] == "DELETE_COMPLETE"


def test_an_update_reaches_the_nested_stack_in_place(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update behaviors of stack resources": the stack stays the same;
    what it replaces is deleted once the whole update is complete."""
    url = store_template(child_template(Moved=parameter("1", Name=f"/{unique_name}/old")))
    stacks.create(unique_name, parent_template(nested_stack(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    store_template(child_template(Moved=parameter("1", Name=f"/{unique_name}/new")))

    stack = stacks.update(unique_name, parent_template(nested_stack(url, {"Value": "b"})))

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.physical_id(unique_name, "Child") == child_id
    assert stacks.outputs(unique_name) == {"FromChild": "b"}
    assert own_statuses(stacks, child_id)[2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    events = stacks.events(child_id)
    assert events.index(("Moved", "DELETE_COMPLETE", "")) > [
        status for _, status, _ in events
    ].index("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")


def test_a_changed_template_alone_is_an_update(
    stacks: StackDriver, store_template: StoreTemplate, aws: Any, unique_name: str
) -> None:
    """API_ResourceChangeDetail, ChangeSource "Automatic": the nested template may have changed."""
    url = store_template(child_template())
    stacks.create(unique_name, parent_template(nested_stack(url)))
    child_id = stacks.physical_id(unique_name, "Child")

    assert stacks.update(unique_name)["StackStatus"] == "UPDATE_COMPLETE"
    assert own_statuses(stacks, child_id) == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]

    changed = child_template()
    changed["Resources"]["One"] = parameter("new")
    store_template(changed)
    aws("cloudformation").create_change_set(
        StackName=unique_name, ChangeSetName="look", UsePreviousTemplate=True
    )
    shown = stacks.client.describe_change_set(StackName=unique_name, ChangeSetName="look")
    changes = {
        row["ResourceChange"]["LogicalResourceId"]: row["ResourceChange"]
        for row in shown["Changes"]
    }
    assert changes["Child"]["Details"][0]["ChangeSource"] == "Automatic"
    assert set(changes) == {"Child", "Copy"}
    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="look")
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.outputs(unique_name) == {"FromChild": "new"}


def test_a_nested_stack_that_is_dropped_is_deleted(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update behaviors of stack resources"."""
    grandchild = nested_stack(store_template(child_template(), "grandchild"))
    middle = {"Resources": {"Grandchild": grandchild}}
    kept = parameter("kept")
    root = {"Kept": kept, "Middle": nested_stack(store_template(middle, "middle"))}
    root_id = stacks.create(unique_name, root)["StackId"]
    middle_id = stacks.physical_id(unique_name, "Middle")
    grandchild_id = stacks.physical_id(middle_id, "Grandchild")
    lowest = stacks.described(grandchild_id)
    assert (lowest["ParentId"], lowest["RootId"]) == (middle_id, root_id)

    stacks.update(unique_name, {"Kept": kept})

    for stack_id in (middle_id, grandchild_id):
        assert stacks.described(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_a_nested_stack_that_cannot_be_deleted_fails_the_deletion(
    stacks: StackDriver, store_template: StoreTemplate, aws: Any, unique_name: str
) -> None:
    """API_DeleteStack: DELETE_FAILED, and deleted once nothing hinders it."""
    protected = table(DeletionProtectionEnabled=True)
    stacks.create(unique_name, {"Child": nested_stack(store_template({"Table": protected}))})
    child_id = stacks.physical_id(unique_name, "Child")

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_FAILED"
    assert stacks.failures(unique_name)["Child"] == (
        f"Embedded stack {child_id} was not successfully deleted: "
        "The following resource(s) failed to delete: [Table]. "
    )

    name = stacks.physical_id(child_id, "Table")
    aws("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=False)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_capabilities_are_the_parents(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation User Guide, "Acknowledging IAM resources in CloudFormation templates"."""
    trust = {"Version": "2012-10-17", "Statement": [EC2_ASSUMES_IT]}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    loop = {"Fn::ForEach::L": ["X", ["a"], {"P${X}": parameter("1")}]}
    parent = {
        "Role": nested_stack(store_template({"Role": role}, "role")),
        "Macro": nested_stack(
            store_template({"Transform": "AWS::LanguageExtensions", "Resources": loop}, "macro"),
            DependsOn="Role",
        ),
    }
    for given, failed, missing in (
        ([], "Role", "CAPABILITY_IAM"),
        (["CAPABILITY_IAM"], "Macro", "CAPABILITY_AUTO_EXPAND"),
    ):
        name = f"{unique_name}-{missing[11:14].lower()}"
        stacks.client.create_stack(
            StackName=name, TemplateBody=template_body(parent), Capabilities=given
        )
        assert stacks.settled(name)["StackStatus"] == "ROLLBACK_COMPLETE"
        assert stacks.failures(name) == {failed: f"Requires capabilities : [{missing}]"}
        stacks.delete(name)
    assert stacks.create(unique_name, parent)["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"TemplateURL": "https://example.com/t"}, "TemplateURL must be a supported URL."),
        ({"Parameters": {"Unknown": "1"}}, "Parameters: [Unknown] do not exist in the template"),
        ({"StackName": "mine"}, "Encountered unsupported property StackName"),
    ],
)
def test_what_is_wrong_with_a_nested_stack_is_its_reason(
    change: dict[str, Any],
    reason: str,
    stacks: StackDriver,
    store_template: StoreTemplate,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, "AWS::CloudFormation::Stack"."""
    child = nested_stack(store_template(child_template()))
    child["Properties"].update(change)

    assert stacks.create(unique_name, {"Child": child})["StackStatus"] == "ROLLBACK_COMPLETE"

    assert reason in stacks.failures(unique_name)["Child"]


def test_an_output_that_a_nested_stack_does_not_have(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::CloudFormation::Stack": Outputs.<name>."""
    copy = parameter({"Fn::GetAtt": "Child.Outputs.None"})

    stacks.create(
        unique_name, {"Child": nested_stack(store_template(child_template())), "Copy": copy}
    )

    assert stacks.failures(unique_name)["Copy"].startswith("Output 'None' not found in stack")


def test_a_template_that_nests_itself_ends(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """Nothing on AWS ends it but a quota."""
    url = store_template({"One": parameter("1")})
    store_template({"Child": nested_stack(url)})

    stack = stacks.create(unique_name, {"Child": nested_stack(url)})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    living = [
        row for row in stacks.client.describe_stacks()["Stacks"] if unique_name in row["StackName"]
    ]
    assert len(living) == 1


def test_a_deletion_reaches_a_nested_stack_that_waits(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """API_DeleteStack: also while the stack is being created."""
    waits = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Condition": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "300"},
        },
    }
    stacks.start(unique_name, {"Child": nested_stack(store_template(waits))})
    eventually(lambda: stacks.physical_id(unique_name, "Child").startswith("arn:"))
    child_id = stacks.physical_id(unique_name, "Child")

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.described(child_id)["StackStatus"] == "DELETE_COMPLETE"


def test_the_root_protects_and_continues_for_its_nested_stacks(
    stacks: StackDriver, store_template: StoreTemplate, unique_name: str
) -> None:
    """CloudFormation User Guide, "Protect stacks"; API_ContinueUpdateRollback."""
    stacks.create(
        unique_name,
        {"Child": nested_stack(store_template(child_template()))},
        EnableTerminationProtection=True,
    )
    child_id = stacks.physical_id(unique_name, "Child")
    client = stacks.client

    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        client.delete_stack(StackName=child_id)
    with pytest.raises(ClientError, match="cannot be changed directly on the nested stack"):
        client.update_termination_protection(StackName=child_id, EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="cannot be invoked on child stacks"):
        client.continue_update_rollback(StackName=child_id)
    with pytest.raises(ClientError, match="has no change sets of nested stacks"):
        client.create_change_set(
            StackName=unique_name,
            ChangeSetName="nested",
            UsePreviousTemplate=True,
            IncludeNestedStacks=True,
        )
    client.update_termination_protection(StackName=unique_name, EnableTerminationProtection=False)
