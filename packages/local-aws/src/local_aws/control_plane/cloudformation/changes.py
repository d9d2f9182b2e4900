"""What an update would change: the truth behind change sets and "No updates are to be performed".

Properties are compared after evaluation, and a value that a change itself will alter (the latest
version number of a changed launch template, say) counts as changed wherever it is used.
AWS: "Update behaviors of stack resources" in the CloudFormation User Guide.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import change_details, references
from local_aws.control_plane.cloudformation.change_details import Cause
from local_aws.control_plane.cloudformation.differences import (
    changed_attributes,
    changed_properties,
    changes_stack_tags,
    evaluated_properties,
    must_replace,
    shown_properties,
)
from local_aws.control_plane.cloudformation.intrinsic_functions import FORESEEN, Evaluator
from local_aws.control_plane.cloudformation.outputs import evaluated_outputs
from local_aws.control_plane.cloudformation.resource_schemas import Recreation
from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceFailedError
from local_aws.control_plane.cloudformation.resource_types.registry import resource_type
from local_aws.control_plane.cloudformation.stack import Declaration, Stack
from local_aws.control_plane.cloudformation.surroundings import StackSurroundings, evaluator_for

Replacement = Literal["True", "False", "Conditional"]


class Sight(Enum):
    """Which attributes of a resource that is changed in place are taken to change."""

    OWN = "those that its type names"
    """What really happens: an update compares so."""
    ANY = "any"
    """A change set lists whatever names one; the change is then dynamic."""
    NONE = "none"
    """With the values of properties it is listed only where present values differ."""


@dataclass(frozen=True)
class Change:
    """One resource's change. `properties` and `attributes` are those that differ, for a Modify.

    A replacement that is Conditional does not happen here: the change is carried out in place.
    `causes` has the reasons by property, `attribute_causes` those by attribute; `before` and
    `after` are the resource as it is and will be, as far as that is known.
    """

    action: Literal["Add", "Modify", "Remove"]
    logical_id: str
    type_name: str
    physical_id: str | None = None
    replacement: Replacement = "False"
    properties: Mapping[str, Recreation] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    causes: Mapping[str, Sequence[Cause]] = field(default_factory=dict)
    attribute_causes: Mapping[str, Sequence[Cause]] = field(default_factory=dict)
    policy_action: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None

    @property
    def is_replaced_perhaps(self) -> bool:
        """Whether a replacement depends on values that are known only when it is executed.

        AWS: Replacement of API_ResourceChange.
        """
        recreating = [name for name in self.properties if self.properties[name] == "Always"]
        return bool(recreating) and all(
            cause.evaluation == "Dynamic" for name in recreating for cause in self.causes[name]
        )

    @property
    def is_automatic(self) -> bool:
        """Whether it is a nested stack whose own template alone may have changed."""
        return self.action == "Modify" and not self.properties and not self.attributes


class _Foreseeing(StackSurroundings):
    """The surroundings as they will be: what changes or fails is a text that equals nothing."""

    def __init__(self, stack: Stack, sight: Sight) -> None:
        super().__init__(stack)
        self._sight = sight
        self._altered: dict[str, frozenset[str]] = {}
        self.new: set[str] = set()

    def note(self, change: Change, definition: Mapping[str, Any], evaluator: Evaluator) -> None:
        """From now on this is changed."""
        logical_id = change.logical_id
        if change.action == "Add" or change.replacement == "True":
            self.new.add(logical_id)
            return
        handler = resource_type(change.type_name)
        altered = handler.attributes_changed_by(frozenset(change.properties))
        if handler.follows_outside:
            model = self._stack.resources[logical_id].model
            properties = evaluated_properties(evaluator, definition)
            altered |= handler.attributes_foreseen(model, properties)
        self._altered[logical_id] = altered

    def is_altered(self, logical_id: str, name: str) -> bool:
        """Whether this attribute of a resource that stays is taken to change."""
        if logical_id not in self._altered or self._sight is Sight.NONE:
            return False
        return self._sight is Sight.ANY or name in self._altered[logical_id]

    def ref(self, logical_id: str) -> str:
        return f"{FORESEEN}{logical_id}}}}}" if logical_id in self.new else super().ref(logical_id)

    def attribute(self, logical_id: str, name: str) -> Any:
        if logical_id in self.new or self.is_altered(logical_id, name):
            return f"{FORESEEN}{logical_id}.{name}}}}}"
        try:
            return super().attribute(logical_id, name)
        except ResourceFailedError:  # the update fails with it when it gets there
            return f"{FORESEEN}{logical_id}.{name}}}}}"


def foresee(stack: Stack, declaration: Declaration, sight: Sight = Sight.OWN) -> list[Change]:
    """The changes that an update to the declaration would cause. Call it with the lock held.

    Raises ValidationError for a declaration that AWS would refuse.
    """
    return _foresee(stack, declaration, sight)[0]


def foresee_outputs(stack: Stack, declaration: Declaration) -> set[str]:
    """The outputs that an update to the declaration changes, or drops."""
    _, evaluator = _foresee(stack, declaration)
    will_be = {output.key: output.value for output in evaluated_outputs(evaluator)}
    are_now = {output.key: output.value for output in stack.outputs}
    return {key for key in {*will_be, *are_now} if will_be.get(key) != are_now.get(key)}


def _foresee(
    stack: Stack, declaration: Declaration, sight: Sight = Sight.OWN
) -> tuple[list[Change], Evaluator]:
    surroundings = _Foreseeing(stack, sight)
    evaluator = evaluator_for(stack, declaration, surroundings)
    definitions = declaration.template["Resources"]
    changes = []
    present = set()
    for logical_id in references.creation_order(definitions):
        definition = definitions[logical_id]
        if not evaluator.exists(definition):
            continue
        present.add(logical_id)
        change = _change_of(stack, logical_id, definition, evaluator, declaration.tags)
        if change and sight is not Sight.ANY:  # which sees more than the update will change
            _require_possible(change, stack, definition, evaluator)
        if change is None:
            continue
        changes.append(_explained(change, stack, declaration, evaluator, surroundings))
        surroundings.note(change, definition, evaluator)
    removed = [item for item in stack.resources.values() if item.logical_id not in present]
    changes += [
        _explained(
            Change("Remove", resource.logical_id, resource.type_name, resource.physical_id),
            stack,
            declaration,
            evaluator,
            surroundings,
        )
        for resource in removed
    ]
    return changes, evaluator


def _explained(
    change: Change,
    stack: Stack,
    declaration: Declaration,
    evaluator: Evaluator,
    surroundings: _Foreseeing,
) -> Change:
    """The change with its causes, and the resource before and after it."""
    name = change.logical_id
    old = stack.declaration.template["Resources"].get(name, {})
    new = declaration.template["Resources"].get(name, {})
    resource = stack.resources.get(name)
    before = after = None
    if change.action == "Remove":
        properties = json.loads(shown_properties(_forgetting(stack), old) or "{}")
        before = change_details.context(properties, old)
    elif change.action == "Modify" and resource:
        properties = json.loads(resource.shown_properties or "{}")
        before = change_details.context(properties, old)
    if change.action != "Remove":
        properties = json.loads(shown_properties(evaluator, new) or "{}")
        after = change_details.context(properties, new)
    policies = new if resource is None else {**new, "DeletionPolicy": resource.deletion_policy}
    # Not those whose stored value alone has changed: AWS names these no cause, as recorded.
    given, was_given = declaration.given_parameters, stack.declaration.given_parameters
    parameters = {key for key in given if given[key] != was_given.get(key)}
    why = functools.partial(
        change_details.causes,
        parameters=parameters,
        replaced=surroundings.new,
        is_altered=surroundings.is_altered,
    )
    old_properties, new_properties = old.get("Properties", {}), new.get("Properties", {})
    return dataclasses.replace(
        change,
        causes={
            key: why(old_properties.get(key), new_properties.get(key)) for key in change.properties
        },
        attribute_causes={key: why(old.get(key), new.get(key)) for key in change.attributes},
        policy_action=change_details.policy_action(
            change.action, policies, is_replaced=change.replacement == "True"
        ),
        before=before,
        after=after,
    )


def _forgetting(stack: Stack) -> Evaluator:
    """What a resource that is removed was declared to be: AWS looks up no other for it."""
    surroundings = _Foreseeing(stack, Sight.NONE)
    surroundings.new.update(stack.resources)
    return evaluator_for(stack, stack.declaration, surroundings)


def _change_of(
    stack: Stack,
    logical_id: str,
    definition: Mapping[str, Any],
    evaluator: Evaluator,
    stack_tags: Mapping[str, str],
) -> Change | None:
    type_name = definition["Type"]
    resource = stack.resources.get(logical_id)
    if resource is None or resource.model is None:
        return Change("Add", logical_id, type_name)
    if resource.type_name != type_name:
        raise ValidationError(
            message="Update of resource type is not permitted. The new template modifies resource "
            f"type of the following resources: [{logical_id}]"
        )
    old, new = resource.properties, evaluated_properties(evaluator, definition)
    changed = changed_properties(old, new)
    attributes = changed_attributes(resource, evaluator, definition)
    if changes_stack_tags(resource, stack_tags):
        attributes |= {"Tags"}
    handler = resource_type(type_name)
    if not (changed or attributes or handler.follows_outside):
        return None
    update_policy = evaluator.value_of(definition.get("UpdatePolicy", {}))
    recreations = {name: handler.recreation(name, old, new) for name in sorted(changed)}
    replacement: Replacement = "Conditional" if "Conditionally" in recreations.values() else "False"
    if must_replace(resource, changed, new, update_policy):
        replacement = "True"
    return Change(
        "Modify",
        logical_id,
        type_name,
        resource.physical_id,
        replacement,
        recreations,
        attributes,
    )


def _require_possible(
    change: Change, stack: Stack, definition: Mapping[str, Any], evaluator: Evaluator
) -> None:
    """Raise ValidationError for a change that AWS makes in place, and the local AWS cannot."""
    if change.action != "Modify" or change.replacement == "True":
        return
    old = stack.resources[change.logical_id].properties
    new = evaluated_properties(evaluator, definition)
    handler = resource_type(change.type_name)
    if refusal := handler.refusal(frozenset(change.properties), old, new):
        raise ValidationError(message=refusal)


def is_needed(stack: Stack, declaration: Declaration) -> bool:
    """Whether an update would change resources, outputs or the stack's tags, or tries again."""
    if declaration.refusal:  # which only the update itself comes to
        return True
    changes, evaluator = _foresee(stack, declaration)
    if stack.status == "CREATE_FAILED" or stack.unfinished_update:
        return True
    if changes or declaration.tags != stack.declaration.tags:
        return True
    return evaluated_outputs(evaluator) != stack.outputs
