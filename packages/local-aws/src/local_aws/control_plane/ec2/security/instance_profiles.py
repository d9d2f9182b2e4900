"""Instance profile associations: what DescribeInstances shows is the association itself.

moto keeps a copy on the instance, which replacing an association leaves behind. Where AWS is late
(delays.py) an association is `associating` at first, and is listed as `disassociating` for a while.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileAssociation.html;
the words of errors are EC2's as users reported them.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.exceptions import (
    EC2ClientError,
    IncorrectStateIamProfileAssociationError,
    InvalidAssociationIDIamProfileAssociationError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociation as Association
from moto.ec2.models.instances import Instance
from moto.ec2.utils import (
    filter_iam_instance_profile_associations,
    filter_iam_instance_profiles,
)
from moto.iam.exceptions import NotFoundException

from local_aws.control_plane import moto_seams, wiring

_moto_associate = EC2Backend.associate_iam_instance_profile
_moto_disassociate = EC2Backend.disassociate_iam_instance_profile
_moto_describe = EC2Backend.describe_iam_instance_profile_associations


@dataclass
class Leaving:
    """A region's associations that are disassociating, each with its end in seconds since the
    epoch."""

    until: list[tuple[float, Association]] = field(default_factory=list)

    def now(self) -> list[Association]:
        self.until = [each for each in self.until if each[0] > time.time()]
        return [association for _, association in self.until]


@dataclass
class Begun:
    """When an association began, in seconds since the epoch."""

    at: float = field(default_factory=time.time)


def install() -> None:
    moto_seams.add(Instance, iam_instance_profile=property(_profile_of_instance, _ignore_copy))
    moto_seams.replace(
        EC2Backend,
        associate_iam_instance_profile=_associate,
        disassociate_iam_instance_profile=_disassociate,
        replace_iam_instance_profile_association=_replace,
        describe_iam_instance_profile_associations=_describe,
    )


def is_known(backend: EC2Backend, name: str | None, arn: str | None) -> bool:
    """Whether there is an instance profile of this name, or with this ARN."""
    try:
        found = filter_iam_instance_profiles(
            backend.account_id,
            backend.partition,
            iam_instance_profile_arn=arn,
            iam_instance_profile_name=name,
        )
    except NotFoundException:
        return False
    return found is not None


def require_known(backend: EC2Backend, name: str | None, arn: str | None) -> None:
    """Raise EC2ClientError unless there is an instance profile of this name, or with this ARN."""
    if not is_known(backend, name, arn):
        member, words = ("arn", "ARN") if arn else ("name", "name")
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Value ({arn or name}) for parameter iamInstanceProfile.{member} is invalid. "
            f"Invalid IAM Instance Profile {words}",
        )


def _profile_of_instance(self: Instance) -> dict[str, str] | None:
    found = [
        self.ec2_backend.iam_instance_profile_associations.get(self.id),
        *(each for each in _leaving(self.ec2_backend) if each.instance_id == self.id),
    ]
    association = next(filter(None, found), None)
    if association is None:
        return None
    profile = association.iam_instance_profile
    return {"Arn": profile.arn, "Id": profile.id}


def _ignore_copy(self: Instance, value: Any) -> None:
    """Drop moto's copy: the association is the only truth."""


def _leaving(backend: EC2Backend) -> list[Association]:
    return moto_seams.notes(backend, Leaving).now()


def _associate(
    self: EC2Backend,
    instance_id: str,
    iam_instance_profile_name: str | None = None,
    iam_instance_profile_arn: str | None = None,
) -> Association:
    require_known(self, iam_instance_profile_name, iam_instance_profile_arn)
    if any(each.instance_id == instance_id for each in _leaving(self)):
        raise IncorrectStateIamProfileAssociationError(instance_id)
    association = _moto_associate(
        self, instance_id, iam_instance_profile_name, iam_instance_profile_arn
    )
    if wiring.current().delays.profiles:
        moto_seams.notes(association, Begun)
        association.state = "associating"
    return association


def _disassociate(self: EC2Backend, association_id: str) -> Association:
    _require_form(association_id)
    association = _moto_disassociate(self, association_id)
    seconds = wiring.current().delays.profiles
    if seconds:
        leaving = copy.copy(association)
        leaving.state = "disassociating"
        moto_seams.notes(self, Leaving).until.append((time.time() + seconds, leaving))
    return association


def _replace(
    self: EC2Backend,
    association_id: str,
    iam_instance_profile_name: str | None = None,
    iam_instance_profile_arn: str | None = None,
) -> Association:
    """The new association has an id of its own. AWS: API_ReplaceIamInstanceProfileAssociation."""
    _require_form(association_id)
    associations = self.iam_instance_profile_associations
    found = [each for each in associations.values() if each.association_id == association_id]
    if not found:
        raise InvalidAssociationIDIamProfileAssociationError(association_id)
    require_known(self, iam_instance_profile_name, iam_instance_profile_arn)
    del associations[found[0].instance_id]
    return _associate(
        self, found[0].instance_id, iam_instance_profile_name, iam_instance_profile_arn
    )


def _require_form(association_id: str) -> None:
    if not association_id.startswith("iip-assoc-"):
        raise EC2ClientError("InvalidParameterValue", "Invalid value for associationId.")


def _describe(
    self: EC2Backend, association_ids: list[str], filters: Any = None, *_page: Any
) -> tuple[list[Association], str | None]:
    for association in self.iam_instance_profile_associations.values():
        settled_at = moto_seams.notes(association, Begun).at + wiring.current().delays.profiles
        if association.state == "associating" and time.time() >= settled_at:
            association.state = "associated"
    everything = len(self.iam_instance_profile_associations)  # pages.py makes the pages
    found, _ = _moto_describe(self, association_ids, filters, everything)
    leaving = [
        each
        for each in filter_iam_instance_profile_associations(_leaving(self), filters)
        if not association_ids or each.association_id in association_ids
    ]
    return [*found, *leaving], None
