"""Fixtures: clients of the control plane, with an administrator's keys."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from signed_requests import RawClient

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.endpoint.server import ControlPlaneServer

AwsClient = Callable[..., Any]
"""`aws("ec2")`, `aws("ec2", region="eu-west-1")`, or with other credentials by keyword."""

_ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(scope="session")
def aws(control_plane: ControlPlaneServer, administrators_key: AccessKey) -> AwsClient:
    """A factory of boto3 clients with an administrator's keys."""

    own = _credentials(administrators_key)

    @functools.cache  # making a client takes longer than most requests
    def client(service: str, region: str = "us-east-1", **credentials: str) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=control_plane.endpoint,
            config=_ONCE,
            **(credentials or own),
        )

    return client


def _credentials(key: AccessKey) -> dict[str, str]:
    """As boto3's clients take them."""
    return {
        "aws_access_key_id": key.access_key_id,
        "aws_secret_access_key": key.secret_access_key,
    }


def _client(service: str) -> Any:
    """A fixture: the administrator's client of this service, under the variable's name."""

    @pytest.fixture(scope="session")
    def client(aws: AwsClient) -> Any:
        return aws(service)

    return client


acm = _client("acm")
asg = _client("autoscaling")
cloudwatch = _client("cloudwatch")
dynamodb = _client("dynamodb")
ec2 = _client("ec2")
elbv2 = _client("elbv2")
events = _client("events")
iam = _client("iam")
kms = _client("kms")
logs = _client("logs")
s3 = _client("s3")
secrets = _client("secretsmanager")
sns = _client("sns")
ssm = _client("ssm")


@pytest.fixture(scope="session")
def unchecked(
    control_plane: ControlPlaneServer, administrators_key: AccessKey
) -> Callable[[str], Any]:
    """Clients that send what they are given, as those without a model do."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=control_plane.endpoint,
            config=_ONCE.merge(Config(parameter_validation=False)),
            **_credentials(administrators_key),
        )

    return client


@pytest.fixture(scope="session")
def unchecked_elbv2(unchecked: Callable[[str], Any]) -> Any:
    """botocore checks some ranges itself."""
    return unchecked("elbv2")


@pytest.fixture
def raw(control_plane: ControlPlaneServer, administrators_key: AccessKey) -> RawClient:
    """Sends what a test has signed, or not, to the endpoint."""
    return RawClient(control_plane.endpoint, administrators_key)
