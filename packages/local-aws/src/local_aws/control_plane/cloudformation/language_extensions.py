"""The transform AWS::LanguageExtensions: loops, lengths, JSON text, functions where none may stand.

A template that declares it is processed once its parameters are known: Fn::ForEach is expanded, and
its other functions become their results where these do not depend on resources.
AWS: "AWS::LanguageExtensions transform" and "Fn::ForEach" in the CloudFormation Template Reference.
A loop's identifier is replaced in the keys of its fragment, in Fn::Sub and in Ref, not in other
text. cfn-lint's own implementation makes values up where it has none, so it is not used.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import quotas
from local_aws.control_plane.cloudformation.intrinsic_functions import (
    Evaluator,
    NoSurroundings,
    UnresolvedError,
    as_text,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.base import as_bool

TRANSFORM = "AWS::LanguageExtensions"
LOOP = "Fn::ForEach::"
FUNCTIONS = frozenset({"Fn::Length", "Fn::ToJsonString"})
"""Functions that need the transform, besides the loops."""

_SECTIONS = ("Conditions", "Resources", "Outputs")  # in this order: the others look at conditions
_ATTRIBUTES = ("Condition", "DeletionPolicy", "UpdateReplacePolicy")
_DEEPEST_LOOPS = 5
_PLACEHOLDER = re.compile(r"(?P<form>[$&])\{(?P<name>[A-Za-z0-9]+)\}")
_NO_COLLECTION = "Could not find a collection or could not be resolved for Fn::ForEach"


def processed(body: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """The template without the transform and what needs it. Raises ValidationError.

    `names` holds what Ref finds: resolved parameters and pseudo parameters.
    """
    _require_distinct_loops(body)
    result = {section: body[section] for section in body if section != "Transform"}
    for section in _SECTIONS:
        if section in body:
            result[section] = _Processing(result, names).expanded(body[section])
    processing = _Processing(result, names)
    for section in ("Resources", "Outputs"):
        for definition in result.get(section, {}).values():
            processing.resolve_attributes(definition)
    return result


class _Processing:
    """One template; its conditions are processed already when the other sections are."""

    def __init__(self, template: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        self._template = template
        self._evaluator = Evaluator(template, names, NoSurroundings())
        self._bytes = 0

    def expanded(self, value: Any) -> Any:
        return self._expanded(value, {})

    def resolve_attributes(self, definition: Any) -> None:
        """Put the name of its condition and of its policies in the place of functions."""
        if not isinstance(definition, dict):
            return
        for name in _ATTRIBUTES:
            if not isinstance(definition.get(name, ""), str):
                found = self._result({name: definition.pop(name)}).get(name)
                if found is not None:
                    definition[name] = found
        condition = definition.get("Condition")
        if condition is not None and condition not in self._template.get("Conditions", {}):
            raise _failed(f"Key {condition} is missing in the map.")

    def _expanded(self, value: Any, loops: Mapping[str, str]) -> Any:
        if isinstance(value, list):
            return [self._expanded(item, loops) for item in value]
        if not isinstance(value, dict):
            self._spend(value)
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in _EXPANSIONS:
                return _EXPANSIONS[name](self, argument, loops)
        members: dict[str, Any] = {}
        for name, inner in value.items():
            if name.startswith(LOOP):
                for made, repeated in self._repeated(inner, loops):
                    _add(members, made, repeated)
            else:
                self._spend(name)
                _add(members, name, self._expanded(inner, loops))
        return members

    def _repeated(self, loop: Any, loops: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        """The members that a loop expands to, in the order of its collection."""
        identifier, collection, fragment = _parts(loop)
        if len(loops) == _DEEPEST_LOOPS:
            raise _failed(f"Fn::ForEach is nested more than {_DEEPEST_LOOPS} levels deep")
        if identifier in loops or identifier in self._template.get("Parameters", {}):
            raise _failed(f"The identifier {identifier} of Fn::ForEach is used already")
        for item in self._collection(collection, loops):
            scope = {**loops, identifier: item}
            for name, inner in fragment.items():
                if name.startswith(LOOP):
                    yield from self._repeated(inner, scope)
                else:
                    made = _substituted(name, scope)
                    self._spend(made)
                    yield made, self._expanded(inner, scope)

    def _collection(self, collection: Any, loops: Mapping[str, str]) -> list[str]:
        try:
            found = self._result(self._expanded(collection, loops))
        except UnresolvedError:
            raise _failed(_NO_COLLECTION) from None
        if not isinstance(found, list) or any(isinstance(item, dict | list) for item in found):
            raise _failed(_NO_COLLECTION)
        return [str(as_text(item)) for item in found]

    def _ref(self, argument: Any, loops: Mapping[str, str]) -> Any:
        if isinstance(argument, str) and argument in loops:
            return loops[argument]
        return {"Ref": self._name(argument, loops)}

    def _get_att(self, argument: Any, loops: Mapping[str, str]) -> Any:
        if not isinstance(argument, list):
            raise _failed("Fn::GetAtt layout is incorrect")
        return {"Fn::GetAtt": [self._name(part, loops) for part in argument]}

    def _name(self, argument: Any, loops: Mapping[str, str]) -> str:
        """The name that Ref or Fn::GetAtt has, where a function may stand for it."""
        try:
            return str(self._result(self._expanded(argument, loops)))
        except UnresolvedError as error:
            raise _failed(f"Ref and Fn::GetAtt cannot depend on {error}") from error

    def _sub(self, argument: Any, loops: Mapping[str, str]) -> Any:
        text, own = argument if isinstance(argument, list) else (argument, {})
        hidden = {name: item for name, item in loops.items() if name not in own}
        text = _substituted(text, hidden, forms="$")
        self._spend(text)
        if own:
            return {"Fn::Sub": [text, self._expanded(own, loops)]}
        return {"Fn::Sub": text} if "${" in text else text

    def _join(self, argument: Any, loops: Mapping[str, str]) -> Any:
        """Its text where nothing in it has to be looked up; recorded in processed templates."""
        function = {"Fn::Join": self._expanded(argument, loops)}
        match function["Fn::Join"]:
            case [str(), [*items]] if not any(isinstance(item, dict | list) for item in items):
                return self._result(function)
        return function

    def _length(self, argument: Any, loops: Mapping[str, str]) -> int:
        items = self._expanded(argument, loops)
        try:
            found = items if isinstance(items, list) else self._result(items)
        except UnresolvedError:
            raise _failed("The Fn::Length value could not be resolved for properties") from None
        if not isinstance(found, list):
            raise _failed("Fn::Length layout is incorrect")
        return len(found)

    def _find_in_map(self, argument: Any, loops: Mapping[str, str]) -> Any:
        function = {"Fn::FindInMap": self._expanded(argument, loops)}
        try:
            return self._result(function)
        except UnresolvedError:
            return function

    def _to_json_string(self, argument: Any, loops: Mapping[str, str]) -> Any:
        """The value of a NoEcho parameter is filled in later, where events hide it."""
        function = {"Fn::ToJsonString": self._expanded(argument, loops)}
        declared = self._template.get("Parameters", {})
        shown = {
            name: value
            for name, value in self._evaluator.names.items()
            if not as_bool(declared.get(name, {}).get("NoEcho", False))
        }
        evaluator = dataclasses.replace(self._evaluator, names=shown, _conditions={})
        try:
            return evaluator.value_of(function)
        except UnresolvedError:
            return function

    def _result(self, value: Any) -> Any:
        return self._evaluator.value_of(value)

    def _spend(self, value: Any) -> None:
        """Note what the processed template holds: no more than any template may."""
        self._bytes += len(str(value)) + 1
        quotas.check_stored(self._bytes)


_EXPANSIONS = {
    "Ref": _Processing._ref,
    "Fn::FindInMap": _Processing._find_in_map,
    "Fn::GetAtt": _Processing._get_att,
    "Fn::Join": _Processing._join,
    "Fn::Length": _Processing._length,
    "Fn::Sub": _Processing._sub,
    "Fn::ToJsonString": _Processing._to_json_string,
}


def _require_distinct_loops(body: Mapping[str, Any]) -> None:
    """AWS: a loop's name is unique in the template, and no resource's."""
    names = [name for section in _SECTIONS for name in _loops_in(body.get(section, {}))]
    taken = {*body["Resources"], *body.get("Parameters", {})}
    for number, name in enumerate(names):
        if name in taken or name in names[:number]:
            raise _failed(f"The name {name} of Fn::ForEach is used already")


def _loops_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _loops_in(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name.startswith(LOOP):
                yield name.removeprefix(LOOP)
            yield from _loops_in(inner)


def _parts(loop: Any) -> tuple[str, Any, dict[str, Any]]:
    """Identifier, collection and fragment of a loop."""
    if isinstance(loop, list) and len(loop) == 3:
        identifier, collection, fragment = loop
        if isinstance(identifier, str) and identifier and isinstance(fragment, dict) and fragment:
            return identifier, collection, fragment
    raise _failed("Fn::ForEach layout is incorrect")


def _substituted(text: str, loops: Mapping[str, str], forms: str = "$&") -> str:
    """With the items of the loops in the place of ${Identifier}, and of &{Identifier}, where what
    is neither letter nor digit is left out."""

    def item(match: re.Match[str]) -> str:
        if match["form"] not in forms or match["name"] not in loops:
            return match[0]
        found = loops[match["name"]]
        return re.sub("[^A-Za-z0-9]", "", found) if match["form"] == "&" else found

    return _PLACEHOLDER.sub(item, text)


def _add(members: dict[str, Any], name: str, value: Any) -> None:
    if name in members:
        raise _failed(f"Duplicate key '{name}' when merging keys to parent object in Fn::ForEach")
    members[name] = value


def _failed(reason: str) -> ValidationError:
    return ValidationError(message=f"Transform {TRANSFORM} failed with: {reason}")
