"""The control plane's view of the data plane: the facts it reports, once one is attached."""

from __future__ import annotations

from local_aws.contract.facts import Facts

_NO_FACTS = Facts()
_attached: Facts | None = None


def attach(facts: Facts | None) -> None:
    """Show what the data plane writes into `facts` from now on; None detaches it."""
    global _attached
    _attached = facts


def is_attached() -> bool:
    """Whether instances are real. Without a data plane they run, and end, at once."""
    return _attached is not None


def facts() -> Facts:
    """Return the attached facts, or empty ones."""
    return _attached if _attached is not None else _NO_FACTS
