"""A detection of drift, on a stack or on one of its resources. Call these under LOCK."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from local_aws.control_plane.cloudformation import resource_schemas
from local_aws.control_plane.cloudformation.drift import attachments, comparison, readers
from local_aws.control_plane.cloudformation.drift.records import (
    Detection,
    ResourceDrift,
    StackDrift,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.base import Place
from local_aws.control_plane.cloudformation.resource_types.registry import resource_type
from local_aws.control_plane.cloudformation.stack import Resource, Stack, now


def supports(resource: Resource) -> bool:
    """Whether it exists for the stack, and its type can be read."""
    return bool(resource.physical_id) and resource.type_name in readers.READERS


def detect(stack: Stack, resources: Sequence[Resource]) -> Detection:
    """Check those of the resources that can be checked, and keep what is found."""
    started_at = now()
    drift = _of_stack(stack)
    for each in resources:
        if supports(each):
            drift.resources[each.logical_id] = _checked(stack, each)
    drift.is_checked = True
    drift.checked_at = started_at
    detection = Detection(drift.status, drift.drifted_count, started_at)
    drift.add(detection)
    return detection


def detect_one(stack: Stack, resource: Resource) -> ResourceDrift:
    """Check one that `supports` it, and keep what is found."""
    drift = _of_stack(stack)
    found = drift.resources[resource.logical_id] = _checked(stack, resource)
    drift.checked_at = found.checked_at
    return found


def _of_stack(stack: Stack) -> StackDrift:
    stack.drift = stack.drift or StackDrift()
    return stack.drift


def _checked(stack: Stack, resource: Resource) -> ResourceDrift:
    place = Place(stack.account_id, stack.region, stack.stack_id, stack.name, resource.logical_id)
    attached = attachments.to_resource(resource, stack.resources.values())
    checked_at = now()
    expected = _expected(resource)
    found = readers.actual(place, resource, attached)
    actual = None if found is None else resource_schemas.typed(resource.type_name, found)
    if actual is not None:
        names = comparison.compared(resource.type_name, expected, actual)
        expected = {name: expected[name] for name in expected if name in names}
        actual = {name: actual[name] for name in expected}
    return ResourceDrift(
        resource.logical_id,
        resource.physical_id,
        resource.type_name,
        expected,
        actual,
        comparison.differences(resource.type_name, expected, actual or {}),
        checked_at,
    )


def _expected(resource: Resource) -> Mapping[str, Any]:
    """The properties that are declared, with the stack's tags, without values that are secret."""
    declared = json.loads(json.dumps(resource.properties, default=str))
    shown = json.loads(resource.shown_properties or "{}")
    secret = {name for name, value in declared.items() if shown.get(name) != value}
    handler = resource_type(resource.type_name)
    expected = handler.with_stack_tags(declared, resource.stack_tags or {})
    expected = readers.as_read(resource.type_name, expected)
    return {name: value for name, value in expected.items() if name not in secret}
