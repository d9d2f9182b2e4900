"""Nested stacks: created, updated, rolled back and deleted with the stack that holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws_command import eventually
from stack_driver import BROKEN, StackDriver, parameter, table, template_body

AwsClient = Any
Store = Callable[..., str]


@pytest.fixture
def store(aws: AwsClient, bucket: str) -> Store:
    """Puts a template into S3; returns its URL at the local endpoint."""
    s3 = aws("s3")

    def put(template: dict[str, Any], key: str = "child") -> str:
        s3.put_object(Bucket=bucket, Key=key, Body=template_body(template))
        return f"{s3.meta.endpoint_url}/{bucket}/{key}"

    return put


def _nested(
    url: str, parameters: dict[str, Any] | None = None, **attributes: Any
) -> dict[str, Any]:
    properties: dict[str, Any] = {"TemplateURL": url, **attributes.pop("properties", {})}
    if parameters:
        properties["Parameters"] = parameters
    return {"Type": "AWS::CloudFormation::Stack", "Properties": properties, **attributes}


def _child(**resources: Any) -> dict[str, Any]:
    """A template with a parameter whose value it stores and puts out."""
    return {
        "Parameters": {"Value": {"Type": "String", "Default": "default"}},
        "Resources": {"One": parameter({"Ref": "Value"}), **resources},
        "Outputs": {"Value": {"Value": {"Fn::GetAtt": "One.Value"}}},
    }


def _parent(child: dict[str, Any], **resources: Any) -> dict[str, Any]:
    """A template whose output and whose second parameter are the nested stack's output."""
    output = {"Fn::GetAtt": "Child.Outputs.Value"}
    return {
        "Resources": {"Child": child, "Copy": parameter(output), **resources},
        "Outputs": {"FromChild": {"Value": output}},
    }


def _statuses(stacks: StackDriver, stack_id: str) -> list[str]:
    """The states of the stack itself, the oldest first."""
    name = stack_id.split("/")[1]
    return [status for logical_id, status, _ in stacks.events(stack_id) if logical_id == name]


def test_a_nested_stack_lives_and_dies_with_its_parent(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation User Guide, "Split a template into reusable pieces using nested stacks"."""
    child = _nested(
        store(_child()),
        {"Value": "given"},
        properties={
            "Tags": [{"Key": "own", "Value": "1"}],
            "NotificationARNs": ["arn:aws:sns:us-east-1:123456789012:t"],
            "TimeoutInMinutes": 5,
        },
    )
    tags = [{"Key": "of", "Value": "parent"}]

    stack = stacks.create(unique_name, _parent(child), Tags=tags)

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
    assert _statuses(stacks, child_id) == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    listed = stacks.client.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    assert child_id in [row["StackId"] for row in listed if row.get("ParentId") == stack["StackId"]]

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.described(child_id)["StackStatus"] == "DELETE_COMPLETE"


def test_an_update_reaches_the_nested_stack_in_place(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update behaviors of stack resources": the stack stays the same;
    what it replaces is deleted once the whole update is complete."""
    url = store(_child(Moved=parameter("1", Name=f"/{unique_name}/old")))
    stacks.create(unique_name, _parent(_nested(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    store(_child(Moved=parameter("1", Name=f"/{unique_name}/new")))

    stack = stacks.update(unique_name, _parent(_nested(url, {"Value": "b"})))

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.physical_id(unique_name, "Child") == child_id
    assert stacks.outputs(unique_name) == {"FromChild": "b"}
    assert _statuses(stacks, child_id)[2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    events = stacks.events(child_id)
    assert events.index(("Moved", "DELETE_COMPLETE", "")) > [
        status for _, status, _ in events
    ].index("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")


def test_a_changed_template_alone_is_an_update(
    stacks: StackDriver, store: Store, aws: AwsClient, unique_name: str
) -> None:
    """API_ResourceChangeDetail, ChangeSource "Automatic": the nested template may have changed."""
    url = store(_child())
    stacks.create(unique_name, _parent(_nested(url)))
    child_id = stacks.physical_id(unique_name, "Child")

    assert stacks.update(unique_name)["StackStatus"] == "UPDATE_COMPLETE"
    assert _statuses(stacks, child_id) == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]

    changed = _child()
    changed["Resources"]["One"] = parameter("new")
    store(changed)
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


def test_a_nested_stack_that_fails_rolls_the_parent_back(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation User Guide, "Troubleshooting": the reason names the nested stack and its."""
    stack = stacks.create(unique_name, _parent(_nested(store(_child(Bad=BROKEN)))))

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    child_id = stacks.physical_id(unique_name, "Child")
    assert stacks.failures(unique_name) == {
        "Child": f"Embedded stack {child_id} was not successfully created: "
        "The following resource(s) failed to create: [Bad]. "
    }
    assert _statuses(stacks, child_id) == [
        "CREATE_IN_PROGRESS",
        "CREATE_FAILED",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_nested_update_that_fails_is_rolled_back(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update rollback failed": nested stacks roll back as well."""
    url = store(_child())
    stacks.create(unique_name, _parent(_nested(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    store(_child(Bad={**BROKEN, "DependsOn": "One"}))

    stack = stacks.update(unique_name, _parent(_nested(url, {"Value": "b"})))

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.failures(unique_name)["Child"] == (
        f"Embedded stack {child_id} was not successfully updated. Currently in "
        "UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to update: "
        "[Bad]. "
    )
    assert stacks.described(child_id)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.outputs(child_id) == {"Value": "a"}
    store(_child())
    assert stacks.update(unique_name, _parent(_nested(url, {"Value": "c"})))["StackStatus"] == (
        "UPDATE_COMPLETE"
    )
    assert stacks.outputs(unique_name) == {"FromChild": "c"}


def test_a_nested_update_is_undone_when_the_parent_fails_later(
    stacks: StackDriver, store: Store, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "nested stacks": what the nested update replaced is still there,
    whatever lies at its URL by now."""
    url = store(_child(Moved=parameter("1", Name=f"/{unique_name}/old")))
    stacks.create(unique_name, _parent(_nested(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    store(_child(Moved=parameter("1", Name=f"/{unique_name}/new"), Two=parameter("2")))
    late = {**BROKEN, "DependsOn": "Copy"}

    stack = stacks.update(unique_name, _parent(_nested(url, {"Value": "b"}), Late=late))

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert _statuses(stacks, child_id)[2:] == [
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
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """API_UpdateStack, DisableRollback; API_RollbackStack."""
    url = store(_child())
    stacks.create(unique_name, _parent(_nested(url, {"Value": "a"})))
    child_id = stacks.physical_id(unique_name, "Child")
    late = {**BROKEN, "DependsOn": "Copy"}
    parent = _parent(_nested(url, {"Value": "b"}), Late=late)
    assert (
        stacks.update(unique_name, parent, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    )
    assert stacks.outputs(child_id) == {"Value": "b"}

    stacks.client.rollback_stack(StackName=unique_name)

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.outputs(child_id) == {"Value": "a"}


def test_a_nested_stack_that_is_dropped_is_deleted(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update behaviors of stack resources"."""
    grandchild = _nested(store(_child(), "grandchild"))
    middle = {"Resources": {"Grandchild": grandchild}}
    kept = parameter("kept")
    root = {"Kept": kept, "Middle": _nested(store(middle, "middle"))}
    root_id = stacks.create(unique_name, root)["StackId"]
    middle_id = stacks.physical_id(unique_name, "Middle")
    grandchild_id = stacks.physical_id(middle_id, "Grandchild")
    lowest = stacks.described(grandchild_id)
    assert (lowest["ParentId"], lowest["RootId"]) == (middle_id, root_id)

    stacks.update(unique_name, {"Kept": kept})

    for stack_id in (middle_id, grandchild_id):
        assert stacks.described(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_a_nested_stack_that_cannot_be_deleted_fails_the_deletion(
    stacks: StackDriver, store: Store, aws: AwsClient, unique_name: str
) -> None:
    """API_DeleteStack: DELETE_FAILED, and deleted once nothing hinders it."""
    protected = table(DeletionProtectionEnabled=True)
    stacks.create(unique_name, {"Child": _nested(store({"Table": protected}))})
    child_id = stacks.physical_id(unique_name, "Child")

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_FAILED"
    assert stacks.failures(unique_name)["Child"] == (
        f"Embedded stack {child_id} was not successfully deleted: "
        "The following resource(s) failed to delete: [Table]. "
    )

    name = stacks.physical_id(child_id, "Table")
    aws("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=False)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_capabilities_are_the_parents(stacks: StackDriver, store: Store, unique_name: str) -> None:
    """CloudFormation User Guide, "Acknowledging IAM resources in CloudFormation templates"."""
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    loop = {"Fn::ForEach::L": ["X", ["a"], {"P${X}": parameter("1")}]}
    parent = {
        "Role": _nested(store({"Role": role}, "role")),
        "Macro": _nested(
            store({"Transform": "AWS::LanguageExtensions", "Resources": loop}, "macro"),
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
    change: dict[str, Any], reason: str, stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::CloudFormation::Stack"."""
    child = _nested(store(_child()))
    child["Properties"].update(change)

    assert stacks.create(unique_name, {"Child": child})["StackStatus"] == "ROLLBACK_COMPLETE"

    assert reason in stacks.failures(unique_name)["Child"]


def test_an_output_that_a_nested_stack_does_not_have(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::CloudFormation::Stack": Outputs.<name>."""
    copy = parameter({"Fn::GetAtt": "Child.Outputs.None"})

    stacks.create(unique_name, {"Child": _nested(store(_child())), "Copy": copy})

    assert stacks.failures(unique_name)["Copy"].startswith("Output 'None' not found in stack")


def test_a_template_that_nests_itself_ends(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """Nothing on AWS ends it but a quota."""
    url = store({"One": parameter("1")})
    store({"Child": _nested(url)})

    stack = stacks.create(unique_name, {"Child": _nested(url)})

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    living = [
        row for row in stacks.client.describe_stacks()["Stacks"] if unique_name in row["StackName"]
    ]
    assert len(living) == 1


def test_a_deletion_reaches_a_nested_stack_that_waits(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """API_DeleteStack: also while the stack is being created."""
    waits = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Condition": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "300"},
        },
    }
    stacks.start(unique_name, {"Child": _nested(store(waits))})
    eventually(lambda: stacks.physical_id(unique_name, "Child").startswith("arn:"))
    child_id = stacks.physical_id(unique_name, "Child")

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.described(child_id)["StackStatus"] == "DELETE_COMPLETE"


def test_the_root_protects_and_continues_for_its_nested_stacks(
    stacks: StackDriver, store: Store, unique_name: str
) -> None:
    """CloudFormation User Guide, "Protect stacks"; API_ContinueUpdateRollback."""
    stacks.create(
        unique_name, {"Child": _nested(store(_child()))}, EnableTerminationProtection=True
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


def test_a_nested_rollback_that_failed_is_continued_by_the_root(
    stacks: StackDriver, store: Store, aws: AwsClient, unique_name: str
) -> None:
    """API_ContinueUpdateRollback: ResourcesToSkip names `NestedStack.Resource`."""
    url = store({"Table": table()})
    stacks.create(unique_name, {"Child": _nested(url)})
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
    store({"Table": tagged, **wait})
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
