"""User data is base64 of 16,384 bytes at most.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.launch_templates import LaunchTemplate

from local_aws.control_plane import moto_seams

_MOST_BYTES = 16_384
_TOO_LONG = f"User data is limited to {_MOST_BYTES} bytes"

_moto_create_version = LaunchTemplate.create_version


def install() -> None:
    moto_seams.replace(LaunchTemplate, create_version=_create_version)


def check_launch(user_data: Any) -> None:
    """What RunInstances is given. Raises EC2ClientError."""
    if _length(user_data) > _MOST_BYTES:
        raise EC2ClientError("InvalidParameterValue", _TOO_LONG)


def _create_version(self: LaunchTemplate, data: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    if _length(data.get("UserData")) > _MOST_BYTES:
        raise EC2ClientError("InvalidUserData.Malformed", f"{_TOO_LONG}.")
    return _moto_create_version(self, data, *args, **kwargs)


def _length(user_data: Any) -> int:
    """In bytes, decoded."""
    try:
        return len(base64.b64decode("".join(str(user_data or "").split()), validate=True))
    except (binascii.Error, ValueError):
        raise EC2ClientError(
            "InvalidUserData.Malformed", "Invalid BASE64 encoding of user data."
        ) from None
