"""Which arguments each intrinsic function takes, in AWS's words for those that have another form.

AWS: "Intrinsic function reference" in the CloudFormation Template Reference. What a function within
an argument returns is known only when it is evaluated, see intrinsic_functions.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local_aws.control_plane.cloudformation import references

JOIN = (
    "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
    "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be "
    "joined."
)
SPLIT = (
    "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be "
    "split or a function that returns a string to be split."
)
SELECT = "Fn::Select requires a list argument with two elements: an integer index and a list"
BASE64 = "every Fn::Base64 object must have a String-typed value."
GET_AZS = "every Fn::GetAZs object must have a String-typed value."
EQUALS = "every Fn::Equals object requires a list of 2 string parameters."
SUB_CONTEXT = (
    "every value of the context object of every Fn::Sub object must be a string or a function that "
    "returns a string"
)

_NO_VALUE = {"Ref": "AWS::NoValue"}
_CONDITIONS = ("Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or")
_FEWEST_CONDITIONS, _MOST_CONDITIONS = 2, 10


def problem_in(value: Any, *, extended: bool) -> str | None:
    """What AWS says of the first function whose argument has another form; None if all are right.

    `extended` is a template after AWS::LanguageExtensions, which allows more of Ref and others.
    """
    return next(_problems(value, _FORMS if extended else {**_FORMS, **_PLAIN_FORMS}), None)


_Form = Callable[[Any], str | None]


def _problems(value: Any, forms: Mapping[str, _Form]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _problems(item, forms)
    elif isinstance(value, dict):
        if len(value) == 1:
            ((name, argument),) = value.items()
            problem = forms[name](argument) if name in forms else None
            if problem:
                yield problem
        for inner in value.values():
            yield from _problems(inner, forms)


def _and(argument: Any) -> str | None:
    return _several_conditions("Fn::And", argument)


def _or(argument: Any) -> str | None:
    return _several_conditions("Fn::Or", argument)


def _several_conditions(name: str, argument: Any) -> str | None:
    if (
        isinstance(argument, list)
        and _FEWEST_CONDITIONS <= len(argument) <= _MOST_CONDITIONS
        and all(map(is_condition, argument))
    ):
        return None
    return (
        f"every {name} object requires a list of at least {_FEWEST_CONDITIONS} and at most "
        f"{_MOST_CONDITIONS} boolean parameters."
    )


def _not(argument: Any) -> str | None:
    if isinstance(argument, list) and len(argument) == 1 and is_condition(argument[0]):
        return None
    return "every Fn::Not object requires one boolean parameter."


def is_condition(value: Any) -> bool:
    """Whether it is a call of a function of conditions, or names another one."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _CONDITIONS


def _equals(argument: Any) -> str | None:
    if isinstance(argument, list) and len(argument) == 2 and all(map(_may_be_text, argument)):
        return None
    return EQUALS


def _base64(argument: Any) -> str | None:
    return None if _may_be_text(argument) else BASE64


def _get_azs(argument: Any) -> str | None:
    return None if _may_be_text(argument) else GET_AZS


def _if(argument: Any) -> str | None:
    if not (isinstance(argument, list) and argument and isinstance(argument[0], str)):
        return "Fn::If requires a list argument with the first element being a condition"
    if len(argument) != 3:
        return "Fn::If requires a list argument with three elements"
    return None


def _join(argument: Any) -> str | None:
    if isinstance(argument, list) and len(argument) == 2:
        delimiter, items = argument
        if isinstance(delimiter, str) and (
            _is_call(items) or (isinstance(items, list) and all(map(_may_be_text, items)))
        ):
            return None
    return JOIN


def _select(argument: Any) -> str | None:
    if isinstance(argument, list) and len(argument) == 2:
        index, items = argument
        if _may_be_text(index) and (isinstance(items, list) or _is_call(items)):
            return None
    return SELECT


def _split(argument: Any) -> str | None:
    if isinstance(argument, list) and len(argument) == 2:
        delimiter, text = argument
        if isinstance(delimiter, str) and delimiter and _may_be_text(text):
            return None
    return SPLIT


def _sub(argument: Any) -> str | None:
    text, own = argument, {}
    if isinstance(argument, list) and len(argument) == 2:
        text, own = argument
    if not (isinstance(text, str) and isinstance(own, dict)):
        return (
            "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
            "string as first argument, and an optional second argument to specify a mapping of "
            "values to replace in the string"
        )
    if not all(_may_be_text(value) and value != _NO_VALUE for value in own.values()):
        return SUB_CONTEXT
    if references.has_strange_variable(text):
        return (
            "variable names in Fn::Sub syntax must contain only alphanumeric characters, "
            "underscores, periods, and colons"
        )
    return None


def _ref(argument: Any) -> str | None:
    return (
        None if isinstance(argument, str) else "every Ref object must have a single String value."
    )


def _get_att(argument: Any) -> str | None:
    if isinstance(argument, str):
        return (
            "if specifying one argument to Fn::GetAtt, that argument must be a non-empty string in "
            "format <LogicalId>.<Attribute>"
        )
    if (
        isinstance(argument, list)
        and len(argument) > 1
        and isinstance(argument[0], str)
        and all(argument)
    ):
        return None
    return (
        "every Fn::GetAtt object requires two non-empty parameters, the resource name and the "
        "resource attribute"
    )


def _find_in_map(argument: Any) -> str | None:
    """AWS: Fn::FindInMap takes Ref and Fn::FindInMap; with the transform, others and a default."""
    if (
        isinstance(argument, list)
        and len(argument) == 3
        and references.functions_in(argument) <= {"Fn::FindInMap"}
    ):
        return None
    return (
        "every Fn::FindInMap object must be a list with three parameters, the map name and the "
        "attributes for return"
    )


def _is_call(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1


def _may_be_text(value: Any) -> bool:
    """Whether it is text, or a number or boolean that stands for it, or a function's result."""
    return isinstance(value, str | int | float) or _is_call(value)


_FORMS: dict[str, _Form] = {
    "Fn::And": _and,
    "Fn::Base64": _base64,
    "Fn::Equals": _equals,
    "Fn::GetAZs": _get_azs,
    "Fn::If": _if,
    "Fn::Join": _join,
    "Fn::Not": _not,
    "Fn::Or": _or,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
}
_PLAIN_FORMS: dict[str, _Form] = {
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Ref": _ref,
}
"""Of a template without AWS::LanguageExtensions."""
