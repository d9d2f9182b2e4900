"""Who is registered with a Classic Load Balancer: each instance once, as long as it lives.

Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_RegisterInstancesWithLoadBalancer.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance
from moto.elb.exceptions import ELBClientError
from moto.elb.models import ELBBackend, LoadBalancer, elb_backends
from moto.elb.responses import ELBResponse

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(ELBBackend, register_instances=_register, deregister_instances=_deregister)
    moto_seams.replace(
        ELBResponse,
        register_instances_with_load_balancer=_answer_register,
        deregister_instances_from_load_balancer=_answer_deregister,
    )


def find(backend: ELBBackend, instance_id: str) -> Instance:
    """Return an instance of the region; raises InvalidInstance as AWS does."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    found: Instance | None = ec2.get_instance_by_id(instance_id)
    if found is None:
        raise ELBClientError("InvalidInstance", f"Could not find EC2 instance {instance_id}.")
    return found


def add(balancer: LoadBalancer, instance_ids: Iterable[str]) -> None:
    """Register instances, each once."""
    balancer.instance_sparse_ids = list(dict.fromkeys([*balancer.instance_ids, *instance_ids]))


def remove(balancer: LoadBalancer, instance_ids: Collection[str]) -> None:
    """Deregister instances; one that is not registered is no error."""
    balancer.instance_sparse_ids = [
        each for each in balancer.instance_ids if each not in instance_ids
    ]


def advance() -> None:
    """Forget instances that are terminated. Call it under LOCK."""
    for backend in moto_seams.backends_in_use(elb_backends):
        ec2 = ec2_backends[backend.account_id][backend.region_name]
        for balancer in backend.load_balancers.values():
            states = {each: ec2.get_instance_by_id(each) for each in balancer.instance_ids}
            remove(balancer, [i for i, it in states.items() if not it or it.state == "terminated"])


def _register(self: ELBBackend, load_balancer_name: str, instance_ids: list[str]) -> LoadBalancer:
    """Register all of them or none."""
    balancer = self.get_load_balancer(load_balancer_name)
    for instance_id in instance_ids:
        find(self, instance_id)
    add(balancer, instance_ids)
    return balancer


def _deregister(self: ELBBackend, load_balancer_name: str, instance_ids: list[str]) -> LoadBalancer:
    balancer = self.get_load_balancer(load_balancer_name)
    remove(balancer, instance_ids)
    return balancer


def _answer_register(self: ELBResponse) -> ActionResult:
    return _answer(self.elb_backend.register_instances(*_request(self)))


def _answer_deregister(self: ELBResponse) -> ActionResult:
    return _answer(self.elb_backend.deregister_instances(*_request(self)))


def _request(response: ELBResponse) -> tuple[str, list[str]]:
    given = response._get_param("Instances", [])
    return response._get_param("LoadBalancerName"), [each["InstanceId"] for each in given]


def _answer(balancer: LoadBalancer) -> ActionResult:
    return ActionResult({"Instances": balancer.instances})
