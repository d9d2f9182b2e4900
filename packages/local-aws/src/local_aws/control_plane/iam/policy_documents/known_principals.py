"""Which principals a policy can name: the account's own roles and users have to exist.

Source: "AWS JSON policy elements: Principal" in the IAM User Guide: a role or user that a policy
names is replaced by its unique id when the policy is saved; a group is no principal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import Role, User, iam_backends

from local_aws.control_plane.iam.policy_language import conditions

_ARN = re.compile(
    r"arn:[\w-]+:(?P<service>iam|sts)::(?P<account>\d{12}|cloudfront):(?P<kind>[\w-]+)(?:/[^*?]+)?"
)
_KINDS = {"iam": ("role", "root", "user"), "sts": ("assumed-role", "federated-user")}
_UNIQUE_ID = re.compile(r"A(IDA|ROA)[A-Z0-9]{12,}")
_SERVICE = re.compile(r"[\w-]+(\.[\w-]+)+")
_NO_SERVICES = ("amazonaws.com", "amazonaws.com.cn")


def listed(principal: Any) -> Iterator[tuple[str, str]]:
    """Kind and name of each: ("AWS", "arn:aws:iam::111122223333:root"). Of "*" there is none."""
    if isinstance(principal, Mapping):
        for kind, names in principal.items():
            yield from ((kind, name) for name in conditions.as_list(names))


def is_known(kind: str, name: str) -> bool:
    """Of other accounts, of services and of CloudFront's identities only the form is known; of
    federated and canonical users nothing."""
    known = {"AWS": _is_identity, "Service": _is_service}.get(kind)
    return known is None or known(name)


def _is_identity(name: str) -> bool:
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
    """One has a name in front of AWS's domain."""
    return _SERVICE.fullmatch(name) is not None and name not in _NO_SERVICES
