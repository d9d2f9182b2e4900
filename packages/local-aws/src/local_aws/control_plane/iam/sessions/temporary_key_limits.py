"""What the keys of GetSessionToken and GetFederationToken may not call, whatever policies say.

Source: API_GetSessionToken, API_GetFederationToken: Permissions; refusals of the real AWS as users
reported them.
"""

from __future__ import annotations

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import refusals
from local_aws.control_plane.iam.sessions.callers import Caller

_OF_STS = {
    "Account": ("AssumeRole", "GetCallerIdentity"),
    "FederatedUser": ("GetCallerIdentity",),
    "User": ("AssumeRole", "GetCallerIdentity"),
}


def require(request: ApiRequest, caller: Caller) -> None:
    """Raise ApiError for IAM, which only users with MFA may call, and for most of STS."""
    allowed = _OF_STS.get(caller.kind)
    if caller.issued_at is None or allowed is None:
        return
    has_mfa = caller.mfa_at is not None and caller.kind != "FederatedUser"
    if request.service == "iam" and not has_mfa:
        raise refusals.wrong_token(request)
    if request.service == "sts" and request.action not in allowed:
        raise refusals.access_denied(f"Cannot call {request.action} with session credentials")
