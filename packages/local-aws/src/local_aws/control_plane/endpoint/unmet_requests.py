"""Requests for what does not exist, or with a malformed number, at which moto only fails.

moto answers most of them as AWS does, but looks some things up without checking that they exist.
AWS answers a client's mistake with a 4xx, which clients do not retry.
Source: "Common error types" in each service's API reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_UNREADABLE = ("invalid literal for int()", "could not convert string to float", "time data")
_MOST_QUOTED = 200
"""Characters of a text that Python quotes in an error of int()."""
_PARAMETER = re.compile(r"[A-Z][A-Za-z0-9]+")


def refusal(request: ApiRequest, error: Exception) -> ApiError | None:
    """Return the error to answer when moto's failure shows that the request caused it.

    None for any other: that is a failure of ours.
    """
    if isinstance(error, KeyError):
        return _unfound(request, error)
    return _unread(request, error) if isinstance(error, ValueError) else None


def _unread(request: ApiRequest, error: ValueError) -> ApiError | None:
    """Of a text that Python could not take for a number or a time; Python quotes it."""
    words = str(error)
    if words.startswith(_UNREADABLE):
        for name, value in _named(request.parameters):
            if repr(value)[:_MOST_QUOTED] in words:
                return _refused(request, f"Value ({value}) for parameter {name} is invalid.")
    return None


def _unfound(request: ApiRequest, error: KeyError) -> ApiError | None:
    """Of a thing or a parameter that moto looked up and that is not there."""
    key = error.args[0] if error.args else None
    if not isinstance(key, str):
        return None
    in_path = bool(key) and key in unquote(request.path).split("/")
    if in_path or key in _given(request.parameters):
        return _refused(request, f"'{key}' does not exist")
    if _PARAMETER.fullmatch(key):
        return _refused(request, f"The parameter {key} is required", "MissingParameter")
    return None


def _given(parameters: Any) -> Iterator[str]:
    return (value for _, value in _named(parameters))


def _named(parameters: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text that the request gives as a value, however deep, with its member's name."""
    if isinstance(parameters, str):
        yield name, parameters
    elif isinstance(parameters, Mapping):
        for key, value in parameters.items():
            yield from _named(value, str(key))
    elif isinstance(parameters, list):
        for value in parameters:
            yield from _named(value, name)


def _refused(
    request: ApiRequest, message: str, ec2_code: str = "InvalidParameterValue"
) -> ApiError:
    codes = {"ec2": ec2_code, "json": "ValidationException", "rest-json": "ValidationException"}
    return ApiError("400 Bad Request", codes.get(request.protocol, "ValidationError"), message)
