"""Which names a template's definitions use, and the order of creation that follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from moto.cloudformation.exceptions import ValidationError

WAIT_CONDITION = "AWS::CloudFormation::WaitCondition"
SUBSTITUTION = re.compile(r"\$\{(?P<literal>!)?\s*(?P<name>[^{}\s]+)\s*\}")
"""A `${Name}`, `${Name.Attribute}` or `${!Literal}` within Fn::Sub."""
_ANY_SUBSTITUTION = re.compile(r"\$\{(?P<name>[^!}][^}]*|)\}")
_VARIABLE = re.compile(r"[A-Za-z0-9_.:]+")


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


def has_strange_variable(text: str) -> bool:
    """Whether the text of an Fn::Sub has a `${...}` that can be no name."""
    names = (match["name"].strip() for match in _ANY_SUBSTITUTION.finditer(text))
    return not all(map(_VARIABLE.fullmatch, names))


def taken(value: Any, holds: Callable[[str], bool]) -> Any:
    """The value with the branch that is taken in the place of each Fn::If."""
    if isinstance(value, list):
        return [taken(item, holds) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and "Fn::If" in value:
        condition, when_true, when_false = value["Fn::If"]
        return taken(when_true if holds(condition) else when_false, holds)
    return {name: taken(inner, holds) for name, inner in value.items()}


def attributes_in(value: Any) -> set[tuple[str, str]]:
    """The attributes that Fn::GetAtt and Fn::Sub name: logical id and attribute."""
    return set(_attributes(value))


def _attributes(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _attributes(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Fn::GetAtt" and isinstance(inner, list):
                if all(isinstance(part, str) for part in inner):
                    yield inner[0], ".".join(inner[1:])
            elif key == "Fn::Sub":
                text, own = inner if isinstance(inner, list) else (inner, {})
                yield from _attributes(own)
                for match in SUBSTITUTION.finditer(text):
                    logical_id, dot, name = match["name"].partition(".")
                    if dot and not match["literal"] and match["name"] not in own:
                        yield logical_id, name
            else:
                yield from _attributes(inner)


def calls(value: Any, function: str, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each call of this function: where it is, like `/Outputs/One/Value/Fn::GetAtt`, and its
    argument; `path` is where the value is."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from calls(item, function, f"{path}/{number}")
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == function and len(value) == 1:
                yield f"{path}/{name}", inner
            yield from calls(inner, function, f"{path}/{name}")


def functions_in(value: Any) -> set[str]:
    """The names of all functions that are called: an object with this one key."""
    return set(_functions(value))


def _functions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _functions(item)
    elif isinstance(value, dict):
        if len(value) == 1 and (name := next(iter(value))).startswith("Fn::"):
            yield name
        for inner in value.values():
            yield from _functions(inner)


def conditions_chosen_by(value: Any) -> Iterator[str]:
    """The conditions that each Fn::If within a value names."""
    return (argument[0] for _, argument in calls(value, "Fn::If"))


def depends_on(definition: Mapping[str, Any]) -> set[str]:
    """The DependsOn attribute, which may be one name or a list."""
    names = definition.get("DependsOn", [])
    return {names} if isinstance(names, str) else set(names)


def unresolved(names: Collection[str], block: str) -> ValidationError:
    """AWS's words for names in a block of the template that stand for nothing.

    Answers of AWS, as recorded: only the Resources block's begin with "Template format error".
    """
    prefix = "Template format error: " if block == "Resources" else ""
    return ValidationError(
        message=f"{prefix}Unresolved resource dependencies [{', '.join(sorted(names))}] "
        f"in the {block} block of the template"
    )


def creation_order(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Names in an order in which each comes after everything it needs.

    Resources that wait come as late as that allows: what they wait for often needs the others
    (instances signal once they are served by a load balancer's listener, say).
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
        soonest = min(_patience(resources[name]) for name in ready)
        order.update(dict.fromkeys(name for name in ready if _patience(resources[name]) == soonest))
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


def _patience(definition: Mapping[str, Any]) -> int:
    """How late a resource is best created; what waits for anything in the stack comes last."""
    if definition["Type"] == WAIT_CONDITION:
        return 2
    return 1 if "CreationPolicy" in definition or "UpdatePolicy" in definition else 0
