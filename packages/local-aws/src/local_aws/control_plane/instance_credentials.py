"""The credentials of an instance's role, which its metadata service hands out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.iam.models import InstanceProfile, Role
from moto.sts.models import sts_backends

from local_aws.contract.credentials import RoleCredentials
from local_aws.control_plane import delayed, moto_seams
from local_aws.control_plane.iam.authorization import trust
from local_aws.control_plane.lock import LOCK

_SESSION_SECONDS = 6 * 3600
"""AWS: "Retrieve security credentials" in the EC2 User Guide: up to six hours."""
_RENEW_BEFORE = timedelta(minutes=15)
_SERVICE = "ec2.amazonaws.com"

_issued: dict[tuple[str, str], RoleCredentials] = {}
"""By the id of the instance and the ARN of its role."""


def current(instance_id: str) -> RoleCredentials | None:
    """Those of an instance now; takes the lock.

    The same ones until a quarter of an hour before they expire. None when the instance has no
    profile, the profile no role, or the role does not trust EC2.
    """
    with LOCK:
        profile = known_profile(instance_id)
        if profile is None or not profile.roles:
            _forget(instance_id)
            return None
        role = profile.roles[0]
        if not trust.allows_service(role.assume_role_policy_document, _SERVICE):
            return None
        issued = _issued.get((instance_id, role.arn))
        if issued and issued.expires_at - _RENEW_BEFORE > datetime.now(UTC):
            return issued
        _forget(instance_id)
        credentials = _issued[instance_id, role.arn] = _mint(profile, role, instance_id)
        return credentials


def known_profile(instance_id: str) -> InstanceProfile | None:
    """The profile that the metadata service knows of by now. Call it under LOCK."""
    return delayed.METADATA.shown(instance_id, _profile_of(instance_id))


def _profile_of(instance_id: str) -> InstanceProfile | None:
    for backend in moto_seams.backends_in_use(ec2_backends):
        association = backend.iam_instance_profile_associations.get(instance_id)
        if association:
            return association.iam_instance_profile
    return None


def _forget(instance_id: str) -> None:
    """A profile given again later starts a new session. The old one lives on until it expires."""
    for key in [key for key in _issued if key[0] == instance_id]:
        del _issued[key]


def _mint(profile: InstanceProfile, role: Role, session_name: str) -> RoleCredentials:
    sts: Any = sts_backends[DEFAULT_ACCOUNT_ID]["aws"]
    session = sts.assume_role(
        region_name="us-east-1",
        role_session_name=session_name,
        role_arn=role.arn,
        policy=None,
        duration=_SESSION_SECONDS,
        external_id=None,
    )
    return RoleCredentials(
        role_name=role.name,
        instance_profile_arn=profile.arn,
        instance_profile_id=profile.id,
        access_key_id=session.access_key_id,
        secret_access_key=session.secret_access_key,
        session_token=session.session_token,
        expires_at=session.expiration.replace(tzinfo=UTC),
    )
