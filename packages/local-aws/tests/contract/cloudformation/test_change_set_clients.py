"""Clients that build on change sets: `aws cloudformation deploy`, and the check mode of Ansible."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from stack_driver import StackDriver, parameter, template_body

from local_aws.control_plane.endpoint.server import ControlPlaneServer


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


def test_ansible_reports_the_real_changes_in_check_mode(
    control_plane: ControlPlaneServer, stacks: StackDriver, unique_name: str, tmp_path: Path
) -> None:
    """amazon.aws.cloudformation reads the changes for its check mode from a change set."""
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
