"""A user or a group that still has something is not deleted, nor a policy that somebody has.

moto deletes users with their keys and passwords, groups with their users and policies, and policies
while they are attached.
Source: API_DeleteUser: "you must delete the items attached to the user manually, or the deletion
fails"; API_DeleteGroup: "The group must not contain any users or have any attached policies";
API_DeletePolicy: "you must first detach the policy from all users, groups, and roles", "delete all
the policy's versions".
"""

from __future__ import annotations

from collections.abc import Iterable

from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import Group, IAMBackend, ManagedPolicy, User

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.identities import permissions_boundaries

_moto_delete_group = IAMBackend.delete_group
_moto_delete_policy = IAMBackend.delete_policy
_moto_delete_user = IAMBackend.delete_user


def install() -> None:
    moto_seams.replace(
        IAMBackend,
        delete_group=_delete_group,
        delete_policy=_delete_policy,
        delete_user=_delete_user,
    )


def _delete_user(self: IAMBackend, user_name: str) -> None:
    user: User = self.get_user(user_name)
    _require_none(
        (
            (user.access_keys, "delete access keys"),
            (user.password, "delete login profile"),
            (user.mfa_devices, "delete MFA device"),
            (user.signing_certificates, "delete signing certificates"),
            (user.ssh_public_keys, "delete SSH public keys"),
            (self.get_groups_for_user(user_name), "remove users from group"),
        )
    )
    _moto_delete_user(self, user_name)


def _delete_group(self: IAMBackend, group_name: str) -> None:
    group: Group = self.get_group(group_name)
    _require_none(
        (
            (group.users, "remove users from group"),
            (group.managed_policies, "detach all policies"),
            (group.policies, "delete policies"),
        )
    )
    _moto_delete_group(self, group_name)


def _delete_policy(self: IAMBackend, policy_arn: str) -> None:
    policy: ManagedPolicy = self.get_policy(policy_arn)
    if policy.attachment_count or permissions_boundaries.bounded_by(policy):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )
    _moto_delete_policy(self, policy_arn)


def _require_none(present: Iterable[tuple[object, str]]) -> None:
    for items, first in present:
        if items:
            raise DeleteConflictException(f"Cannot delete entity, must {first} first.")
