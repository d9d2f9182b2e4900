"""Which instances of a Classic Load Balancer are in service.

It carries no traffic and makes no checks; what is known of an instance decides: its state, its
zone, and whether its program runs, without which every check would fail.
Sources: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeInstanceHealth.html
and https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_InstanceState.html
"""

from __future__ import annotations

from typing import NamedTuple

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance
from moto.elb.models import ELBBackend, LoadBalancer
from moto.elb.responses import ELBResponse

from local_aws.contract.facts import InstanceFact
from local_aws.control_plane import moto_seams, wiring
from local_aws.control_plane.elb import instances


class Health(NamedTuple):
    """An instance's State, ReasonCode and Description."""

    state: str
    reason_code: str
    description: str


IN_SERVICE = Health("InService", "N/A", "N/A")
_NOT_REGISTERED = Health(
    "OutOfService", "Instance", "Instance is not currently registered with the LoadBalancer."
)
_NO_ZONE = Health(
    "OutOfService",
    "ELB",
    "Instance is in the EC2 Availability Zone for which LoadBalancer is not configured to route "
    "traffic to.",
)
_REGISTERING = Health("OutOfService", "ELB", "Instance registration is still in progress.")
_CHECKS_FAILED = Health(
    "OutOfService",
    "Instance",
    "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.",
)
_STATES = {"pending": "pending", "stopping": "stopped", "stopped": "stopped"}
"""By EC2's state of an instance, the one that Elastic Load Balancing names."""


def install() -> None:
    moto_seams.replace(ELBResponse, describe_instance_health=_answer)


def health_of(balancer: LoadBalancer, instance: Instance) -> Health:
    """What DescribeInstanceHealth says of an instance that is not terminated."""
    if instance.id not in balancer.instance_ids:
        return _NOT_REGISTERED
    if instance.state != "running":
        state = _STATES.get(instance.state, "terminated")
        return Health("OutOfService", "Instance", f"Instance is in {state} state.")
    if instance.availability_zone not in balancer.availability_zones:
        return _NO_ZONE
    if not wiring.current().has_data_plane:
        return IN_SERVICE
    return _by_program(wiring.current().facts.instances.get(instance.id))


def _by_program(fact: InstanceFact | None) -> Health:
    if fact is None:
        return _REGISTERING
    return IN_SERVICE if fact.alive and fact.pid is not None else _CHECKS_FAILED


def _answer(self: ELBResponse) -> ActionResult:
    backend: ELBBackend = self.elb_backend
    balancer = backend.get_load_balancer(self._get_param("LoadBalancerName"))
    given = [each["InstanceId"] for each in self._get_param("Instances", [])]
    found = [instances.find(backend, each) for each in given or balancer.instance_ids]
    return ActionResult(
        {
            "InstanceStates": [
                {
                    "InstanceId": instance.id,
                    "State": health.state,
                    "ReasonCode": health.reason_code,
                    "Description": health.description,
                }
                for instance in found
                if instance.state != "terminated"
                for health in [health_of(balancer, instance)]
            ]
        }
    )
