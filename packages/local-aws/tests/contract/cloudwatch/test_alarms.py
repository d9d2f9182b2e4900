"""Alarms: evaluated, explained in AWS's words, and acting."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cloudwatch_driver import NAMESPACE, Clock, alarm, described, history, put


def state(cloudwatch: Any, name: str) -> str:
    return str(described(cloudwatch, name)["StateValue"])


def test_an_alarm_begins_without_data(cloudwatch: Any, unique_name: str) -> None:
    """API_PutMetricAlarm: "the alarm state is immediately set to INSUFFICIENT_DATA"."""
    made = alarm(cloudwatch, unique_name)
    assert made["StateValue"] == "INSUFFICIENT_DATA"
    assert made["StateReason"] == "Unchecked: Initial alarm creation"
    Clock().evaluate()
    assert described(cloudwatch, unique_name)["StateReason"] == made["StateReason"]


def test_an_alarm_follows_its_metric(cloudwatch: Any, unique_name: str) -> None:
    """CloudWatch User Guide, "Evaluating an alarm"; the reason as it was recorded from AWS."""
    clock = Clock()
    alarm(cloudwatch, unique_name)
    put(cloudwatch, unique_name, clock.ago(1), 6, 8)
    clock.evaluate()
    breached = described(cloudwatch, unique_name)
    assert breached["StateValue"] == "ALARM"
    when = clock.ago(1).strftime("%d/%m/%y %H:%M:00")
    assert breached["StateReason"] == (
        f"Threshold Crossed: 1 datapoint [7.0 ({when})] was greater than the threshold (5.0)."
    )
    data = json.loads(breached["StateReasonData"])
    assert data["recentDatapoints"] == [7.0]
    assert data["evaluatedDatapoints"][0].keys() == {"timestamp", "sampleCount", "value"}
    put(cloudwatch, unique_name, clock.ago(0), 1)
    clock.evaluate(minutes=1)
    assert state(cloudwatch, unique_name) == "OK"
    clock.evaluate(minutes=9)
    assert state(cloudwatch, unique_name) == "INSUFFICIENT_DATA"
    assert history(cloudwatch, unique_name) == [
        "Alarm updated from OK to INSUFFICIENT_DATA",
        "Alarm updated from ALARM to OK",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
    ]
    made = history(cloudwatch, unique_name, "ConfigurationUpdate")
    assert made == [f'Alarm "{unique_name}" created']


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("breaching", "ALARM"),
        ("notBreaching", "OK"),
        ("ignore", "INSUFFICIENT_DATA"),
        ("missing", "INSUFFICIENT_DATA"),
    ],
)
def test_missing_data(cloudwatch: Any, unique_name: str, treatment: str, expected: str) -> None:
    """CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data"."""
    alarm(cloudwatch, unique_name, TreatMissingData=treatment)
    Clock().evaluate()
    assert state(cloudwatch, unique_name) == expected


def test_some_of_the_last_datapoints_are_enough(cloudwatch: Any, unique_name: str) -> None:
    """API_PutMetricAlarm: DatapointsToAlarm."""
    clock = Clock()
    alarm(cloudwatch, unique_name, EvaluationPeriods=3, DatapointsToAlarm=2, Statistic="Sum")
    for minutes, value in ((3, 9), (2, 1), (1, 1)):
        put(cloudwatch, unique_name, clock.ago(minutes), value)
    clock.evaluate()
    assert state(cloudwatch, unique_name) == "OK"
    put(cloudwatch, unique_name, clock.ago(1), 9)
    clock.evaluate(minutes=0.25)
    assert state(cloudwatch, unique_name) == "OK"  # it is evaluated each minute
    put(cloudwatch, unique_name, clock.ago(0), 9)
    clock.evaluate(minutes=1)
    assert state(cloudwatch, unique_name) == "ALARM"


def test_short_periods_are_evaluated_each_ten_seconds(cloudwatch: Any, unique_name: str) -> None:
    """CloudWatch User Guide, "Evaluating an alarm": high-resolution alarms."""
    clock = Clock()
    alarm(cloudwatch, unique_name, Period=10, ExtendedStatistic="p90", Statistic=None)
    put(cloudwatch, unique_name, clock.ago(0), 9, StorageResolution=1)
    clock.evaluate()
    assert state(cloudwatch, unique_name) == "INSUFFICIENT_DATA"
    clock.evaluate(minutes=10 / 60)
    assert state(cloudwatch, unique_name) == "ALARM"


def test_alarms_notify_topics(aws: Any, cloudwatch: Any, unique_name: str) -> None:
    """CloudWatch User Guide, "Notifying users on alarm changes": the message has the alarm."""
    topic = aws("sns").create_topic(Name=unique_name)["TopicArn"]
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    dimension = {"Name": "Part", "Value": "one"}
    made = alarm(cloudwatch, unique_name, AlarmActions=[topic], Dimensions=[dimension])
    clock = Clock()
    put(cloudwatch, unique_name, clock.ago(1), 9, Dimensions=[dimension])
    clock.evaluate()
    (received,) = sqs.receive_message(QueueUrl=url)["Messages"]
    envelope = json.loads(received["Body"])
    assert envelope["Subject"] == f'ALARM: "{unique_name}" in US East (N. Virginia)'
    message = json.loads(envelope["Message"])
    assert message["AlarmArn"] == made["AlarmArn"]
    assert (message["OldStateValue"], message["NewStateValue"]) == ("INSUFFICIENT_DATA", "ALARM")
    assert message["NewStateReason"].startswith("Threshold Crossed: 1 datapoint [9.0 (")
    trigger = message["Trigger"]
    assert (trigger["MetricName"], trigger["Namespace"]) == (unique_name, NAMESPACE)
    assert (trigger["Statistic"], trigger["Period"], trigger["Threshold"]) == ("AVERAGE", 60, 5)
    assert trigger["Dimensions"] == [{"value": "one", "name": "Part"}]
    done = history(cloudwatch, unique_name, "Action")
    assert done == [f"Successfully executed action {topic}"]


def test_a_state_that_is_set_acts_and_lasts_until_the_next_evaluation(
    aws: Any, cloudwatch: Any, unique_name: str
) -> None:
    """API_SetAlarmState: "temporarily sets the state of an alarm for testing purposes"."""
    topic = aws("sns").create_topic(Name=unique_name)["TopicArn"]
    alarm(cloudwatch, unique_name, OKActions=[topic])
    cloudwatch.set_alarm_state(
        AlarmName=unique_name, StateValue="OK", StateReason="by hand", StateReasonData='{"a":1}'
    )
    found = described(cloudwatch, unique_name)
    assert (found["StateReason"], found["StateReasonData"]) == ("by hand", '{"a":1}')
    assert history(cloudwatch, unique_name, "Action") == [f"Successfully executed action {topic}"]
    Clock().evaluate()
    assert state(cloudwatch, unique_name) == "INSUFFICIENT_DATA"
    with pytest.raises(ClientError, match="ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="by hand")


def test_an_alarm_whose_actions_are_disabled_only_changes_its_state(
    cloudwatch: Any, unique_name: str
) -> None:
    """API_DisableAlarmActions."""
    missing = "arn:aws:sns:us-east-1:123456789012:none"
    alarm(cloudwatch, unique_name, AlarmActions=[missing], ActionsEnabled=False)
    call = {"AlarmName": unique_name, "StateReason": "by hand"}
    cloudwatch.set_alarm_state(**call, StateValue="ALARM")
    assert history(cloudwatch, unique_name, "Action") == []
    cloudwatch.set_alarm_state(**call, StateValue="OK")
    cloudwatch.enable_alarm_actions(AlarmNames=[unique_name])
    cloudwatch.set_alarm_state(**call, StateValue="ALARM")
    (failed,) = history(cloudwatch, unique_name, "Action")
    assert failed.startswith(f"Failed to execute action {missing}. Received error: ")


def test_actions_without_effect_here_are_named_in_the_history(
    cloudwatch: Any, unique_name: str
) -> None:
    """They are kept and shown; the alarm's history names the service."""
    recover = "arn:aws:automate:us-east-1:ec2:recover"
    alarm(cloudwatch, unique_name, AlarmActions=[recover])
    cloudwatch.set_alarm_state(AlarmName=unique_name, StateValue="ALARM", StateReason="by hand")
    (failed,) = history(cloudwatch, unique_name, "Action")
    assert failed == (
        f'Failed to execute action {recover}. Received error: "The local AWS carries out no '
        'actions of automate."'
    )


def test_a_changed_alarm_keeps_its_state(cloudwatch: Any, unique_name: str) -> None:
    """API_PutMetricAlarm: "When you update an existing alarm, its state is left unchanged, but the
    update completely overwrites the previous configuration"."""
    alarm(cloudwatch, unique_name, AlarmDescription="first", ActionsEnabled=False)
    cloudwatch.set_alarm_state(AlarmName=unique_name, StateValue="ALARM", StateReason="by hand")
    changed = alarm(cloudwatch, unique_name, Threshold=7)
    assert (changed["StateValue"], changed["StateReason"]) == ("ALARM", "by hand")
    assert (changed["Threshold"], changed["ActionsEnabled"]) == (7, True)
    assert "AlarmDescription" not in changed
    assert history(cloudwatch, unique_name, "ConfigurationUpdate") == [
        f'Alarm "{unique_name}" updated',
        f'Alarm "{unique_name}" created',
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Period": 45}, "Period must be 10, 20, 30 or a multiple of 60"),
        ({"Period": 5}, "Period must be 10, 20, 30 or a multiple of 60"),
        ({"Period": 60, "EvaluationPeriods": 1441}, "more than a day"),
        ({"Period": 3600, "EvaluationPeriods": 169}, "more than seven days"),
        ({"EvaluationPeriods": 2, "DatapointsToAlarm": 3}, "less than or equal to Evaluation"),
        ({"ExtendedStatistic": "p90"}, "Exactly one of Statistic and ExtendedStatistic"),
        ({"Statistic": None}, "Exactly one of Statistic and ExtendedStatistic"),
        ({"Statistic": None, "ExtendedStatistic": "x90"}, "x90 for parameter ExtendedStatistic"),
        ({"Statistic": "Median"}, "'statistic' failed to satisfy constraint"),
        ({"ComparisonOperator": "Equals"}, "'comparisonOperator' failed to satisfy constraint"),
        ({"Statistic": None, "ExtendedStatistic": "TM(2%:98%)"}, "for parameter ExtendedStatistic"),
        ({"Statistic": None, "ExtendedStatistic": "TM(3:6)"}, "for parameter ExtendedStatistic"),
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "Alarms on anomaly detection"),
        ({"TreatMissingData": "no"}, "Supported options for parameter TreatMissingData are"),
        ({"AlarmActions": ["topic"]}, "Invalid arn syntax: topic"),
        ({"Threshold": None}, "Threshold is required"),
        (
            {"MetricName": None, "Metrics": [{"Id": "e", "Expression": "m1+m2"}]},
            r"Alarms on metric math are not emulated by the local AWS \(Metrics\)",
        ),
    ],
)
def test_what_an_alarm_cannot_be(
    cloudwatch: Any, unique_name: str, changes: dict[str, Any], message: str
) -> None:
    """API_PutMetricAlarm: the limits of each parameter; what is not emulated is refused by name."""
    with pytest.raises(ClientError, match=message):
        alarm(cloudwatch, unique_name, **changes)
    assert cloudwatch.describe_alarms(AlarmNames=[unique_name])["MetricAlarms"] == []


def one_metric(name: str, statistic: str = "Average") -> dict[str, Any]:
    """A request of an alarm on the metric that `put` gives values of this name."""
    metric = {"Namespace": NAMESPACE, "MetricName": name}
    asked = {"Metric": metric, "Period": 60, "Stat": statistic}
    return {
        "AlarmName": name,
        "Metrics": [{"Id": "one", "MetricStat": asked, "ReturnData": True}],
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 5.0,
    }


@pytest.mark.parametrize("statistic", ["Average", "p90"])
def test_an_alarm_on_metrics_that_are_one_metric_follows_it(
    cloudwatch: Any, unique_name: str, statistic: str
) -> None:
    """API_PutMetricAlarm, Metrics; API_MetricAlarm: the alarm is described by its Metrics."""
    clock = Clock()
    asked = one_metric(unique_name, statistic)
    cloudwatch.put_metric_alarm(**asked)
    put(cloudwatch, unique_name, clock.ago(1), 6, 8)
    clock.evaluate()
    shown = described(cloudwatch, unique_name)
    assert shown["StateValue"] == "ALARM"
    assert shown["Metrics"] == asked["Metrics"]
    plain = {"ExtendedStatistic", "MetricName", "Namespace", "Period", "Statistic"}
    assert shown.keys().isdisjoint(plain)
    assert "Metrics" not in alarm(cloudwatch, unique_name)


def test_an_alarm_names_its_metric_once(cloudwatch: Any, unique_name: str) -> None:
    """API_PutMetricAlarm, Metrics: without MetricName, Namespace, Period ... in the same call;
    API_MetricDataQuery, ReturnData."""
    asked = one_metric(unique_name)
    with pytest.raises(ClientError, match=r"ValidationError.*MetricName cannot be specified"):
        cloudwatch.put_metric_alarm(**asked, MetricName="another")
    asked["Metrics"][0]["ReturnData"] = False
    with pytest.raises(ClientError, match=r"ValidationError.*should return data"):
        cloudwatch.put_metric_alarm(**asked)
    assert cloudwatch.describe_alarms(AlarmNames=[unique_name])["MetricAlarms"] == []


def test_alarms_match_all_filters_of_a_request(cloudwatch: Any, unique_name: str) -> None:
    """API_DescribeAlarms: StateValue, ActionPrefix, AlarmNamePrefix, MaxRecords;
    API_DescribeAlarmsForMetric."""
    topic = "arn:aws:sns:us-east-1:123456789012:topic"
    for number, actions in enumerate(([topic], [topic], [])):
        alarm(cloudwatch, f"{unique_name}-{number}", AlarmActions=actions, MetricName=unique_name)
    cloudwatch.set_alarm_state(AlarmName=f"{unique_name}-1", StateValue="OK", StateReason="by hand")

    def found(**request: Any) -> list[str]:
        alarms = cloudwatch.describe_alarms(AlarmNamePrefix=unique_name, **request)["MetricAlarms"]
        return [each["AlarmName"].removeprefix(f"{unique_name}-") for each in alarms]

    assert found(ActionPrefix="arn:aws:sns") == ["0", "1"]
    assert found(ActionPrefix="arn:aws:sns", StateValue="OK") == ["1"]
    assert found(AlarmTypes=["CompositeAlarm"]) == []
    paginator = cloudwatch.get_paginator("describe_alarms")
    pages = paginator.paginate(AlarmNamePrefix=unique_name, PaginationConfig={"PageSize": 2})
    assert [len(page["MetricAlarms"]) for page in pages] == [2, 1]
    by_metric = {"Namespace": NAMESPACE, "MetricName": unique_name}
    assert len(cloudwatch.describe_alarms_for_metric(**by_metric)["MetricAlarms"]) == 3
    other = [{"Name": "A", "Value": "1"}]
    assert (
        cloudwatch.describe_alarms_for_metric(**by_metric, Dimensions=other)["MetricAlarms"] == []
    )


def test_an_alarm_that_was_not_evaluated_has_no_data(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: neither StateReasonData nor Metrics."""
    cloudwatch = aws("cloudwatch")
    alarm(cloudwatch, unique_name)
    assert described(cloudwatch, unique_name).keys().isdisjoint({"StateReasonData", "Metrics"})


def test_missing_datapoints_are_named(cloudwatch: Any, unique_name: str) -> None:
    """Recorded from AWS: StateReasonData has the metric's unit and each period's time."""
    alarm(cloudwatch, unique_name, TreatMissingData="breaching", EvaluationPeriods=2, Unit="Count")
    Clock().evaluate()
    data = json.loads(described(cloudwatch, unique_name)["StateReasonData"])
    assert data["unit"] == "Count"
    assert [point.keys() for point in data["evaluatedDatapoints"]] == [{"timestamp"}] * 2


def test_a_message_has_what_the_alarm_was_given(
    aws: Any, cloudwatch: Any, unique_name: str
) -> None:
    """Recorded from AWS: no DatapointsToAlarm of its own; SAMPLE_COUNT."""
    topic = aws("sns").create_topic(Name=unique_name)["TopicArn"]
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    alarm(cloudwatch, unique_name, AlarmActions=[topic], Statistic="SampleCount")
    cloudwatch.set_alarm_state(AlarmName=unique_name, StateValue="ALARM", StateReason="a test")
    (received,) = sqs.receive_message(QueueUrl=url)["Messages"]
    trigger = json.loads(json.loads(received["Body"])["Message"])["Trigger"]
    assert trigger["Statistic"] == "SAMPLE_COUNT"
    assert "DatapointsToAlarm" not in trigger


def test_an_alarm_that_is_not_there(cloudwatch: Any) -> None:
    """Recorded from AWS: ResourceNotFound, without words; API_ListTagsForResource."""
    state = {"StateValue": "OK", "StateReason": "a test"}
    with pytest.raises(ClientError) as refused:
        cloudwatch.set_alarm_state(AlarmName="none", **state)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFound"
    assert not refused.value.response["Error"].get("Message")
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:none"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloudwatch.list_tags_for_resource(ResourceARN=arn)


@pytest.mark.parametrize("statistic", ["p90", "tm90", "tc90", "ts90", "wm90", "IQM", "PR(1:9)"])
def test_an_alarm_has_any_extended_statistic(
    cloudwatch: Any, unique_name: str, statistic: str
) -> None:
    """API_PutMetricAlarm, ExtendedStatistic: its valid values."""
    clock = Clock()
    put(cloudwatch, unique_name, clock.ago(1), 9)
    changes = {"Statistic": None, "ExtendedStatistic": statistic, "Threshold": 0}
    shown = alarm(cloudwatch, unique_name, **changes)
    assert (shown["ExtendedStatistic"], "Statistic" in shown) == (statistic, False)
    clock.evaluate()
    assert described(cloudwatch, unique_name)["StateValue"] == "ALARM"


def test_the_history_of_a_deleted_alarm_stays(cloudwatch: Any, unique_name: str) -> None:
    """API_DescribeAlarmHistory: "CloudWatch retains the history of an alarm even if you delete the
    alarm"; AlarmTypes. It goes on with the next alarm of that name, unlike tags."""
    arn = alarm(cloudwatch, unique_name, Tags=[{"Key": "a", "Value": "b"}])["AlarmArn"]
    cloudwatch.set_alarm_state(AlarmName=unique_name, StateValue="OK", StateReason="a test")
    cloudwatch.delete_alarms(AlarmNames=[unique_name, unique_name, "none"])
    created, deleted = (f'Alarm "{unique_name}" {verb}' for verb in ("created", "deleted"))
    assert history(cloudwatch, unique_name, "ConfigurationUpdate") == [deleted, created]
    assert history(cloudwatch, unique_name) == ["Alarm updated from INSUFFICIENT_DATA to OK"]
    alarm(cloudwatch, unique_name)
    assert history(cloudwatch, unique_name, "ConfigurationUpdate") == [created, deleted, created]
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    composite = {"AlarmName": unique_name, "AlarmTypes": ["CompositeAlarm"]}
    assert cloudwatch.describe_alarm_history(**composite)["AlarmHistoryItems"] == []


@pytest.mark.parametrize(
    ("statistic", "samples", "state"),
    [
        ("p99", 999, "INSUFFICIENT_DATA"),
        ("p99", 1000, "ALARM"),
        ("p50", 19, "INSUFFICIENT_DATA"),
        ("p50", 20, "ALARM"),
        ("p10", 99, "INSUFFICIENT_DATA"),
        ("p10", 100, "ALARM"),
        ("p100", 1, "ALARM"),
        ("tm90", 1, "ALARM"),
    ],
)
def test_a_percentile_of_a_few_samples_is_ignored(
    cloudwatch: Any, unique_name: str, statistic: str, samples: int, state: str
) -> None:
    """CloudWatch User Guide, "Percentile-based alarms and low data samples": 10 / (1 - percentile)
    samples, of percentiles below a half 10 / percentile."""
    clock = Clock()
    put(cloudwatch, unique_name, clock.ago(1), 9, Counts=[samples])
    alarm(
        cloudwatch,
        unique_name,
        Statistic=None,
        ExtendedStatistic=statistic,
        EvaluateLowSampleCountPercentile="ignore",
    )
    clock.evaluate()
    assert described(cloudwatch, unique_name)["StateValue"] == state
