"""Exported outputs: unique in their region, and kept while another stack imports them.

AWS: "Get exported outputs from a deployed CloudFormation stack" in the CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Sequence

from local_aws.control_plane.cloudformation.stack import STACKS, Output, Stack


def conflict(stack: Stack, outputs: Sequence[Output]) -> str | None:
    """Why the stack may not have these outputs in place of its own; None when it may."""
    names = {output.export_name for output in outputs if output.export_name}
    for name, (owner, _) in STACKS.exports(stack.account_id, stack.region).items():
        if owner is not stack and name in names:
            return f"Export with name {name} is already exported by stack {owner.name}"
        if owner is stack and name not in names:
            importer = _importer(stack, name)
            if importer:
                return f"Export {name} cannot be deleted as it is in use by {importer.name}"
    return None


def _importer(stack: Stack, export_name: str) -> Stack | None:
    others = STACKS.in_region(stack.account_id, stack.region)
    living = (other for other in others if other is not stack and not other.is_deleted)
    return next((other for other in living if export_name in other.imports), None)
