"""Policy documents: how large and how deep they may be, of which version, and whose.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
reference_policies_elements_version.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from moto.iam.exceptions import LimitExceededException, MalformedPolicyDocument, ValidationError
from moto.iam.models import IAMBackend
from moto.iam.policy_validation import BaseIAMPolicyValidator, IAMPolicyDocumentValidator

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.policy_documents import trust_documents, trusted_ids
from local_aws.control_plane.iam.policy_language import policies

_DEEPEST = 20  # levels; it is ours: no policy has more than seven
_LONGEST_REQUEST = 131_072
_MANAGED = 6_144
_TRUST = 2_048
_INLINE = {"role": 10_240, "user": 2_048, "group": 5_120}
"""Characters of all inline policies of one role, user or group together."""

_moto_require_2012 = BaseIAMPolicyValidator._validate_version


def install() -> None:
    """moto wants each document to be of version 2012-10-17; AWS wants it of managed policies."""
    moto_seams.replace(BaseIAMPolicyValidator, _validate_version=_either_version)
    moto_seams.replace(
        IAMBackend,
        put_role_policy=_put_inline("role", IAMBackend.put_role_policy),
        put_user_policy=_put_inline("user", IAMBackend.put_user_policy),
        put_group_policy=_put_inline("group", IAMBackend.put_group_policy),
        create_policy=_create_policy(IAMBackend.create_policy),
        create_policy_version=_create_version(IAMBackend.create_policy_version),
        create_role=_create_role(IAMBackend.create_role),
        update_assume_role_policy=_update_trust(IAMBackend.update_assume_role_policy),
    )


def require_readable(document: str, words: str = "Syntax errors in policy.") -> None:
    """Raises MalformedPolicyDocument for what is no JSON object, or nested too deep."""
    if len(document) > _LONGEST_REQUEST:
        raise ValidationError(
            "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_LONGEST_REQUEST}",
        )
    try:
        policy = json.loads(document)
    except (ValueError, RecursionError):
        policy = None
    if not isinstance(policy, dict) or _depth_exceeds(policy, _DEEPEST):
        raise MalformedPolicyDocument(words)


def _depth_exceeds(value: Any, levels: int) -> bool:
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return levels == 0 or any(_depth_exceeds(item, levels - 1) for item in value)


def _size(document: str) -> int:
    """AWS does not count white space."""
    return len("".join(document.split()))


def _put_inline(kind: str, moto_put: Callable[..., Any]) -> Callable[..., Any]:
    def put(self: IAMBackend, name: str, policy_name: str, policy_json: str) -> Any:
        _require_of_identity(policy_json)
        present: Mapping[str, str] = getattr(self, f"get_{kind}")(name).policies
        wanted = {**present, policy_name: policy_json}
        if sum(map(_size, wanted.values())) > _INLINE[kind]:
            raise LimitExceededException(
                f"Maximum policy size of {_INLINE[kind]} bytes exceeded for {kind} {name}"
            )
        return moto_put(self, name, policy_name, policy_json)

    return put


def _either_version(self: BaseIAMPolicyValidator) -> None:
    """Which versions there are belongs to the syntax; without one it is 2008-10-17."""


class _ManagedPolicyValidator(IAMPolicyDocumentValidator):
    def _validate_version(self) -> None:
        _moto_require_2012(self)


def _require_of_identity(document: str) -> None:
    """The principal of an identity's policy is the identity.

    Source: refusals of the real IAM, https://github.com/hashicorp/terraform/issues/13449; "IAM JSON
    policy elements: Sid" in the IAM User Guide: letters and digits.
    """
    require_readable(document)
    for statement in policies.statements_of(document):
        if "Principal" in statement or "NotPrincipal" in statement:
            raise MalformedPolicyDocument("Policy document should not specify a principal.")
        if not re.fullmatch("[0-9A-Za-z]*", str(statement.get("Sid", ""))):
            raise MalformedPolicyDocument(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the "
                "regular expression [0-9A-Za-z]*"
            )


def _require_managed(document: str) -> None:
    _require_of_identity(document)
    _ManagedPolicyValidator(document).validate()
    if _size(document) > _MANAGED:
        raise LimitExceededException(f"Cannot exceed quota for PolicySize: {_MANAGED}")


def _require_trust(document: str) -> None:
    require_readable(document, "This policy contains invalid Json")
    trust_documents.require(document)
    if _size(document) > _TRUST:
        raise LimitExceededException(f"Cannot exceed quota for ACLSizePerRole: {_TRUST}")


def _create_policy(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(
        self: IAMBackend, description: str, path: str, policy_document: str, *rest: Any, **more: Any
    ) -> Any:
        _require_managed(policy_document)
        return moto_create(self, description, path, policy_document, *rest, **more)

    return create


def _create_version(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(self: IAMBackend, policy_arn: str, policy_document: str, *rest: Any) -> Any:
        _require_managed(policy_document)
        return moto_create(self, policy_arn, policy_document, *rest)

    return create


def _create_role(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(
        self: IAMBackend, role_name: str, assume_role_policy_document: str, *rest: Any, **more: Any
    ) -> Any:
        _require_trust(assume_role_policy_document)
        role = moto_create(self, role_name, assume_role_policy_document, *rest, **more)
        trusted_ids.keep(self, role)
        return role

    return create


def _update_trust(moto_update: Callable[..., Any]) -> Callable[..., Any]:
    def update(self: IAMBackend, role_name: str, policy_document: str) -> Any:
        _require_trust(policy_document)
        moto_update(self, role_name, policy_document)
        trusted_ids.keep(self, self.get_role(role_name))

    return update
