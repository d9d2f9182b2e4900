"""What failed, and what its event says: the service's message, and no word of Python's."""

from __future__ import annotations

import logging

_LOG = logging.getLogger(__name__)


class StepFailedError(Exception):
    """A resource failed, and its event has the reason; or, without one, the outputs did."""

    def __init__(self, logical_id: str | None, reason: str) -> None:
        super().__init__(reason)
        self._logical_id = logical_id

    def summary(self, action: str) -> str:
        """The stack's status reason, as AWS words it."""
        if self._logical_id is None:
            return f"{str(self).removesuffix('.')}. "
        return f"The following resource(s) failed to {action}: [{self._logical_id}]. "


def reason_of(error: Exception) -> str:
    """The message of whatever moto raised, as a status reason."""
    for attribute in ("message", "description"):
        text = getattr(error, attribute, None)
        if isinstance(text, str) and text:
            return text
    if type(error).__module__ == "builtins":  # no service's: nobody expected what it was given
        _LOG.error("a step of a stack failed here", exc_info=error)
        return (
            f"Internal Failure: the local AWS itself failed ({type(error).__name__}); "
            "`local-aws logs` shows where"
        )
    return str(error) or type(error).__name__


def is_not_found(error: Exception) -> bool:
    """Whether somebody has deleted the resource already.

    AWS: "Resource type handler contract" in the CloudFormation CLI User Guide: a deletion that
    answers NotFound has succeeded.
    """
    code = str(getattr(error, "error_type", None) or getattr(error, "code", None))
    return any(part in code for part in ("NotFound", "NoSuch", "NonExistent"))
