"""Change sets show the true changes, and `deploy` commands build on them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, as_parameters, parameter, template_body

from local_aws.control_plane.endpoint.server import ControlPlaneServer


def _change_set(
    stacks: StackDriver, stack_name: str, template: Any, kind: str = "UPDATE", **options: Any
) -> dict[str, Any]:
    stacks.client.create_change_set(
        StackName=stack_name,
        ChangeSetName="changes",
        ChangeSetType=kind,
        TemplateBody=template_body(template),
        Capabilities=["CAPABILITY_IAM"],
        **options,
    )
    described: dict[str, Any] = stacks.client.describe_change_set(
        StackName=stack_name, ChangeSetName="changes"
    )
    return described


def _rows(change_set: dict[str, Any]) -> list[tuple[str, str, str]]:
    changes = [change["ResourceChange"] for change in change_set["Changes"]]
    return [(c["Action"], c["LogicalResourceId"], c.get("Replacement", "")) for c in changes]


def test_a_change_set_lists_what_really_changes(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation API Reference, ResourceChange: action and replacement."""
    stacks.create(
        unique_name,
        {"Same": parameter("1"), "Changed": parameter("1"), "Gone": parameter("1")},
    )
    template = {"Same": parameter("1"), "Changed": parameter("2"), "New": parameter("1")}

    change_set = _change_set(stacks, unique_name, template)

    assert (change_set["Status"], change_set["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert sorted(_rows(change_set)) == [
        ("Add", "New", ""),
        ("Modify", "Changed", "False"),
        ("Remove", "Gone", ""),
    ]
    details = next(c for c in change_set["Changes"] if c["ResourceChange"]["Action"] == "Modify")
    assert details["ResourceChange"]["Details"][0]["Target"]["Name"] == "Value"
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"


def test_a_change_follows_what_it_changes(
    stacks: StackDriver, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation User Guide, "Update stacks using change sets": a new version of the launch
    template changes the group that uses it."""
    stacks.create(unique_name, "service.yaml", service)

    change_set = _change_set(
        stacks,
        unique_name,
        "service.yaml",
        Parameters=as_parameters({**service, "LaunchTemplateVersion": "v2"}),
    )

    assert set(_rows(change_set)) == {
        ("Modify", "LaunchTemplate", "False"),
        ("Modify", "Group", "False"),
    }


def test_a_change_set_without_changes_fails(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Create a change set": no changes."""
    stacks.create(unique_name, {"One": parameter("1")})

    change_set = _change_set(stacks, unique_name, {"One": parameter("1")})

    assert (change_set["Status"], change_set["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in change_set["StatusReason"]
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")


def test_an_executed_change_set_updates_the_stack_and_is_gone(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Execute a change set": all change sets are deleted then."""
    stacks.create(unique_name, {"One": parameter("1")})
    _change_set(stacks, unique_name, {"One": parameter("1"), "Two": parameter("2")})

    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.physical_id(unique_name, "Two")
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        stacks.client.describe_change_set(StackName=unique_name, ChangeSetName="changes")


def test_a_new_stack_is_in_review_until_its_change_set_is_executed(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation API Reference, CreateChangeSet: ChangeSetType CREATE."""
    change_set = _change_set(stacks, unique_name, {"One": parameter("1")}, kind="CREATE")

    assert _rows(change_set) == [("Add", "One", "")]
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
