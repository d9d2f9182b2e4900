"""Managed policies: what must be there for a version or an attachment; their tags.

Source: answers of the real IAM as they have been recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.iam.exceptions import (
    DeleteConflictException,
    DuplicateTags,
    NotFoundException,
    ValidationError,
)
from moto.iam.models import Group, IAMBackend, ManagedPolicy, PolicyVersion, Role, User

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.api import quotas

_ARN = re.compile(r"arn:[\w-]+:iam::(\d{12}|aws):policy/.+")

_moto_attach_to = ManagedPolicy.attach_to
_moto_create_policy = IAMBackend.create_policy
_moto_set_default = IAMBackend.set_default_policy_version


def install() -> None:
    moto_seams.replace(
        IAMBackend,
        get_policy_version=_get_version,
        delete_policy_version=_delete_version,
        set_default_policy_version=_set_default_version,
        attach_role_policy=_attaching(IAMBackend.attach_role_policy),
        attach_user_policy=_attaching(IAMBackend.attach_user_policy),
        attach_group_policy=_attaching(IAMBackend.attach_group_policy),
        create_policy=_create_policy,
        tag_policy=_tag_policy,
        untag_policy=_untag_policy,
    )
    moto_seams.replace(ManagedPolicy, attach_to=_attach_to)


def is_arn(arn: str) -> bool:
    """Whether it has the form of a managed policy's ARN."""
    return _ARN.fullmatch(arn) is not None


def _get_version(self: IAMBackend, policy_arn: str, version_id: str) -> PolicyVersion:
    return _version(self, policy_arn, version_id)


def _delete_version(self: IAMBackend, policy_arn: str, version_id: str) -> None:
    version = _version(self, policy_arn, version_id)
    if version.is_default_version:
        raise DeleteConflictException("Cannot delete the default version of a policy.")
    self.managed_policies[policy_arn].versions.remove(version)


def _set_default_version(self: IAMBackend, policy_arn: str, version_id: str) -> bool:
    _version(self, policy_arn, version_id)
    return bool(_moto_set_default(self, policy_arn, version_id))


def _version(self: IAMBackend, policy_arn: str, version_id: str) -> PolicyVersion:
    policy = self.managed_policies.get(policy_arn)
    for version in policy.versions if policy else ():
        if version.version_id == version_id:
            found: PolicyVersion = version
            return found
    raise NotFoundException(
        f"Policy {policy_arn} version {version_id} does not exist or is not attachable."
    )


def _attaching(moto_attach: Callable[..., Any]) -> Callable[..., None]:
    def attach(self: IAMBackend, policy_arn: str, *name: str, **named: str) -> None:
        if not is_arn(policy_arn):
            raise ValidationError(f"ARN {policy_arn} is not valid.")
        if policy_arn not in self.managed_policies:
            raise NotFoundException(f"Policy {policy_arn} does not exist or is not attachable.")
        moto_attach(self, policy_arn, *name, **named)

    return attach


def _attach_to(self: ManagedPolicy, holder: Role | Group | User) -> None:
    """Once: moto counts each time."""
    if self.arn not in holder.managed_policies:
        quotas.require_one_more_policy(holder)
        _moto_attach_to(self, holder)


def _create_policy(
    self: IAMBackend,
    description: str,
    path: str,
    policy_document: str,
    policy_name: str,
    tags: list[dict[str, str]],
) -> ManagedPolicy:
    by_key = _by_key(tags)
    policy: ManagedPolicy = _moto_create_policy(
        self, description, path, policy_document, policy_name, []
    )
    policy.tags = by_key
    return policy


def _tag_policy(self: IAMBackend, policy_arn: str, tags: list[dict[str, str]]) -> None:
    """The keys of a policy's tags are case-sensitive, unlike those of a role's."""
    by_key = _by_key(tags)
    self.get_policy(policy_arn).tags.update(by_key)


def _untag_policy(self: IAMBackend, policy_arn: str, tag_keys: list[str]) -> None:
    policy = self.get_policy(policy_arn)
    for key in tag_keys:
        policy.tags.pop(key, None)


def _by_key(tags: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    by_key = {tag["Key"]: tag for tag in tags}
    if len(by_key) < len(tags):
        error = DuplicateTags()
        error.message = "Duplicate tag keys found."
        raise error
    return by_key
