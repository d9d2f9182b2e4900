"""A request with a known ClientToken creates nothing: it returns what the first one created.

Source: "Ensuring idempotency in Amazon EC2 API requests" in the EC2 API Reference, and its error
code InvalidClientToken; ClientToken in API_CreateLaunchTemplate.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses._base_response import EC2BaseResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_CHANGEABLE = frozenset({"DisableApiStop", "DisableApiTermination", "TagSpecifications"})
"""Members that can be changed at any time: requests that differ in them only are the same."""

_LONGEST = 64
_LONGEST_OF_TEMPLATES = 128
"""In ASCII characters."""

_Made = TypeVar("_Made")


@dataclass
class _Requests:
    by_token: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)
    """The request with each action's token, and what it created."""


def require(request: ApiRequest) -> None:
    """Raise ApiError for a token that is too long, or not of ASCII characters."""
    token = str(request.parameters.get("ClientToken", ""))
    longest = _LONGEST_OF_TEMPLATES if "LaunchTemplate" in request.action else _LONGEST
    if len(token) > longest or not token.isascii():
        message = f"The client token is not valid. It has at most {longest} ASCII characters."
        raise ApiError("400 Bad Request", "InvalidClientToken", message)


def once(
    request: EC2BaseResponse, make: Callable[[], _Made], is_gone: Callable[[_Made], bool]
) -> _Made:
    """What `make` creates, or what it created for an earlier request with the same token.

    A token is forgotten once that is gone. Raises IdempotentParameterMismatch when the earlier
    request was a different one.
    """
    token = request._get_param("ClientToken")
    if not token:
        return make()
    action = request._get_action()
    before = moto_seams.notes(request.ec2_backend, _Requests).by_token
    for key in [key for key, (_, made) in before.items() if key[0] == action and is_gone(made)]:
        del before[key]
    asked = json.dumps(
        {name: value for name, value in request._get_params().items() if name not in _CHANGEABLE},
        sort_keys=True,
        default=str,
    )
    if (action, token) not in before:
        before[action, token] = asked, make()
    asked_before, made = before[action, token]
    if asked_before != asked:
        raise EC2ClientError(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in "
            "previous request(s).",
        )
    found: _Made = made
    return found
