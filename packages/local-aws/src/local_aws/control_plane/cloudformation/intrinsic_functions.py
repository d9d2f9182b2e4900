"""Evaluate a template's intrinsic functions and conditions.

AWS: "Intrinsic function reference" in the CloudFormation User Guide. moto's evaluation is not used:
it creates resources while it looks them up, keeps `AWS::NoValue` in lists, and knows no nested
value in Fn::GetAZs.
"""

from __future__ import annotations

import base64
import dataclasses
import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import dynamic_references, function_forms
from local_aws.control_plane.cloudformation.references import SUBSTITUTION, condition_order


class Surroundings(Protocol):
    """What lies outside the template: the stack's own resources, and the account."""

    def ref(self, logical_id: str) -> str:
        """A resource's physical id."""

    def attribute(self, logical_id: str, name: str) -> Any:
        """A resource's attribute."""

    def availability_zones(self, region: str) -> list[str]:
        """The zones that have a default subnet, in order."""

    def exported(self, name: str) -> str:
        """The value that another stack exports."""

    def stored(self, key: str) -> str:
        """What a dynamic reference to ssm stands for: `name` or `name:version`."""


FORESEEN = "{{new "
"""How each text begins that stands for a value that an update will change: surroundings that look
ahead return it, and functions do not take it apart."""


class UnresolvedError(Exception):
    """A value that is known only once there is a stack with its resources."""


class NoSurroundings:
    """Those of a template alone, before there is a stack: every look-up is an UnresolvedError."""

    def ref(self, logical_id: str) -> str:
        raise UnresolvedError(logical_id)

    def attribute(self, logical_id: str, name: str) -> str:
        raise UnresolvedError(f"{logical_id}.{name}")

    def availability_zones(self, region: str) -> list[str]:
        raise UnresolvedError(region)

    def exported(self, name: str) -> str:
        raise UnresolvedError(name)

    def stored(self, key: str) -> str:
        raise UnresolvedError(key)


UNKNOWN = "known with the stack"
"""What AnySurroundings return."""


class AnySurroundings:
    """Some text for every look-up: what a template says besides can be judged without a stack."""

    def ref(self, logical_id: str) -> str:  # noqa: ARG002
        return UNKNOWN

    def attribute(self, logical_id: str, name: str) -> str:  # noqa: ARG002
        return UNKNOWN

    def availability_zones(self, region: str) -> list[str]:
        return [f"{region}{letter}" for letter in "abcdef"]

    def exported(self, name: str) -> str:  # noqa: ARG002
        return UNKNOWN

    def stored(self, key: str) -> str:  # noqa: ARG002
        return UNKNOWN


class _NoValue:
    """Stands for AWS::NoValue: whatever holds it is left out."""


_NO_VALUE = _NoValue()
_LARGEST_VALUE = 1_000_000
"""Characters of all that functions build for one value, steps in between included. It is ours: AWS
documents none, but a few nested Fn::Join and Fn::Split build gigabytes."""
_MOST_CIDRS = 256
_WORDS_FOR_TRUE = ("true", "on", "yes")
_WORDS_FOR_FALSE = ("false", "off", "no")


@dataclass
class Evaluator:
    """One template with one set of parameter values, in its surroundings.

    `names` holds what Ref finds before resources: resolved parameters and pseudo parameters.
    `looked_up` has what dynamic references to ssm stand for, by key; one that is missing is looked
    up once, and added.
    """

    template: Mapping[str, Any]
    names: Mapping[str, Any]
    surroundings: Surroundings
    looked_up: dict[str, str] = field(default_factory=dict)
    _conditions: dict[str, bool] = field(default_factory=dict)
    _built: int = 0  # characters, for the value that is being evaluated

    def hiding(self, names: Iterable[str]) -> Evaluator:
        """The same with **** for the values of these parameters; conditions stay as they are."""
        for condition in self.template.get("Conditions", {}):
            self.holds(condition)
        return dataclasses.replace(self, names={**self.names, **dict.fromkeys(names, "****")})

    def value_of(self, value: Any) -> Any:
        """The value with each function's result, and what dynamic references to ssm stand for.

        AWS: they are looked up once the functions are evaluated. Raises ValidationError.
        """
        return dynamic_references.replaced(
            self.with_references(value), {dynamic_references.PLAIN: self._stored}
        )

    def with_references(self, value: Any) -> Any:
        """The value with each function's result; dynamic references stay as they are."""
        self._built = 0
        return self._value_of(value)

    def _stored(self, key: str) -> str:
        if key not in self.looked_up:
            self.looked_up[key] = self.surroundings.stored(key)
        return self.looked_up[key]

    def _value_of(self, value: Any) -> Any:
        if isinstance(value, list):
            items = (self._value_of(item) for item in value)
            return [item for item in items if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            function = _FUNCTIONS.get(name)
            if function:
                return self._result(name, function, argument)
        members = ((key, self._value_of(inner)) for key, inner in value.items())
        return {key: inner for key, inner in members if inner is not _NO_VALUE}

    def _result(self, name: str, function: Callable[[Evaluator, Any], Any], argument: Any) -> Any:
        try:
            result = function(self, argument)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise ValidationError(
                message=f"Template error: every {name} object has another form: {error}"
            ) from error
        if isinstance(result, str):
            self._spend(len(result))
        return result

    def _spend(self, characters: int) -> None:
        """Note what is about to be built. Raises ValidationError when it is too much."""
        self._built += characters
        if self._built > _LARGEST_VALUE:
            raise ValidationError(
                message=f"Template error: a value has more than {_LARGEST_VALUE:,} characters"
            )

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template is true."""
        if not self._conditions:
            declared = self.template.get("Conditions", {})
            # In order, so that a long chain of conditions is no deep recursion.
            for name in condition_order(declared):
                self._conditions[name] = self._truth(declared[name])
        if condition not in self._conditions:
            raise ValidationError(message=f"Template error: undefined condition {condition!r}")
        return self._conditions[condition]

    def exists(self, definition: Mapping[str, Any]) -> bool:
        """Whether a resource or output exists: it has no condition, or its condition holds."""
        return "Condition" not in definition or self.holds(definition["Condition"])

    def _truth(self, expression: Any) -> bool:
        ((name, argument),) = expression.items()
        if name == "Condition":
            return self._conditions[argument]
        if name == "Fn::Equals":
            left, right = (self._value_of(side) for side in argument)
            if isinstance(left, list | dict) or isinstance(right, list | dict):
                raise _template_error(function_forms.EQUALS)
            return bool(as_text(left) == as_text(right))
        if name == "Fn::Not":
            return not self._truth(argument[0])
        if name == "Fn::And":
            return all(self._truth(part) for part in argument)
        if name == "Fn::Or":
            return any(self._truth(part) for part in argument)
        raise ValidationError(message=f"Template error: {name} is no condition function")

    def _ref(self, name: Any) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        return self.names[name] if name in self.names else self.surroundings.ref(name)

    def _get_att(self, argument: Any) -> Any:
        logical_id, attribute = argument
        return self.surroundings.attribute(logical_id, self._value_of(attribute))

    def _if(self, argument: Any) -> Any:
        condition, when_true, when_false = argument
        return self._value_of(when_true if self.holds(condition) else when_false)

    def _join(self, argument: Any) -> str:
        delimiter, values = argument[0], self._value_of(argument[1])
        if _is_foreseen(values):
            return str(values)
        if not isinstance(values, list) or any(isinstance(item, list | dict) for item in values):
            raise _template_error(function_forms.JOIN)
        items = [str(as_text(item)) for item in values]
        self._spend(sum(map(len, items)) + len(str(delimiter)) * len(items))
        return str(delimiter).join(items)

    def _split(self, argument: Any) -> str | list[str]:
        delimiter, text = argument[0], as_text(self._value_of(argument[1]))
        if not isinstance(text, str):
            raise _template_error(function_forms.SPLIT)
        return text if _is_foreseen(text) else text.split(delimiter)

    def _select(self, argument: Any) -> Any:
        index, values = str(self._value_of(argument[0])), self._value_of(argument[1])
        if _is_foreseen(values):
            return values
        if not (index.isdecimal() and isinstance(values, list)):
            raise _template_error(function_forms.SELECT)
        if int(index) >= len(values):
            raise _template_error(f"Fn::Select cannot select nonexistent value at index {index}")
        return values[int(index)]

    def _sub(self, argument: Any) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})

        def value(name: str) -> str:
            if name in own:
                return self._text_for_sub(own[name])
            if "." in name and name not in self.names:
                return str(as_text(self._get_att(name.split(".", 1))))
            result = self._ref(name)
            return "" if result is _NO_VALUE else str(as_text(result))

        def replacement(match: re.Match[str]) -> str:
            text = f"${{{match['name']}}}" if match["literal"] else value(match["name"])
            self._spend(len(text))
            return text

        return SUBSTITUTION.sub(replacement, text)

    def _text_for_sub(self, value: Any) -> str:
        result = self._value_of(value)
        if result is _NO_VALUE or isinstance(result, list | dict):
            raise _template_error(function_forms.SUB_CONTEXT)
        return str(as_text(result))

    def _find_in_map(self, argument: Any) -> Any:
        map_name, first, second = (self._value_of(part) for part in argument[:3])
        mappings = self.template.get("Mappings", {})
        if map_name not in mappings and len(argument) == 3:
            raise _template_error(
                f"Mapping named '{map_name}' is not present in the 'Mappings' section of template."
            )
        try:
            return _entry(_entry(mappings[map_name], first), second)
        except KeyError:
            if len(argument) > 3:
                return self._value_of(argument[3]["DefaultValue"])
            raise _template_error(
                f"Unable to get mapping for {map_name}::{first}::{second}"
            ) from None

    def _get_azs(self, argument: Any) -> list[str]:
        region = self._value_of(argument) if argument else ""
        if not isinstance(region, str):
            raise _template_error(function_forms.GET_AZS)
        return self.surroundings.availability_zones(region or self.names["AWS::Region"])

    def _import_value(self, argument: Any) -> str:
        return self.surroundings.exported(self._value_of(argument))

    def _base64(self, argument: Any) -> str:
        text = as_text(self._value_of(argument))
        if not isinstance(text, str):
            raise _template_error(function_forms.BASE64)
        return text if _is_foreseen(text) else base64.b64encode(text.encode()).decode()

    def _cidr(self, argument: Any) -> str | list[str]:
        block, count, bits = (self._value_of(part) for part in [*argument, 8][:3])
        if _is_foreseen(block):
            return str(block)
        if not (str(count).isdecimal() and 1 <= int(count) <= _MOST_CIDRS):
            raise _template_error(f"Fn::Cidr count must be between 1 and {_MOST_CIDRS}")
        if not str(bits).isdecimal():
            raise _template_error(f"invalid CIDR block size {bits}")
        try:
            network = ipaddress.ip_network(str(block))  # it would take a number, too
        except ValueError:
            raise _template_error(f"Fn::Cidr: {block} is no block of addresses") from None
        spare_bits = network.max_prefixlen - network.prefixlen - int(bits)
        if spare_bits < 0:
            raise _template_error(f"invalid CIDR block size {bits}")
        if int(count) > 2**spare_bits:
            raise _template_error(f"Fn::Cidr: {block} has no {count} blocks of {bits} bits")
        subnets = network.subnets(prefixlen_diff=spare_bits)
        return [str(next(subnets)) for _ in range(int(count))]

    def _to_json_string(self, argument: Any) -> str:
        return json.dumps(self._value_of(argument), separators=(",", ":"))


def _template_error(reason: str) -> ValidationError:
    return ValidationError(message=f"Template error: {reason}")


def _is_foreseen(value: Any) -> bool:
    return isinstance(value, str) and FORESEEN in value


def _entry(mapping: Mapping[str, Any], key: Any) -> Any:
    """A map's entry. YAML reads `on` as true: as a key it is text here, as a value it is not."""
    if isinstance(key, bool):
        words = _WORDS_FOR_TRUE if key else _WORDS_FOR_FALSE
        key = next((name for name in mapping if name.lower() in words), as_text(key))
    return mapping[as_text(key)]


def as_text(value: Any) -> Any:
    """What comparing sees: text, or a list of it; `true` and "true", 1 and "1" are equal."""
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


_FUNCTIONS: dict[str, Callable[[Evaluator, Any], Any]] = {
    "Ref": Evaluator._ref,
    "Fn::GetAtt": Evaluator._get_att,
    "Fn::If": Evaluator._if,
    "Fn::Join": Evaluator._join,
    "Fn::Split": Evaluator._split,
    "Fn::Select": Evaluator._select,
    "Fn::Sub": Evaluator._sub,
    "Fn::FindInMap": Evaluator._find_in_map,
    "Fn::GetAZs": Evaluator._get_azs,
    "Fn::ImportValue": Evaluator._import_value,
    "Fn::Base64": Evaluator._base64,
    "Fn::Cidr": Evaluator._cidr,
    "Fn::ToJsonString": Evaluator._to_json_string,
}
FUNCTIONS = frozenset(_FUNCTIONS) - {"Ref"}
CONDITION_FUNCTIONS = frozenset({"Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"})
