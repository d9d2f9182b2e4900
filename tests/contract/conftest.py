"""The real control plane on a free port, and clients for it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local_aws.control_plane.server import ControlPlaneServer

AwsClient = Callable[..., Any]
"""`aws("ec2")`, `aws("ec2", region="eu-west-1")`, or with other credentials by keyword."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlaneServer]:
    server = ControlPlaneServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def aws(control_plane: ControlPlaneServer) -> AwsClient:
    """A factory of boto3 clients with an administrator's keys."""

    def client(service: str, region: str = "us-east-1", **credentials: str) -> Any:
        keys = credentials or {
            "aws_access_key_id": "AKIAADMINISTRATOR000",
            "aws_secret_access_key": "administrator",
        }
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=control_plane.endpoint,
            config=Config(retries={"total_max_attempts": 1}),
            **keys,
        )

    return client


@pytest.fixture
def unique_name() -> str:
    """A name that no other test uses: the tests of one run share one AWS account."""
    return f"test-{next(_numbers)}"
