"""How many managed policies a user, group or role has at most, and how many groups a user.

Source: "IAM and AWS STS quotas" in the IAM User Guide, its defaults; refusals of the real IAM as
users reported them of roles and groups.
"""

from __future__ import annotations

from moto.iam.exceptions import LimitExceededException
from moto.iam.models import Group, IAMBackend, Role, User

from local_aws.control_plane import moto_seams

_MOST = 10

_moto_add_user = IAMBackend.add_user_to_group


def install() -> None:
    moto_seams.replace(IAMBackend, add_user_to_group=_add_user)


def require_one_more_policy(holder: Role | Group | User) -> None:
    """Raises LimitExceeded."""
    if len(holder.managed_policies) >= _MOST:
        raise _exceeded(f"PoliciesPer{type(holder).__name__}")


def _add_user(self: IAMBackend, group_name: str, user_name: str) -> None:
    user, group = self.get_user(user_name), self.get_group(group_name)
    groups = [each for each in self.groups.values() if user in each.users]
    if group not in groups and len(groups) >= _MOST:
        raise _exceeded("GroupsPerUser")
    _moto_add_user(self, group_name, user_name)


def _exceeded(quota: str) -> LimitExceededException:
    return LimitExceededException(f"Cannot exceed quota for {quota}: {_MOST}")
