"""moto's messages without what the client itself writes before them.

Source: "An error occurred (CODE) when calling the OPERATION operation" is botocore's, in front of
the message that AWS answers; moto repeats it, with the blanks of its own source between the words.
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.exceptions import ServiceException, _RESTError

from local_aws.control_plane import moto_seams

_PREFACE = re.compile(
    r"(?:\w+: )?An error occurred \(\w+\)\s+when calling the \w+ operation: (?P<words>.*)",
    re.DOTALL,
)
_BLANKS = re.compile(r"\s+")

_moto_rest_error = _RESTError.__init__
_moto_service_exception = ServiceException.__init__


def install() -> None:
    moto_seams.replace(_RESTError, __init__=_rest_error)
    moto_seams.replace(ServiceException, __init__=_service_exception)


def _rest_error(
    self: _RESTError, error_type: str, message: str, *others: Any, **named: Any
) -> None:
    _moto_rest_error(self, error_type, _bare(message), *others, **named)


def _service_exception(self: ServiceException, *arguments: Any, **named: Any) -> None:
    *code, message = arguments or (None,)
    _moto_service_exception(self, *code, *([_bare(message)] if arguments else []), **named)


def _bare(message: Any) -> Any:
    found = _PREFACE.fullmatch(message) if isinstance(message, str) else None
    return _BLANKS.sub(" ", found["words"]) if found else message
