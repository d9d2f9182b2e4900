#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: stack_difference
short_description: Show what an update would change of a stack's template and parameters
description:
  - Compares a template and parameters with those of the stack, as a difference for C(--diff) and in
    one line for each. It changes nothing.
  - Templates that differ only in what CloudFormation does not update by itself do not differ, for
    it performs no update then. This is their notation and comments, the C(Description), the
    C(Metadata) and the C(Rules) of the template, and what C(Parameters) say of a value that is
    given, except its type.
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
    description: Shows the template and the parameters before and after.
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

RETURN = r"""
changes:
  description: What differs, one line for the template and one for each parameter.
  returned: always
  type: list
  elements: str
  sample: ["template: 2 lines added, 0 removed", "SSMFailure: static -> none"]
"""

import difflib
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.stacks import describe, parameters_of
from ansible.module_utils.resilience.template_values import loaded
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

EMPTY = "(empty)"
NEW = "(new)"
NOT_UPDATED_ALONE = {"AWSTemplateFormatVersion", "Description", "Metadata", "Rules", "Parameters"}
"""Sections of a template."""


class Difference(NamedTuple):
    """One thing that differs, as text, and that in lines."""

    what: str
    before: str
    after: str
    changes: list[str]


def template_of(cloudformation: Any, stack_name: str) -> str:
    """The template as it was given; JSON comes back as data."""
    body = aws_call(
        f"read the template of {stack_name}", cloudformation.get_template, StackName=stack_name
    )["TemplateBody"]
    return body if isinstance(body, str) else json.dumps(body, indent=2)


def between_templates(before: str, after: str, given: Collection[str] = ()) -> Difference | None:
    """None for templates between which nothing is updated, with values for the parameters `given`.

    What is no template is compared as text.
    """
    try:
        is_same = before == after or updated_part(before, given) == updated_part(after, given)
    except ValueError:
        is_same = False
    if is_same:
        return None
    marks = [line[0] for line in difflib.ndiff(before.splitlines(), after.splitlines())]
    added, removed = marks.count("+"), marks.count("-")
    counted = f"template: {added} line{'s' * (added != 1)} added, {removed} removed"
    return Difference("template", before, after, [counted])


def updated_part(text: str, given: Collection[str]) -> dict[str, Any]:
    """What a stack is updated for. Raises ValueError for what is no template.

    A change of conditions or mappings may change resources, so these are part of it.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-description-structure.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html
    """
    template = loaded(text)
    parameters = {
        name: (declared.get("Type"), None if name in given else declared.get("Default"))
        for name, declared in template.get("Parameters", {}).items()
    }
    sections = {name: template[name] for name in template.keys() - NOT_UPDATED_ALONE}
    return {**sections, "Parameters": parameters}


def between_parameters(before: Mapping[str, str], after: Mapping[str, str]) -> Difference | None:
    """Of those that are wanted, `after`; None when the stack has them already."""
    changed = [name for name in sorted(after) if before.get(name) != after[name]]
    if not changed:
        return None
    return Difference(
        "parameters",
        as_lines({name: value for name, value in before.items() if name in after}),
        as_lines(after),
        [f"{name}: {before.get(name, NEW) or EMPTY} -> {after[name] or EMPTY}" for name in changed],
    )


def as_lines(parameters: Mapping[str, str]) -> str:
    """One line for each parameter, in the order of their names."""
    return "".join(f"{name}: {parameters[name]}\n" for name in sorted(parameters))


def differences(cloudformation: Any, options: Mapping[str, Any]) -> Iterator[Difference]:
    """What the stack, which need not exist, differs in: the template, the parameters."""
    name, template = options["stack_name"], options["template_body"]
    stack = describe(cloudformation, name)
    found = [between_parameters(parameters_of(stack or {}), given_values(options))]
    if template is not None:
        before = template_of(cloudformation, name) if stack else ""
        found.insert(0, between_templates(before, template, options["template_parameters"]))
    return filter(None, found)


def given_values(options: Mapping[str, Any]) -> dict[str, str]:
    """The parameters with a value of their own, as CloudFormation keeps them."""
    given = options["template_parameters"].items()
    return {name: str(value) for name, value in given if not isinstance(value, Mapping)}


def as_diff(difference: Difference, stack_name: str) -> dict[str, str]:
    """As Ansible shows it with --diff."""
    header = f"{difference.what} of {stack_name}"
    return {
        "before_header": header,
        "after_header": header,
        "before": difference.before,
        "after": difference.after,
    }


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
        found = list(differences(module.client("cloudformation"), module.params))
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(
        changed=bool(found),
        changes=[line for difference in found for line in difference.changes],
        diff=[as_diff(difference, module.params["stack_name"]) for difference in found],
    )


if __name__ == "__main__":
    main()
