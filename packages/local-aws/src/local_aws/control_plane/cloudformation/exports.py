"""Exported outputs: unique in their region, and kept while another stack imports them.

AWS: "Get exported outputs from a deployed CloudFormation stack" in the CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Sequence

from local_aws.control_plane.cloudformation.stack import STACKS, Output, Stack


def conflict(stack: Stack, outputs: Sequence[Output]) -> str | None:
    """Why the stack may not replace its outputs by these; None when it may."""
    names = {output.export_name for output in outputs if output.export_name}
    for name, (owner, _) in STACKS.exports(stack.account_id, stack.region).items():
        if owner is not stack and name in names:
            return f"Export with name {name} is already exported by stack {owner.name}"
        if owner is stack and name not in names:
            importing = importers(stack.account_id, stack.region, name)
            other = next((each for each in importing if each is not stack), None)
            if other:
                return f"Export {name} cannot be deleted as it is in use by {other.name}"
    return None


def importers(account_id: str, region: str, export_name: str) -> list[Stack]:
    """The living stacks that import a value, the newest first."""
    return [
        stack
        for stack in STACKS.in_region(account_id, region)
        if not stack.is_deleted and export_name in stack.imports
    ]
