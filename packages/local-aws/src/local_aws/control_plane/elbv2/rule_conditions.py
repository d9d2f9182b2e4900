"""A rule's conditions: their fields, how many there may be, and what their values may hold.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html,
"Quotas for your Application Load Balancers", and API_RuleCondition.html with its members' pages.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.elbv2.exceptions import (
    InvalidConditionFieldError,
    ValidationError,
)

from local_aws.contract.desired_state import HttpHeader, QueryParameter
from local_aws.control_plane.elbv2 import regular_expressions, values

_MOST_VALUES = 5
_MOST_WILDCARDS = 6
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_TEXT = re.compile(r"[ -~]{1,128}")
_LAST_LABEL = re.compile(r"\.[A-Za-z*?]+$")
_PREFIX = re.compile(r"/[0-9]{1,3}")


@dataclass(frozen=True)
class _Field:
    config: str
    pattern: re.Pattern[str] = _TEXT
    longest: int = 128
    may_repeat: bool = False
    has_wildcards: bool = True


_FIELDS = {
    "host-header": _Field("HostHeaderConfig", re.compile(r"[A-Za-z0-9.*?-]{1,128}")),
    "path-pattern": _Field("PathPatternConfig", re.compile(r"[A-Za-z0-9_.$/~\"'@:+&*?-]{1,128}")),
    "http-header": _Field("HttpHeaderConfig", may_repeat=True),
    "query-string": _Field("QueryStringConfig", may_repeat=True),
    "http-request-method": _Field(
        "HttpRequestMethodConfig", re.compile(r"[A-Z_-]{1,40}"), 40, has_wildcards=False
    ),
    "source-ip": _Field("SourceIpConfig"),
}

_FIELDS_OF_OLD = ("host-header", "path-pattern")
"""Those whose values may stand in the condition itself."""

_FIELDS_WITH_EXPRESSIONS = ("host-header", "http-header", "path-pattern")


def check(conditions: Sequence[Mapping[str, Any]]) -> None:
    """Raises ValidationError."""
    fields = Counter(condition.get("Field") for condition in conditions)
    texts = []
    for condition in conditions:
        name = condition.get("Field")
        if not name:
            raise ValidationError("A condition field must be specified")
        if name not in _FIELDS:
            raise InvalidConditionFieldError(name)
        if fields[name] > 1 and not _FIELDS[name].may_repeat:
            raise ValidationError(f"A rule can only have one '{name}' condition")
        texts += list(_checked_values(name, condition))
    if len(texts) > _MOST_VALUES:
        raise ValidationError(f"A rule can only have '{_MOST_VALUES}' condition values")
    if sum(map(_wildcards, texts)) > _MOST_WILDCARDS:
        raise ValidationError(f"A rule can only have '{_MOST_WILDCARDS}' condition wildcards")


def patterns(conditions: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    """The values of the one condition of that field; none when there is none."""
    for condition in conditions:
        if condition.get("Field") == name:
            return tuple(_values(name, condition))
    return ()


def expressions(conditions: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    """The regular expressions of the one condition of that field; none when there is none."""
    for condition in conditions:
        if condition.get("Field") == name:
            return tuple(_expressions(condition))
    return ()


def http_headers(conditions: Sequence[Mapping[str, Any]]) -> tuple[HttpHeader, ...]:
    return tuple(
        HttpHeader(
            condition["HttpHeaderConfig"]["HttpHeaderName"],
            tuple(_values("http-header", condition)),
            tuple(_expressions(condition)),
        )
        for condition in conditions
        if condition.get("Field") == "http-header"
    )


def query_parameters(
    conditions: Sequence[Mapping[str, Any]],
) -> tuple[tuple[QueryParameter, ...], ...]:
    return tuple(
        tuple(
            QueryParameter(pair.get("Key") or None, pair["Value"])
            for pair in _values("query-string", condition)
        )
        for condition in conditions
        if condition.get("Field") == "query-string"
    )


def _values(name: str, condition: Mapping[str, Any]) -> Sequence[Any]:
    config = condition.get(_FIELDS[name].config) or condition
    found: Sequence[Any] = config.get("Values") or ()
    return found


def _has_expressions(condition: Mapping[str, Any]) -> bool:
    return bool(condition.get("Field") in _FIELDS and _expressions(condition))


def _expressions(condition: Mapping[str, Any]) -> Sequence[str]:
    config = condition.get(_FIELDS[condition["Field"]].config) or condition
    found: Sequence[str] = config.get("RegexValues") or ()
    return found


def _checked_values(name: str, condition: Mapping[str, Any]) -> Iterator[str]:
    """Each value as one text, "" where it has no wildcards."""
    _check_shape(name, condition)
    for expression in _expressions(condition):
        regular_expressions.check(f"conditions.{name}.regexValues", expression, 128)
        yield ""
    for value in _values(name, condition):
        if name == "query-string":
            yield _checked_pair(value)
        elif name == "source-ip":
            _check_block(str(value))
            yield ""
        else:
            field = _FIELDS[name]
            if not field.pattern.fullmatch(str(value)):
                raise ValidationError(
                    f"The '{name}' value '{values.shown(str(value))}' is empty, has more than "
                    f"{field.longest} characters or one that is not valid"
                )
            if name == "host-header":
                _check_last_label(str(value))
            yield str(value) if field.has_wildcards else ""


def _check_last_label(host: str) -> None:
    """API_HostHeaderConditionConfig: "at least one "." character", letters after the last one."""
    if not _LAST_LABEL.search(host):
        raise ValidationError(
            f"The 'host-header' value '{host}' must have a '.', and only letters after the last one"
        )


def _check_shape(name: str, condition: Mapping[str, Any]) -> None:
    """Where the values stand, and that there are some."""
    config = _FIELDS[name].config
    is_regex = _has_expressions(condition)
    if is_regex and name not in _FIELDS_WITH_EXPRESSIONS:
        raise ValidationError(f"The 'RegexValues' field is not compatible with '{name}'")
    if is_regex and _values(name, condition):
        raise ValidationError(
            f"You cannot provide both Values and RegexValues for a condition of type '{name}'"
        )
    if condition.get("Values") and name not in _FIELDS_OF_OLD:
        raise ValidationError(f"The 'Values' field is not compatible with '{name}'")
    if not condition.get("Values") and config not in condition and not is_regex:
        raise ValidationError(f"A '{config}' must be specified with '{name}'")
    if condition.get("Values") and config in condition:
        raise ValidationError(
            f"You cannot provide both Values and '{config}' for a condition of type '{name}'"
        )
    if name == "http-header":
        _check_header_name(str(condition[config].get("HttpHeaderName") or ""))
    if not _values(name, condition) and not is_regex:
        raise ValidationError("A condition value must be specified")


def _check_header_name(name: str) -> None:
    if len(name) > 40:
        raise ValidationError("The 'HttpHeaderName' value is too long; the limit is '40'")
    if not _HEADER_NAME.fullmatch(name):
        raise ValidationError(f"The 'HttpHeaderName' value '{values.shown(name)}' is not valid")
    if name.lower() == "host":
        raise ValidationError(
            "The 'HttpHeaderName' value cannot be 'Host'; use a 'host-header' condition"
        )


def _checked_pair(pair: Mapping[str, Any]) -> str:
    key, value = pair.get("Key"), pair.get("Value")
    if value in (None, ""):
        raise ValidationError("A 'Value' must be specified in 'QueryStringKeyValuePair'")
    for member, text in {"Key": str(key or "-"), "Value": str(value)}.items():
        if not _TEXT.fullmatch(text):
            raise ValidationError(
                f"The '{member}' value '{values.shown(text)}' has more than 128 characters or one "
                "that is not valid"
            )
    return f"{key or ''}={value}"


def _check_block(text: str) -> None:
    """A CIDR block, with its prefix length; not that of the broadcast address."""
    try:
        ipaddress.ip_network(text, strict=False)
        is_block = _PREFIX.fullmatch(text[text.index("/") :])
    except ValueError:
        is_block = None
    if not is_block or text == "255.255.255.255/32":
        raise ValidationError(
            f"The 'source-ip' value '{values.shown(text)}' is not a valid CIDR block"
        )


def _wildcards(text: str) -> int:
    return len(re.findall(r"(?<!\\)[*?]", text))
