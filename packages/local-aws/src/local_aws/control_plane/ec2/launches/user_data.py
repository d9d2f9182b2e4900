"""User data is base64 of 16,384 bytes at most.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError

_MOST_BYTES = 16_384
_TOO_LONG = f"User data is limited to {_MOST_BYTES} bytes"


def check_launch(user_data: Any) -> None:
    """What RunInstances is given. Raises EC2ClientError."""
    if _length(user_data) > _MOST_BYTES:
        raise EC2ClientError("InvalidParameterValue", _TOO_LONG)


def check_launch_template(data: Mapping[str, Any]) -> None:
    """What a version of a launch template is given. Raises EC2ClientError."""
    if _length(data.get("UserData")) > _MOST_BYTES:
        raise EC2ClientError("InvalidUserData.Malformed", f"{_TOO_LONG}.")


def _length(user_data: Any) -> int:
    """In bytes, decoded."""
    try:
        return len(base64.b64decode("".join(str(user_data or "").split()), validate=True))
    except ValueError:
        raise EC2ClientError(
            "InvalidUserData.Malformed", "Invalid BASE64 encoding of user data."
        ) from None
