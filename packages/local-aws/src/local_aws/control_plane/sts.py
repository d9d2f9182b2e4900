"""STS: sessions with random secrets, and keys of their own for whatever else is temporary."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.exceptions import STSClientError, STSValidationError
from moto.sts.models import AssumedRole, STSBackend, sts_backends
from moto.sts.responses import MAX_FEDERATION_TOKEN_POLICY_LENGTH, TokenResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.iam import (
    authorization_messages,
    callers,
    documents,
    session_policies,
    session_tags,
    source_identities,
    temporary_keys,
)
from local_aws.control_plane.iam.session_tags import SessionTags
from local_aws.control_plane.iam.temporary_keys import TemporaryKey

_LONGEST_CHAINED_SECONDS = 3600


class InvalidTagsError(STSClientError):
    """A session's tags that cannot be; AWS's InvalidParameterValue."""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidParameterValue", message)


_moto_assume_role = STSBackend.assume_role
_moto_answer_assume_role = TokenResponse.assume_role


def install() -> None:
    """Give moto's sessions secrets of ours, and every other temporary key one of its own."""
    moto_seams.replace(
        STSBackend, assume_role=_assume_role, get_caller_identity=_get_caller_identity
    )
    moto_seams.replace(
        TokenResponse,
        assume_role=_answer_assume_role,
        get_session_token=_get_session_token,
        get_federation_token=_get_federation_token,
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
    _require_readable(self._get_param("Policy"))
    tags, transitive = self._get_param("Tags", []), self._get_param("TransitiveTagKeys", [])
    _check_tags(tags, transitive)
    inherited = _inherited_tags(self)
    if {key.lower() for key in inherited} & {
        key.lower() for key in (*transitive, *(tag["Key"] for tag in tags))
    }:
        raise InvalidTagsError(
            "One of the specified transitive tag keys can't be set because it conflicts with a "
            "transitive tag key from the calling session."
        )
    seconds = self._get_int_param("DurationSeconds")
    if seconds is not None:
        _check_duration(self, seconds)
    answer: Any = _moto_answer_assume_role(self).result
    session = answer["Credentials"]
    values = {**inherited, **{tag["Key"]: tag.get("Value", "") for tag in tags}}
    goes_on = frozenset(key.lower() for key in (*inherited, *transitive))
    session_tags.keep(session, SessionTags(values, goes_on))
    session_policies.keep_arns(session, (each["arn"] for each in self._get_param("PolicyArns", [])))
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


def _require_readable(policy: str | None) -> None:
    """STS's MalformedPolicyDocument, in the words that users reported of session policies."""
    if policy is not None:
        documents.require_readable(policy, "The policy is not in the valid JSON format.")


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


def _check_tags(tags: list[dict[str, str]], transitive: list[str]) -> None:
    """The keys of tags are not case-sensitive: two that differ in case are duplicates."""
    keys = [tag["Key"].lower() for tag in tags]
    if len({*keys}) < len(keys):
        raise InvalidTagsError(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    if not {key.lower() for key in transitive} <= {*keys}:
        raise InvalidTagsError(
            "The specified transitive tag key must be included in the requested tags."
        )


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


def _get_session_token(self: TokenResponse) -> ActionResult:
    """AWS: "GetSessionToken" in the STS API Reference: 12 hours, and it acts as the caller."""
    seconds = self._get_int_param("DurationSeconds", 43_200)
    key = temporary_keys.issue(self.backend, _user_id_of(self), seconds)
    return ActionResult({"Credentials": _credentials(key)})


def _get_federation_token(self: TokenResponse) -> ActionResult:
    """AWS: "GetFederationToken": what both the user's policies and the given one allow."""
    seconds = self._get_int_param("DurationSeconds", 43_200)
    name, policy = self._get_param("Name"), self._get_param("Policy")
    if policy is not None and len(policy) > MAX_FEDERATION_TOKEN_POLICY_LENGTH:
        raise STSValidationError(
            f"Value at 'policy' must have at most {MAX_FEDERATION_TOKEN_POLICY_LENGTH} characters"
        )
    _require_readable(policy)
    key = temporary_keys.issue(self.backend, _user_id_of(self), seconds, name, policy)
    user = {
        "FederatedUserId": f"{key.account_id}:{name}",
        "Arn": key.federated_arn,
    }
    packed = 100 * len(policy or "") // MAX_FEDERATION_TOKEN_POLICY_LENGTH  # in percent
    return ActionResult(
        {"Credentials": _credentials(key), "FederatedUser": user, "PackedPolicySize": packed}
    )


def _user_id_of(response: TokenResponse) -> str | None:
    """The id of the calling user; None is the administrator. Sessions are refused."""
    key = callers.find_issued(response.get_access_key())
    if key is None:
        return None
    if key.session_token:
        raise ApiError(
            "403 Forbidden",
            "AccessDenied",
            f"Cannot call {response._get_action()} with session credentials",
        )
    return key.caller.user_id


def _credentials(key: TemporaryKey) -> dict[str, object]:
    return {
        "AccessKeyId": key.access_key_id,
        "SecretAccessKey": key.secret_access_key,
        "SessionToken": key.session_token,
        "Expiration": key.expires_at,
    }
