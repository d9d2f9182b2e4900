"""Parameter Store."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_public_parameters_are_read_and_not_listed(aws: Any) -> None:
    """Systems Manager User Guide, "Calling AWS service public parameters"."""
    ssm = aws("ssm", region="eu-west-1")
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"

    assert ssm.get_parameter(Name=name)["Parameter"]["Value"].startswith("ami-")

    assert ssm.describe_parameters()["Parameters"] == []


def test_a_parameter_without_policies_shows_an_empty_list(aws: Any, unique_name: str) -> None:
    """API_ParameterMetadata: Policies is a list; amazon.aws.ssm_parameter reads it."""
    ssm = aws("ssm")
    ssm.put_parameter(Name=unique_name, Value="1", Type="String")

    [shown] = ssm.describe_parameters(
        ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [unique_name]}]
    )["Parameters"]

    assert shown["Policies"] == []
    ssm.delete_parameter(Name=unique_name)


def test_parameters_are_found_by_their_tier(aws: Any, unique_name: str) -> None:
    """API_ParameterStringFilter: Tier."""
    ssm = aws("ssm")
    for tier in ("Standard", "Advanced"):
        ssm.put_parameter(Name=f"/{unique_name}/{tier}", Value="1", Type="String", Tier=tier)
    here = {"Key": "Path", "Option": "Recursive", "Values": [f"/{unique_name}"]}
    found = ssm.describe_parameters(
        ParameterFilters=[here, {"Key": "Tier", "Values": ["Advanced"]}]
    )
    assert [each["Name"] for each in found["Parameters"]] == [f"/{unique_name}/Advanced"]


def test_questions_about_a_missing_parameter_leave_nothing(aws: Any, unique_name: str) -> None:
    """DescribeParameters and GetParametersByPath then failed for everybody."""
    ssm = aws("ssm")
    name = f"/{unique_name}/missing"
    for ask in (
        lambda: ssm.get_parameter_history(Name=name),
        lambda: ssm.label_parameter_version(Name=name, Labels=["a"]),
        lambda: ssm.get_parameter(Name=f"{name}:1"),
    ):
        with pytest.raises(ClientError):
            ask()

    assert ssm.get_parameters_by_path(Path=f"/{unique_name}")["Parameters"] == []
    described = ssm.describe_parameters(
        ParameterFilters=[{"Key": "Name", "Option": "Contains", "Values": [unique_name]}]
    )
    assert described["Parameters"] == []


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_parameter_is_found_by_its_arn(aws: Any, unique_name: str, slash: str) -> None:
    """Recorded from AWS: the ARN of a name without a slash has one before it."""
    ssm, name = aws("ssm"), f"{slash}{unique_name}"
    ssm.put_parameter(Name=name, Value="1", Type="String")
    arn = f"arn:aws:ssm:us-east-1:123456789012:parameter/{unique_name}"
    found = ssm.get_parameter(Name=arn)["Parameter"]
    assert (found["Name"], found["ARN"], found["Value"]) == (name, arn, "1")
    assert ssm.get_parameter(Name=f"{arn}:1")["Parameter"]["Version"] == 1
    ssm.delete_parameter(Name=name)


def test_a_lookup_creates_no_parameter(aws: Any, unique_name: str) -> None:
    """API_ListTagsForResource: InvalidResourceId; a question about its labels came before."""
    ssm = aws("ssm")
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.label_parameter_version(Name=unique_name, Labels=["a"])
    with pytest.raises(ClientError, match="InvalidResourceId"):
        ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=unique_name)
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name=unique_name)
