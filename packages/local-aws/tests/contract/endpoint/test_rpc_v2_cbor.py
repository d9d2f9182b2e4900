"""Clients that speak Smithy's RPC v2 CBOR, as the SDK for Go does: here botocore, made to prefer
it."""

from __future__ import annotations

import contextlib
import datetime
import http.client
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.model
import pytest
from botocore.config import Config
from refusals import refusal_of
from signed_requests import keys_of

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.endpoint.server import ControlPlaneServer


@pytest.fixture
def speaking_cbor(
    control_plane: ControlPlaneServer,
    administrators_key: AccessKey,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Creates clients; their keys are an administrator's, or those given by keyword."""
    preferred = ("smithy-rpc-v2-cbor",)
    administrators = {
        "aws_access_key_id": administrators_key.access_key_id,
        "aws_secret_access_key": administrators_key.secret_access_key,
    }

    def client(service: str, **keys: str) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(botocore.model, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", preferred)
            made = boto3.Session().client(
                service,
                region_name="us-east-1",
                endpoint_url=control_plane.endpoint,
                config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
                **(keys or administrators),
            )
            assert made.meta.service_model.resolved_protocol in preferred
        return made

    return client


def test_numbers_times_and_lists_come_back_as_they_were_sent(
    speaking_cbor: Any, unique_name: str
) -> None:
    """https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html"""
    cloudwatch = speaking_cbor("cloudwatch")
    at = datetime.datetime.now(datetime.UTC).replace(second=0, microsecond=0)
    cloudwatch.put_metric_data(
        Namespace=unique_name,
        MetricData=[
            {"MetricName": "Täglich", "Timestamp": at, "Value": value} for value in (1.5, -2, 4e10)
        ],
    )
    answer = cloudwatch.get_metric_statistics(
        Namespace=unique_name,
        MetricName="Täglich",
        StartTime=at,
        EndTime=at + datetime.timedelta(minutes=1),
        Period=60,
        Statistics=["Minimum", "Maximum", "SampleCount"],
    )
    assert answer["Label"] == "Täglich"
    [point] = answer["Datapoints"]
    assert (point["Minimum"], point["Maximum"], point["SampleCount"]) == (-2.0, 4e10, 3.0)
    assert point["Timestamp"] == at


def test_an_alarm_is_the_same_in_each_protocol(
    aws: Any, speaking_cbor: Any, unique_name: str
) -> None:
    """A client's choice of a protocol changes nothing else."""
    speaking_cbor("cloudwatch").put_metric_alarm(
        AlarmName=unique_name,
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=3,
        DatapointsToAlarm=2,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )
    [in_json] = aws("cloudwatch").describe_alarms(AlarmNames=[unique_name])["MetricAlarms"]
    found = speaking_cbor("cloudwatch").describe_alarms(AlarmNames=[unique_name])
    assert found["MetricAlarms"] == [in_json]
    assert (in_json["DatapointsToAlarm"], in_json["Threshold"]) == (2, 1.0)


def test_an_error_has_its_code(speaking_cbor: Any, unique_name: str) -> None:
    """RPC v2 CBOR: `__type` of the body; for codes of the Query protocol x-amzn-query-error."""
    cloudwatch = speaking_cbor("cloudwatch")
    assert refusal_of(cloudwatch.get_dashboard, DashboardName=unique_name)[1] == "ResourceNotFound"
    assert refusal_of(cloudwatch.put_metric_alarm, AlarmName="x")[:2] == (400, "ValidationError")


def test_what_is_not_emulated_is_refused(speaking_cbor: Any) -> None:
    """As in each protocol: a 4xx that clients do not retry."""
    status, code, message = refusal_of(speaking_cbor("cloudwatch").list_metric_streams)
    assert (status, code) == (400, "UnknownOperationException")
    assert "does not emulate" in message


def test_the_signature_is_of_the_request_as_it_was_sent(
    aws: Any, speaking_cbor: Any, user: str
) -> None:
    """IAM User Guide, "Elements of an AWS API request signature"; whoever signs needs a policy."""
    keys = keys_of(aws("iam").create_access_key(UserName=user)["AccessKey"])
    wrong = {**keys, "aws_secret_access_key": "another"}
    for given, code in ((keys, "AccessDeniedException"), (wrong, "InvalidSignatureException")):
        in_cbor = refusal_of(speaking_cbor("cloudwatch", **given).describe_alarms)
        assert in_cbor == refusal_of(aws("cloudwatch", **given).describe_alarms)
        assert in_cbor[1] == code


@pytest.mark.parametrize("protocol", ["json", "cbor"])
def test_a_long_body_may_be_compressed(
    aws: Any, speaking_cbor: Any, unique_name: str, protocol: str
) -> None:
    """AWS SDKs and Tools Reference Guide, "Request compression": PutMetricData, from 10 KB on."""
    cloudwatch = {"json": aws, "cbor": speaking_cbor}[protocol]("cloudwatch")
    metrics = [{"MetricName": f"metric number {each}", "Value": each} for each in range(900)]
    cloudwatch.put_metric_data(Namespace=unique_name, MetricData=metrics)
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace=unique_name)
    assert len([metric for page in pages for metric in page["Metrics"]]) == 900


@pytest.mark.parametrize(
    "body",
    [b"\xbf", b"\x5b" + b"\xff" * 8, b"\x81" * 9999, b"\xa1\x80\x01", b"\x01", b"{}"],
    ids=["cut", "long", "deep", "a list as a key", "a number", "json"],
)
def test_a_body_that_is_no_cbor_is_refused(control_plane: ControlPlaneServer, body: bytes) -> None:
    """RPC v2: SerializationException."""
    path = "/service/GraniteServiceVersion20100801/operation/DescribeAlarms"
    connection = http.client.HTTPConnection(urlsplit(control_plane.endpoint).netloc, timeout=10)
    with contextlib.closing(connection):
        connection.request("POST", path, body, {"smithy-protocol": "rpc-v2-cbor"})
        response = connection.getresponse()
        assert (response.status, response.getheader("smithy-protocol")) == (400, "rpc-v2-cbor")
        assert b"SerializationException" in response.read()
