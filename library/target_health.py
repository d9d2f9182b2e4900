#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: target_health
short_description: Read the health of a target group's targets, or wait for a described state
description:
  - Returns what DescribeTargetHealth says about each target of a load balancer's target group.
  - With O(wait_for) it waits until the targets are as described. When they are not, in time, it
    fails with what it saw at the end and what to look at next.
  - It fails at once when that cannot come any more, because an instance of O(wait_for.targets) is
    terminated, or no target is registered and no Auto Scaling group is going to register one.
author:
  - The contributors of this project
options:
  target_group_arn:
    description: The ARN of the target group.
    type: str
    required: true
  wait_for:
    description:
      - The state to wait for. Everything that is named must hold at the same moment.
      - What is not named may be anything; say C(draining=0) when no target may be left draining.
    type: dict
    suboptions:
      initial:
        description: How many targets are being registered or checked for the first time.
        type: int
      healthy:
        description: How many targets are healthy.
        type: int
      unhealthy:
        description: How many targets are unhealthy.
        type: int
      unused:
        description: How many targets are registered, but get neither traffic nor health checks.
        type: int
      draining:
        description: How many targets are being deregistered.
        type: int
      unavailable:
        description: How many targets have no health checks.
        type: int
      targets:
        description:
          - The state of single targets, by target id.
          - A target that is not registered is V(unused), as AWS itself says of one.
        type: dict
  timeout_seconds:
    description: How long to wait for O(wait_for).
    type: float
    default: 300
  interval_seconds:
    description: The time between two reads while waiting.
    type: float
    default: 5
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Returns the health as it is and does not wait.
    support: full
  diff_mode:
    description: Nothing is ever changed.
    support: none
  idempotent:
    description: Nothing is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: Read the health of every target
  target_health:
    target_group_arn: "{{ target_group_arn }}"
  register: health

- name: Wait until all three targets are healthy and the old ones are gone
  target_health:
    target_group_arn: "{{ target_group_arn }}"
    wait_for:
      healthy: 3
      draining: 0

- name: Wait until the load balancer has seen what is wrong with one target
  target_health:
    target_group_arn: "{{ target_group_arn }}"
    wait_for:
      targets:
        i-0123456789abcdef0: unhealthy
    timeout_seconds: 60
    interval_seconds: 0.5
"""

RETURN = r"""
targets:
  description: The targets, ordered by availability zone and id.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The target's id, for example the instance's.
      type: str
      sample: i-0123456789abcdef0
    availability_zone:
      description: The target's availability zone; an instance's is read from EC2.
      type: str
      sample: us-east-1a
    port:
      description: The port that gets the traffic.
      type: int
      sample: 80
    state:
      description: V(initial), V(healthy), V(unhealthy), V(unused), V(draining) or V(unavailable).
      type: str
      sample: unhealthy
    reason:
      description: AWS's reason code. V(none) when the target is healthy.
      type: str
      sample: Target.ResponseCodeMismatch
    description:
      description: AWS's description of the reason. V(none) when the target is healthy.
      type: str
      sample: "Health checks failed with these codes: [503]"
counts:
  description: How many targets are in each state; all six states are there.
  returned: always
  type: dict
  sample: {initial: 0, healthy: 2, unhealthy: 1, unused: 0, draining: 0, unavailable: 0}
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.resilience.awaited_targets import (
    STATES,
    Target,
    check_wanted,
    counts,
    failure,
    needs_a_target,
    unmet,
    unregistered,
)
from ansible.module_utils.resilience.aws_call import aws_call, aws_pages
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

GONE = ("shutting-down", "terminated")
"""States of an instance that will never serve again."""


def read_targets(elbv2: Any, arn: str) -> list[Target]:
    descriptions = aws_call(
        f"describe the target health of {arn}", elbv2.describe_target_health, TargetGroupArn=arn
    )["TargetHealthDescriptions"]
    return [
        {
            "id": each["Target"]["Id"],
            "availability_zone": each["Target"].get("AvailabilityZone"),
            "port": each["Target"].get("Port"),
            "state": each["TargetHealth"]["State"],
            "reason": each["TargetHealth"].get("Reason"),
            "description": each["TargetHealth"].get("Description"),
        }
        for each in descriptions
    ]


def described_instances(ec2: Any, instance_ids: list[str]) -> list[Mapping[str, Any]]:
    """Those that EC2 still knows, as DescribeInstances returns them."""
    # A filter, unlike InstanceIds, is not an error for an instance that is long gone.
    reservations = aws_call(
        f"describe the instances {', '.join(instance_ids)}",
        ec2.describe_instances,
        Filters=[{"Name": "instance-id", "Values": instance_ids}],
    )["Reservations"]
    return [instance for reservation in reservations for instance in reservation["Instances"]]


def by_zone(target: Target) -> tuple[str, str]:
    return target["availability_zone"] or "", target["id"]


def with_zones(ec2: Any, targets: list[Target]) -> list[Target]:
    """Fill in the zones of instances, which DescribeTargetHealth leaves out, and sort."""
    unknown = [target["id"] for target in targets if target["availability_zone"] is None]
    instances = [target_id for target_id in unknown if target_id.startswith("i-")]
    zones: dict[str, str] = {}
    if instances:
        zones = {
            each["InstanceId"]: each["Placement"]["AvailabilityZone"]
            for each in described_instances(ec2, instances)
        }
    for target in targets:
        target["availability_zone"] = target["availability_zone"] or zones.get(target["id"])
    return sorted(targets, key=by_zone)


def with_known_zones(ec2: Any, targets: list[Target]) -> list[Target]:
    """The same, without the zones when they cannot be read: what was seen is worth more."""
    try:
        return with_zones(ec2, targets)
    except AnsibleAWSError:
        return sorted(targets, key=by_zone)


def terminated(ec2: Any, instance_ids: list[str]) -> list[str]:
    """Those of them that are, or that EC2 has already forgotten."""
    found = described_instances(ec2, instance_ids)
    states = {each["InstanceId"]: each["State"]["Name"] for each in found}
    return [each for each in instance_ids if states.get(each, "terminated") in GONE]


def fillers(auto_scaling: Any, arn: str) -> list[str]:
    """The Auto Scaling groups that register instances with the target group, and want some."""
    groups = aws_pages(
        "list the Auto Scaling groups",
        auto_scaling,
        "describe_auto_scaling_groups",
        "AutoScalingGroups",
    )
    return [
        group["AutoScalingGroupName"]
        for group in groups
        if arn in group["TargetGroupARNs"] and group["DesiredCapacity"]
    ]


def why_never(
    client: Callable[[str], Any], arn: str, wanted: dict[str, Any], targets: list[Target]
) -> str | None:
    """Why the targets cannot become as wanted any more; None when that may not be read either."""
    missing = [each for each in unregistered(targets, wanted) if each.startswith("i-")]
    try:
        gone = terminated(client("ec2"), missing) if missing else []
        if gone:
            return f"{', '.join(gone)} is terminated"
        if not targets and needs_a_target(wanted) and not fillers(client("autoscaling"), arn):
            return "no target is registered, and no Auto Scaling group is going to register one"
    except AnsibleAWSError:
        return None
    return None


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "target_group_arn": {"type": "str", "required": True},
            "wait_for": {
                "type": "dict",
                "options": {
                    **{state: {"type": "int"} for state in STATES},
                    "targets": {"type": "dict"},
                },
            },
            "timeout_seconds": {"type": "float", "default": 300},
            "interval_seconds": {"type": "float", "default": 5},
        },
        supports_check_mode=True,
    )
    options = module.params
    arn = options["target_group_arn"]
    wanted = options["wait_for"] or {}
    client = functools.cache(module.client)
    elbv2, ec2 = client("elbv2"), client("ec2")
    try:
        check_wanted(wanted)
        targets = wait_for(
            lambda: read_targets(elbv2, arn),
            lambda seen: not unmet(seen, wanted),
            hopeless=lambda seen: why_never(client, arn, wanted, seen),
            timeout_seconds=options["timeout_seconds"],
            interval_seconds=options["interval_seconds"],
            check_mode=module.check_mode,
        )
        targets = with_zones(ec2, targets)
    except NotReachedError as error:
        targets = with_known_zones(ec2, error.last)
        module.fail_json(
            msg=failure(arn, targets, wanted, error.waited_seconds, error.reason),
            targets=targets,
            counts=counts(targets),
        )
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, targets=targets, counts=counts(targets))


if __name__ == "__main__":
    main()
