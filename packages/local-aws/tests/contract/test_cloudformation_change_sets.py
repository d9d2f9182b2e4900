"""The life of a change set: reviewed, executed, outlived; and the commands that build on them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, change_rows, parameter, template_body

from local_aws.control_plane.endpoint.server import ControlPlaneServer


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
    executed = client.describe_change_set(StackName=unique_name, ChangeSetName="changes")
    assert executed["ExecutionStatus"] == "EXECUTE_COMPLETE"
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        client.describe_change_set(StackName=unique_name, ChangeSetName="other")
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


def test_the_command_line_deploys_a_stack_twice(
    control_plane: ControlPlaneServer, stacks: StackDriver, unique_name: str, tmp_path: Path
) -> None:
    """AWS CLI Command Reference, "cloudformation deploy"."""
    template = tmp_path / "template.json"
    template.write_text(template_body({"One": parameter("1")}))
    aws_command = Path(sys.executable).parent / "aws"

    def deploy() -> str:
        done = subprocess.run(
            [
                *(str(aws_command), "cloudformation", "deploy"),
                *("--stack-name", unique_name, "--template-file", str(template)),
                "--no-fail-on-empty-changeset",
            ],
            env=_environment(control_plane),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    assert "Successfully created/updated stack" in deploy()
    assert "No changes to deploy" in deploy()
    # The command names a change set after the second; the empty one would be in the next one's way.
    for left in stacks.client.list_change_sets(StackName=unique_name)["Summaries"]:
        stacks.client.delete_change_set(ChangeSetName=left["ChangeSetId"])
    template.write_text(template_body({"One": parameter("2")}))
    assert "Successfully created/updated stack" in deploy()
    assert stacks.described(unique_name)["StackStatus"] == "UPDATE_COMPLETE"
    stacks.delete(unique_name)


def test_ansible_tells_the_truth_in_check_mode(
    control_plane: ControlPlaneServer, stacks: StackDriver, unique_name: str, tmp_path: Path
) -> None:
    """amazon.aws.cloudformation makes its check mode of a change set."""
    stacks.create(unique_name, {"One": parameter("1")})
    command = Path(sys.executable).parent / "ansible"

    def check(template: dict[str, Any]) -> dict[str, Any]:
        body = tmp_path / "template.json"
        body.write_text(template_body(template))
        arguments = {"stack_name": unique_name, "template": str(body)}
        done = subprocess.run(
            [
                *(str(command), "localhost", "-m", "amazon.aws.cloudformation", "--check"),
                *("-e", f"ansible_python_interpreter='{sys.executable}'"),
                *("-a", json.dumps(arguments)),
            ],
            env={**_environment(control_plane), "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        result: dict[str, Any] = json.loads(done.stdout.partition("=>")[2])
        return result

    assert not check({"One": parameter("1")})["changed"]
    changed = check({"One": parameter("1"), "Two": parameter("1")})
    assert changed["changed"]
    changes = [change["ResourceChange"] for change in changed["meta"]]
    assert [(c["Action"], c["LogicalResourceId"]) for c in changes] == [("Add", "Two")]


def _environment(control_plane: ControlPlaneServer) -> dict[str, str]:
    return {
        "PATH": str(Path(sys.executable).parent) + ":/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "ANSIBLE_LOCAL_TEMP": "/tmp",  # noqa: S108 - a module's scratch folder
        "AWS_ENDPOINT_URL": control_plane.endpoint,
        "AWS_ACCESS_KEY_ID": "AKIAADMINISTRATOR000",
        "AWS_SECRET_ACCESS_KEY": "administrator",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
