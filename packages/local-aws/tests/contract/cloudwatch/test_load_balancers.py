"""The metrics of load balancers and of their target groups, as the data plane counts."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import report, turn
from cloudwatch_driver import Clock, alarm, described, sums

from local_aws.contract.facts import Facts, TargetHealth, TargetKey
from local_aws.contract.traffic import TargetGroupTraffic, Traffic
from local_aws.control_plane.cloudwatch import load_balancer_metrics

NAMESPACE = "AWS/ApplicationELB"


class Balancer:
    """A target group behind a load balancer, whose counters the test writes."""

    def __init__(self, elbv2: Any, target_group: str, facts: Facts) -> None:
        found = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"][0]
        self.arn = found["LoadBalancerArns"][0]
        self.group = target_group
        listeners = elbv2.describe_listeners(LoadBalancerArn=self.arn)["Listeners"]
        self.listener = listeners[0]["ListenerArn"]
        self._facts = facts
        self.dimensions = {
            "LoadBalancer": self.arn.partition(":loadbalancer/")[2],
            "TargetGroup": target_group.rpartition(":")[2],
        }
        self.count(TargetGroupTraffic(), {})

    def count(self, traffic: TargetGroupTraffic, answers: dict[int, int]) -> None:
        found = Traffic({self.group: traffic}, {self.listener: answers})
        self._facts.read_traffic = lambda: found

    def of(self, *names: str) -> dict[str, str]:
        return {name: self.dimensions[name] for name in names}


@pytest.fixture
def balancer(aws: Any, target_group: str, facts: Facts) -> Balancer:
    return Balancer(aws("elbv2"), target_group, facts)


def test_what_the_targets_and_the_load_balancer_answer(cloudwatch: Any, balancer: Balancer) -> None:
    """Application Load Balancer User Guide, "CloudWatch metrics": RequestCount, HTTPCode_Target_*,
    HTTPCode_ELB_*, and what has no value is not reported."""
    balancer.count(TargetGroupTraffic(9, {2: 4, 4: 2, 5: 1}), {2: 4, 3: 1, 4: 2, 5: 4})
    everywhere = (
        ("LoadBalancer",),
        ("LoadBalancer", "TargetGroup"),
    )
    for names in everywhere:
        dimensions = balancer.of(*names)
        for zone in ({}, {"AvailabilityZone": "us-east-1a"}):
            found = {
                name: sums(cloudwatch, NAMESPACE, name, {**dimensions, **zone})
                for name in (
                    "RequestCount",
                    "HTTPCode_Target_2XX_Count",
                    "HTTPCode_Target_3XX_Count",
                    "HTTPCode_Target_4XX_Count",
                    "HTTPCode_Target_5XX_Count",
                )
            }
            assert list(found.values()) == [[9], [4], [], [2], [1]]
    own = balancer.of("LoadBalancer")
    assert sums(cloudwatch, NAMESPACE, "HTTPCode_ELB_5XX_Count", own) == [3]
    assert sums(cloudwatch, NAMESPACE, "HTTPCode_ELB_3XX_Count", own) == [1]
    assert sums(cloudwatch, NAMESPACE, "HTTPCode_ELB_4XX_Count", own) == []
    listed = cloudwatch.list_metrics(
        Namespace=NAMESPACE,
        MetricName="RequestCount",
        Dimensions=[{"Name": "LoadBalancer", "Value": own["LoadBalancer"]}],
    )
    assert len(listed["Metrics"]) == 4


def test_only_what_came_since_is_counted(cloudwatch: Any, balancer: Balancer) -> None:
    """The load balancer's counters begin again at zero when its process does."""
    both = balancer.of("LoadBalancer")
    for requests in (5, 7, 7, 2):
        balancer.count(TargetGroupTraffic(requests, {2: requests}), {2: requests})
        sums(cloudwatch, NAMESPACE, "RequestCount", both)
    assert sum(sums(cloudwatch, NAMESPACE, "RequestCount", both)) == 9


def test_response_times(cloudwatch: Any, balancer: Balancer) -> None:
    """Application Load Balancer User Guide, "CloudWatch metrics": TargetResponseTime, in seconds;
    Average and percentiles are useful."""
    times = {0.01: 3, 0.2: 1}
    balancer.count(TargetGroupTraffic(4, {2: 4}, times), {2: 4})
    dimensions = balancer.of("LoadBalancer", "TargetGroup")

    def statistic(name: str) -> list[float]:
        return sums(cloudwatch, NAMESPACE, "TargetResponseTime", dimensions, name)

    assert statistic("Average") == [pytest.approx(0.0575)]
    assert (statistic("p50"), statistic("p99"), statistic("Maximum")) == ([0.01], [0.2], [0.2])


def test_hosts_and_requests_per_target(
    aws: Any, cloudwatch: Any, balancer: Balancer, facts: Facts, subnets: dict[str, str]
) -> None:
    """Application Load Balancer User Guide, "CloudWatch metrics": HealthyHostCount,
    UnHealthyHostCount by zone, and RequestCountPerTarget."""
    launched = [
        aws("ec2").run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnets[zone]
        )["Instances"][0]["InstanceId"]
        for zone in ("us-east-1a", "us-east-1a", "us-east-1b")
    ]
    for instance_id in launched:
        report(facts, instance_id)
    turn(facts)
    aws("elbv2").register_targets(
        TargetGroupArn=balancer.group, Targets=[{"Id": each} for each in launched]
    )
    states = (TargetHealth("healthy"), TargetHealth("unhealthy"), TargetHealth("healthy"))
    facts.target_health = {
        TargetKey(balancer.group, instance_id, 80): health
        for instance_id, health in zip(launched, states, strict=True)
    }
    balancer.count(TargetGroupTraffic(10, {2: 10}), {2: 10})
    both = balancer.of("LoadBalancer", "TargetGroup")

    def hosts(zone: dict[str, str]) -> list[list[float]]:
        return [
            sums(cloudwatch, NAMESPACE, name, {**both, **zone}, "Maximum")[:1]
            for name in ("HealthyHostCount", "UnHealthyHostCount")
        ]

    assert hosts({}) == [[2], [1]]
    assert hosts({"AvailabilityZone": "us-east-1a"}) == [[1], [1]]
    assert hosts({"AvailabilityZone": "us-east-1b"}) == [[1], [0]]
    for names in (("TargetGroup",), ("LoadBalancer", "TargetGroup")):
        per_target = sums(cloudwatch, NAMESPACE, "RequestCountPerTarget", balancer.of(*names))
        assert per_target == [5]


def test_an_alarm_on_a_load_balancer(cloudwatch: Any, balancer: Balancer, unique_name: str) -> None:
    """CloudWatch User Guide, "Evaluating an alarm": each minute, when the minute is over."""
    ((name, value),) = balancer.of("LoadBalancer").items()
    alarm(
        cloudwatch,
        unique_name,
        Namespace=NAMESPACE,
        MetricName="HTTPCode_ELB_5XX_Count",
        Dimensions=[{"Name": name, "Value": value}],
        Statistic="Sum",
        TreatMissingData="notBreaching",
    )
    clock = Clock()
    clock.evaluate()
    assert described(cloudwatch, unique_name)["StateValue"] == "OK"
    balancer.count(TargetGroupTraffic(), {5: 6})
    clock.evaluate(minutes=0.5)  # the minute's end
    assert described(cloudwatch, unique_name)["StateValue"] == "ALARM"


def test_without_a_load_balancer_no_traffic_is_read(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metrics cost nothing where there are none."""
    asked = []
    facts.read_traffic = lambda: asked.append(1) or Traffic()
    monkeypatch.setattr(load_balancer_metrics, "elbv2_backends", {})
    metrics = load_balancer_metrics.LoadBalancerMetrics()
    metrics.read()
    assert list(metrics.measure()) == []
    assert asked == []
