"""Instance profile associations: what DescribeInstances shows is the association itself.

moto keeps a copy on the instance, which replacing an association leaves behind.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileAssociation.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociation
from moto.ec2.models.instances import Instance

from local_aws.control_plane import moto_seams

_moto_disassociate = EC2Backend.disassociate_iam_instance_profile


def install() -> None:
    moto_seams.add(Instance, iam_instance_profile=property(_profile_of_instance, _ignore_copy))
    moto_seams.replace(EC2Backend, disassociate_iam_instance_profile=_disassociate)


def _profile_of_instance(self: Instance) -> dict[str, str] | None:
    association = self.ec2_backend.iam_instance_profile_associations.get(self.id)
    if association is None:
        return None
    profile = association.iam_instance_profile
    return {"Arn": profile.arn, "Id": profile.id}


def _ignore_copy(self: Instance, value: Any) -> None:
    """Drop moto's copy: the association is the only truth."""


def _disassociate(self: EC2Backend, association_id: str) -> IamInstanceProfileAssociation:
    """Answer `disassociating`: the association is gone from the listings when that is over."""
    association = _moto_disassociate(self, association_id)
    association.state = "disassociating"
    return association
