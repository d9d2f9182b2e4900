"""Which names a template's definitions use, and the order of creation that follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from moto.cloudformation.exceptions import ValidationError

SUBSTITUTION = re.compile(r"\$\{(?P<literal>!)?\s*(?P<name>[^{}\s]+)\s*\}")
"""A `${Name}`, `${Name.Attribute}` or `${!Literal}` within Fn::Sub."""


def names_in(value: Any) -> set[str]:
    """The parameters and resources that a definition refers to by Ref, Fn::GetAtt or Fn::Sub."""
    return set(_names(value))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref" and isinstance(inner, str):
                yield inner
            elif key == "Fn::GetAtt" and isinstance(inner, list):
                yield str(inner[0])
            elif key == "Fn::Sub":
                yield from _names_in_substitution(inner)
            else:
                yield from _names(inner)


def _names_in_substitution(value: Any) -> Iterator[str]:
    text, own = value if isinstance(value, list) else (value, {})
    yield from _names(own)
    for match in SUBSTITUTION.finditer(text):
        name = match["name"].split(".", 1)[0]
        if not match["literal"] and match["name"] not in own:
            yield name


def conditions_in(definition: Any) -> set[str]:
    """The conditions that a resource, an output, or an Fn::If within it names."""
    found: set[str] = set()
    if isinstance(definition, dict) and isinstance(definition.get("Condition"), str):
        found.add(definition["Condition"])
    found.update(_if_conditions(definition))
    return found


def _if_conditions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _if_conditions(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Fn::If" and isinstance(inner, list) and isinstance(inner[0], str):
                yield inner[0]
            yield from _if_conditions(inner)


def depends_on(definition: Mapping[str, Any]) -> set[str]:
    """The DependsOn attribute, which may be one name or a list."""
    names = definition.get("DependsOn", [])
    return {names} if isinstance(names, str) else set(names)


def creation_order(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Names in an order in which each comes after everything it needs.

    Resources that wait for signals come as late as that allows: what they wait for often needs
    the others (instances signal once they are served by a load balancer's listener, say).
    Raises ValidationError for a circle.
    """
    needs = {
        name: (names_in(definition) | depends_on(definition)) & set(resources)
        for name, definition in resources.items()
    }
    order: dict[str, None] = {}  # a set that keeps its order
    while len(order) < len(resources):
        ready = [name for name in resources if name not in order and needs[name] <= order.keys()]
        if not ready:
            circle = ", ".join(name for name in resources if name not in order)
            raise ValidationError(message=f"Circular dependency between resources: [{circle}]")
        prompt = [name for name in ready if not _waits(resources[name])]
        order.update(dict.fromkeys(prompt or ready))
    return list(order)


def condition_order(declared: Mapping[str, Any]) -> list[str]:
    """Conditions in an order in which each comes after those that it names.

    Raises ValidationError for a circle, and for one that is not declared.
    """
    needs = {name: set(_named_conditions(expression)) for name, expression in declared.items()}
    for name, needed in needs.items():
        if not needed <= declared.keys():
            missing = min(needed - declared.keys())
            raise ValidationError(
                message=f"Template format error: Unresolved condition dependency {missing} in "
                f"condition {name}"
            )
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ValidationError(
            message=f"Template error: Found circular condition dependency with condition "
            f"{error.args[1][0]}"
        ) from error


def _named_conditions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named_conditions(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Condition" and isinstance(inner, str):
                yield inner
            elif key == "Fn::If" and isinstance(inner, list) and isinstance(inner[0], str):
                yield inner[0]
            yield from _named_conditions(inner)


def _waits(definition: Mapping[str, Any]) -> bool:
    return "CreationPolicy" in definition or "UpdatePolicy" in definition
