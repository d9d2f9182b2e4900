"""What of a resource differs from its definition, and what that does to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import deletion_policies, resource_schemas
from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator
from local_aws.control_plane.cloudformation.resource_types.handlers.base import as_bool
from local_aws.control_plane.cloudformation.resource_types.registry import resource_type
from local_aws.control_plane.cloudformation.stack import Resource


def evaluated_properties(evaluator: Evaluator, definition: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's properties: each function's result, each value of its schema's type."""
    properties = evaluator.value_of(definition.get("Properties", {}))
    return resource_schemas.typed(definition["Type"], properties)


def changed_properties(old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """The names of the properties whose values differ; 80 and "80" do not."""
    return frozenset(
        name for name in {*old, *new} if comparable(old.get(name)) != comparable(new.get(name))
    )


def changes_stack_tags(resource: Resource, tags: Mapping[str, str]) -> bool:
    """Whether other tags of the stack reach this resource, and can be changed in place on it."""
    handler = resource_type(resource.type_name)
    if resource.stack_tags is None or resource.stack_tags == tags:
        return False
    old = handler.with_stack_tags(resource.properties, resource.stack_tags)
    new = handler.with_stack_tags(resource.properties, tags)
    changed = changed_properties(old, new)
    return bool(changed) and not (
        handler.needs_replacement(changed, old, new) or handler.refusal(changed, old, new)
    )


def shown_properties(evaluator: Evaluator, definition: Mapping[str, Any]) -> str | None:
    """A resource's properties as its events show them; **** for the value of a NoEcho parameter.

    None when they cannot be evaluated. AWS: ResourceProperties of API_StackEvent.
    """
    declared = evaluator.template.get("Parameters", {})
    hidden = [name for name in declared if as_bool(declared[name].get("NoEcho", False))]
    with suppress(ValidationError):
        shown = evaluated_properties(evaluator.hiding(hidden), definition)
        return json.dumps(shown, default=str)
    return None


def changed_attributes(
    resource: Resource, evaluator: Evaluator, definition: Mapping[str, Any]
) -> frozenset[str]:
    """The attributes beside its properties in which a resource differs from its definition."""
    declared = {
        "DeletionPolicy": (resource.deletion_policy, deletion_policies.of_deletion(definition)),
        "Metadata": (resource.metadata, evaluator.value_of(definition.get("Metadata"))),
        "UpdateReplacePolicy": (
            resource.update_replace_policy,
            deletion_policies.of_replacement(definition),
        ),
    }
    return frozenset(name for name, (is_now, will_be) in declared.items() if is_now != will_be)


def must_replace(
    resource: Resource,
    changed: frozenset[str],
    new: Mapping[str, Any],
    update_policy: Mapping[str, Any],
) -> bool:
    """Whether these changes make a new physical resource."""
    handler = resource_type(resource.type_name)
    return handler.replaces_by_policy(changed, update_policy) or handler.needs_replacement(
        changed, resource.properties, new
    )


def comparable(value: Any) -> Any:
    """A value as it is compared: 80 and "80" are the same."""
    if isinstance(value, Mapping):
        return {key: comparable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value
