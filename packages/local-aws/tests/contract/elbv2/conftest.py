"""Load balancers whose traffic a real Envoy carries."""

from __future__ import annotations

from typing import Any

import pytest
from live_balancer import LiveBalancer, MakeBalancer

from local_aws.load_balancing.controller import LoadBalancing


@pytest.fixture
def listener(elbv2: Any, target_group: str) -> str:
    """The ARN of the listener that forwards to `target_group`."""
    [group] = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"]
    [balancer] = group["LoadBalancerArns"]
    [found] = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    return str(found["ListenerArn"])


@pytest.fixture(scope="module")
def make_balancer(
    unchecked_elbv2: Any, subnets: dict[str, str], load_balancing: LoadBalancing
) -> MakeBalancer:
    """Creates load balancers whose traffic a real Envoy carries."""

    def make(name: str) -> LiveBalancer:
        zones = list(subnets.values())
        [made] = unchecked_elbv2.create_load_balancer(Name=name, Subnets=zones)["LoadBalancers"]
        arn, vpc = made["LoadBalancerArn"], made["VpcId"]
        return LiveBalancer(unchecked_elbv2, arn, vpc, load_balancing)

    return make


@pytest.fixture
def balancer(make_balancer: MakeBalancer, unique_name: str) -> LiveBalancer:
    """A load balancer without listeners, carried out by a real Envoy."""
    return make_balancer(unique_name)
