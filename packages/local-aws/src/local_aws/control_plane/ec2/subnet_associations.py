"""A subnet's associations with a route table and a network ACL end with it.

moto keeps them, and the route table could not be deleted any more. AWS, as recorded; "Delete a
subnet" in the Amazon VPC User Guide names instances only as what must go before.
"""

from __future__ import annotations

from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet

from local_aws.control_plane import moto_seams

_moto_delete = EC2Backend.delete_subnet


def install() -> None:
    moto_seams.replace(EC2Backend, delete_subnet=_delete)


def _delete(self: EC2Backend, subnet_id: str) -> Subnet:
    subnet: Subnet = _moto_delete(self, subnet_id)
    for table in self.route_tables.values():
        table._associations = {
            association: associated
            for association, associated in table._associations.items()
            if associated != subnet_id
        }
    for acl in self.network_acls.values():
        acl._associations = {
            association: associated
            for association, associated in acl._associations.items()
            if associated.subnet_id != subnet_id
        }
    return subnet
