"""What an update would change: the truth behind change sets and "No updates are to be performed".

Properties are compared after evaluation, and a value that a change itself will alter (the latest
version number of a changed launch template, say) counts as changed wherever it is used.
AWS: "Update behaviors of stack resources" in the CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import references
from local_aws.control_plane.cloudformation.engine import evaluated_outputs
from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator
from local_aws.control_plane.cloudformation.resource_steps import (
    changed_properties,
    evaluated_properties,
    must_replace,
)
from local_aws.control_plane.cloudformation.resource_types.registry import resource_type
from local_aws.control_plane.cloudformation.stack import Declaration, Stack
from local_aws.control_plane.cloudformation.surroundings import StackSurroundings, evaluator_for


@dataclass(frozen=True)
class Change:
    """One resource's change. `properties` are those that differ, for a Modify."""

    action: Literal["Add", "Modify", "Remove"]
    logical_id: str
    type_name: str
    physical_id: str | None = None
    replacement: bool = False
    properties: frozenset[str] = frozenset()


class _Foreseeing(StackSurroundings):
    """The surroundings as they will be: what will change is a text that equals nothing."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self.new: set[str] = set()
        self.altered: dict[str, frozenset[str]] = {}

    def ref(self, logical_id: str) -> str:
        return f"{{{{new {logical_id}}}}}" if logical_id in self.new else super().ref(logical_id)

    def attribute(self, logical_id: str, name: str) -> Any:
        if logical_id in self.new or name in self.altered.get(logical_id, ()):
            return f"{{{{new {logical_id}.{name}}}}}"
        return super().attribute(logical_id, name)


def foresee(stack: Stack, declaration: Declaration) -> list[Change]:
    """The changes that an update to the declaration makes. Call it with the lock held.

    Raises ValidationError for a declaration that AWS would refuse.
    """
    surroundings = _Foreseeing(stack)
    evaluator = evaluator_for(stack, declaration, surroundings)
    definitions = declaration.template["Resources"]
    changes = []
    present = set()
    for logical_id in references.creation_order(definitions):
        definition = definitions[logical_id]
        if not evaluator.exists(definition):
            continue
        present.add(logical_id)
        change = _change_of(stack, logical_id, definition, evaluator)
        if change is None:
            continue
        changes.append(change)
        if change.action == "Add" or change.replacement:
            surroundings.new.add(logical_id)
        else:
            handler = resource_type(change.type_name)
            surroundings.altered[logical_id] = handler.attributes_changed_by(change.properties)
    removed = [item for item in stack.resources.values() if item.logical_id not in present]
    return changes + [
        Change("Remove", resource.logical_id, resource.type_name, resource.physical_id)
        for resource in removed
    ]


def _change_of(
    stack: Stack, logical_id: str, definition: Mapping[str, Any], evaluator: Evaluator
) -> Change | None:
    type_name = definition["Type"]
    resource = stack.resources.get(logical_id)
    if resource is None:
        return Change("Add", logical_id, type_name)
    if resource.type_name != type_name:
        raise ValidationError(
            message="Update of resource type is not permitted. The new template modifies resource "
            f"type of the following resources: [{logical_id}]"
        )
    changed = changed_properties(resource.properties, evaluated_properties(evaluator, definition))
    if not changed:
        return None
    update_policy = evaluator.value_of(definition.get("UpdatePolicy", {}))
    return Change(
        "Modify",
        logical_id,
        type_name,
        resource.physical_id,
        must_replace(resource, changed, update_policy),
        changed,
    )


def is_needed(stack: Stack, declaration: Declaration) -> bool:
    """Whether an update would change resources, outputs or the stack's tags."""
    if foresee(stack, declaration) or declaration.tags != stack.declaration.tags:
        return True
    return evaluated_outputs(evaluator_for(stack, declaration)) != stack.outputs
