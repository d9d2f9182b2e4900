#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: leftovers
short_description: Audit what is left of a removed stack
description:
  - Lists everything that carries the stack's tag C(resilient-service:stack) or a name that only the
    stack's resources have. AWS deletes some things a while after the stack, so it looks again, less
    and less often, before it fails with the list.
  - Terminated instances, which EC2 shows for an hour, are not left. Nor is the lock of the operator
    who runs this.
  - Reads only. It lists through each service's own API, and through the Resource Groups Tagging API
    whatever else carries the tag.
author:
  - The contributors of this project
options:
  stack_name:
    description: The stack's name.
    type: str
    required: true
  key_pair_id:
    description: The id of the stack's key pair, whose private key was C(/ec2/keypair/<id>).
    type: str
    default: ""
  given_group_id:
    description:
      - The security group that was given to the stack, in which only the rule for SSH was its own.
    type: str
    default: ""
  ssh_cidr:
    description: The range of that rule.
    type: str
    default: ""
  own_lock:
    description: The lock of the operator who runs this, as JSON, which is released later.
    type: str
    default: ""
  local_aws_command:
    description: The command C(local-aws) of a local AWS, whose processes and ports count, too.
    type: list
    elements: str
    default: []
  timeout_seconds:
    description: How long AWS may take to delete what it deletes later.
    type: float
    default: 300
  interval_seconds:
    description: The time between the first two looks; it doubles.
    type: float
    default: 1
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Looks once and does not judge, since nothing was removed.
    support: full
  diff_mode:
    description: Nothing is ever changed.
    support: none
  idempotent:
    description: Nothing is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: Audit what is left of the stack
  leftovers:
    stack_name: resilience-demo
"""

RETURN = r"""
leftovers:
  description: What is left, each with its kind, its id, and the command that removes it.
  returned: always
  type: list
  elements: dict
  sample:
    - kind: table
      id: resilience-demo-recommendations
      remove: aws dynamodb delete-table --table-name resilience-demo-recommendations
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.stacks import is_same_owner
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

PROJECT = "resilient-service"
STACK_TAG = f"{PROJECT}:stack"
LOGICAL_IDS = "DocExampleRecommendationService"
"""Every logical id begins with it, so every generated name is `<stack>-<this>...`."""
LIVING = ["pending", "running", "shutting-down", "stopping", "stopped"]
TAGS_AT_ONCE = 20
LISTED_BY_THEIR_OWN_SERVICE = frozenset(
    {"autoscaling", "cloudformation", "dynamodb", "ec2", "elasticloadbalancing", "iam", "ssm"}
)
OTHER_SERVICES = {
    "s3": ("bucket", "aws s3 rb --force s3://{}"),
    "logs": ("log group", "aws logs delete-log-group --log-group-name {}"),
    "cloudwatch": ("alarm", "aws cloudwatch delete-alarms --alarm-names {}"),
}
NO_COMMAND = "no command is known for this kind: look its service up"


@dataclass(frozen=True)
class Leftover:
    kind: str
    id: str
    remove: str


class Audit:
    """One look at everything. Each method lists what is left of one kind."""

    def __init__(self, client: Callable[[str], Any], options: Mapping[str, Any]) -> None:
        self._client = client
        self._options = options
        self._name = options["stack_name"]
        self._prefix = f"{self._name}-{LOGICAL_IDS}"
        self._tagged = [{"Name": f"tag:{STACK_TAG}", "Values": [self._name]}]

    def leftovers(self) -> list[Leftover]:
        kinds = (
            self._stacks,
            self._instances,
            self._volumes,
            self._launch_templates,
            self._groups,
            self._load_balancers,
            self._target_groups,
            self._parameters,
            self._roles,
            self._instance_profiles,
            self._policies,
            self._key_pairs,
            self._network_interfaces,
            self._security_groups,
            self._security_group_rules,
            self._tables,
            self._processes,
            self._whatever_else_is_tagged,
        )
        found = {left.id: left for kind in reversed(kinds) for left in kind()}
        return list(reversed(found.values()))

    def _stacks(self) -> Iterator[Leftover]:
        for stack in self._all("cloudformation", "describe_stacks", "Stacks"):
            if stack["StackName"] == self._name:
                arn = stack["StackId"]
                yield Leftover("stack", arn, f"aws cloudformation delete-stack --stack-name {arn}")

    def _instances(self) -> Iterator[Leftover]:
        states = {"Name": "instance-state-name", "Values": LIVING}
        by_stack = {"Name": "tag:aws:cloudformation:stack-name", "Values": [self._name]}
        for filters in ([*self._tagged, states], [by_stack, states]):
            for each in self._all(
                "ec2", "describe_instances", "Reservations[].Instances[]", Filters=filters
            ):
                yield self._of_ec2("instance", each["InstanceId"], "terminate-instances", "ids")

    def _volumes(self) -> Iterator[Leftover]:
        for each in self._all("ec2", "describe_volumes", "Volumes", Filters=self._tagged):
            yield self._of_ec2("volume", each["VolumeId"], "delete-volume", "id")

    def _launch_templates(self) -> Iterator[Leftover]:
        for each in self._all("ec2", "describe_launch_templates", "LaunchTemplates"):
            name = each["LaunchTemplateName"]
            if name == f"{self._name}-launch-template" or self._carries_tag(each):
                yield Leftover(
                    "launch template",
                    each["LaunchTemplateId"],
                    "aws ec2 delete-launch-template --launch-template-id "
                    f"{each['LaunchTemplateId']}",
                )

    def _groups(self) -> Iterator[Leftover]:
        for each in self._all("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"):
            name = each["AutoScalingGroupName"]
            if name.startswith(self._prefix) or self._carries_tag(each):
                yield Leftover(
                    "Auto Scaling group",
                    name,
                    "aws autoscaling delete-auto-scaling-group --force-delete "
                    f"--auto-scaling-group-name {name}",
                )

    def _load_balancers(self) -> Iterator[Leftover]:
        found = self._of_elbv2("LoadBalancer", "describe_load_balancers", "LoadBalancers", "lb")
        for arn in found:
            for listener in self._all(
                "elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn
            ):
                yield Leftover(
                    "listener",
                    listener["ListenerArn"],
                    f"aws elbv2 delete-listener --listener-arn {listener['ListenerArn']}",
                )
            yield Leftover(
                "load balancer",
                arn,
                f"aws elbv2 delete-load-balancer --load-balancer-arn {arn}",
            )

    def _target_groups(self) -> Iterator[Leftover]:
        for arn in self._of_elbv2("TargetGroup", "describe_target_groups", "TargetGroups", "tg"):
            yield Leftover(
                "target group", arn, f"aws elbv2 delete-target-group --target-group-arn {arn}"
            )

    def _parameters(self) -> Iterator[Leftover]:
        named = [f"{self._name}-{each}" for each in ("table", "failure-response", "health-check")]
        if self._options["key_pair_id"]:
            named.append(f"/ec2/keypair/{self._options['key_pair_id']}")
        found: set[str] = set()
        for filters in (
            {"Key": "Name", "Option": "Equals", "Values": named},
            {"Key": "Name", "Option": "BeginsWith", "Values": [f"/{PROJECT}/{self._name}/"]},
            {"Key": f"tag:{STACK_TAG}", "Values": [self._name]},
        ):
            rows = self._all("ssm", "describe_parameters", "Parameters", ParameterFilters=[filters])
            found |= {row["Name"] for row in rows}
        for name in sorted(found):
            if not self._is_own_lock(name):
                yield Leftover("parameter", name, f"aws ssm delete-parameter --name {name}")

    def _is_own_lock(self, name: str) -> bool:
        if not self._options["own_lock"] or not name.endswith("/operator-lock"):
            return False
        held = aws_call(f"read {name}", self._client("ssm").get_parameters, Names=[name])
        own_lock = self._options["own_lock"]
        return any(is_same_owner(row["Value"], own_lock) for row in held["Parameters"])

    def _roles(self) -> Iterator[Leftover]:
        for each in self._all("iam", "list_roles", "Roles"):
            name = each["RoleName"]
            if name.startswith(self._prefix):
                yield Leftover("role", name, f"aws iam delete-role --role-name {name}")

    def _instance_profiles(self) -> Iterator[Leftover]:
        for each in self._all("iam", "list_instance_profiles", "InstanceProfiles"):
            name = each["InstanceProfileName"]
            if name.startswith(self._prefix):
                yield Leftover(
                    "instance profile",
                    name,
                    f"aws iam delete-instance-profile --instance-profile-name {name}",
                )

    def _policies(self) -> Iterator[Leftover]:
        for each in self._all("iam", "list_policies", "Policies", Scope="Local"):
            name = each["PolicyName"]
            if name.startswith(self._prefix) or name == f"{self._name}-instance":
                arn = each["Arn"]
                yield Leftover("policy", arn, f"aws iam delete-policy --policy-arn {arn}")

    def _key_pairs(self) -> Iterator[Leftover]:
        own = re.compile(rf"{re.escape(self._name)}-key(-[0-9a-f]{{8}})?")
        described = aws_call("list the key pairs", self._client("ec2").describe_key_pairs)
        for each in described["KeyPairs"]:
            if own.fullmatch(each["KeyName"]) or self._carries_tag(each):
                yield self._of_ec2("key pair", each["KeyPairId"], "delete-key-pair", "key-pair-id")

    def _network_interfaces(self) -> Iterator[Leftover]:
        of_balancer = {"Name": "description", "Values": [f"ELB app/{self._name}-lb/*"]}
        for filters in (self._tagged, [of_balancer]):
            for each in self._all(
                "ec2", "describe_network_interfaces", "NetworkInterfaces", Filters=filters
            ):
                yield self._of_ec2(
                    "network interface",
                    each["NetworkInterfaceId"],
                    "delete-network-interface",
                    "id",
                )

    def _security_groups(self) -> Iterator[Leftover]:
        for each in self._all("ec2", "describe_security_groups", "SecurityGroups"):
            if each["GroupName"].startswith(self._prefix) or self._carries_tag(each):
                yield self._of_ec2(
                    "security group", each["GroupId"], "delete-security-group", "group-id"
                )

    def _security_group_rules(self) -> Iterator[Leftover]:
        group_id, cidr = self._options["given_group_id"], self._options["ssh_cidr"]
        if not (group_id and cidr):
            return
        of_group = [{"Name": "group-id", "Values": [group_id]}]
        for rule in self._all(
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

    def _tables(self) -> Iterator[Leftover]:
        wanted = f"{self._name}-recommendations"
        if wanted in self._all("dynamodb", "list_tables", "TableNames"):
            yield Leftover("table", wanted, f"aws dynamodb delete-table --table-name {wanted}")

    def _processes(self) -> Iterator[Leftover]:
        """What the local AWS still runs for instances that EC2 calls terminated."""
        command = self._options["local_aws_command"]
        if not command:
            return
        answer = subprocess.run(
            [*command, "status", "--json"], capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise AnsibleAWSError(f"{' '.join(command)} status failed: {answer.stderr.strip()}")
        report = json.loads(answer.stdout)
        for each in report["instances"]:
            pid = each["pid"]
            if each["state"] == "terminated" and pid and Path(f"/proc/{pid}").exists():
                yield Leftover("process", f"{pid} of {each['id']}", f"kill {pid}")
        for each in report["load_balancers"]:
            if each["name"] == f"{self._name}-lb":
                yield Leftover("port", each["url"], f"{' '.join(command)} stop")

    def _whatever_else_is_tagged(self) -> Iterator[Leftover]:
        """Buckets, log groups, alarms and all other kinds, none of which the stack makes."""
        wanted = [{"Key": STACK_TAG, "Values": [self._name]}]
        for each in self._all(
            "resourcegroupstaggingapi",
            "get_resources",
            "ResourceTagMappingList",
            TagFilters=wanted,
        ):
            arn = each["ResourceARN"]
            service, resource = arn.split(":")[2], arn.split(":", 5)[5]
            if service not in LISTED_BY_THEIR_OWN_SERVICE:
                kind, remove = OTHER_SERVICES.get(service, (f"{service} resource", NO_COMMAND))
                yield Leftover(kind, arn, remove.format(resource.rpartition(":")[2]))

    def _of_elbv2(self, noun: str, operation: str, key: str, suffix: str) -> list[str]:
        """The ARNs of those with the stack's name or tag."""
        names = {
            each[f"{noun}Arn"]: each[f"{noun}Name"] for each in self._all("elbv2", operation, key)
        }
        found = [arn for arn, name in names.items() if name == f"{self._name}-{suffix}"]
        others = [arn for arn in names if arn not in found]
        for start in range(0, len(others), TAGS_AT_ONCE):
            described = aws_call(
                "describe tags",
                self._client("elbv2").describe_tags,
                ResourceArns=others[start : start + TAGS_AT_ONCE],
            )["TagDescriptions"]
            found += [each["ResourceArn"] for each in described if self._carries_tag(each)]
        return found

    def _of_ec2(self, kind: str, resource_id: str, command: str, option: str) -> Leftover:
        if option in ("id", "ids"):
            option = f"{kind.replace(' ', '-')}-{option}"
        return Leftover(kind, resource_id, f"aws ec2 {command} --{option} {resource_id}")

    def _carries_tag(self, described: Mapping[str, Any]) -> bool:
        return any(
            (tag["Key"], tag["Value"]) == (STACK_TAG, self._name)
            for tag in described.get("Tags", [])
        )

    def _all(self, service: str, operation: str, expression: str, **request: Any) -> list[Any]:
        """All pages of a listing."""
        client = self._client(service)

        def listed(**request: Any) -> Mapping[str, Any]:
            pages = client.get_paginator(operation).paginate(**request)
            return {"rows": list(pages.search(f"{expression}[]"))}

        rows = aws_call(f"{operation.replace('_', ' ')} of {service}", listed, **request)["rows"]
        return [row for row in rows if row is not None]


def message(name: str, left: list[Leftover], waited_seconds: float) -> str:
    lines = [f"  {each.kind} {each.id}   remove it with: {each.remove}" for each in left]
    return "\n".join(
        [f"{len(left)} left of {name} after {waited_seconds:.0f} s; none was expected:", *lines]
    )


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "key_pair_id": {"type": "str", "default": "", "no_log": False},
            "given_group_id": {"type": "str", "default": ""},
            "ssh_cidr": {"type": "str", "default": ""},
            "own_lock": {"type": "str", "default": ""},
            "local_aws_command": {"type": "list", "elements": "str", "default": []},
            "timeout_seconds": {"type": "float", "default": 300},
            "interval_seconds": {"type": "float", "default": 1},
        },
        supports_check_mode=True,
    )
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            clients[service] = module.client(service)
        return clients[service]

    options = module.params
    try:
        left = wait_for(
            Audit(client, options).leftovers,
            lambda left: not left,
            timeout_seconds=options["timeout_seconds"],
            interval_seconds=options["interval_seconds"],
            growth=2,
            check_mode=module.check_mode,
        )
    except NotReachedError as error:
        module.fail_json(
            msg=message(options["stack_name"], error.last, error.waited_seconds),
            leftovers=[asdict(each) for each in error.last],
        )
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, leftovers=[asdict(each) for each in left])


if __name__ == "__main__":
    main()
