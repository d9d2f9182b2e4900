"""Requests that name something that does not exist, where moto only fails to find it.

moto answers most of them as AWS does, but looks some things up without asking whether they are
there. AWS answers a client's mistake with a 4xx, which clients do not retry.
Source: "Common error types" in each service's API reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_PARAMETER = re.compile(r"[A-Z][A-Za-z0-9]+")


def refusal(request: ApiRequest, error: KeyError) -> ApiError | None:
    """Return the error to answer when moto looked up a thing or a parameter that is not there.

    None when what was looked up has nothing to do with the request: that is a failure of ours.
    """
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
    """Yield every text that the request gives as a value, however deep."""
    if isinstance(parameters, str):
        yield parameters
    elif isinstance(parameters, Mapping):
        for value in parameters.values():
            yield from _given(value)
    elif isinstance(parameters, list):
        for value in parameters:
            yield from _given(value)


def _refused(
    request: ApiRequest, message: str, ec2_code: str = "InvalidParameterValue"
) -> ApiError:
    codes = {"ec2": ec2_code, "json": "ValidationException", "rest-json": "ValidationException"}
    return ApiError("400 Bad Request", codes.get(request.protocol, "ValidationError"), message)
