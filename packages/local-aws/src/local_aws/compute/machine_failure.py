"""Whose fault a failure is: the user data's, as on EC2, or the machine's, which cannot run it."""

from __future__ import annotations

import errno

_OF_THE_MACHINE = frozenset(
    {
        errno.EAGAIN,  # no process slots
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EROFS,
    }
)


def is_of_the_machine(error: Exception) -> bool:
    """False for what wrong user data raises: ValueErrors, and OSErrors about its own paths."""
    if isinstance(error, OSError):
        return error.errno in _OF_THE_MACHINE
    return not isinstance(error, ValueError)


def describe(error: Exception) -> str:
    """One line that also says what kind of error it is, where its text alone would not."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    text = " ".join(str(error).split())
    return text if isinstance(error, ValueError) else f"{type(error).__name__}: {text}"
