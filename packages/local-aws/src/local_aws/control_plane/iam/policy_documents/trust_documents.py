"""Trust policies of roles: which there can be, when a role is created and when it is updated.

moto looks at those of updates alone, and at no principal.
Sources: "AWS JSON policy elements: NotPrincipal" in the IAM User Guide: not in trust policies. The
words are the real IAM's as users reported them:
https://github.com/kubernetes-sigs/external-dns/issues/3085,
https://github.com/hashicorp/terraform-provider-aws/issues/32872,
https://github.com/terraform-aws-modules/terraform-aws-iam/issues/47,
https://github.com/hashicorp/terraform/issues/35086,
https://github.com/aws-samples/aws-cdk-examples/issues/801.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import BaseIAMPolicyValidator, IAMTrustPolicyDocumentValidator

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.actions import service_authorization
from local_aws.control_plane.iam.policy_documents import known_principals
from local_aws.control_plane.iam.policy_language import conditions, policies

_PROHIBITED = ("Resource", "NotResource", "NotPrincipal")


def install() -> None:
    moto_seams.replace(IAMTrustPolicyDocumentValidator, validate=_validate)


def require(document: str) -> None:
    """Raise MalformedPolicyDocument for what AWS refuses of a readable trust policy."""
    IAMTrustPolicyDocumentValidator(document).validate()


def _validate(self: IAMTrustPolicyDocumentValidator) -> None:
    statements = policies.statements_of(self._policy_document)
    for statement in statements:
        for name in _PROHIBITED:
            if name in statement:
                raise MalformedPolicyDocument(f"Has prohibited field {name}")
    BaseIAMPolicyValidator.validate(self)
    for statement in statements:
        _require_actions(statement)
        _require_principals(statement.get("Principal"))


def _require_actions(statement: Mapping[str, Any]) -> None:
    """STS's own, by name; which of them wildcards may stand for is not known."""
    for action in conditions.as_list(statement.get("Action", [])):
        service, _, name = action.partition(":")
        is_known = "*" in action or "?" in action or service_authorization.action("sts", name)
        if not is_known or service.lower() not in ("sts", "*"):
            raise MalformedPolicyDocument(
                "AssumeRole policy may only specify STS AssumeRole actions."
            )


def _require_principals(principal: Any) -> None:
    if principal == "*":
        return
    listed = list(known_principals.listed(principal))
    if not listed:
        raise MalformedPolicyDocument(
            "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
            "The passed in policy has a statement with no principals!"
        )
    for kind, name in listed:
        if not known_principals.is_known(kind, name):
            raise MalformedPolicyDocument(f'Invalid principal in policy: "{kind.upper()}":"{name}"')
