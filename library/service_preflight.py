#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: service_preflight
short_description: Identify the caller and the stack, and take the operator's lock
description:
  - Everything a play must know before it touches the service, in one module call - who calls, which
    stack of that name exists, whose it is, and what belongs to it.
  - With O(lock) it also takes the operator's lock, an SSM parameter that is created only if it does
    not exist, when the account and the owner of the stack are as required. Nothing else is written.
  - The action plugin P(preflight#module) judges what it returns.
author:
  - The contributors of this project
options:
  stack_name:
    description: The stack's name.
    type: str
    required: true
  adopt:
    description: The ARN of a stack of an older version of this project that may be taken over.
    type: str
    default: ""
  lock:
    description: Take the operator's lock.
    type: dict
    suboptions:
      value:
        description: What the parameter says about its owner.
        type: str
        required: true
      owners:
        description: Take it only when RV(ownership) is one of these.
        type: list
        elements: str
        required: true
      accounts:
        description: Take it only in one of these accounts; in any, unless given.
        type: list
        elements: str
      replaces_version:
        description: Replace exactly this version of the lock, whose owner is gone.
        type: int
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Takes no lock.
    support: full
  diff_mode:
    description: Nothing but the lock is ever changed.
    support: none
  idempotent:
    description: A lock that is taken is not a change of the service.
    support: full
"""

EXAMPLES = r"""
- name: Identify the caller and the stack
  service_preflight:
    stack_name: resilience-demo
  register: found
"""

RETURN = r"""
caller:
  description: The account and the ARN of whoever calls.
  returned: always
  type: dict
  sample: {account: "123456789012", arn: "arn:aws:iam::123456789012:user/ada"}
ownership:
  description: V(absent), V(own), V(older), V(adopted) or V(foreign).
  returned: always
  type: str
usable:
  description: Whether the stack can be updated, as M(stack_state) returns it.
  returned: always
  type: bool
stack:
  description: The stack; without one, its name and nothing else.
  returned: always
  type: dict
  contains:
    name: {description: Its name., type: str}
    arn: {description: Its ARN., type: str}
    status: {description: Its status., type: str}
    status_reason: {description: The reason that CloudFormation gives for the status., type: str}
    deployment: {description: The id of its deployment., type: str}
    parameters: {description: Its parameters., type: dict}
    outputs: {description: Its outputs., type: dict}
resources:
  description: The physical ids of its resources, by resource type, without those that are deleted.
  returned: always
  type: dict
  sample: {"AWS::AutoScaling::AutoScalingGroup": [resilience-demo-group]}
instances:
  description: The ids of its group's instances.
  returned: always
  type: list
  elements: str
lock:
  description:
    - Whether the lock was taken; when another holds it, what the parameter says, and its version.
  returned: always
  type: dict
  sample: {held: false, value: "{...}", version: 3}
clock_ahead_seconds:
  description: By how much this machine's clock is ahead of AWS's, by its answer; null without one.
  returned: failure
  type: float
"""

import time
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.stacks import (
    Stack,
    describe,
    is_usable,
    outputs_of,
    parameters_of,
    resources,
    tags_of,
)
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from safeguards import lock_parameter
from safeguards.ownership import DEPLOYMENT_TAG, ownership

GROUP = "AWS::AutoScaling::AutoScalingGroup"

Found = dict[str, Any]


def ids_by_type(resources: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The physical ids of a stack's resources; one that is being created may have none yet."""
    found: dict[str, list[str]] = {}
    for each in resources:
        if each.get("PhysicalResourceId"):
            found.setdefault(each["ResourceType"], []).append(each["PhysicalResourceId"])
    return found


def instances_of(autoscaling: Any, groups: list[str]) -> list[str]:
    described = aws_call(
        f"describe the group {', '.join(groups)}",
        autoscaling.describe_auto_scaling_groups,
        AutoScalingGroupNames=groups,
    )["AutoScalingGroups"]
    return [instance["InstanceId"] for group in described for instance in group["Instances"]]


def described_stack(name: str, stack: Stack) -> Found:
    """The stack in the words of the fact that the plays read. It is empty when there is none."""
    return {
        "name": name,
        "arn": stack.get("StackId"),
        "status": stack.get("StackStatus"),
        "status_reason": stack.get("StackStatusReason"),
        "deployment": tags_of(stack).get(DEPLOYMENT_TAG),
        "parameters": parameters_of(stack),
        "outputs": outputs_of(stack),
    }


def taken(ssm: Any, stack: str, lock: Mapping[str, Any]) -> Found:
    """Take the lock, or find who holds it."""
    return dict(
        aws_call(
            f"take the lock {lock_parameter.parameter_name(stack)}",
            lock_parameter.take,
            ssm=ssm,
            stack=stack,
            value=lock["value"],
            replaces_version=lock["replaces_version"],
        )
    )


def found_by(module: AnsibleAWSModule) -> Found:
    lock = module.params["lock"]
    caller = aws_call("identify the caller", module.client("sts").get_caller_identity)
    found: Found = {
        "caller": {"account": caller["Account"], "arn": caller["Arn"]},
        "lock": {"held": False, "value": None, "version": None},
        **stack_found_by(module),
    }
    if lock and is_allowed(lock, found) and not module.check_mode:
        found["lock"] = taken(module.client("ssm"), module.params["stack_name"], lock)
        if found["lock"]["held"]:  # whoever held it until now may have changed the stack
            found.update(stack_found_by(module))
    return found


def stack_found_by(module: AnsibleAWSModule) -> Found:
    """The stack, whose it is, and what is in it."""
    name, cloudformation = module.params["stack_name"], module.client("cloudformation")
    stack = describe(cloudformation, name) or {}
    found: Found = {
        "stack": described_stack(name, stack),
        "usable": is_usable(stack.get("StackStatus")),
        "resources": {},
        "instances": [],
    }
    arn = found["stack"]["arn"]
    found["ownership"] = ownership(name, arn, tags_of(stack), module.params["adopt"])
    if arn is not None:
        found["resources"] = ids_by_type(resources(cloudformation, arn))
    if GROUP in found["resources"]:
        found["instances"] = instances_of(module.client("autoscaling"), found["resources"][GROUP])
    return found


def is_allowed(lock: Mapping[str, Any], found: Found) -> bool:
    accounts = lock["accounts"]
    return found["ownership"] in lock["owners"] and (
        accounts is None or found["caller"]["account"] in accounts
    )


def clock_ahead_seconds(error: AnsibleAWSError) -> float | None:
    """By how much this clock is ahead of the server's that refused; None without an answer."""
    answer = getattr(error.exception, "response", None) or {}
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    return time.time() - parsedate_to_datetime(date).timestamp() if date else None


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "adopt": {"type": "str", "default": ""},
            "lock": {
                "type": "dict",
                "options": {
                    "value": {"type": "str", "required": True},
                    "owners": {"type": "list", "elements": "str", "required": True},
                    "accounts": {"type": "list", "elements": "str"},
                    "replaces_version": {"type": "int"},
                },
            },
        },
        supports_check_mode=True,
    )
    try:
        found = found_by(module)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error), clock_ahead_seconds=clock_ahead_seconds(error))
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
