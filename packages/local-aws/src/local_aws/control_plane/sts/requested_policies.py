"""The policies that a request gives to a session: how many and how long, and their packed size.

Source: API_AssumeRole, API_GetFederationToken: up to 10 ARNs of managed policies; "the plaintext
that you use for both inline and managed session policies can't exceed 2,048 characters". The words
are those of AWS's framework, which checks both in the operations whose model has the bounds.
"""

from __future__ import annotations

from collections.abc import Sequence

from moto.sts.exceptions import STSValidationError

from local_aws.control_plane.iam.policy_documents import documents

_LONGEST = 2_048
_MOST_ARNS = 10


def require(policy: str | None, arns: Sequence[str]) -> None:
    """Raise ValidationError for too much of it, MalformedPolicyDocument for what is no policy."""
    if policy is not None and len(policy) > _LONGEST:
        raise _invalid(policy, "policy", _LONGEST)
    if len(arns) > _MOST_ARNS:
        shown = ", ".join(f"PolicyDescriptorType(arn={arn})" for arn in arns)
        raise _invalid(f"[{shown}]", "policyArns", _MOST_ARNS)
    if policy is not None:  # in the words that users reported of session policies
        documents.require_readable(policy, "The policy is not in the valid JSON format.")


def packed_size(policy: str | None) -> int:
    """In percent of what a session may have."""
    return 100 * len(policy or "") // _LONGEST


def _invalid(value: str, name: str, most: int) -> STSValidationError:
    return STSValidationError(
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {most}"
    )
