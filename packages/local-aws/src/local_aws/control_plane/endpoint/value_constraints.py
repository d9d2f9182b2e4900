"""Which values AWS's models allow: one of a list, so long, so large, of such a form.

The words are those of AWS's framework. Source: botocore's models, and answers of AWS as they have
been recorded.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

import regex
from botocore.model import ListShape, MapShape, Shape, StructureShape

_SILENT = frozenset({"iam", "logs"})
"""Services that do not repeat the value that they refuse."""
_PATTERNS = {
    "MetricNamespace": "[^*$]*",
    "StackNameOrId": "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
}
"""Those that AWS was recorded to enforce where its model has another, by the name of the shape."""
_OWN_FORMS = frozenset({("CreateVirtualMFADeviceRequest", "Path")})
"""Members whose form the service itself checks, in its own words; the framework their length."""
_PATTERN_SECONDS = 0.5
_BEYOND_16_BITS = r"\uD800\uDC00-\uDBFF\uDFFF"
_ORDERS = {
    "ComparisonOperator": (
        "IN NULL BETWEEN LT NOT_CONTAINS EQ GT NOT_NULL NE LE BEGINS_WITH GE CONTAINS"
    ),
    "ConditionalOperator": "OR AND",
    "KeySpec": (
        "RSA_2048 ECC_NIST_P384 ECC_NIST_P256 ECC_NIST_P521 HMAC_384 RSA_3072 ECC_SECG_P256K1 "
        "RSA_4096 SYMMETRIC_DEFAULT HMAC_256 HMAC_224 HMAC_512"
    ),
    "KeyUsageType": "ENCRYPT_DECRYPT SIGN_VERIFY GENERATE_VERIFY_MAC",
    "MacAlgorithmSpec": "HMAC_SHA_384 HMAC_SHA_256 HMAC_SHA_224 HMAC_SHA_512",
    "ParameterType": "SecureString StringList String",
    "ReturnConsumedCapacity": "INDEXES TOTAL NONE",
    "ReturnItemCollectionMetrics": "SIZE NONE",
    "ReturnValue": "ALL_NEW UPDATED_OLD ALL_OLD NONE UPDATED_NEW",
    "ScalarAttributeType": "B N S",
    "StateValue": "INSUFFICIENT_DATA ALARM OK",
    "Select": "SPECIFIC_ATTRIBUTES COUNT ALL_ATTRIBUTES ALL_PROJECTED_ATTRIBUTES",
}
"""In which order AWS was recorded to list values, where it is not its model's, by shape."""


def violations(service: str, shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """What the framework says of each value that the model does not have, outermost first."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        yield from _of_members(service, shape, value, path)
    elif isinstance(shape, ListShape) and isinstance(value, list):
        broken = _broken_length(shape, value) or _broken_by_members(shape.member, value)
        yield from _said(service, path, value, broken)
        for number, each in enumerate(value, 1):
            if isinstance(shape.member, StructureShape) or "enum" in shape.member.metadata:
                yield from violations(service, shape.member, each, f"{path}{number}.member.")
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        yield from _said(service, path, value, _broken_length(shape, value))
    elif isinstance(value, str) and value not in shape.metadata.get("enum", [value]):
        yield from _said(service, path, value, _outside(shape))
    else:
        yield from _said(service, path, value, _broken(shape, value))


def _of_members(
    service: str, shape: StructureShape, values: Mapping[str, Any], path: str
) -> Iterator[str]:
    for name, member in shape.members.items():
        value = values.get(name)
        if (shape.name, name) in _OWN_FORMS and isinstance(value, str):
            yield from _said(service, f"{path}{name}.", value, _broken_length(member, value))
        elif value is not None:
            yield from violations(service, member, value, f"{path}{name}.")


def outside_enumerations(service: str, shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """What the framework says of values of no enumeration; bounds and forms are not checked."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from outside_enumerations(service, member, value[name], f"{path}{name}.")
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from outside_enumerations(service, shape.member, each, f"{path}{number}.member.")
    elif isinstance(value, str) and value not in shape.metadata.get("enum", [value]):
        yield from _said(service, path, value, _outside(shape))


def _outside(shape: Shape) -> list[str]:
    return [f"Member must satisfy enum value set: [{', '.join(_listed(shape))}]"]


def is_constrained(shape: Shape) -> bool:
    """Whether a value of the shape itself can be one that the model does not have."""
    return not shape.metadata.keys().isdisjoint(("enum", "min", "max", "pattern"))


def camel(path: str) -> str:
    """As the framework writes paths: provisionedThroughput.readCapacityUnits."""
    return ".".join(part[:1].lower() + part[1:] for part in path.split("."))


def _listed(shape: Shape) -> list[str]:
    """The values that a shape may have, as AWS lists them; one that is new comes last."""
    allowed = [str(each) for each in shape.metadata["enum"]]
    order = _ORDERS.get(shape.name, "").split()
    return sorted(allowed, key=lambda each: order.index(each) if each in order else len(order))


def _said(service: str, path: str, value: Any, broken: list[str]) -> Iterator[str]:
    if not broken:  # most values hold: they need not be written
        return
    shown = "" if service in _SILENT else f" '{_shown(value)}'"
    for words in broken:
        yield f"Value{shown} at '{camel(path[:-1])}' failed to satisfy constraint: {words}"


def _shown(value: Any) -> str:
    """As Java writes it."""
    if isinstance(value, list):
        return f"[{', '.join(_shown(each) for each in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}={_shown(each)}' for name, each in value.items())}}}"
    return str(value)


def _broken_by_members(member: Shape, values: list[Any]) -> list[str]:
    """All constraints of a list's simple members, when one of them breaks any."""
    if isinstance(member, StructureShape) or not any(_broken(member, each) for each in values):
        return []
    words = [words for words, _ in (*_lengths(member), *_pattern(member))]
    return [f"Member must satisfy constraint: [{', '.join((*words, 'Member must not be null'))}]"]


def _broken_length(shape: Shape, value: str | list[Any] | Mapping[str, Any]) -> list[str]:
    return [words for words, holds in _lengths(shape) if not holds(len(value))]


def _broken(shape: Shape, value: Any) -> list[str]:
    if shape.type_name == "string" and isinstance(value, str):
        of_pattern = [words for words, matches in _pattern(shape) if not matches(value)]
        return _broken_length(shape, value) + of_pattern
    if shape.type_name in ("integer", "long"):
        return [words for words, holds in _range(shape) if not holds(int(value))]
    return []


def _lengths(shape: Shape) -> Iterator[tuple[str, Any]]:
    return _bounds(shape, "length")


def _range(shape: Shape) -> Iterator[tuple[str, Any]]:
    return _bounds(shape, "value")


def _bounds(shape: Shape, what: str) -> Iterator[tuple[str, Any]]:
    most, least = shape.metadata.get("max"), shape.metadata.get("min")
    if most is not None:
        words = f"Member must have {what} less than or equal to {most}"
        yield words, lambda measured: measured <= most
    if least is not None:
        words = f"Member must have {what} greater than or equal to {least}"
        yield words, lambda measured: measured >= least


def _pattern(shape: Shape) -> Iterator[tuple[str, Any]]:
    pattern = _PATTERNS.get(shape.name, shape.metadata.get("pattern"))
    if pattern is not None:
        words = f"Member must satisfy regular expression pattern: {pattern}"
        yield words, lambda value: _compiled(pattern).fullmatch(value, timeout=_PATTERN_SECONDS)


@functools.cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    """Java's: a word has letters and digits of ASCII only, a character beyond 16 bits is two."""
    if r"[\w" in pattern:  # a hyphen behind it begins no range
        pattern = pattern.replace(r"\w-", r"\w\-").replace(r"\w", "A-Za-z0-9_")
    return regex.compile(pattern.replace(_BEYOND_16_BITS, r"\U00010000-\U0010FFFF"))
