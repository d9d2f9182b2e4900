"""Listeners of a Classic Load Balancer: the protocol of its instances, and several deleted at once.

Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Listener.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.elb.models import ELBBackend, FakeListener, LoadBalancer

from local_aws.control_plane import moto_seams


@dataclass
class _Instances:
    protocol: str = ""


def install() -> None:
    moto_seams.replace(FakeListener, instance_protocol=property(_instance_protocol))
    moto_seams.replace(
        ELBBackend,
        create_load_balancer_listeners=_noting_protocols(ELBBackend.create_load_balancer_listeners),
        delete_load_balancer_listeners=_delete,
    )


def note_protocols(balancer: LoadBalancer, given: Sequence[Mapping[str, Any]]) -> None:
    """Note what new listeners speak with instances: by default, what they speak with clients."""
    protocols = {each["LoadBalancerPort"]: each.get("InstanceProtocol") for each in given}
    for listener in balancer.listeners:
        protocol = protocols.get(listener.load_balancer_port)
        if protocol:
            moto_seams.notes(listener, _Instances).protocol = protocol.upper()


def _instance_protocol(self: FakeListener) -> str:
    return moto_seams.notes(self, _Instances).protocol or self.protocol


def _noting_protocols(create: Callable[..., Any]) -> Any:
    def noting(self: ELBBackend, name: str, ports: list[dict[str, Any]]) -> LoadBalancer:
        balancer: LoadBalancer = create(self, name, ports)
        note_protocols(balancer, ports)
        return balancer

    return noting


def _delete(self: ELBBackend, name: str, ports: Collection[int]) -> LoadBalancer:
    """Delete those that there are, once; moto keeps one whose port is not the last."""
    balancer = self.get_load_balancer(name)
    balancer.listeners = [
        each for each in balancer.listeners if int(each.load_balancer_port) not in ports
    ]
    return balancer
