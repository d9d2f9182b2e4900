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
    description: The lock of the operator who runs this, if any; it is released later.
    type: json
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

import functools
from dataclasses import asdict

from ansible.module_utils.resilience.audited_account import Account, Leftover
from ansible.module_utils.resilience.leftovers_elsewhere import OtherLeftovers
from ansible.module_utils.resilience.leftovers_of_ec2 import Ec2Leftovers
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule


def leftovers(account: Account) -> list[Leftover]:
    """One look at everything; what two listings show is named by the first."""
    kinds = (*OtherLeftovers(account).kinds(), *Ec2Leftovers(account).kinds())
    found = {left.id: left for kind in reversed(kinds) for left in kind()}
    return list(reversed(found.values()))


def message(name: str, left: list[Leftover], waited_seconds: float) -> str:
    lines = [f"  {each.kind} {each.id}   remove it with: {each.remove}" for each in left]
    head = (
        f"{len(left)} left of {name} after {waited_seconds:.0f} s, by its tag or by a name that "
        "only its resources have; none was expected. If one is somebody else's, keep it, and "
        "choose another service_stack_name:"
    )
    return "\n".join([head, *lines])


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "key_pair_id": {"type": "str", "default": "", "no_log": False},
            "given_group_id": {"type": "str", "default": ""},
            "ssh_cidr": {"type": "str", "default": ""},
            "own_lock": {"type": "json"},
            "local_aws_command": {"type": "list", "elements": "str", "default": []},
            "timeout_seconds": {"type": "float", "default": 300},
            "interval_seconds": {"type": "float", "default": 1},
        },
        supports_check_mode=True,
    )
    options = module.params
    account = Account(functools.cache(module.client), options)
    try:
        left = wait_for(
            lambda: leftovers(account),
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
    except (AnsibleAWSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, leftovers=[asdict(each) for each in left])


if __name__ == "__main__":
    main()
