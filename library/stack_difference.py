#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: stack_difference
short_description: Show what an update would change of a stack's template and parameters
description:
  - Compares a template and parameters with those of the stack, as a difference for C(--diff). It
    changes nothing.
  - The task counts as changed when there is a difference, since Ansible shows none of another one.
author:
  - The contributors of this project
options:
  stack_name:
    description: The name or the ARN of the stack. One that does not exist differs in everything.
    type: str
    required: true
  template_body:
    description: The template. Without it only parameters are compared.
    type: str
  template_parameters:
    description: Parameters by name. One whose value is C(use_previous_value) is not compared.
    type: dict
    default: {}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: It changes nothing in any mode.
    support: full
  diff_mode:
    description: The difference is all that it is for.
    support: full
  idempotent:
    description: It says the same until the stack is updated.
    support: none
"""

EXAMPLES = r"""
- name: Show what the update changes
  stack_difference:
    stack_name: resilience-demo
    template_parameters:
      SSMFailure: static
  when: ansible_diff_mode
"""

RETURN = r""" """

import json
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.stacks import describe, parameters_of
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule


def as_lines(parameters: Mapping[str, Any]) -> str:
    """One line for each parameter, in the order of their names."""
    return "".join(f"{name}: {parameters[name]}\n" for name in sorted(parameters))


def template_of(cloudformation: Any, stack_name: str) -> str:
    """The template as it was given; JSON comes back as data."""
    body = aws_call(
        f"read the template of {stack_name}", cloudformation.get_template, StackName=stack_name
    )["TemplateBody"]
    return body if isinstance(body, str) else json.dumps(body, indent=2)


def differences(cloudformation: Any, options: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs, as Ansible shows it: the template, the parameters."""
    name = options["stack_name"]
    found = describe(cloudformation, name)
    wanted = {
        key: str(value)
        for key, value in options["template_parameters"].items()
        if not isinstance(value, Mapping)
    }
    present = {key: value for key, value in parameters_of(found or {}).items() if key in wanted}
    pairs = [("parameters", as_lines(present), as_lines(wanted))]
    if options["template_body"] is not None:
        before = template_of(cloudformation, name) if found else ""
        pairs.insert(0, ("template", before, options["template_body"]))
    return [
        {
            "before_header": f"{what} of {name}",
            "after_header": f"{what} of {name}",
            "before": before,
            "after": after,
        }
        for what, before, after in pairs
        if before != after
    ]


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "template_body": {"type": "str"},
            "template_parameters": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    try:
        found = differences(module.client("cloudformation"), module.params)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=bool(found), diff=found)


if __name__ == "__main__":
    main()
