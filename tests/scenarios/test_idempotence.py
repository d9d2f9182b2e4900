"""Running a playbook again changes nothing, and what was removed is really gone."""

from __future__ import annotations

import pytest


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


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("name", ["healthy", "fail-open"])
def test_a_scenario_works_alone_and_again(name, playbook):
    for _ in range(2):
        run = playbook("scenario.yml", "--tags", name)
        assert run.status == 0, run.output


@pytest.mark.usefixtures("running")
def test_destroying_leaves_nothing_and_again_changes_nothing(playbook, aws):
    assert playbook("deploy.yml").status == 0

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
