"""What the event of a failed resource says: the service's message, and no word of Python's."""

from __future__ import annotations

import logging

_LOG = logging.getLogger(__name__)


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
