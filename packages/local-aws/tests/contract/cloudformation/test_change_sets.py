"""The life of a change set: reviewed, executed, outlived."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws_command import eventually
from role_driver import policy_document
from stack_driver import BROKEN, StackDriver, change_rows, parameter, table, template_body

from local_aws.control_plane.cloudformation.rollback_triggers import TriggerWatch

AwsClient = Any

_WITH_PARAMETER = template_body(
    {"Parameters": {"P": {"Type": "String"}}, "Resources": {"One": parameter({"Ref": "P"})}}
)


def test_a_change_set_without_changes_fails(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Create a change set": no changes."""
    stacks.create(unique_name, {"One": parameter("1")})

    change_set = stacks.change_set(unique_name, {"One": parameter("1")})

    assert (change_set["Status"], change_set["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in change_set["StatusReason"]
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")


def test_an_executed_change_set_updates_the_stack_and_is_listed_no_more(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Execute a change set": all others are deleted then."""
    client = stacks.client
    stacks.create(unique_name, {"One": parameter("1")})
    template = {"One": parameter("1"), "Two": parameter("2")}
    change_set = stacks.change_set(unique_name, template)
    client.create_change_set(
        StackName=unique_name, ChangeSetName="other", TemplateBody=template_body(template)
    )

    client.execute_change_set(StackName=unique_name, ChangeSetName="changes")

    stack = stacks.settled(unique_name)
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert stack["ChangeSetId"] == change_set["ChangeSetId"]
    assert stacks.physical_id(unique_name, "Two")
    assert client.list_change_sets(StackName=unique_name)["Summaries"] == []
    named = {"StackName": unique_name, "ChangeSetName": "changes"}
    assert eventually(
        lambda: client.describe_change_set(**named)["ExecutionStatus"] == "EXECUTE_COMPLETE"
    )
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        client.describe_change_set(StackName=unique_name, ChangeSetName="other")
    client.delete_change_set(StackName=unique_name, ChangeSetName="other")  # measured: no error
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        client.execute_change_set(StackName=unique_name, ChangeSetName="changes")
    stacks.update(unique_name, {"One": parameter("1")})
    assert "ChangeSetId" not in stacks.described(unique_name)


def test_members_that_are_empty_are_absent_as_on_aws(stacks: StackDriver, unique_name: str) -> None:
    """API_DescribeStacks and API_DescribeChangeSet, as real answers have been recorded."""
    body = template_body({"One": parameter("1")})
    stacks.client.create_change_set(
        StackName=unique_name, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=body
    )
    change_set = stacks.client.describe_change_set(StackName=unique_name, ChangeSetName="first")
    review = stacks.described(unique_name)

    assert not {"Parameters", "Tags", "OnStackFailure"} & change_set.keys()
    assert change_set["Capabilities"] == []
    assert change_set["RollbackConfiguration"] == {}
    assert review["EnableTerminationProtection"] is False

    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="first")
    stack = stacks.settled(unique_name)
    assert not {"Parameters", "Capabilities", "Outputs"} & stack.keys()
    assert stack["EnableTerminationProtection"] is False
    assert stack["LastUpdatedTime"] >= stack["CreationTime"]
    stacks.delete(unique_name)
    [deleted] = stacks.client.describe_stacks(StackName=stack["StackId"])["Stacks"]
    assert "EnableTerminationProtection" not in deleted


def test_a_stack_in_review_can_be_created_without_its_change_set(
    stacks: StackDriver, unique_name: str
) -> None:
    """As recorded: the stack keeps its id, and the change set is obsolete."""
    template = {"One": parameter("1")}
    reviewed = stacks.change_set(unique_name, template, "CREATE")

    stack = stacks.create(unique_name, template)

    assert (stack["StackId"], stack["StackStatus"]) == (reviewed["StackId"], "CREATE_COMPLETE")
    rows = stacks.events(unique_name)
    assert [status for name, status, _ in rows if name == unique_name] == [
        "REVIEW_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
    ]
    by_id = {"ChangeSetName": reviewed["ChangeSetId"]}
    assert stacks.client.describe_change_set(**by_id)["ExecutionStatus"] == "OBSOLETE"
    with pytest.raises(ClientError, match=r"in its current execution status of \[OBSOLETE\]"):
        stacks.client.execute_change_set(**by_id)


def test_an_update_obsoletes_older_change_sets(stacks: StackDriver, unique_name: str) -> None:
    """API_DescribeChangeSet, "ExecutionStatus": OBSOLETE, because the stack was already updated."""
    stacks.create(unique_name, {"One": parameter("1")})
    stacks.change_set(unique_name, {"One": parameter("2")})
    named = {"StackName": unique_name, "ChangeSetName": "changes"}

    stacks.update(unique_name, {"One": parameter("3")})

    assert stacks.client.describe_change_set(**named)["ExecutionStatus"] == "OBSOLETE"
    with pytest.raises(ClientError, match=r"in its current execution status of \[OBSOLETE\]"):
        stacks.client.execute_change_set(**named)
    assert stacks.described(unique_name)["StackStatus"] == "UPDATE_COMPLETE"


def test_a_change_set_keeps_the_role_and_the_topics_that_it_does_not_mention(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_CreateChangeSet: without "RoleARN" the role that was previously associated with the
    stack; only an empty list of "NotificationARNs" removes all topics."""
    topic = aws("sns").create_topic(Name=unique_name)["TopicArn"]
    trusted = {"Service": "cloudformation.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    role = aws("iam").create_role(
        RoleName=unique_name, AssumeRolePolicyDocument=policy_document(trust)
    )["Role"]["Arn"]
    stacks.create(unique_name, {"One": parameter("1")}, RoleARN=role, NotificationARNs=[topic])

    kept = []
    changes: list[tuple[str, dict[str, Any]]] = [("2", {}), ("3", {"NotificationARNs": []})]
    for value, options in changes:
        changed = stacks.change_set(unique_name, {"One": parameter(value)}, **options)
        stacks.client.execute_change_set(ChangeSetName=changed["ChangeSetId"])
        stack = stacks.settled(unique_name)
        kept.append((stack["RoleARN"], stack["NotificationARNs"]))

    assert kept == [(role, [topic]), (role, [])]


def test_a_change_set_that_the_stacks_state_refuses_changes_nothing(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Continue rolling back an update": there is no update before."""
    changed = {"Table": table(Tags=[{"Key": "changed", "Value": "yes"}]), "Broken": BROKEN}
    stacks.create(unique_name, {"Table": table()})
    stacks.update(unique_name, changed, DisableRollback=True)
    stacks.change_set(
        unique_name, {"Table": table(), "One": parameter("1")}, NotificationARNs=["arn:aws:sns:t"]
    )
    aws("dynamodb").delete_table(TableName=unique_name)
    stacks.client.rollback_stack(StackName=unique_name)
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"

    with pytest.raises(ClientError, match="in UPDATE_ROLLBACK_FAILED state and can not be updated"):
        stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")

    stack = stacks.described(unique_name)
    assert (stack["StackStatus"], stack["NotificationARNs"]) == ("UPDATE_ROLLBACK_FAILED", [])
    assert stack["Capabilities"]


def test_a_change_set_without_capabilities_leaves_the_stack_s(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_ExecuteChangeSet: the stack is updated with the input that the change set was created
    with, and an update without capabilities keeps the stack's, as recorded from AWS."""
    client = stacks.client
    client.create_stack(
        StackName=unique_name,
        TemplateBody=template_body({"One": parameter("1")}),
        Capabilities=["CAPABILITY_IAM"],
    )
    stacks.settled(unique_name)
    for value, given, kept in (
        ("2", [], "CAPABILITY_IAM"),
        ("3", ["CAPABILITY_NAMED_IAM"], "CAPABILITY_NAMED_IAM"),
    ):
        named = {"StackName": unique_name, "ChangeSetName": f"to-{value}"}
        body = template_body({"One": parameter(value)})
        client.create_change_set(**named, TemplateBody=body, Capabilities=given)
        assert client.describe_change_set(**named)["Capabilities"] == given
        client.execute_change_set(**named)
        assert stacks.settled(unique_name)["Capabilities"] == [kept]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"Parameters": [{"ParameterKey": "P", "UsePreviousValue": True}]},
            "Cannot specify UsePreviousValue on Parameters when ChangeSetType is CREATE",
        ),
        (
            {"UsePreviousTemplate": True},
            "Cannot specify usePreviousTemplate as true for a changeSetType CREATE",
        ),
    ],
)
def test_a_new_stack_has_nothing_previous(
    given: dict[str, Any], said: str, stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS."""
    template = {} if "UsePreviousTemplate" in given else {"TemplateBody": _WITH_PARAMETER}

    with pytest.raises(ClientError) as refused:
        stacks.client.create_change_set(
            StackName=unique_name, ChangeSetName="c", ChangeSetType="CREATE", **template, **given
        )

    assert refused.value.response["Error"]["Message"] == said


@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
def test_a_change_set_is_in_execution_until_the_stack_is_complete(
    kind: str, stacks: StackDriver, unique_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """API_DescribeChangeSet: ExecutionStatus; the change set's own Status stays."""
    if kind == "UPDATE":
        stacks.create(unique_name, {"One": parameter("1")})
    goes_on = threading.Event()
    monkeypatch.setattr(TriggerWatch, "monitor", lambda _: not goes_on.wait(30))
    change_set = stacks.change_set(unique_name, {"One": parameter("2")}, kind)

    def shown() -> tuple[str, str]:
        named = {"ChangeSetName": change_set["ChangeSetId"]}
        described = stacks.client.describe_change_set(**named)
        return described["ExecutionStatus"], described["Status"]

    stacks.client.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
    during = shown()
    goes_on.set()
    stacks.settled(unique_name)

    assert during == ("EXECUTE_IN_PROGRESS", "CREATE_COMPLETE")
    assert eventually(lambda: shown() == ("EXECUTE_COMPLETE", "CREATE_COMPLETE"))


@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
def test_a_change_set_whose_stack_rolls_back_has_failed(
    kind: str, stacks: StackDriver, unique_name: str
) -> None:
    """API_DescribeChangeSet: ExecutionStatus."""
    if kind == "UPDATE":
        stacks.create(unique_name, {"One": parameter("1")})
    change_set = stacks.change_set(unique_name, {"One": parameter("2"), "Late": BROKEN}, kind)

    stacks.client.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
    stacks.settled(unique_name)

    def outcome() -> str:
        named = {"ChangeSetName": change_set["ChangeSetId"]}
        return str(stacks.client.describe_change_set(**named)["ExecutionStatus"])

    assert eventually(lambda: outcome() == "EXECUTE_FAILED")


def test_the_executed_change_set_outlives_its_stack(stacks: StackDriver, unique_name: str) -> None:
    """As recorded: it is described by its ARN; one that was not executed is gone."""
    change_set = stacks.change_set(unique_name, {"One": parameter("1")}, "CREATE")
    stacks.client.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
    stacks.settled(unique_name)
    other = stacks.change_set(unique_name, {"One": parameter("2")})

    stacks.delete(unique_name)

    described = stacks.client.describe_change_set(ChangeSetName=change_set["ChangeSetId"])
    assert described["ExecutionStatus"] == "EXECUTE_COMPLETE"
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        stacks.client.describe_change_set(ChangeSetName=other["ChangeSetId"])
    again = stacks.change_set(unique_name, {"One": parameter("1")}, "CREATE")
    assert again["StackId"] != change_set["StackId"]


def test_a_change_set_is_named_by_arn_or_with_its_stack(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_DescribeChangeSet and API_GetTemplate; the words for what is not there are AWS's."""
    with pytest.raises(ClientError, match="StackName is a required parameter"):
        stacks.client.get_template(ChangeSetName="nameless")
    with pytest.raises(ClientError, match="StackName must be specified if ChangeSetName is not"):
        stacks.client.describe_change_set(ChangeSetName="nameless")
    with pytest.raises(ClientError, match=rf"Stack \[{unique_name}\] does not exist"):
        stacks.client.describe_change_set(ChangeSetName="c", StackName=unique_name)
    with pytest.raises(ClientError, match=f"Stack with id {unique_name} does not exist"):
        stacks.described(unique_name)
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        stacks.client.describe_change_set(
            ChangeSetName="arn:aws:cloudformation:us-east-1:123456789012:changeSet/c/1"
        )


def test_a_new_stack_is_in_review_until_its_change_set_is_executed(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation API Reference, CreateChangeSet: ChangeSetType CREATE."""
    change_set = stacks.change_set(unique_name, {"One": parameter("1")}, kind="CREATE")

    assert change_rows(change_set) == [("Add", "One", "")]
    assert stacks.described(unique_name)["StackStatus"] == "REVIEW_IN_PROGRESS"
    stacks.client.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
    stacks.client.get_waiter("stack_create_complete").wait(
        StackName=unique_name, WaiterConfig={"Delay": 1, "MaxAttempts": 10}
    )
    assert stacks.physical_id(unique_name, "One")
    stacks.delete(unique_name)
