"""Real traffic, real alarms: what Envoy counted is a metric, and an alarm scales a group."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cloudwatch_driver import NAMESPACE, alarm, history, sums
from local_aws_command import USER_DATA, LocalAws, eventually, get


class Service:
    """A group of one instance behind a load balancer."""

    def __init__(self, local_aws: LocalAws, name: str) -> None:
        self.name = name
        self.auto_scaling = local_aws.client("autoscaling")
        balanced = local_aws.balance(name)
        self.url = balanced.url
        self.dimensions = {
            "LoadBalancer": balanced.balancer.partition(":loadbalancer/")[2],
            "TargetGroup": balanced.target_group.rpartition(":")[2],
        }
        local_aws.make_group(name, balanced, USER_DATA, MinSize=1, MaxSize=2)

    def in_service(self) -> int:
        found = self.auto_scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])
        states = [each["LifecycleState"] for each in found["AutoScalingGroups"][0]["Instances"]]
        return states.count("InService")


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    one = LocalAws(Path(tmp_path_factory.mktemp("alarms"), "home"))
    one.start()
    yield one
    one.stop()


def test_what_envoy_counted_is_a_metric(local_aws: LocalAws) -> None:
    service = Service(local_aws, "counted")
    cloudwatch = local_aws.client("cloudwatch")
    balancer = {"LoadBalancer": service.dimensions["LoadBalancer"]}

    def total(name: str, dimensions: dict[str, str], stat: str = "Sum") -> float:
        return sum(sums(cloudwatch, "AWS/ApplicationELB", name, dimensions, stat))

    answers = [get(service.url)[0]]
    while answers[-1] != 200:  # no target, and then none that serves
        time.sleep(0.05)
        answers.append(get(service.url)[0])
    answers += [get(service.url)[0] for _ in range(20)]
    good = answers.count(200)
    assert total("HTTPCode_Target_2XX_Count", service.dimensions) == good
    assert total("HTTPCode_Target_2XX_Count", balancer) == good
    assert total("HTTPCode_ELB_5XX_Count", balancer) == len(answers) - good
    assert total("HTTPCode_Target_5XX_Count", balancer) == 0
    assert good <= total("RequestCount", balancer) <= len(answers)
    eventually(lambda: total("HealthyHostCount", service.dimensions, "Maximum") >= 1)
    eventually(lambda: total("TargetResponseTime", balancer, "SampleCount") == good)


def test_an_alarm_launches_an_instance_and_notifies_a_topic(local_aws: LocalAws) -> None:
    service = Service(local_aws, "scaled")
    cloudwatch, sqs = local_aws.client("cloudwatch"), local_aws.client("sqs")
    topic = local_aws.client("sns").create_topic(Name="alarms")["TopicArn"]
    url = sqs.create_queue(QueueName="alarms")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    local_aws.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=attributes["QueueArn"]
    )
    policy = service.auto_scaling.put_scaling_policy(
        AutoScalingGroupName=service.name,
        PolicyName="up",
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=1,
    )
    eventually(lambda: service.in_service() == 1)
    alarm(cloudwatch, "busy", Period=10, AlarmActions=[policy["PolicyARN"], topic])

    def launched() -> bool:
        datum: dict[str, Any] = {"MetricName": "busy", "Value": 9, "StorageResolution": 1}
        datum["Timestamp"] = datetime.now(UTC)
        cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=[datum])
        return service.in_service() == 2

    eventually(launched, seconds=60)
    assert history(cloudwatch, "busy")[-1] == "Alarm updated from INSUFFICIENT_DATA to ALARM"
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["NewStateValue"] == "ALARM"
