"""Instances of a Classic Load Balancer: registered or not, in service while they serve."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import end, report, turn
from refusals import error_of

from local_aws.contract.facts import Facts

_CHECKS_FAILED = (
    "Instance has failed at least the UnhealthyThreshold number of health checks consecutively."
)
_NO_ZONE = (
    "Instance is in the EC2 Availability Zone for which LoadBalancer is not configured to route "
    "traffic to."
)
_NOT_REGISTERED = "Instance is not currently registered with the LoadBalancer."


@pytest.fixture
def launched(aws: Any, subnets: dict[str, str]) -> str:
    """The id of an instance in the first zone."""
    return _launch(aws, subnets["us-east-1a"])


def test_registered_instances_are_shown_each_once(aws: Any, classic: str, launched: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_RegisterInstancesWithLoadBalancer.html"""
    elb, request = aws("elb"), _of(classic, launched)
    elb.register_instances_with_load_balancer(**request)

    shown = elb.register_instances_with_load_balancer(**request)["Instances"]
    assert shown == [{"InstanceId": launched}] == _registered(aws, classic)

    assert elb.deregister_instances_from_load_balancer(**request)["Instances"] == []
    assert _registered(aws, classic) == []


def test_an_instance_that_ec2_does_not_have_is_refused(
    aws: Any, classic: str, launched: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_RegisterInstancesWithLoadBalancer.html"""
    elb, request = aws("elb"), _of(classic, launched, "i-0123456789abcdef0")
    for call in (elb.register_instances_with_load_balancer, elb.describe_instance_health):
        code, message = error_of(call, **request)
        assert code == "InvalidInstance"
        assert "i-0123456789abcdef0" in message
    assert _registered(aws, classic) == []


def test_an_instance_is_in_service_while_its_program_runs(
    aws: Any, classic: str, launched: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_InstanceState.html"""
    aws("elb").register_instances_with_load_balancer(**_of(classic, launched))
    in_progress = ("OutOfService", "ELB", "Instance registration is still in progress.")
    assert _health(aws, classic, launched) == in_progress

    report(facts, launched)
    assert _health(aws, classic, launched) == ("InService", "N/A", "N/A")

    report(facts, launched, alive=False)
    assert _health(aws, classic, launched) == ("OutOfService", "Instance", _CHECKS_FAILED)


@pytest.mark.usefixtures("no_waiting")
def test_an_instance_that_does_not_run_is_out_of_service(
    aws: Any, classic: str, launched: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_InstanceState.html"""
    aws("elb").register_instances_with_load_balancer(**_of(classic, launched))
    report(facts, launched)
    turn(facts)

    aws("ec2").stop_instances(InstanceIds=[launched])
    end(facts, launched)
    stopped = ("OutOfService", "Instance", "Instance is in stopped state.")
    assert _health(aws, classic, launched) == stopped

    aws("ec2").terminate_instances(InstanceIds=[launched])
    end(facts, launched)
    assert aws("elb").describe_instance_health(LoadBalancerName=classic)["InstanceStates"] == []
    assert _registered(aws, classic) == []


def test_an_instance_in_another_zone_gets_no_traffic(
    aws: Any, classic: str, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_InstanceState.html"""
    elsewhere = _launch(aws, subnets["us-east-1c"])
    aws("elb").register_instances_with_load_balancer(**_of(classic, elsewhere))
    assert _health(aws, classic, elsewhere) == ("OutOfService", "ELB", _NO_ZONE)


def test_an_instance_that_is_not_registered_is_out_of_service(
    aws: Any, classic: str, launched: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/config-conn-drain.html"""
    assert _health(aws, classic, launched) == ("OutOfService", "Instance", _NOT_REGISTERED)


def _launch(aws: Any, subnet: str) -> str:
    launched = aws("ec2").run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet
    )
    return str(launched["Instances"][0]["InstanceId"])


def _of(name: str, *instance_ids: str) -> dict[str, Any]:
    return {
        "LoadBalancerName": name,
        "Instances": [{"InstanceId": each} for each in instance_ids],
    }


def _registered(aws: Any, name: str) -> list[dict[str, str]]:
    found = aws("elb").describe_load_balancers(LoadBalancerNames=[name])
    return list(found["LoadBalancerDescriptions"][0]["Instances"])


def _health(aws: Any, name: str, instance_id: str) -> tuple[str, str, str]:
    [state] = aws("elb").describe_instance_health(**_of(name, instance_id))["InstanceStates"]
    assert state["InstanceId"] == instance_id
    return state["State"], state["ReasonCode"], state["Description"]
