"""What detections have found, in the shape of AWS's answers."""

from __future__ import annotations

import json
from typing import Any

from local_aws.control_plane.cloudformation.drift.records import (
    Detection,
    ResourceDrift,
    StackDrift,
)

_NOT_CHECKED = "NOT_CHECKED"


def of_stack(drift: StackDrift | None) -> dict[str, Any]:
    """AWS: API_StackDriftInformation."""
    return {
        "StackDriftStatus": drift.status if drift else _NOT_CHECKED,
        "LastCheckTimestamp": drift.checked_at if drift else None,
    }


def of_resource(drift: StackDrift | None, logical_id: str) -> dict[str, Any]:
    """AWS: API_StackResourceDriftInformation."""
    found = drift.resources.get(logical_id) if drift else None
    return {
        "StackResourceDriftStatus": found.status if found else _NOT_CHECKED,
        "LastCheckTimestamp": found.checked_at if found else None,
    }


def detection(stack_id: str, described: Detection) -> dict[str, Any]:
    """DescribeStackDriftDetectionStatus's answer."""
    return {
        "StackId": stack_id,
        "StackDriftDetectionId": described.detection_id,
        "StackDriftStatus": described.stack_status,
        "DetectionStatus": "DETECTION_COMPLETE",
        "DriftedStackResourceCount": described.drifted_count,
        "Timestamp": described.started_at,
    }


def resource_drift(stack_id: str, described: ResourceDrift) -> dict[str, Any]:
    """A member of DescribeStackResourceDrifts' StackResourceDrifts."""
    is_gone = described.actual is None
    return {
        "StackId": stack_id,
        "LogicalResourceId": described.logical_id,
        "PhysicalResourceId": described.physical_id,
        "ResourceType": described.type_name,
        "ExpectedProperties": json.dumps(described.expected),
        "ActualProperties": None if is_gone else json.dumps(described.actual, default=str),
        "PropertyDifferences": None
        if is_gone
        else [
            {
                "PropertyPath": each.path,
                "ExpectedValue": _text(each.expected),
                "ActualValue": _text(each.actual),
                "DifferenceType": each.kind,
            }
            for each in described.differences
        ],
        "StackResourceDriftStatus": described.status,
        "Timestamp": described.checked_at,
    }


def _text(value: Any) -> str:
    """Text as it is, everything else as JSON: null for what is not there."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
