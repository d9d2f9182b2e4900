"""A token that names no page is the client's mistake."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize(
    ("service", "call", "given", "code"),
    [
        ("autoscaling", "describe_auto_scaling_groups", {"NextToken": "x"}, "InvalidNextToken"),
        ("autoscaling", "describe_launch_configurations", {"NextToken": "x"}, "InvalidNextToken"),
        ("cloudwatch", "describe_alarms", {"NextToken": "x"}, "InvalidNextToken"),
        ("cloudwatch", "list_metrics", {"NextToken": "x"}, "InvalidParameterValue"),
        ("ec2", "describe_instances", {"NextToken": "x"}, "InvalidNextToken"),
        ("elbv2", "describe_load_balancers", {"Marker": "x"}, "ValidationError"),
        ("logs", "describe_destinations", {"nextToken": "x"}, "InvalidParameterException"),
        ("secretsmanager", "batch_get_secret_value", {"SecretIdList": ["s"], "NextToken": "x"},
         "InvalidNextTokenException"),
        ("sns", "list_topics", {"NextToken": "x"}, "InvalidParameter"),
        ("ssm", "describe_instance_information", {"NextToken": "x"}, "InvalidNextToken"),
        ("ssm", "get_parameters_by_path", {"Path": "/", "NextToken": "x"}, "InvalidNextToken"),
    ],
)  # fmt: skip
def test_a_token_that_names_no_page_is_refused(
    aws: Any, service: str, call: str, given: dict[str, Any], code: str
) -> None:
    """The errors of each action in the services' API References; EC2: "Error codes"."""
    client = aws(service, region="eu-north-1")
    assert refusal_of(getattr(client, call), **given)[:2] == (400, code)
