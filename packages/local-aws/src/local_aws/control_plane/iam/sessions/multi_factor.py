"""Multi-factor authentication: the code that a user's virtual device shows proves who calls.

Source: API_AssumeRole, API_GetSessionToken: SerialNumber, TokenCode; RFC 6238, which virtual
devices follow; refusals of the real STS as users reported them. Hardware devices have no secret
here that a code could be compared with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import UTC, datetime

from moto.iam.models import User, iam_backends

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.iam import refusals
from local_aws.control_plane.iam.sessions.callers import Caller

_STEP_SECONDS = 30
_DIGITS = 6


def authenticated_at(caller: Caller, serial: str | None, code: str | None) -> datetime | None:
    """When the code of the request was verified: now; None when the request gives no device.

    Raises ApiError for a code that the device does not show, and for a device that is not the
    caller's.
    """
    if not serial and not code:
        return None
    if not serial or not code:
        raise _failed(", must provide both MFA serial number and one time pass code.")
    secret = _secret(caller, serial)
    if secret is None:
        raise _failed(
            ", unable to validate MFA code.  Please verify your MFA serial number is valid and "
            "associated with this user."
        )
    now = datetime.now(UTC)
    step = int(now.timestamp()) // _STEP_SECONDS
    if not any(hmac.compare_digest(code_at(secret, step + late), code) for late in (-1, 0, 1)):
        raise _failed(" with invalid MFA one time pass code. ")
    return now


def code_at(secret: str, step: int) -> str:
    """What a device with this secret, in base 32, shows in the 30 s that a step lasts."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    start = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFF_FFFF) % 10**_DIGITS:0{_DIGITS}}"


def _secret(caller: Caller, serial: str) -> str | None:
    """That of a virtual device which the calling user has enabled."""
    user = caller.identity
    if not isinstance(user, User) or serial not in user.mfa_devices:
        return None
    device = iam_backends[caller.account_id]["aws"].virtual_mfa_devices.get(serial)
    return device.base32_string_seed if device else None


def _failed(why: str) -> ApiError:
    return refusals.access_denied(f"MultiFactorAuthentication failed{why}")
