"""Fixtures: stacks, and single resources."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from client_fixtures import AwsClient
from stack_driver import StackDriver


@pytest.fixture
def stacks(aws: AwsClient) -> Iterator[StackDriver]:
    """Creates and changes stacks; what is left is deleted after the test."""
    driver = StackDriver(aws("cloudformation"))
    yield driver
    driver.delete_all()


@pytest.fixture
def service(default_vpc: str, subnets: dict[str, str]) -> dict[str, str]:
    """Parameters of templates/service.yaml: the default VPC and three subnets."""
    return {
        "VPCId": default_vpc,
        "Subnets": ",".join(subnets.values()),
    }


@pytest.fixture
def topic(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The ARN of a topic of SNS."""
    sns = aws("sns")
    arn = str(sns.create_topic(Name=unique_name)["TopicArn"])
    yield arn
    sns.delete_topic(TopicArn=arn)


@pytest.fixture
def bucket(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The name of an empty S3 bucket."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    yield unique_name
    for item in s3.list_objects_v2(Bucket=unique_name).get("Contents", []):
        s3.delete_object(Bucket=unique_name, Key=item["Key"])
    s3.delete_bucket(Bucket=unique_name)
