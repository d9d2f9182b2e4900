"""An error that comes again with each try is logged once, and how often it came when it ends."""

from __future__ import annotations

import logging


class RepeatedError:
    """Of a thing that is tried again and again; `what` is its name, such as "reconciling"."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log = log
        self._what = what
        self._error: tuple[type[Exception], str] | None = None
        self._times = 0

    def failed(self, error: Exception) -> None:
        """Log it with its traceback, unless the try before has failed the same way."""
        same = (type(error), str(error))
        if same != self._error:
            if self._error is not None:
                self._log.error("%s failed %d times as above", self._what, self._times)
            self._log.error(
                "%s failed; it is tried again, and the same error is not logged again",
                self._what,
                exc_info=error,
            )
            self._error, self._times = same, 0
        self._times += 1

    def succeeded(self) -> None:
        """Log that it works again, after how many failures."""
        if self._error is not None:
            self._log.info("%s works again; it had failed %d times", self._what, self._times)
            self._error = None


class RepeatedErrors:
    """Of many things that are tried again and again, each by its name."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._failing: dict[str, RepeatedError] = {}

    def failed(self, what: str, error: Exception) -> None:
        self._failing.setdefault(what, RepeatedError(self._log, what)).failed(error)

    def succeeded(self, what: str) -> None:
        failing = self._failing.pop(what, None)
        if failing is not None:
            failing.succeeded()
