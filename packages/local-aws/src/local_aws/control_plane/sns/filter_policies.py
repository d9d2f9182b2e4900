"""Which messages a subscription's filter policy accepts. Pure.

A policy is an object: a name has the conditions of which one must hold, or, about a message's body,
an object of names within it. A policy holds when all its names do.

Source: "Amazon SNS subscription filter policies" in the SNS Developer Guide, with its pages "String
value matching", "Numeric value matching", "Key matching" and "AND/OR logic"; answers of the real
SNS as they have been recorded: a dot in a name goes one level deeper, and lists are looked into.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_aws.control_plane import match_expressions

ATTRIBUTES, BODY = "MessageAttributes", "MessageBody"
SCOPES = (BODY, ATTRIBUTES)
OPERATORS = frozenset(
    {
        "anything-but",
        "cidr",
        "equals-ignore-case",
        "exists",
        "numeric",
        "prefix",
        "suffix",
    }
)
_LISTS = ("String.Array", "Number.Array")
_DIGITS = 6
"""Behind the point of numbers that are compared: AWS documents five and was recorded with six."""
_LEAST_ALTERNATIVES = 2

Values = Mapping[str, Sequence[Any]]
"""What a message has, by name: strings, numbers, booleans and None."""


def accepts(
    policy: Mapping[str, Any], scope: str, attributes: Mapping[str, Any], message: str
) -> bool:
    """Whether a message is delivered.

    `attributes` have the members Type and Value. A body that is no JSON object is not delivered.
    """
    values = _of_attributes(attributes) if scope == ATTRIBUTES else _of_body(message)
    return values is not None and _holds(policy, values)


def is_alternatives(name: str, value: Any) -> bool:
    """Whether a member is the operator $or; it is a name like others when it has another form."""
    return (
        name == "$or"
        and isinstance(value, list)
        and len(value) >= _LEAST_ALTERNATIVES
        and all(isinstance(each, Mapping) and OPERATORS.isdisjoint(each) for each in value)
    )


def _of_attributes(attributes: Mapping[str, Any]) -> Values:
    """Other types of attributes, such as Binary, are ignored."""
    found: dict[str, list[Any]] = {}
    for name, attribute in attributes.items():
        value = attribute["Value"]
        if attribute["Type"] == "String":
            found[name] = [value]
        elif attribute["Type"] == "Number":
            found[name] = [float(value)]
        elif attribute["Type"] in _LISTS:
            found[name] = _listed(value)
    return found


def _listed(text: str) -> list[Any]:
    try:
        values = json.loads(text)
    except ValueError:
        return []
    return values if isinstance(values, list) else [values]


def _of_body(message: str) -> Values | None:
    try:
        body = json.loads(message)
    except ValueError:
        return None
    if not isinstance(body, Mapping):
        return None
    found: dict[str, list[Any]] = {}
    for path, value in _leaves(body):
        found.setdefault(path, []).append(value)
    return found


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, path)
    else:
        yield path, value


def _holds(policy: Mapping[str, Any], values: Values, within: str = "") -> bool:
    return all(
        any(_holds(each, values, within) for each in value)
        if is_alternatives(name, value)
        else _holds(value, values, f"{within}{name}.")
        if isinstance(value, Mapping)
        else any(_meets(condition, values.get(f"{within}{name}")) for condition in value)
        for name, value in policy.items()
    )


def _meets(condition: Any, values: Sequence[Any] | None) -> bool:
    """Whether one of a name's values does; `values` None: the message does not have the name."""
    if isinstance(condition, Mapping) and "exists" in condition:
        return bool(condition["exists"]) is (values is not None)
    return any(_is_met(condition, value) for value in values or ())


def _is_met(condition: Any, value: Any) -> bool:
    if not isinstance(condition, Mapping):
        return _is_equal(condition, value)
    ((name, wanted),) = condition.items()
    if name == "anything-but":
        unwanted = wanted if isinstance(wanted, list) else [wanted]
        return not any(_is_met(each, value) for each in unwanted)
    if name == "numeric":
        return match_expressions.is_number(value) and all(
            match_expressions.COMPARISONS[comparison](round(value, _DIGITS), round(bound, _DIGITS))
            for comparison, bound in zip(wanted[::2], wanted[1::2], strict=True)
        )
    return isinstance(value, str) and _of_text(name, wanted, value)


def _of_text(name: str, wanted: str, value: str) -> bool:
    if name == "prefix":
        return value.startswith(wanted)
    if name == "suffix":
        return value.endswith(wanted)
    if name == "equals-ignore-case":
        return value.casefold() == wanted.casefold()
    return match_expressions.is_in_range(value, wanted)


def _is_equal(wanted: Any, value: Any) -> bool:
    if match_expressions.is_number(wanted) and match_expressions.is_number(value):
        return bool(round(wanted, _DIGITS) == round(value, _DIGITS))
    return type(wanted) is type(value) and bool(wanted == value)
