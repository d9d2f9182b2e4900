"""GetSessionToken and GetFederationToken: each answer has a key of its own."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.iam.sessions import callers, multi_factor, temporary_keys
from local_aws.control_plane.iam.sessions.callers import Caller
from local_aws.control_plane.iam.sessions.temporary_keys import Federation, TemporaryKey
from local_aws.control_plane.sts import requested_policies, requested_tags

_USUAL_SECONDS = 43_200
_LONGEST_OF_ACCOUNT_SECONDS = 3_600


def install() -> None:
    moto_seams.replace(
        TokenResponse,
        get_session_token=_get_session_token,
        get_federation_token=_get_federation_token,
    )


def _get_session_token(self: TokenResponse) -> ActionResult:
    """AWS: "GetSessionToken" in the STS API Reference: it acts as the caller."""
    caller = _long_term_caller(self)
    mfa_at = multi_factor.authenticated_at(
        caller, self._get_param("SerialNumber"), self._get_param("TokenCode")
    )
    key = temporary_keys.issue(
        self.backend, _user_id(caller), _seconds(self, caller), mfa_at=mfa_at
    )
    return ActionResult({"Credentials": _credentials(key)})


def _get_federation_token(self: TokenResponse) -> ActionResult:
    """AWS: "GetFederationToken": what both the user's policies and the given ones allow."""
    caller = _long_term_caller(self)
    name, policy = self._get_param("Name"), self._get_param("Policy")
    arns = [each["arn"] for each in self._get_param("PolicyArns", [])]
    requested_policies.require(policy, arns)
    tags: list[dict[str, str]] = self._get_param("Tags", [])
    requested_tags.require(tags)
    federation = Federation(
        name, policy, tuple(arns), {tag["Key"]: tag.get("Value", "") for tag in tags}
    )
    key = temporary_keys.issue(
        self.backend, _user_id(caller), _seconds(self, caller), federation=federation
    )
    answer: dict[str, Any] = {
        "Credentials": _credentials(key),
        "FederatedUser": {
            "FederatedUserId": f"{key.account_id}:{name}",
            "Arn": federation.arn(key.account_id),
        },
        "PackedPolicySize": requested_policies.packed_size(policy),
    }
    return ActionResult(answer)


def _seconds(response: TokenResponse, caller: Caller) -> int:
    """API_GetSessionToken: what is longer than an hour is an hour for the account's own keys."""
    seconds = int(response._get_int_param("DurationSeconds", _USUAL_SECONDS))
    return min(seconds, _LONGEST_OF_ACCOUNT_SECONDS) if caller.is_administrator else seconds


def _long_term_caller(response: TokenResponse) -> Caller:
    """A user or the administrator. Sessions are refused."""
    key = callers.find_issued(response.get_access_key())
    if key is None:
        return callers.ADMINISTRATOR
    if key.session_token:
        raise ApiError(
            "403 Forbidden",
            "AccessDenied",
            f"Cannot call {response._get_action()} with session credentials",
        )
    return key.caller


def _user_id(caller: Caller) -> str | None:
    return None if caller.is_administrator else caller.user_id


def _credentials(key: TemporaryKey) -> dict[str, object]:
    return {
        "AccessKeyId": key.access_key_id,
        "SecretAccessKey": key.secret_access_key,
        "SessionToken": key.session_token,
        "Expiration": key.expires_at,
    }
