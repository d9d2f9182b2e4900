"""A stack's parameters: which values hold, whether they are allowed, and what they stand for.

"Given" values are the text that a client sends; "resolved" values are what Ref returns: lists for
list types, the stored value for `AWS::SSM::Parameter::Value<...>` types.
AWS: "Parameters" and "Supplied parameter types" in the CloudFormation User Guide.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import regex
from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import dynamic_references

_LIST_TYPES = re.compile(r"CommaDelimitedList|List<.+>")
_LIST_OF = re.compile(r"List<(?P<type>.+)>")
_SIMPLE_TYPES = frozenset(
    {"String", "Number", "CommaDelimitedList", "List<Number>", "List<String>"}
)
_MATCHING_SECONDS = 0.5
"""For all patterns of one request: it holds the lock, and some patterns match for centuries."""
_STORED = re.compile(r"AWS::SSM::Parameter::Value<(?P<type>.+)>")


def is_known(declared_type: str) -> bool:
    """Whether there is such a type: a simple one, or one that names what AWS has."""
    return declared_type in _SIMPLE_TYPES or re.search(r"(^|<)AWS::", declared_type) is not None


def given_values(
    declared: Mapping[str, Mapping[str, Any]],
    requested: Sequence[Mapping[str, Any]],
    previous: Mapping[str, str],
) -> dict[str, str]:
    """The value of each declared parameter: as requested, kept by UsePreviousValue, or the default.

    `requested` has the API's shape (ParameterKey, ParameterValue, UsePreviousValue).
    Raises ValidationError for unknown, missing or disallowed values.
    """
    values = {name: _text(spec["Default"]) for name, spec in declared.items() if "Default" in spec}
    for parameter in requested:
        name = parameter["ParameterKey"]
        if parameter.get("UsePreviousValue") in (True, "true"):
            if parameter.get("ParameterValue"):
                raise ValidationError(
                    message=f"Invalid input for parameter key {name}. Cannot specify "
                    "usePreviousValue as true and non empty value for a parameter"
                )
            if name not in previous:
                raise ValidationError(
                    message=f"Invalid input for parameter key {name}. Cannot specify "
                    "usePreviousValue as true for a parameter key not in the previous template"
                )
            values[name] = previous[name]
        else:
            values[name] = parameter.get("ParameterValue", "")
    unknown = [name for name in values if name not in declared]
    if unknown:
        raise ValidationError(
            message=f"Parameters: [{', '.join(unknown)}] do not exist in the template"
        )
    missing = [name for name in declared if name not in values]
    stored = [name for name in missing if is_stored(declared[name]["Type"])]
    if stored:  # as recorded, unlike what is said of other types
        raise ValidationError(
            message=f"Parameter {stored[0]} should either have input value or default value"
        )
    if missing:
        raise ValidationError(message=f"Parameters: [{', '.join(missing)}] must have values")
    deadline = time.monotonic() + _MATCHING_SECONDS
    for name, value in values.items():
        _check(name, value, declared[name], deadline)
    return {name: values[name] for name in declared}


def _text(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, list):
        return ",".join(str(item) for item in default)
    return str(default)


def _check(name: str, value: str, spec: Mapping[str, Any], deadline: float) -> None:
    try:
        reason = _violation(name, value, spec, deadline)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValidationError(
            message=f"Template format error: Parameter {name} has a malformed constraint."
        ) from error
    if reason and "ConstraintDescription" in spec:
        reason = f"Parameter {name} failed to satisfy constraint: {spec['ConstraintDescription']}"
    if reason:
        raise ValidationError(message=reason)


def _violation(name: str, value: str, spec: Mapping[str, Any], deadline: float) -> str | None:
    """The constraint that the value breaks, in AWS's words."""
    items = value.split(",") if _LIST_TYPES.fullmatch(spec["Type"]) else [value]
    allowed = [_text(item) for item in spec.get("AllowedValues", [])]
    if allowed and any(item.strip() not in allowed for item in items):
        return f"Parameter '{name}' must be one of AllowedValues"
    pattern = spec.get("AllowedPattern")
    if pattern and not _matches(name, str(pattern), value, deadline):
        return f"Parameter '{name}' must match pattern {pattern}"
    if spec["Type"] == "Number":
        return _number_violation(name, value, spec)
    if spec["Type"] == "List<Number>":
        return next(filter(None, (_number_violation(name, item, {}) for item in items)), None)
    if "MinLength" in spec and len(value) < int(spec["MinLength"]):
        return f"Parameter '{name}' must contain at least {spec['MinLength']} characters"
    if "MaxLength" in spec and len(value) > int(spec["MaxLength"]):
        return f"Parameter '{name}' must contain at most {spec['MaxLength']} characters"
    return None


def _matches(name: str, pattern: str, value: str, deadline: float) -> bool:
    seconds = max(deadline - time.monotonic(), 0.001)
    try:
        # Unlike re, regex can be stopped, and lets other threads run meanwhile.
        return bool(regex.fullmatch(pattern, value, timeout=seconds, concurrent=True))
    except TimeoutError:
        raise ValidationError(
            message=f"Parameter '{name}': matching pattern {pattern} takes more than "
            f"{_MATCHING_SECONDS} s"
        ) from None
    except regex.error as error:
        raise ValidationError(
            message=f"Parameter '{name}': pattern {pattern} is no regular expression: {error}"
        ) from error


def _number_violation(name: str, value: str, spec: Mapping[str, Any]) -> str | None:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return f"Parameter '{name}' must be a number"
    if "MinValue" in spec and number < float(spec["MinValue"]):
        return f"Parameter '{name}' must be a number not less than {spec['MinValue']}"
    if "MaxValue" in spec and number > float(spec["MaxValue"]):
        return f"Parameter '{name}' must be a number not greater than {spec['MaxValue']}"
    return None


def resolved_values(
    declared: Mapping[str, Mapping[str, Any]],
    given: Mapping[str, str],
    stored: Callable[..., str],
    looked_up: Callable[[str], str],
) -> dict[str, str | list[str]]:
    """What Ref returns for each parameter.

    `stored(name, is_list=...)` reads an SSM parameter's value for a type that names one,
    `looked_up(key)` what a dynamic reference to ssm stands for. Raises ValidationError.
    """
    resolved: dict[str, str | list[str]] = {}
    for name, value in given.items():
        declared_type = declared[name]["Type"]
        reference = _STORED.fullmatch(declared_type)
        is_list = bool(_LIST_TYPES.fullmatch(reference["type"] if reference else declared_type))
        text = stored(value, is_list=is_list) if reference else _looked_up(name, value, looked_up)
        resolved[name] = [item.strip() for item in text.split(",") if item] if is_list else text
    return resolved


def _looked_up(name: str, value: str, find: Callable[[str], str]) -> str:
    """Answers of AWS, as recorded: a reference within a parameter says which version."""
    if dynamic_references.without_version(dynamic_references.plain_keys(value)):
        raise ValidationError(
            message=f"Template error: parameter {name} should not contain ssm versionless resolver"
        )
    return str(dynamic_references.replaced(value, {dynamic_references.PLAIN: find}))


def missing(
    declared: Mapping[str, Mapping[str, Any]],
    resolved: Mapping[str, str | list[str]],
    exists: Callable[[str, str], bool],
) -> str | None:
    """What AWS says of the first value whose type names something that is not there.

    `exists(type, value)` looks it up, such as ("AWS::EC2::VPC::Id", "vpc-1").
    """
    for name, value in resolved.items():
        reference = _STORED.fullmatch(declared[name]["Type"])
        inner = reference["type"] if reference else declared[name]["Type"]
        of_list = _LIST_OF.fullmatch(inner)
        for item in value if isinstance(value, list) else [value]:
            if not exists(of_list["type"] if of_list else inner, item):
                return (
                    f"Parameter validation failed: parameter value {item} for parameter name "
                    f"{name} does not exist"
                )
    return None


def is_stored(declared_type: str) -> bool:
    """Whether the type says that the given value names an SSM parameter."""
    return _STORED.fullmatch(declared_type) is not None
