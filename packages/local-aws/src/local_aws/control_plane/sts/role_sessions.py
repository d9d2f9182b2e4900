"""Role sessions: with random secrets, their tags, and what limits them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.exceptions import STSValidationError
from moto.sts.models import AssumedRole, STSBackend, sts_backends
from moto.sts.responses import TokenResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.iam.authorization import authorization_messages
from local_aws.control_plane.iam.sessions import (
    callers,
    session_policies,
    session_tags,
    source_identities,
)
from local_aws.control_plane.iam.sessions.session_tags import SessionTags
from local_aws.control_plane.sts import requested_policies, requested_tags

_LONGEST_CHAINED_SECONDS = 3600


_moto_assume_role = STSBackend.assume_role
_moto_answer_assume_role = TokenResponse.assume_role


def install() -> None:
    """Give moto's sessions secrets of ours."""
    moto_seams.replace(
        STSBackend, assume_role=_assume_role, get_caller_identity=_get_caller_identity
    )
    moto_seams.replace(
        TokenResponse,
        assume_role=_answer_assume_role,
        assume_role_with_saml=_limited(TokenResponse.assume_role_with_saml),
        assume_role_with_web_identity=_limited(TokenResponse.assume_role_with_web_identity),
    )
    moto_seams.add(TokenResponse, decode_authorization_message=_decode_authorization_message)


def _assume_role(self: STSBackend, **arguments: Any) -> AssumedRole:
    """moto's secrets come from a seedable generator; and it keeps expired sessions for ever."""
    now = datetime.now(UTC).replace(tzinfo=None)
    # An hour's grace, so that an expired token and an unknown one get different errors.
    kept = [s for s in self.assumed_roles if s.expiration + timedelta(hours=1) > now]
    self.assumed_roles[:] = kept
    session: AssumedRole = _moto_assume_role(self, **arguments)
    session.secret_access_key = session.access_key.secret_access_key = secrets.token_urlsafe(30)
    return session


def _answer_assume_role(self: TokenResponse) -> ActionResult:
    """AWS: "AssumeRole" in the STS API Reference, and answers as they have been recorded.

    Only what has a policy or tags is packed, and so has a packed size.
    """
    _require_policies(self)
    tags, transitive = self._get_param("Tags", []), self._get_param("TransitiveTagKeys", [])
    inherited = _inherited_tags(self)
    requested_tags.require(tags, transitive, inherited)
    seconds = self._get_int_param("DurationSeconds")
    if seconds is not None:
        _check_duration(self, seconds)
    answer: Any = _moto_answer_assume_role(self).result
    session = answer["Credentials"]
    values = {**inherited, **{tag["Key"]: tag.get("Value", "") for tag in tags}}
    goes_on = frozenset(key.lower() for key in (*inherited, *transitive))
    session_tags.keep(session, SessionTags(values, goes_on))
    session_policies.keep_arns(session, _policy_arns(self))
    source_identity = _source_identity(self)
    if source_identity:
        source_identities.keep(session, source_identity)
        answer["SourceIdentity"] = source_identity
    if not (tags or self._get_param("Policy") or self._get_param("PolicyArns")):
        del answer["PackedPolicySize"]
    return ActionResult(answer)


def _source_identity(response: TokenResponse) -> str:
    """That of the calling session, or what the request gives; IAM has refused another one."""
    key = callers.find_issued(response.get_access_key())
    inherited = key.caller.source_identity if key else ""
    given: str = response._get_param("SourceIdentity") or ""
    return inherited or given


def _decode_authorization_message(self: TokenResponse) -> ActionResult:
    """AWS: "DecodeAuthorizationMessage" in the STS API Reference."""
    try:
        decoded = authorization_messages.decode(self._get_param("EncodedMessage"))
    except authorization_messages.UndecodableError:
        raise ApiError(
            "400 Bad Request", "InvalidAuthorizationMessageException", "Message is not valid"
        ) from None
    return ActionResult({"DecodedMessage": decoded})


def _limited(moto_answer: Callable[[TokenResponse], ActionResult]) -> Any:
    """moto limits a session with a web identity by Policy alone, and one with SAML by nothing."""

    def answer(self: TokenResponse) -> ActionResult:
        _require_policies(self)
        seconds = self._get_int_param("DurationSeconds")
        if seconds is not None:
            _check_duration(self, seconds)
        answered = moto_answer(self)
        session: AssumedRole = answered.result["Credentials"]  # type: ignore[index]
        session.policy = self._get_param("Policy")
        session_policies.keep_arns(session, _policy_arns(self))
        return answered

    return answer


def _require_policies(response: TokenResponse) -> None:
    requested_policies.require(response._get_param("Policy"), _policy_arns(response))


def _policy_arns(response: TokenResponse) -> list[str]:
    return [each["arn"] for each in response._get_param("PolicyArns", [])]


def _inherited_tags(response: TokenResponse) -> dict[str, str]:
    """The transitive tags of the calling session, if the caller is one.

    AWS: "Chaining roles with session tags" in the IAM User Guide.
    """
    asking = response.get_access_key()
    for sts in moto_seams.backends_in_use(sts_backends):
        for session in sts.assumed_roles:
            if session.access_key_id == asking:
                return session_tags.of_session(session).inherited()
    return {}


def _check_duration(response: TokenResponse, seconds: int) -> None:
    key = callers.find_issued(response.get_access_key())
    if key and key.caller.kind == "AssumedRole" and seconds > _LONGEST_CHAINED_SECONDS:
        raise STSValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining"
        )
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    role = next(role for role in roles if role.arn == response._get_param("RoleArn"))
    if seconds > int(role.max_session_duration or _LONGEST_CHAINED_SECONDS):
        raise STSValidationError(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )


def _get_caller_identity(self: STSBackend, access_key_id: str, region: str) -> tuple[str, str, str]:  # noqa: ARG001 - as moto calls it
    """Only the administrator's key was issued neither by IAM nor by STS."""
    key = callers.find_issued(access_key_id)
    caller = key.caller if key else callers.ADMINISTRATOR
    return caller.user_id, caller.arn, caller.account_id
