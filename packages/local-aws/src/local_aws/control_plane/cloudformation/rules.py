"""The section Rules: what the values of parameters must be, checked before anything is created.

AWS: "CloudFormation template Rules syntax" and "Rule-specific intrinsic functions" in the
CloudFormation User Guide.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator, as_text
from local_aws.control_plane.cloudformation.template_reader import format_error

AttributeOf = Callable[[str, str, str], str]
"""An attribute of what a parameter names: by the parameter's type, its value, the attribute."""


def check(template: Mapping[str, Any], names: Mapping[str, Any], attribute_of: AttributeOf) -> None:
    """Raise ValidationError for the first assertion that is false.

    `names` is what Ref finds: resolved parameters and pseudo parameters. There are no resources yet
    that a rule could name.
    """
    evaluator = _RuleEvaluator(template, names, _OnlyParameters(), attribute_of)
    for name, rule in template.get("Rules", {}).items():
        try:
            if not _is_true(evaluator, rule.get("RuleCondition", True)):
                continue
            for assertion in rule["Assertions"]:
                if not _is_true(evaluator, assertion["Assert"]):
                    said = assertion.get("AssertDescription", "")
                    raise ValidationError(message=f"Rule {name} failed: {said}".rstrip(": "))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise format_error(f"[/Rules/{name}] has another form: {error}") from error


class _OnlyParameters:
    """The surroundings of a rule: nothing is there yet that it could look up."""

    def ref(self, logical_id: str) -> str:
        raise format_error(f"Rules refer to parameters only, and {logical_id} is none")

    def attribute(self, logical_id: str, name: str) -> str:
        raise format_error(f"Rules refer to parameters only, not to {logical_id}.{name}")

    def availability_zones(self, region: str) -> list[str]:
        raise format_error(f"Rules do not look up the Availability Zones of {region}")

    def exported(self, name: str) -> str:
        raise format_error(f"Rules do not import the value {name}")

    def stored(self, key: str) -> str:
        raise format_error(f"Rules do not resolve {key}")


class _RuleEvaluator:
    """Values in rules: those of the common functions, and of the three that look up parameters."""

    def __init__(
        self,
        template: Mapping[str, Any],
        names: Mapping[str, Any],
        surroundings: _OnlyParameters,
        attribute_of: AttributeOf,
    ) -> None:
        self._types = {
            name: declared["Type"].removeprefix("List<").removesuffix(">")
            for name, declared in template.get("Parameters", {}).items()
        }
        self._names = names
        self._evaluator = Evaluator(template, names, surroundings)
        self._attribute_of = attribute_of

    def value_of(self, value: Any) -> Any:
        if isinstance(value, Mapping) and len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Fn::RefAll":
                return self._of_type(argument)
            if name == "Fn::ValueOfAll":
                kind, attribute = argument
                return [self._attribute_of(kind, each, attribute) for each in self._of_type(kind)]
            if name == "Fn::ValueOf":
                return self._value_of_one(*argument)
        return self._evaluator.value_of(value)

    def _value_of_one(self, parameter: str, attribute: str) -> Any:
        """A list for a parameter that is one."""
        kind, value = self._types[parameter], self._names[parameter]
        if isinstance(value, list):
            return [self._attribute_of(kind, each, attribute) for each in value]
        return self._attribute_of(kind, value, attribute)

    def _of_type(self, kind: str) -> list[str]:
        """The values of all parameters of this type, and of lists of it."""
        values = [self._names[name] for name in self._types if self._types[name] == kind]
        lists = [value if isinstance(value, list) else [value] for value in values]
        return list(itertools.chain.from_iterable(lists))


def _is_true(evaluator: _RuleEvaluator, expression: Any) -> bool:
    if isinstance(expression, bool):
        return expression
    ((name, argument),) = expression.items()
    if name in _COMBINING:
        return _COMBINING[name](evaluator, argument)
    if name not in _COMPARING:
        supported = ", ".join(sorted([*_COMBINING, *_COMPARING]))
        raise format_error(f"{name} is no function of rules. Supported functions are: {supported}")
    first, second = (as_text(evaluator.value_of(side)) for side in argument)
    return _COMPARING[name](first, second)


_COMBINING: dict[str, Callable[[_RuleEvaluator, Any], bool]] = {
    "Fn::And": lambda evaluator, parts: all(_is_true(evaluator, part) for part in parts),
    "Fn::Or": lambda evaluator, parts: any(_is_true(evaluator, part) for part in parts),
    "Fn::Not": lambda evaluator, parts: not _is_true(evaluator, parts[0]),
}
_COMPARING: dict[str, Callable[[Any, Any], bool]] = {
    "Fn::Equals": lambda first, second: bool(first == second),
    "Fn::Contains": lambda allowed, value: value in allowed,
    "Fn::EachMemberEquals": lambda members, value: all(each == value for each in members),
    "Fn::EachMemberIn": lambda members, allowed: set(members) <= set(allowed),
}
