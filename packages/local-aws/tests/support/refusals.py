"""How a call is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def refusal_of(call: Callable[..., Any], **arguments: Any) -> tuple[int, str, str]:
    """Status, code and message of the error that the call must end in."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    response = refused.value.response
    return (
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["Error"]["Code"],
        response["Error"]["Message"],
    )


def error_of(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """Code and message of the error that the call must end in."""
    _, code, message = refusal_of(call, **arguments)
    return code, message


def assert_refused(call: Callable[..., Any], code: str, words: str, **arguments: Any) -> None:
    """The call must end in an error of this code whose message has these words."""
    found, message = error_of(call, **arguments)
    assert found == code
    assert words in message


def invalid_parameter(call: Callable[..., Any], **arguments: Any) -> str:
    """What SNS says of the parameter for which it must refuse the call, without what it begins."""
    status, code, message = refusal_of(call, **arguments)
    assert (status, code) == (400, "InvalidParameter")
    return message.removeprefix("Invalid parameter: ")
