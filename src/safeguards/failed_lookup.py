"""Why AWS did not say who calls and what is there, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safeguards.clock import clock_refusal

_HINTS = {
    "local": "Start it with: local-aws start",
    "aws": "Check AWS_REGION, and your credentials with: aws sts get-caller-identity",
}


def lookup_refusal(failed: Mapping[str, Any], backend: str, region: str, command: str) -> str:
    """`failed` is what the module service_preflight returned, `command` how a playbook is typed."""
    reason = str(failed.get("msg", "no reason given"))
    return (
        clock_refusal(failed.get("clock_ahead_seconds"))
        or _permission_refusal(reason, command)
        or (
            f"{'The local AWS' if backend == 'local' else f'AWS in {region}'} did not answer to "
            f"these credentials ({reason}). {_HINTS[backend]}"
        )
    )


def _permission_refusal(reason: str, command: str) -> str | None:
    """For what AWS says when a policy does not allow the call: it names action and resource."""
    if "is not authorized to perform" not in reason:
        return None
    return (
        f"{reason.rstrip('.')}. What an operator needs is operator-policy.json and "
        f"cloudformation-policy.json; an administrator writes both with: {command} render.yml"
    )
