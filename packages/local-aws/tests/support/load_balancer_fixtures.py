"""Fixtures: load balancers, and what they send requests to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from load_balancing_world import Target, serving_targets

from local_aws.load_balancing.controller import LoadBalancing


@pytest.fixture
def new_target_group(elbv2: Any, unique_name: str, default_vpc: str) -> str:
    """The ARN of a target group that no listener forwards to."""
    made = elbv2.create_target_group(Name=unique_name, Protocol="HTTP", Port=80, VpcId=default_vpc)
    return str(made["TargetGroups"][0]["TargetGroupArn"])


@pytest.fixture
def target_group(
    elbv2: Any, unique_name: str, subnets: dict[str, str], new_target_group: str
) -> str:
    """The ARN of a target group that a listener forwards to, in all three zones."""
    balancer = elbv2.create_load_balancer(Name=unique_name, Subnets=list(subnets.values()))
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": new_target_group}],
    )
    return new_target_group


@pytest.fixture
def classic(aws: Any, unique_name: str, subnets: dict[str, str]) -> Iterator[str]:
    """The name of a Classic Load Balancer in two zones, whose instances serve at port 8080."""
    elb = aws("elb")
    elb.create_load_balancer(
        LoadBalancerName=unique_name,
        Subnets=list(subnets.values())[:2],
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}],
    )
    yield unique_name
    elb.delete_load_balancer(LoadBalancerName=unique_name)


@pytest.fixture(scope="session")
def load_balancing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadBalancing]:
    """A real Envoy, for tests of traffic."""
    balancing = LoadBalancing(tmp_path_factory.mktemp("load balancing"))
    yield balancing
    balancing.stop()


@pytest.fixture
def target() -> Iterator[Target]:
    """A server that load balancers can send requests to."""
    with serving_targets(1) as [server]:
        yield server
