"""What EC2 lists for everyone comes in pages, and no other call waits for it."""

from __future__ import annotations

from typing import Any

import pytest
from moto.iam import models as iam_models
from refusals import refusal_of

from local_aws.control_plane.lock import LOCK

CATALOGUES = [
    ("describe_instance_types", "InstanceTypes", 100),
    ("describe_instance_type_offerings", "InstanceTypeOfferings", 1000),
    ("describe_spot_price_history", "SpotPriceHistory", 1000),
]
EVERYTHING = [
    *((call, member) for call, member, _ in CATALOGUES),
    ("describe_images", "Images"),
    ("describe_snapshots", "Snapshots"),
    ("describe_snapshot_tier_status", "SnapshotTierStatuses"),
]


@pytest.mark.parametrize(("call", "member"), EVERYTHING)
def test_a_catalogue_is_read_while_another_call_is_answered(
    aws: Any, call: str, member: str
) -> None:
    """AWS Fault Isolation Boundaries, "Control planes and data planes"; moto takes seconds for
    some of them."""
    with LOCK:
        assert getattr(aws("ec2"), call)(MaxResults=5)[member]


@pytest.mark.parametrize(("call", "member"), EVERYTHING)
def test_a_page_has_max_results_rows(aws: Any, call: str, member: str) -> None:
    """ "Pagination" in the EC2 API Reference."""
    read = getattr(aws("ec2"), call)
    first = read(MaxResults=7)
    second = read(MaxResults=7, NextToken=first["NextToken"])
    assert (len(first[member]), len(second[member])) == (7, 7)
    assert not [each for each in first[member] if each in second[member]]
    assert [*first[member], *second[member]] == read(MaxResults=14)[member]


@pytest.mark.parametrize(("call", "member", "most"), CATALOGUES)
def test_a_catalogue_comes_in_pages_unasked(aws: Any, call: str, member: str, most: int) -> None:
    """Reported by users of AWS (aws/aws-sdk-php 3070, nebari-dev/nebari 1922); the range of
    MaxResults in API_DescribeInstanceTypes and its neighbours."""
    ec2 = aws("ec2")
    pages = list(ec2.get_paginator(call).paginate())
    assert [len(page[member]) for page in pages[:-1]] == [most] * (len(pages) - 1)
    assert "NextToken" not in pages[-1]
    if call == "describe_instance_types":
        names = [each["InstanceType"] for page in pages for each in page[member]]
        assert len(names) == len(set(names)) > most


def test_pages_are_of_what_passes_the_filters(aws: Any) -> None:
    """API_DescribeInstanceTypes: Filters; reported by users of AWS (boto/boto3 2888): a page of
    filtered types names the next one."""
    ec2 = aws("ec2")
    wanted = [{"Name": "processor-info.supported-architecture", "Values": ["arm64"]}]
    pages = list(ec2.get_paginator("describe_instance_types").paginate(Filters=wanted))
    assert [len(page["InstanceTypes"]) for page in pages[:-1]] == [100] * (len(pages) - 1)
    passing = [each for page in pages for each in page["InstanceTypes"]]
    assert len({each["InstanceType"] for each in passing}) == len(passing) > 100
    assert all("arm64" in each["ProcessorInfo"]["SupportedArchitectures"] for each in passing)


def test_a_filtered_catalogue_is_read_while_another_call_is_answered(aws: Any) -> None:
    """As above: the filters are evaluated beside other calls, too."""
    wanted = [{"Name": "instance-type", "Values": ["t3.micro"]}]
    with LOCK:
        [found] = aws("ec2").describe_instance_types(Filters=wanted)["InstanceTypes"]
    assert found["InstanceType"] == "t3.micro"


@pytest.mark.parametrize(("call", "member"), EVERYTHING)
def test_a_token_that_no_page_gave_is_refused(aws: Any, call: str, member: str) -> None:  # noqa: ARG001
    """ "Error codes" in the EC2 API Reference: InvalidNextToken."""
    read = getattr(aws("ec2"), call)
    assert refusal_of(read, NextToken="x")[:2] == (400, "InvalidNextToken")


def test_an_unknown_key_is_looked_for_where_there_are_keys() -> None:
    """moto made a whole IAM, with AWS's 1,500 policies, of each partition: a second in all."""
    account = iam_models.iam_backends["555566667777"]
    assert account["aws"].access_keys == {}
    before = list(account)
    iam_models.get_account_id_from("AKIANOBODY")
    assert list(account) == before == ["aws"]
