"""Instance profile associations: what DescribeInstances shows is the association itself.

moto keeps a copy on the instance, which replacing an association leaves behind.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileAssociation.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.add(Instance, iam_instance_profile=property(_profile_of_instance, _ignore_copy))


def _profile_of_instance(self: Instance) -> dict[str, str] | None:
    association = self.ec2_backend.iam_instance_profile_associations.get(self.id)
    if association is None:
        return None
    profile = association.iam_instance_profile
    return {"Arn": profile.arn, "Id": profile.id}


def _ignore_copy(self: Instance, value: Any) -> None:
    """Drop moto's copy: the association is the only truth."""
