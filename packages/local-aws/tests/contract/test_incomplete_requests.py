"""Requests that lack what AWS's model does not require, and what AWS takes for it."""

from __future__ import annotations

from typing import Any

import pytest
from signed_requests import refusal

_QUERY = {"startTime": 1, "endTime": 2, "queryString": "fields @message"}


@pytest.mark.parametrize(
    ("service", "call", "given", "code"),
    [
        ("kms", "retire_grant", {}, "ValidationException"),
        ("kms", "retire_grant", {"GrantId": "g"}, "ValidationException"),
        ("logs", "start_query", _QUERY, "InvalidParameterException"),
        ("logs", "start_query", {**_QUERY, "logGroupName": "g", "logGroupNames": ["g"]},
         "InvalidParameterException"),
        ("logs", "put_delivery_destination", {"name": "d"}, "ValidationException"),
        ("iam", "create_service_linked_role", {"AWSServiceName": "ecs"}, "InvalidInput"),
    ],
)  # fmt: skip
def test_a_request_that_names_too_little_is_refused(
    aws: Any, service: str, call: str, given: dict[str, Any], code: str
) -> None:
    """API_RetireGrant, API_StartQuery, API_PutDeliveryDestination, API_CreateServiceLinkedRole."""
    assert refusal(getattr(aws(service), call), **given) == (400, code)


def test_a_patch_group_s_baseline_is_that_of_windows(aws: Any) -> None:
    """API_GetPatchBaselineForPatchGroup: OperatingSystem."""
    shown = aws("ssm").get_patch_baseline_for_patch_group(PatchGroup="none")
    assert shown["OperatingSystem"] == "WINDOWS"


def test_a_role_is_linked_to_a_service(aws: Any) -> None:
    """API_CreateServiceLinkedRole: AWSServiceName."""
    made = aws("iam").create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    assert made["Role"]["RoleName"] == "AWSServiceRoleForAutoScaling"
