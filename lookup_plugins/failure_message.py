# GNU General Public License v3.0+ (see LICENSE)
"""What a failed task says, as the terminal shows it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: failure_message
author: The contributors of this project
short_description: What a failed task says
description:
  - Of a loop Ansible says only that one or more items failed. This is what the failed ones say.
options:
  _terms:
    description: The result of the task, as a C(rescue) has it in C(ansible_failed_result).
    required: true
"""

EXAMPLES = r"""
- name: Say why it was not restored
  ansible.builtin.debug:
    msg: "{{ lookup('failure_message', ansible_failed_result) }}"
"""

RETURN = r"""
_raw:
  description: The message of each term; of a loop those of its failed items, each once.
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.plugins.lookup import LookupBase

from narration.failure import message


class LookupModule(LookupBase):  # type: ignore[misc]
    def run(
        self,
        terms: list[Mapping[str, Any]],
        variables: dict[str, Any] | None = None,
        **options: Any,
    ) -> list[Any]:
        return [message(term) for term in terms]
