"""Classic Load Balancers that do not exist are the client's mistake.

moto looks most of them up without asking whether they are there.
Source: the errors of each action in the Elastic Load Balancing API Reference, version 2012-06-01:
LoadBalancerNotFound.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.elb.exceptions import NoActiveLoadBalancerFoundError
from moto.elb.models import ELBBackend, LoadBalancer

from local_aws.control_plane import moto_seams

_SILENT = ("create_load_balancer_listeners", "set_load_balancer_listener_ssl_certificate")
"""Changes that moto passes over when there is no load balancer."""

_moto_find = ELBBackend.get_load_balancer
_moto_describe = ELBBackend.describe_load_balancers


def install() -> None:
    moto_seams.replace(ELBBackend, get_load_balancer=_find, describe_load_balancers=_describe)
    for name in _SILENT:
        moto_seams.replace(ELBBackend, **{name: _of_one(getattr(ELBBackend, name))})


def _find(self: ELBBackend, load_balancer_name: str) -> LoadBalancer:
    found: LoadBalancer | None = _moto_find(self, load_balancer_name)
    if found is None:
        raise NoActiveLoadBalancerFoundError(name=load_balancer_name)
    return found


def _describe(self: ELBBackend, names: list[str]) -> list[LoadBalancer]:
    """Name the one that is missing; moto names any."""
    for name in names or ():
        _find(self, name)
    return list(_moto_describe(self, names))


def _of_one(moto_change: Callable[..., Any]) -> Any:
    def change(self: ELBBackend, name: str, *arguments: Any, **named: Any) -> Any:
        _find(self, name)
        return moto_change(self, name, *arguments, **named)

    return change
