#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: recorded_faults
short_description: Read the faults that the last run on a stack recorded, and what became of them
description:
  - A scenario records its fault in the journal of its run before it injects it. This module reads
    those of the last run on this stack that no later scenario of it has followed, and the real
    state of what they change.
  - Called again with O(earlier), after a recovery, it says of each whether it was restored, was
    found already restored, or is still in place. The real state decides.
  - A journal that is missing, torn, or of another stack of the same name has no faults. Reads only.
author:
  - The contributors of this project
options:
  stack_name:
    description: The stack's name.
    type: str
    required: true
  runs_directory:
    description: Where the folders of all runs are.
    type: path
    required: true
  earlier:
    description: What this module returned before the recovery. The journal is not read again.
    type: dict
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Nothing is ever changed.
    support: full
  diff_mode:
    description: Nothing is ever changed.
    support: none
  idempotent:
    description: Nothing is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: Read what the last run has recorded
  recorded_faults:
    stack_name: resilience-demo
    runs_directory: runs
  register: recorded

- name: Compare it with the real state, after a recovery
  recorded_faults:
    stack_name: resilience-demo
    runs_directory: runs
    earlier: "{{ recorded }}"
"""

RETURN = r"""
run:
  description: The folder of the last run on this stack; V(none) when there is none.
  returned: always
  type: str
faults:
  description: The faults that it recorded, the oldest first.
  returned: always
  type: list
  elements: dict
present:
  description: The stack's parameters, and the profile of each instance that a fault was on.
  returned: always
  type: dict
outcomes:
  description: What became of each fault. Without O(earlier) it is compared with the same state.
  returned: always
  type: list
  elements: str
  sample: ["fail-open set SSMTableName from empty to unknown: restored now"]
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.recorded_faults import Present, outcomes
from ansible.module_utils.resilience.stacks import describe, parameters_of
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from evidence.record.mutations import Mutation, last_run, open_mutations

LIVING = ["pending", "running"]

Result = dict[str, Any]


def profiles_of(ec2: Any, instances: Iterable[str]) -> dict[str, str]:
    """The profiles of those of these instances that boot or run; empty for one without."""
    filters = [
        {"Name": "instance-id", "Values": sorted(instances)},
        {"Name": "instance-state-name", "Values": LIVING},
    ]
    found = aws_call("describe the instances", ec2.describe_instances, Filters=filters)
    return {
        each["InstanceId"]: each.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2]
        for reservation in found["Reservations"]
        for each in reservation["Instances"]
    }


def recorded(client: Callable[[str], Any], options: dict[str, Any]) -> Result:
    name, earlier = options["stack_name"], options["earlier"]
    stack = describe(client("cloudformation"), name)
    if earlier:
        run, faults = earlier["run"], [Mutation(**each) for each in earlier["faults"]]
    else:
        found = last_run(Path(options["runs_directory"]), name, stack and stack["StackId"])
        run, faults = (found.path.name, open_mutations(found)) if found else (None, [])
    instances = {each.resource for each in faults if each.operation.startswith("ec2:")}
    present = Present(
        parameters=parameters_of(stack or {}),
        profiles=profiles_of(client("ec2"), instances) if instances else {},
    )
    before = Present(**earlier["present"]) if earlier else present
    return {
        "run": run,
        "faults": [asdict(each) for each in faults],
        "present": asdict(present),
        "outcomes": [line for each in faults for line in outcomes(each, before, present)],
    }


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "runs_directory": {"type": "path", "required": True},
            "earlier": {"type": "dict"},
        },
        supports_check_mode=True,
    )
    try:
        result = recorded(module.client, module.params)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
