#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: service_page
short_description: Serve a page that shows a service live
description:
  - Starts a server on loopback, in the background, whose page shows the stack's instances, the
    traffic to them, and the scenario that is played; or ends it.
  - What it shows comes from the record of the run that goes on, and from AWS where nothing is
    recorded. One sampler serves all viewers.
  - It ends by itself when the stack is deleted or the local AWS is stopped.
  - It is known by its process id and start, in C(live-page-<stack>.json) below O(runs_directory),
    which only its owner can read.
  - Credentials come from the task's environment, as for every AWS client.
  - It runs where ansible-playbook does, whose inventory and variables its buttons use -
    C(action_plugins/service_page.py).
author:
  - The contributors of this project
options:
  state:
    description:
      - V(started) returns when the page answers. One that runs with the same options goes on.
      - V(stopped) returns when it runs no more.
    type: str
    choices: [started, stopped]
    required: true
  runs_directory:
    description: Where the folders of all runs are.
    type: path
    required: true
  stack_name:
    description: The stack that is shown.
    type: str
    required: true
  region:
    description: The AWS region. Needed by O(state=started).
    type: str
  backend:
    description: Whether it is the local AWS or an account. Needed by O(state=started).
    type: str
    choices: [local, aws]
  account:
    description: The account that the stack is in. Needed by O(state=started).
    type: str
  confirm:
    description: On O(backend=aws), the account in which the page's buttons may change something.
    type: str
    default: ""
  port:
    description:
      - The page's port; 0 is any free one. After a restart it is the same one again if it is free.
    type: int
    default: 0
  home:
    description: The state folder of the local AWS, for the playbooks that the buttons start.
    type: str
    default: ""
  reply_shape:
    description: How the service's replies are read, as in M(observation).
    type: dict
    default: {}
attributes:
  check_mode:
    description: Says whether it would start or end a page.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
  idempotent:
    description: A page that runs with the same options is left as it is.
    support: full
"""

EXAMPLES = r"""
- name: Serve the live page
  service_page:
    state: started
    runs_directory: "{{ runs_directory }}"
    stack_name: resilience-demo
    region: us-east-1
    backend: local
    account: "123456789012"

- name: End the live page
  service_page:
    state: stopped
    runs_directory: "{{ runs_directory }}"
    stack_name: resilience-demo
"""

RETURN = r"""
address:
  description: Where the page is, with the token that its buttons need; empty in check mode.
  returned: always
  type: str
  sample: http://127.0.0.1:38973/#UWliSMxpbl0ztUx3FJVeh7HN5MK8p0z1
read_only:
  description: Why the page has no buttons; empty when it has.
  returned: always
  type: str
"""
