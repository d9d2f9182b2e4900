# GNU General Public License v3.0+ (see LICENSE)
"""What is left of a removed stack in EC2."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ansible.module_utils.resilience.audited_account import Account, Leftover
from ansible.module_utils.resilience.aws_call import aws_call

LIVING = ["pending", "running", "shutting-down", "stopping", "stopped"]


class Ec2Leftovers:
    """Each method lists what is left of one kind."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def kinds(self) -> tuple[Callable[[], Iterator[Leftover]], ...]:
        return (
            self._instances,
            self._volumes,
            self._launch_templates,
            self._key_pairs,
            self._network_interfaces,
            self._security_groups,
            self._security_group_rules,
        )

    def _instances(self) -> Iterator[Leftover]:
        states = {"Name": "instance-state-name", "Values": LIVING}
        by_stack = {"Name": "tag:aws:cloudformation:stack-name", "Values": [self._account.name]}
        for filters in ([*self._account.tagged, states], [by_stack, states]):
            for reservation in self._account.all(
                "ec2", "describe_instances", "Reservations", Filters=filters
            ):
                for each in reservation["Instances"]:
                    yield _leftover("instance", each["InstanceId"], "terminate-instances", "ids")

    def _volumes(self) -> Iterator[Leftover]:
        for each in self._account.all(
            "ec2", "describe_volumes", "Volumes", Filters=self._account.tagged
        ):
            yield _leftover("volume", each["VolumeId"], "delete-volume", "id")

    def _launch_templates(self) -> Iterator[Leftover]:
        for each in self._account.all("ec2", "describe_launch_templates", "LaunchTemplates"):
            name = each["LaunchTemplateName"]
            if name == f"{self._account.name}-launch-template" or self._account.carries_tag(each):
                yield Leftover(
                    "launch template",
                    each["LaunchTemplateId"],
                    "aws ec2 delete-launch-template --launch-template-id "
                    f"{each['LaunchTemplateId']}",
                )

    def _key_pairs(self) -> Iterator[Leftover]:
        own = re.compile(rf"{re.escape(self._account.name)}-key(-[0-9a-f]{{8}})?")
        described = aws_call("list the key pairs", self._account.client("ec2").describe_key_pairs)
        for each in described["KeyPairs"]:
            if own.fullmatch(each["KeyName"]) or self._account.carries_tag(each):
                yield _leftover("key pair", each["KeyPairId"], "delete-key-pair", "key-pair-id")

    def _network_interfaces(self) -> Iterator[Leftover]:
        of_balancer = {"Name": "description", "Values": [f"ELB app/{self._account.name}-lb/*"]}
        for filters in (self._account.tagged, [of_balancer]):
            for each in self._account.all(
                "ec2", "describe_network_interfaces", "NetworkInterfaces", Filters=filters
            ):
                yield _leftover(
                    "network interface",
                    each["NetworkInterfaceId"],
                    "delete-network-interface",
                    "id",
                )

    def _security_groups(self) -> Iterator[Leftover]:
        for each in self._account.all("ec2", "describe_security_groups", "SecurityGroups"):
            if each["GroupName"].startswith(self._account.prefix) or self._account.carries_tag(
                each
            ):
                yield _leftover(
                    "security group", each["GroupId"], "delete-security-group", "group-id"
                )

    def _security_group_rules(self) -> Iterator[Leftover]:
        group_id, cidr = self._account.options["given_group_id"], self._account.options["ssh_cidr"]
        if not (group_id and cidr):
            return
        of_group = [{"Name": "group-id", "Values": [group_id]}]
        for rule in self._account.all(
            "ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=of_group
        ):
            ours = (cidr, 22, False, "SSH from the operator")
            keys = ("CidrIpv4", "FromPort", "IsEgress", "Description")
            if tuple(rule.get(key) for key in keys) == ours:
                rule_id = rule["SecurityGroupRuleId"]
                yield Leftover(
                    "security group rule",
                    rule_id,
                    f"aws ec2 revoke-security-group-ingress --group-id {group_id} "
                    f"--security-group-rule-ids {rule_id}",
                )


def _leftover(kind: str, resource_id: str, command: str, option: str) -> Leftover:
    if option in ("id", "ids"):
        option = f"{kind.replace(' ', '-')}-{option}"
    return Leftover(kind, resource_id, f"aws ec2 {command} --{option} {resource_id}")
