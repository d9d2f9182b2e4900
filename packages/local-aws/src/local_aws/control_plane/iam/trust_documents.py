"""Trust policies of roles: which there can be, when a role is created and when it is updated.

moto looks at those of updates alone, and at no principal.
Sources: "AWS JSON policy elements: Principal" in the IAM User Guide: a role or user that a trust
policy names is replaced by its unique id, so it has to exist; a group is no principal. "AWS JSON
policy elements: NotPrincipal": not in trust policies. The words are the real IAM's as users
reported them:
https://github.com/kubernetes-sigs/external-dns/issues/3085,
https://github.com/hashicorp/terraform-provider-aws/issues/32872,
https://github.com/terraform-aws-modules/terraform-aws-iam/issues/47,
https://github.com/hashicorp/terraform/issues/35086,
https://github.com/aws-samples/aws-cdk-examples/issues/801.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.models import Role, User, iam_backends
from moto.iam.policy_validation import BaseIAMPolicyValidator, IAMTrustPolicyDocumentValidator

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam import conditions, policies, service_authorization

_PROHIBITED = ("Resource", "NotResource", "NotPrincipal")
_ARN = re.compile(
    r"arn:[\w-]+:(?P<service>iam|sts)::(?P<account>\d{12}):(?P<kind>[\w-]+)(?:/[^*?]+)?"
)
_KINDS = {"iam": ("role", "root", "user"), "sts": ("assumed-role", "federated-user")}
_UNIQUE_ID = re.compile(r"A(IDA|ROA)[A-Z0-9]{12,}")
_SERVICE = re.compile(r"[\w-]+(\.[\w-]+)+")
_NO_SERVICES = ("amazonaws.com", "amazonaws.com.cn")


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
    listed = list(_listed(principal))
    if not listed:
        raise MalformedPolicyDocument(
            "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
            "The passed in policy has a statement with no principals!"
        )
    for kind, name in listed:
        known = {"AWS": _is_identity, "Service": _is_service}.get(kind)
        if known and not known(name):
            raise MalformedPolicyDocument(f'Invalid principal in policy: "{kind.upper()}":"{name}"')


def _listed(principal: Any) -> Iterator[tuple[str, str]]:
    if isinstance(principal, Mapping):
        for kind, names in principal.items():
            yield from ((kind, name) for name in conditions.as_list(names))


def _is_identity(name: str) -> bool:
    """Of other accounts only the form is known."""
    if name == "*" or re.fullmatch(r"\d{12}", name) or _UNIQUE_ID.fullmatch(name):
        return True
    found = _ARN.fullmatch(name)
    if found is None or found["kind"] not in _KINDS[found["service"]]:
        return False
    if found["account"] != DEFAULT_ACCOUNT_ID or found["kind"] not in ("role", "user"):
        return True
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    identities: list[Role | User] = [*iam.roles.values(), *iam.users.values()]
    return any(each.arn == name for each in identities)


def _is_service(name: str) -> bool:
    """Which services there are is not known: one has a name in front of AWS's domain."""
    return _SERVICE.fullmatch(name) is not None and name not in _NO_SERVICES
