"""GetSecurityGroupsForVpc, which moto lacks: the groups that interfaces in a network can have.

Source: API_GetSecurityGroupsForVpc, and answers of the real EC2 as they have been recorded. No
network's groups are shared with another one here.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.add(EC2Response, get_security_groups_for_vpc=_get)


def _get(self: EC2Response) -> ActionResult:
    vpc = self.ec2_backend.get_vpc(self._get_param("VpcId"))
    groups = self.ec2_backend.describe_security_groups(filters={"vpc-id": [vpc.id]})
    return ActionResult(
        {
            "SecurityGroupForVpcs": [
                {
                    "GroupId": group.id,
                    "GroupName": group.name,
                    "Description": group.description,
                    "OwnerId": group.owner_id,
                    "PrimaryVpcId": vpc.id,
                    "Tags": group.get_tags(),
                }
                for group in groups
            ]
        }
    )
