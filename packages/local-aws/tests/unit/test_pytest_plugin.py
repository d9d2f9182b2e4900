"""The fixtures that other projects use, used as they do."""

from __future__ import annotations

import os

import boto3
import pytest

from local_aws.state.state_directory import Running


@pytest.mark.usefixtures("aws_environment")
def test_boto3_talks_to_it_without_arguments() -> None:
    boto3.client("ssm").put_parameter(Name="/a", Value="1", Type="String")
    assert boto3.client("ssm").get_parameter(Name="/a")["Parameter"]["Value"] == "1"


def test_clients_can_be_pointed_at_it(local_aws: Running) -> None:
    session = boto3.Session(
        aws_access_key_id=local_aws.access_key_id,
        aws_secret_access_key=local_aws.secret_access_key,
        region_name=local_aws.region,
    )
    sts = session.client("sts", endpoint_url=local_aws.endpoint)
    assert sts.get_caller_identity()["Account"] == "123456789012"
    assert "AWS_ENDPOINT_URL" not in os.environ
