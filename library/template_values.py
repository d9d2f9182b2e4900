#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: template_values
short_description: Fill in a template's user data and policies
description:
  - Returns the user data of the first launch template and the documents of all inline policies as
    they will be with the given parameters. It calls no API.
  - What only AWS knows stays as the template names it, such as C(${Table.Arn}).
author:
  - The contributors of this project
options:
  template_body:
    description: The template.
    type: str
    required: true
  template_parameters:
    description: Parameters by name. Others have their defaults.
    type: dict
    default: {}
  stack_name:
    description: The stack's name.
    type: str
    required: true
  region:
    description: The region.
    type: str
    required: true
  account:
    description: The account's number.
    type: str
    required: true
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
- name: Fill in the user data and the policies
  template_values:
    template_body: "{{ lookup('ansible.builtin.file', 'service.yaml') }}"
    template_parameters: {ImageId: ami-0123456789abcdef0}
    stack_name: resilience-demo
    region: us-east-1
    account: "123456789012"
  register: values
"""

RETURN = r"""
user_data:
  description: The user data, before it is encoded; empty without a launch template.
  returned: always
  type: str
user_data_bytes:
  description: How long it is. EC2 takes 16,384.
  returned: always
  type: int
partition:
  description: The region's partition.
  returned: always
  type: str
  sample: aws
policies:
  description: The documents of the policies.
  returned: always
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.resilience.template_values import (
    TemplateValues,
    loaded,
    pseudo_parameters,
)

LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
POLICY = "AWS::IAM::Policy"


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "template_body": {"type": "str", "required": True},
            "template_parameters": {"type": "dict", "default": {}},
            "stack_name": {"type": "str", "required": True},
            "region": {"type": "str", "required": True},
            "account": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    options = module.params
    given = {name: str(value) for name, value in options["template_parameters"].items()}
    pseudo = pseudo_parameters(options["stack_name"], options["region"], options["account"])
    try:
        values = TemplateValues(loaded(options["template_body"]), given, pseudo)
        launch_templates = values.resources(LAUNCH_TEMPLATE)
        policies = [each["PolicyDocument"] for each in values.resources(POLICY)]
    except ValueError as error:
        module.fail_json(msg=str(error))
    user_data = "".join(each["LaunchTemplateData"]["UserData"] for each in launch_templates[:1])
    module.exit_json(
        changed=False,
        user_data=user_data,
        user_data_bytes=len(user_data.encode()),
        partition=pseudo["Partition"],
        policies=policies,
    )


if __name__ == "__main__":
    main()
