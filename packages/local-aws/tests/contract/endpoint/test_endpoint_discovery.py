"""Clients that ask for their endpoints stay on this machine."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.endpoint.server import ControlPlaneServer


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("dynamodb", "list_tables", "TableNames"),
        ("timestream-write", "list_databases", "Databases"),
        ("timestream-query", "describe_endpoints", "Endpoints"),
    ],
)
def test_a_client_that_discovers_its_endpoint_finds_this_one(
    control_plane: ControlPlaneServer,
    administrators_key: AccessKey,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    operation: str,
    expected: str,
) -> None:
    """AWS SDKs and Tools Reference Guide, "Endpoint discovery"."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", control_plane.endpoint)
    client: Any = boto3.Session().client(
        service,
        region_name="us-east-1",
        aws_access_key_id=administrators_key.access_key_id,
        aws_secret_access_key=administrators_key.secret_access_key,
        config=Config(endpoint_discovery_enabled=True, retries={"total_max_attempts": 1}),
    )

    [found] = client.describe_endpoints()["Endpoints"]
    assert found["Address"] == control_plane.endpoint
    assert expected in getattr(client, operation)()
