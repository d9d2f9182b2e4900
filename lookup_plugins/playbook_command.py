# GNU General Public License v3.0+ (see LICENSE)
"""How another playbook is typed for the hosts of this one."""

from __future__ import annotations

DOCUMENTATION = r"""
name: playbook_command
author: The contributors of this project
short_description: How another playbook is typed for the hosts of this one
description:
  - A message that says what to type next must not lead to another inventory than this one.
options:
  _terms:
    description: The playbook, with its options.
    required: true
"""

EXAMPLES = r"""
- name: Say what to do next
  ansible.builtin.fail:
    msg: "The stack is not deployed. Deploy it with: {{ lookup('playbook_command', 'deploy.yml') }}"
"""

RETURN = r"""
_raw:
  description: One command for each term, with this command line's C(-i) and C(--limit).
  type: list
  elements: str
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from safeguards.playbook_command import playbook_command


class LookupModule(LookupBase):  # type: ignore[misc]
    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **options: Any
    ) -> list[Any]:
        return [playbook_command(term) for term in terms]
