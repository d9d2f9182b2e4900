# GNU General Public License v3.0+ (see LICENSE)
"""What an account holds, as the audit of a removed stack reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_pages

from safeguards.ownership import LOGICAL_IDS, STACK_TAG


@dataclass(frozen=True)
class Leftover:
    """`remove` is the command that removes it."""

    kind: str
    id: str
    remove: str


class Account:
    """One account as a removed stack's audit reads it: its listings, page by page."""

    def __init__(self, client: Callable[[str], Any], options: Mapping[str, Any]) -> None:
        """`client` gives the boto3 client of a service; `options` are those of the module."""
        self.client = client
        self.options = options
        self.name = options["stack_name"]
        self.prefix = f"{self.name}-{LOGICAL_IDS}"
        self.tagged = [{"Name": f"tag:{STACK_TAG}", "Values": [self.name]}]
        """The filter of EC2's listings for the stack's tag."""

    def carries_tag(self, described: Mapping[str, Any]) -> bool:
        """Whether it has the stack's tag."""
        return any(
            (tag["Key"], tag["Value"]) == (STACK_TAG, self.name)
            for tag in described.get("Tags", [])
        )

    def all(self, service: str, operation: str, key: str, **request: Any) -> list[Any]:
        """The rows under `key` of all pages of a listing."""
        purpose = f"{operation.replace('_', ' ')} of {service}"
        rows: list[Any] = aws_pages(purpose, self.client(service), operation, key, **request)
        return rows
