"""Which load balancers have access logs, and where these go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer, elbv2_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import interfaces, load_balancer_attributes


@dataclass(frozen=True)
class Destination:
    """`address` is that of the load balancer's node. `prefix` has no slash at its end."""

    balancer_arn: str
    address: str
    bucket: str
    prefix: str

    @property
    def account_id(self) -> str:
        return self.balancer_arn.split(":")[4]

    @property
    def region(self) -> str:
        return self.balancer_arn.split(":")[3]

    @property
    def balancer_id(self) -> str:
        """As "app/web/50dc6c495c0c9188"."""
        return self.balancer_arn.partition(":loadbalancer/")[2]

    @property
    def folder(self) -> str:
        """What the keys of all its objects begin with."""
        return f"{self.prefix}/AWSLogs" if self.prefix else "AWSLogs"


def all_destinations() -> Mapping[str, Destination]:
    """By the load balancer's ARN. Call it under LOCK; it is cheap."""
    return {
        balancer.arn: of(backend, balancer, attributes)
        for backend in moto_seams.backends_in_use(elbv2_backends)
        for balancer in backend.load_balancers.values()
        if load_balancer_attributes.has_access_logs(attributes := balancer.attrs)
    }


def of(
    backend: ELBv2Backend, balancer: FakeLoadBalancer, attributes: Mapping[str, str]
) -> Destination:
    """What these attributes of a load balancer name."""
    return Destination(
        balancer_arn=balancer.arn,
        address=interfaces.address(backend, balancer),
        bucket=attributes["access_logs.s3.bucket"],
        prefix=attributes.get("access_logs.s3.prefix", "").rstrip("/"),
    )
