"""Running a playbook again changes nothing, and what was removed is really gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from api_recorder import ApiRecorder

FILES = Path(__file__).parents[3] / "files"


@pytest.mark.usefixtures("deployed")
def test_deploying_again_changes_nothing(playbook):
    again = playbook("deploy.yml")

    assert again.status == 0, again.output
    assert again.changed == 0


@pytest.mark.usefixtures("deployed")
def test_check_mode_tells_the_truth_and_changes_nothing(playbook, aws):
    before = aws("cloudformation").describe_stacks()["Stacks"]

    same = playbook("deploy.yml", "--check")
    other = playbook("deploy.yml", "--check", "--extra-vars", "service_stack_release=9.9.9")

    assert same.status == 0, same.output
    assert same.changed == 0
    assert "changes:" not in same.output
    assert "LaunchTemplateVersion: 1.0.0 -> 9.9.9" in other.output
    assert other.status == 0, other.output
    assert other.changed > 0
    assert aws("cloudformation").describe_stacks()["Stacks"] == before


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the folder `files`, to be changed; its server is deployed with `given`."""
    return Path(shutil.copytree(FILES, tmp_path / "files"))


def given(files: Path) -> tuple[str, str]:
    return "-e", f"service_stack_server_directory={files / 'recommendation_server'}"


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("plan", [("--check", "--diff"), ("-e", "plan=true")])
def test_a_plan_compares_all_that_a_deployment_sends_and_writes_nothing(
    plan: tuple[str, ...],
    files: Path,
    home: Path,
    playbook: Callable[..., Any],
) -> None:
    server, program = files / "recommendation_server/health.py", files / "install_server.py"

    with ApiRecorder(home) as recorder:
        same = playbook("deploy.yml", *plan, *given(files))
        server.write_text(server.read_text() + "\n\nADDED = 1\n")
        archive = playbook("deploy.yml", *plan, *given(files))
        program.write_text(program.read_text() + "ADDED = 1\n")
        template = playbook("deploy.yml", *plan, *given(files))
        expiry = playbook("deploy.yml", *plan, "-e", "expires_hours=8")

    for run in (same, archive, template, expiry):
        assert run.status == 0, run.output
        assert run.output.rstrip().splitlines()[-3].strip() == (
            "This is the plan: nothing was changed."
        )
    assert (same.changed, "changes:" in same.output) == (0, False)
    assert archive.changed == 2  # the bucket's objects, the parameters
    assert "ServerSha256: " in archive.output
    assert "template: " not in archive.output
    assert "template: 1 line added, 0 removed" in template.output
    assert expiry.changed == 1
    assert "ExpiresAt: (empty) -> 2" in expiry.output
    assert recorder.writes == []


@pytest.mark.usefixtures("deployed")
def test_destroying_leaves_nothing_and_again_changes_nothing(playbook, aws):
    removed = playbook("destroy.yml")
    again = playbook("destroy.yml")

    assert removed.status == 0, removed.output
    assert removed.changed == 2  # the stack, and the bucket with its archive
    assert again.status == 0, again.output
    assert again.changed == 0
    assert aws("cloudformation").describe_stacks()["Stacks"] == []
    assert aws("ssm").describe_parameters()["Parameters"] == []
    assert aws("elbv2").describe_target_groups()["TargetGroups"] == []
    assert aws("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert aws("ec2").describe_key_pairs()["KeyPairs"] == []
    assert aws("dynamodb").list_tables()["TableNames"] == []
    assert aws("s3").list_buckets()["Buckets"] == []
    assert aws("iam").list_roles()["Roles"] == []
    groups = aws("ec2").describe_security_groups()["SecurityGroups"]
    assert {group["GroupName"] for group in groups} == {"default"}
    assert all(group["IpPermissions"] == [] or only_itself(group) for group in groups)


def only_itself(group: dict) -> bool:
    """A default security group lets its own members in, and nobody else."""
    return all(
        not permission["IpRanges"]
        and {pair["GroupId"] for pair in permission["UserIdGroupPairs"]} == {group["GroupId"]}
        for permission in group["IpPermissions"]
    )
