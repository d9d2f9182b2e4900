"""Why and how a resource changes, as change sets show it.

AWS: API_ResourceChange, API_ResourceChangeDetail and API_ResourceTargetDefinition.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from local_aws.control_plane.cloudformation import deletion_policies, references
from local_aws.control_plane.cloudformation.intrinsic_functions import FORESEEN, as_text

KNOWN_LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""How contexts show a value that is foreseen to change."""


@dataclass(frozen=True)
class Cause:
    """One row of the details of a property; `entity` is the parameter, resource or attribute."""

    source: Literal[
        "DirectModification", "ParameterReference", "ResourceReference", "ResourceAttribute"
    ]
    evaluation: Literal["Static", "Dynamic"]
    entity: str | None = None


def causes(
    old: Any,
    new: Any,
    parameters: Collection[str],
    replaced: Collection[str],
    is_altered: Callable[[str, str], bool],
) -> tuple[Cause, ...]:
    """Why a property changes that the templates define as `old` and `new`.

    The others are what changes besides: parameters, resources that are replaced, and attributes of
    resources that are not. A value is static when it is known to change, and dynamic when that
    depends on the change of another resource, or on nothing that the property itself names.
    """
    names = references.names_in(new)
    attributes = references.attributes_in(new)
    indirect = [Cause("ParameterReference", "Static", name) for name in names & {*parameters}]
    indirect += [
        Cause("ResourceReference", "Static", name)
        for name in (names & {*replaced}) - {logical_id for logical_id, _ in attributes}
    ]
    indirect += [
        Cause(
            "ResourceAttribute",
            "Static" if logical_id in replaced else "Dynamic",
            f"{logical_id}.{name}",
        )
        for logical_id, name in attributes
        if logical_id in replaced or is_altered(logical_id, name)
    ]
    indirect.sort(key=lambda cause: str(cause.entity))
    direct = Cause("DirectModification", "Dynamic" if old == new and indirect else "Static")
    return (*indirect, direct)


def listed(found: Sequence[Cause], *, with_values: bool) -> Sequence[Cause]:
    """Those of a property's causes that a change set shows.

    Without values, AWS leaves out that a property changes which only names a resource that does.
    """
    by_resource = all(cause.source.startswith("Resource") for cause in found[:-1])
    if with_values or len(found) == 1 or found[-1].evaluation == "Static" or not by_resource:
        return found
    return found[:-1]


def context(properties: Mapping[str, Any], definition: Mapping[str, Any]) -> dict[str, Any]:
    """A resource as it was or will be: its properties and what it declares beside them."""
    besides = ("Metadata", "DeletionPolicy", "UpdateReplacePolicy")
    return {
        "Properties": shown(properties),
        **{name: shown(definition[name]) for name in besides if name in definition},
    }


def shown(value: Any) -> Any:
    """A value in which numbers and booleans are text, and what is known later says so."""
    if isinstance(value, Mapping):
        return {name: shown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, str) and FORESEEN in value:
        return KNOWN_LATER
    return as_text(value)


def values(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> dict[str, str]:
    """How a property of these contexts changes: its path, its values and the kind of change."""
    old, new = before["Properties"], after["Properties"]
    kind = "Modify" if name in old and name in new else "Add" if name in new else "Remove"
    found = {"Path": f"/Properties/{name}", "AttributeChangeType": kind}
    if name in old:
        found["BeforeValue"] = _as_value(old[name])
    if name in new:
        found["AfterValue"] = _as_value(new[name])
    return found


def policy_action(action: str, policies: Mapping[str, Any], *, is_replaced: bool) -> str | None:
    """What becomes of the present physical resource by these policies, where it does not stay."""
    if action == "Remove":
        policy = deletion_policies.of_deletion(policies)
        return "Retain" if policy == "RetainExceptOnCreate" else policy
    if is_replaced:
        return f"ReplaceAnd{deletion_policies.of_replacement(policies)}"
    return None


def _as_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
