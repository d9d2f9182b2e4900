"""What somebody else has under our names: a deployment fails by it, and nothing touches it.

One deployment for each kind, so that its own reason is what stopped the stack.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from account import Holdings, difference, holdings

SSH_RANGE = "203.0.113.0/24"
RULE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}


class Account:
    """Somebody else's things, under the names that our stack `name` would use."""

    def __init__(self, aws: Callable[[str], Any]) -> None:
        self.aws = aws
        self.name = f"f{uuid.uuid4().hex[:8]}"
        self.arguments = ["-e", f"service_stack_name={self.name}"]
        self._remove: list[Callable[[], Any]] = []
        self._before: Holdings = {}

    def parameter(self) -> str:
        ssm, name = self.aws("ssm"), f"{self.name}-table"
        ssm.put_parameter(Name=name, Value="somebody's", Type="String")
        self._remove.append(lambda: ssm.delete_parameter(Name=name))
        return "TableParameter CREATE_FAILED: The parameter already exists"

    def load_balancer(self) -> str:
        elbv2, name = self.aws("elbv2"), f"{self.name}-lb"
        subnets = self.aws("ec2").describe_subnets()["Subnets"][:2]
        made = elbv2.create_load_balancer(
            Name=name, Subnets=[each["SubnetId"] for each in subnets], Scheme="internal"
        )["LoadBalancers"][0]["LoadBalancerArn"]
        self._remove.append(lambda: elbv2.delete_load_balancer(LoadBalancerArn=made))
        return "LoadBalancer CREATE_FAILED: "

    def target_group(self) -> str:
        elbv2, name = self.aws("elbv2"), f"{self.name}-tg"
        vpc = self.aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
        made = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=8080, VpcId=vpc)[
            "TargetGroups"
        ][0]["TargetGroupArn"]
        self._remove.append(lambda: elbv2.delete_target_group(TargetGroupArn=made))
        return "TargetGroup CREATE_FAILED: "

    def key_pair(self, deployment: str = "0123abcd") -> str:
        ec2, name = self.aws("ec2"), f"{self.name}-key-{deployment}"
        ec2.create_key_pair(KeyName=name)
        self._remove.append(lambda: ec2.delete_key_pair(KeyName=name))
        return "KeyPair CREATE_FAILED: "

    def rule_for_ssh(self) -> str:
        """In a group that the operator gives to the stack."""
        ec2 = self.aws("ec2")
        group = ec2.create_security_group(GroupName=self.name, Description="of somebody else")[
            "GroupId"
        ]
        mine = {**RULE, "IpRanges": [{"CidrIp": SSH_RANGE, "Description": "of somebody else"}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[mine])
        self._remove.append(lambda: ec2.delete_security_group(GroupId=group))
        self.arguments += ["-e", f"service_stack_security_group_id={group}"]
        self.arguments += ["-e", f"service_stack_ssh_cidr={SSH_RANGE}"]
        return "SSHIngress CREATE_FAILED: "

    def remember(self) -> None:
        self._before = holdings(self.aws)

    def changed(self) -> dict[str, list[str]]:
        """What differs from what was remembered, but for our stack itself."""
        found = difference(self._before, holdings(self.aws))
        stacks = found.pop("cloudformation describe_stacks", [])
        others = [row for row in stacks if self.name not in row]
        return {**found, "stacks": others} if others else found

    def give_up(self) -> None:
        """They take their things away; the last one first."""
        while self._remove:
            self._remove.pop()()


@pytest.fixture
def account(aws: Callable[[str], Any]) -> Iterator[Account]:
    account = Account(aws)
    yield account
    account.give_up()
    aws("cloudformation").delete_stack(StackName=account.name)
    aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName=account.name)


@pytest.mark.parametrize("kind", ["parameter", "load_balancer", "target_group", "rule_for_ssh"])
def test_a_deployment_fails_by_its_reason_and_leaves_it_alone(
    kind: str, account: Account, playbook
) -> None:
    reason = getattr(account, kind)()
    account.remember()

    deployment = playbook("deploy.yml", *account.arguments)

    assert deployment.status != 0
    assert f"The stack {account.name} is ROLLBACK_COMPLETE" in deployment.said
    assert reason in deployment.said, deployment.said
    assert account.changed() == {}


def test_a_key_pair_too_whose_name_is_known_from_a_failed_deployment(
    account: Account, playbook
) -> None:
    account.parameter()
    assert playbook("deploy.yml", *account.arguments).status != 0
    stack = account.aws("cloudformation").describe_stacks(StackName=account.name)["Stacks"][0]
    tags = {each["Key"]: each["Value"] for each in stack["Tags"]}
    account.give_up()
    reason = account.key_pair(tags["resilient-service:deployment"])
    account.remember()

    deployment = playbook("deploy.yml", *account.arguments)

    assert deployment.status != 0
    assert reason in deployment.said, deployment.said
    assert account.changed() == {}


def test_neither_recovery_nor_removal_touches_any_of_it(account: Account, playbook) -> None:
    for plant in (account.parameter, account.load_balancer, account.target_group):
        plant()
    account.key_pair()
    account.rule_for_ssh()
    account.remember()
    assert playbook("deploy.yml", *account.arguments).status != 0

    recovery = playbook("recover.yml", *account.arguments)
    assert recovery.status != 0
    assert f"The stack {account.name} is ROLLBACK_COMPLETE" in recovery.said
    assert account.changed() == {}

    # The audit cannot know whose it is: it names what has our names, and removes nothing.
    quick = ("-e", "service_stack_audit_seconds=0")
    removal = playbook("destroy.yml", *account.arguments, *quick)
    assert removal.status != 0
    assert f"parameter {account.name}-table" in removal.said
    assert "keep it, and choose another service_stack_name" in removal.said
    assert account.changed() == {}
