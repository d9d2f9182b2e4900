#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: service_restoration
short_description: Restore what was changed behind CloudFormation's back
description:
  - Compares what the service's stack declares with what is really there, and restores the
    difference - suspended processes and the size of the group, the three settings, the health
    check, and who may reach the load balancer and the instances.
  - A stack update would not see any of it, since the stack's parameters are as they were.
author:
  - The contributors of this project
options:
  stack_name:
    description: The name or the ARN of the stack. No operation may be in progress on it.
    type: str
    required: true
  kept_processes:
    description: Processes of the group that somebody else suspended, and that stay suspended.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Finds the differences and restores nothing.
    support: full
  diff_mode:
    description: Shows each difference before and after.
    support: full
  idempotent:
    description: What is as declared is not touched.
    support: full
"""

EXAMPLES = r"""
- name: Restore what was changed by hand
  service_restoration:
    stack_name: resilience-demo
  register: restoration
"""

RETURN = r"""
restored:
  description: What was not as declared, each in one line.
  returned: always
  type: list
  elements: str
  sample: ["the desired capacity of the group was 2: restored to 3"]
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.stacks import describe, outputs_of, parameters_of, resources
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from safeguards.ownership import LOGICAL_IDS

# As the template declares them, and never by a parameter.
CAPACITY = 3
CHECKS = {
    "HealthCheckTimeoutSeconds": 2,
    "HealthyThresholdCount": 2,
    "UnhealthyThresholdCount": 2,
}


@dataclass(frozen=True)
class Difference:
    """What is not as declared, and the call that restores it."""

    what: str
    seen: Any
    declared: Any
    restore: Callable[[], Any]

    def __str__(self) -> str:
        return f"{self.what} was {shown(self.seen)}: restored to {shown(self.declared)}"


def shown(value: Any) -> str:
    if value in (None, "", []):
        return "missing"
    return ", ".join(value) if isinstance(value, list) else str(value)


class Service:
    """The service of one stack: what is declared, and what is really there."""

    def __init__(self, client: Callable[[str], Any], name: str, kept_processes: list[str]) -> None:
        self._client = client
        self._kept_processes = frozenset(kept_processes)
        stack = describe(client("cloudformation"), name)
        if stack is None:
            raise AnsibleAWSError(f"There is no stack {name}. Deploy it before it is restored.")
        self._parameters, self._outputs = parameters_of(stack), outputs_of(stack)
        self._ids = {
            each["LogicalResourceId"].removeprefix(LOGICAL_IDS): each.get("PhysicalResourceId", "")
            for each in resources(client("cloudformation"), stack["StackId"])
        }

    def differences(self) -> list[Difference]:
        return [*self._group(), *self._settings(), *self._health_check(), *self._rules()]

    def _group(self) -> Iterator[Difference]:
        autoscaling, name = self._client("autoscaling"), self._outputs["AutoScalingGroup"]
        groups = aws_call(
            f"describe the group {name}",
            autoscaling.describe_auto_scaling_groups,
            AutoScalingGroupNames=[name],
        )["AutoScalingGroups"]
        if not groups:
            raise AnsibleAWSError(
                f"The group {name} was deleted behind the stack's back. A stack update cannot "
                "create it again: run destroy.yml, then deploy.yml."
            )
        group = groups[0]
        # Before its processes go on: they would terminate what a smaller group has too many of.
        sizes = {key: group[key] for key in ("MinSize", "MaxSize", "DesiredCapacity")}
        declared = dict.fromkeys(sizes, CAPACITY)
        if sizes != declared:
            yield Difference(
                "the group's size",
                in_words(sizes),
                in_words(declared),
                lambda: autoscaling.update_auto_scaling_group(
                    AutoScalingGroupName=name, **declared
                ),
            )
        suspended = {each["ProcessName"] for each in group["SuspendedProcesses"]}
        to_resume = sorted(suspended - self._kept_processes)
        if to_resume:
            yield Difference(
                "the group's suspended processes",
                to_resume,
                "none",
                lambda: autoscaling.resume_processes(
                    AutoScalingGroupName=name, ScalingProcesses=to_resume
                ),
            )

    def _settings(self) -> Iterator[Difference]:
        ssm, parameters = self._client("ssm"), self._parameters
        declared = {
            self._ids["TableParameter"]: parameters["SSMTableName"] or self._outputs["Table"],
            self._ids["FailureResponseParameter"]: parameters["SSMFailure"],
            self._ids["HealthCheckParameter"]: parameters["SSMHealthCheck"],
        }
        rows = aws_call("read the settings", ssm.get_parameters, Names=sorted(declared))
        seen = {row["Name"]: row["Value"] for row in rows["Parameters"]}
        for name, value in declared.items():
            if seen.get(name) != value:
                yield Difference(
                    f"the setting {name}", seen.get(name), value, self._putting(ssm, name, value)
                )

    def _putting(self, ssm: Any, name: str, value: str) -> Callable[[], Any]:
        return lambda: ssm.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    def _health_check(self) -> Iterator[Difference]:
        elbv2, arn = self._client("elbv2"), self._outputs["TGArn"]
        group = aws_call(
            "describe the target group", elbv2.describe_target_groups, TargetGroupArns=[arn]
        )["TargetGroups"][0]
        declared = {
            "HealthCheckPath": f"/healthcheck?depth={self._parameters['SSMHealthCheck']}",
            "HealthCheckIntervalSeconds": int(self._parameters["HealthCheckInterval"]),
            **CHECKS,
        }
        wrong = {key: value for key, value in declared.items() if group[key] != value}
        if wrong:
            yield Difference(
                "the health check",
                in_words({key: group[key] for key in wrong}),
                in_words(wrong),
                lambda: elbv2.modify_target_group(TargetGroupArn=arn, **wrong),
            )

    def _rules(self) -> Iterator[Difference]:
        balancers, instances = (
            self._ids.get(f"{of}SecurityGroup") for of in ("LoadBalancer", "Instance")
        )
        if not (balancers and instances):
            return  # The operator gave a group, and looks after its rules.
        ec2 = self._client("ec2")
        source = {"GroupId": balancers, "Description": "HTTP from the load balancer"}
        declared = [
            ("HTTP", balancers, self._from_operator("HTTP", 80)),
            ("HTTP", instances, {**tcp(80), "UserIdGroupPairs": [source]}),
        ]
        if self._parameters.get("CertificateArn"):
            declared.append(("HTTPS", balancers, self._from_operator("HTTPS", 443)))
        groups = aws_call(
            "describe the security groups",
            ec2.describe_security_groups,
            GroupIds=[balancers, instances],
        )["SecurityGroups"]
        there = {group["GroupId"]: group["IpPermissions"] for group in groups}
        for protocol, group_id, rule in declared:
            if not any(lets_in(each, rule) for each in there[group_id]):
                yield Difference(
                    f"the rule for {protocol} in {group_id}",
                    None,
                    "the declared one",
                    self._authorizing(ec2, group_id, rule),
                )

    def _from_operator(self, protocol: str, port: int) -> dict[str, Any]:
        cidr = self._parameters["ExternalCidr"]
        source = {"CidrIp": cidr, "Description": f"{protocol} from the operator"}
        return {**tcp(port), "IpRanges": [source]}

    def _authorizing(self, ec2: Any, group_id: str, rule: dict[str, Any]) -> Callable[[], Any]:
        return lambda: ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[rule])


def tcp(port: int) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}


def lets_in(permission: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    """Whether a permission, as EC2 describes it, lets in what the declared one does."""
    ports = ("IpProtocol", "FromPort", "ToPort")
    if any(permission.get(key) != declared[key] for key in ports):
        return False

    def sources(rule: Mapping[str, Any]) -> set[str]:
        ranges = {each["CidrIp"] for each in rule.get("IpRanges", [])}
        return ranges | {each["GroupId"] for each in rule.get("UserIdGroupPairs", [])}

    return sources(declared) <= sources(permission)


def in_words(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "kept_processes": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    client, options = functools.cache(module.client), module.params
    try:
        service = Service(client, options["stack_name"], options["kept_processes"])
        differences = service.differences()
        for each in differences:
            if not module.check_mode:
                aws_call(f"restore {each.what}", each.restore)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(
        changed=bool(differences),
        restored=[str(each) for each in differences],
        diff={
            "before": {each.what: shown(each.seen) for each in differences},
            "after": {each.what: shown(each.declared) for each in differences},
        },
    )


if __name__ == "__main__":
    main()
