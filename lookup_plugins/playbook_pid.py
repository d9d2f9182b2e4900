# GNU General Public License v3.0+ (see LICENSE)
"""The pid of ansible-playbook."""

from __future__ import annotations

DOCUMENTATION = r"""
name: playbook_pid
author: The contributors of this project
short_description: The pid of the ansible-playbook that runs this
description:
  - What is started for one run of a playbook can end with this process.
options: {}
"""

EXAMPLES = r"""
- name: Start a local AWS that ends with this playbook
  ansible.builtin.command: "local-aws start --with-process {{ lookup('playbook_pid') }}"
"""

RETURN = r"""
_raw:
  description: The pid.
  type: list
  elements: int
"""

import multiprocessing
import os
from typing import Any

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):  # type: ignore[misc]
    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **options: Any
    ) -> list[Any]:
        # A task is worked out in a fork of ansible-playbook.
        parent = multiprocessing.parent_process()
        return [os.getpid() if parent is None else parent.pid]
