"""Whom the Principal or NotPrincipal of a resource's policy means.

Source: "AWS JSON policy elements: Principal" and "NotPrincipal" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from local_aws.control_plane.iam.identities import permissions_boundaries
from local_aws.control_plane.iam.policy_language import conditions
from local_aws.control_plane.iam.policy_language.policies import Statement
from local_aws.control_plane.iam.sessions.callers import Caller

Standing = Literal["itself", "role", "account"]
"""What of a principal a policy names. Whom it names itself, it gives all that it says, whatever a
permissions boundary or a session policy leaves out; a role's sessions these limit; in an account
the policies of its users and roles decide."""
STANDINGS: tuple[Standing, ...] = ("itself", "role", "account")


@dataclass(frozen=True)
class Principal:
    """Who makes a request, by all names: `identity_arn` is the role or user that it acts as.

    `unique_id` is that one's, "AIDA...". `is_bounded`: it has a permissions boundary.
    """

    arn: str
    identity_arn: str
    account_id: str
    unique_id: str = ""
    is_bounded: bool = False

    @property
    def account(self) -> tuple[str, str]:
        return self.account_id, f"arn:aws:iam::{self.account_id}:root"

    def names(self, standing: Standing) -> Sequence[str]:
        """Those of one kind. A policy may have an id in the place of a role or user."""
        identity = tuple(filter(None, (self.identity_arn, self.unique_id)))
        itself = identity if self.arn == self.identity_arn else (self.arn,)
        return {"itself": itself, "role": identity, "account": self.account}[standing]


ANYBODY = Principal("", "", "")
"""Who has not signed the request."""


def of_caller(caller: Caller) -> Principal:
    identity = caller.identity
    return Principal(
        caller.arn,
        identity.arn if identity else caller.arn,
        caller.account_id,
        identity.id if identity else "",
        is_bounded=bool(permissions_boundaries.arn_of(identity)),
    )


def denied(statements: Sequence[Statement], principal: Principal) -> list[Statement]:
    """The Deny statements that are about the principal: one to the account is to all in it.

    NotPrincipal excepts whose account, role and session it all names, and nobody with a
    permissions boundary.
    """
    everything = [name for kind in STANDINGS for name in principal.names(kind)]
    return [
        each
        for each in statements
        if each.get("Effect") == "Deny"
        and (
            not _excepts(each["NotPrincipal"], principal)
            if "NotPrincipal" in each
            else named(each.get("Principal"), "AWS", everything)
        )
    ]


def allowed(
    statements: Sequence[Statement], principal: Principal, standing: Standing
) -> list[Statement]:
    """The Allow statements that name the principal so; NotPrincipal is of no use in them."""
    return [
        each
        for each in statements
        if each.get("Effect") == "Allow"
        and "NotPrincipal" not in each
        and named(each.get("Principal"), "AWS", principal.names(standing))
    ]


def named(principal: Any, kind: str, names: Sequence[str]) -> bool:
    """Whether a Principal element is for one of the names, or for everyone."""
    if principal == "*":
        return True
    if not isinstance(principal, Mapping) or kind not in principal:
        return False
    listed = conditions.as_list(principal[kind])
    return "*" in listed or any(name in listed for name in names)


def _excepts(not_principal: Any, principal: Principal) -> bool:
    return not principal.is_bounded and all(
        named(not_principal, "AWS", principal.names(kind)) for kind in STANDINGS
    )
