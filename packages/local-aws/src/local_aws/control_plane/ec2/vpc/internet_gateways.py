"""Internet gateways: a network has one at most, and the default VPC has one, with a route to it.

Source: "Default VPC components" in the Amazon VPC User Guide; API_AttachInternetGateway; EC2's
words as users reported them.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPC

from local_aws.control_plane import moto_seams

_moto_create_default = EC2Backend.create_default_vpc
_moto_attach = EC2Backend.attach_internet_gateway
_moto_detach = EC2Backend.detach_internet_gateway
_moto_delete = EC2Backend.delete_internet_gateway


def install() -> None:
    moto_seams.replace(
        EC2Backend,
        create_default_vpc=_create_default,
        attach_internet_gateway=_attach,
        detach_internet_gateway=_detach,
        delete_internet_gateway=_delete,
    )


def _create_default(self: EC2Backend) -> VPC:
    vpc: VPC = _moto_create_default(self)
    gateway = self.create_internet_gateway()
    self.attach_internet_gateway(gateway.id, vpc.id)
    of_vpc = {"vpc-id": [vpc.id], "association.main": ["true"]}
    [main] = self.describe_route_tables(filters=of_vpc)
    self.create_route(main.id, "0.0.0.0/0", gateway_id=gateway.id)
    return vpc


def _attach(self: EC2Backend, internet_gateway_id: str, vpc_id: str) -> Any:
    gateway = self.get_internet_gateway(internet_gateway_id)
    self.get_vpc(vpc_id)
    if gateway.vpc:
        raise EC2ClientError(
            "Resource.AlreadyAssociated",
            f"resource {internet_gateway_id} is already attached to network {gateway.vpc.id}",
        )
    if any(each.vpc and each.vpc.id == vpc_id for each in self.internet_gateways.values()):
        raise EC2ClientError(
            "InvalidParameterValue", f"Network {vpc_id} already has an internet gateway attached"
        )
    return _moto_attach(self, internet_gateway_id, vpc_id)


def _detach(self: EC2Backend, internet_gateway_id: str, vpc_id: str) -> Any:
    gateway = self.get_internet_gateway(internet_gateway_id)
    if not gateway.vpc or gateway.vpc.id != vpc_id:
        raise EC2ClientError(
            "Gateway.NotAttached",
            f"resource {internet_gateway_id} is not attached to network {vpc_id}",
        )
    return _moto_detach(self, internet_gateway_id, vpc_id)


def _delete(self: EC2Backend, internet_gateway_id: str) -> None:
    if self.get_internet_gateway(internet_gateway_id).vpc:
        raise DependencyViolationError(
            f"The internetGateway '{internet_gateway_id}' has dependencies and cannot be deleted."
        )
    _moto_delete(self, internet_gateway_id)
