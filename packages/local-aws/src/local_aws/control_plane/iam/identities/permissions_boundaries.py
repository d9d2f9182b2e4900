"""Permissions boundaries of roles and users: managed policies that say what these may do at most.

moto has none of users, and does not say whom a policy bounds.
Source: "Permissions boundaries for IAM entities" in the IAM User Guide; API_ListEntitiesForPolicy;
answers of the real IAM as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.serialize import never_return, return_if_not_empty
from moto.iam.exceptions import InvalidInput, NotFoundException
from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User, iam_backends
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.identities.managed_policies import is_arn

KEY = "iam:permissionsboundary"
"""The condition key: the boundary that a request gives, or that whom it is about has."""

_moto_put = IAMBackend.put_role_permissions_boundary
_OF_USERS = {
    "CreateUserResponse.User.PermissionsBoundary": return_if_not_empty,
    "GetUserResponse.User.PermissionsBoundary": return_if_not_empty,
    "UserDetailList.UserDetail.PermissionsBoundary": return_if_not_empty,
    "ListUsersResponse.Users.User.PermissionsBoundary": never_return,
    "GetGroupResponse.Users.User.PermissionsBoundary": never_return,
}


def install() -> None:
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.update(_OF_USERS)
    moto_seams.replace(
        IAMBackend,
        create_role=_bounding_role(IAMBackend.create_role),
        put_role_permissions_boundary=_put_of_role,
    )
    moto_seams.replace(
        IamResponse,
        create_user=_bounding_user(IamResponse.create_user),
        list_entities_for_policy=_list_entities,
    )
    moto_seams.add(
        IAMBackend,
        put_user_permissions_boundary=_put_of_user,
        delete_user_permissions_boundary=_delete_of_user,
    )
    moto_seams.add(
        IamResponse,
        put_user_permissions_boundary=_answer_put,
        delete_user_permissions_boundary=_answer_delete,
    )
    moto_seams.add(User, permissions_boundary_arn=None, permissions_boundary=property(_shown))
    moto_seams.replace(Role, permissions_boundary=property(_shown))
    moto_seams.add(ManagedPolicy, permissions_boundary_usage_count=property(_usage_count))


def arn_of(identity: Role | User | None) -> str:
    """The boundary's ARN; "" when there is none."""
    return getattr(identity, "permissions_boundary_arn", None) or ""


def of_request(members: Mapping[str, Any], account_id: str) -> str:
    """The value of KEY; "" when a request gives no boundary and is about nobody who has one."""
    if given := members.get("PermissionsBoundary"):
        return str(given)
    role_name, user_name = members.get("RoleName"), members.get("UserName")
    for identity in _identities(iam_backends[account_id]["aws"]):
        if identity.name == (role_name if isinstance(identity, Role) else user_name):
            return arn_of(identity)
    return ""


def bounded_by(policy: ManagedPolicy) -> list[Role | User]:
    """The roles and users whose boundary it is."""
    return [each for each in _identities(policy.backend) if arn_of(each) == policy.arn]


def _put_of_user(self: IAMBackend, user_name: str, permissions_boundary: str) -> None:
    user: Any = self.get_user(user_name)
    _require(self, permissions_boundary)
    user.permissions_boundary_arn = permissions_boundary


def _delete_of_user(self: IAMBackend, user_name: str) -> None:
    user: Any = self.get_user(user_name)
    user.permissions_boundary_arn = None


def _put_of_role(self: IAMBackend, role_name: str, permissions_boundary: str) -> None:
    self.get_role(role_name)
    _require(self, permissions_boundary)
    _moto_put(self, role_name, permissions_boundary)


def _bounding_role(create_role: Callable[..., Role]) -> Any:
    def create(
        self: IAMBackend,
        role_name: str,
        assume_role_policy_document: str,
        path: str,
        permissions_boundary: str | None,
        *rest: Any,
        **more: Any,
    ) -> Role:
        if permissions_boundary:
            _require(self, permissions_boundary)
        return create_role(
            self, role_name, assume_role_policy_document, path, permissions_boundary, *rest, **more
        )

    return create


def _bounding_user(create_user: Callable[[IamResponse], ActionResult]) -> Any:
    def create(self: IamResponse) -> ActionResult:
        arn = self._get_param("PermissionsBoundary")
        if arn:
            _require(self.backend, arn)
        created = create_user(self)
        if arn:
            _put_of_user(self.backend, self._get_param("UserName"), arn)
        return created

    return create


def _answer_put(self: IamResponse) -> ActionResult:
    arn = self._get_param("PermissionsBoundary")
    _put_of_user(self.backend, self._get_param("UserName"), arn)
    return EmptyResult()


def _answer_delete(self: IamResponse) -> ActionResult:
    _delete_of_user(self.backend, self._get_param("UserName"))
    return EmptyResult()


def _list_entities(self: IamResponse) -> ActionResult:
    """Whom a policy is attached to, whom it bounds, or both."""
    policy = self.backend.get_policy(self._get_param("PolicyArn"))
    usage, kind = self._get_param("PolicyUsageFilter"), self._get_param("EntityFilter")
    entities: list[Role | User | Group] = []
    if usage != "PermissionsBoundary":
        holders = [*_identities(self.backend), *self.backend.groups.values()]
        entities += [each for each in holders if policy.arn in each.managed_policies]
    if usage != "PermissionsPolicy":
        entities += [each for each in bounded_by(policy) if each not in entities]
    prefix = self._get_param("PathPrefix") or "/"
    entities = [each for each in entities if each.path.startswith(prefix)]
    return ActionResult(
        {
            f"Policy{of.__name__}s": [each for each in entities if isinstance(each, of)]
            if kind not in _KINDS or kind == of.__name__
            else []
            for of in (Role, User, Group)
        }
    )


_KINDS = frozenset({"Role", "User", "Group"})
"""Filters of ListEntitiesForPolicy that leave others out; the rest are kinds of policies."""


def _identities(backend: IAMBackend) -> list[Role | User]:
    return [*backend.roles.values(), *backend.users.values()]


def _require(backend: IAMBackend, arn: str) -> None:
    if not is_arn(arn):
        raise InvalidInput(f"ARN {arn} is not valid.")
    if arn not in backend.managed_policies:
        raise NotFoundException(f"Scope ARN: {arn} does not exist or is not attachable.")


def _shown(self: Role | User) -> dict[str, str] | None:
    arn = arn_of(self)
    if not arn:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def _usage_count(self: ManagedPolicy) -> int:
    return len(bounded_by(self))
