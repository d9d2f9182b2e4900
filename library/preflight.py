#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: preflight
short_description: Check everything before a play touches the service
description:
  - Checks the values of all variables by meaning, the environment, the caller, the account and the
    region, whose the stack is, and that no other operator works on it. Then it takes the operator's
    lock. It fails with one line for each thing that is wrong, and has changed nothing by then.
  - The tasks of this module are done in ansible-playbook's own process, by an action plugin.
author:
  - The contributors of this project
options:
  playbook:
    description:
      - Which playbook begins. It decides what may be there and whether a lock is needed. Of
        V(report) and V(unwatch), which ask nothing of AWS, the variables alone are checked.
    type: str
    required: true
    choices:
      [demo, deploy, destroy, recover, render, report, scenario, status, stop, unwatch, watch]
attributes:
  check_mode:
    description: Shows the plan and takes no lock, as with C(-e plan=true).
    support: full
  diff_mode:
    description: Nothing but the lock is ever changed.
    support: none
  idempotent:
    description: A lock that is taken is not a change of the service.
    support: full
"""

EXAMPLES = r"""
- name: Check everything before the stack is deployed
  preflight:
    playbook: deploy
  register: checked
"""

RETURN = r"""
lines:
  description: The backend, the caller, the stack, what will be touched, and what it costs.
  returned: success
  type: list
  elements: str
compares:
  description:
    - Whether the plan of a deployment is still to be completed by what differs between the stack
      and all that would be sent, which takes more calls.
  returned: when AWS was called
  type: bool
preflight:
  description: What roles that change something require.
  returned: when AWS was called
  type: dict
  contains:
    backend: {description: V(local) or V(aws)., type: str}
    account: {description: The account's number., type: str}
    region: {description: The region., type: str}
    caller: {description: The ARN of whoever calls., type: str}
    stack: {description: What M(service_preflight) returns of the stack., type: dict}
    resources: {description: The physical ids of the stack's resources by type., type: dict}
    instances: {description: The ids of the group's instances., type: list}
    playbook: {description: The playbook that began., type: str}
    plan: {description: Whether nothing may be changed., type: bool}
    lock: {description: The operator's lock that is held now., type: dict}
"""
