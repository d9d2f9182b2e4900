"""A listener rule's conditions as what an Envoy route matches: pure.

Sources: "Condition types for listener rules" in the Application Load Balancer guide, and
API_RuleCondition with the pages of its members in the API Reference.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any

from local_aws.contract.desired_state import QueryParameter, Rule
from local_aws.load_balancing.regular_expressions import anywhere, before_port

CLIENT_ADDRESS_HEADER = "x-envoy-external-address"
"""Envoy sets it to the address that the connection comes from, whatever the client sends."""

_WILDCARD = re.compile(r"[*?]")
_ESCAPED_OR_WILDCARD = re.compile(r"\\[*?]|[*?]")


def route_match(rule: Rule) -> dict[str, Any]:
    """All conditions must hold, each by any of its values, patterns or regular expressions.

    Envoy matches regular expressions against the whole text, and a header that comes several times
    by any of its values.
    """
    match: dict[str, Any] = {"prefix": "/"}
    paths = [*map(_pattern, rule.path_patterns), *map(anywhere, rule.path_expressions)]
    if paths:
        match = {"safe_regex": {"regex": _any_of(paths)}}
    headers = []
    for header in rule.http_headers:
        texts = [*map(_pattern, header.patterns), *map(anywhere, header.expressions)]
        headers.append(_header(header.name, f"(?i){_any_of(texts)}"))
    hosts = [
        *(f"{_pattern(pattern)}(:[0-9]+)?" for pattern in rule.host_patterns),
        *(anywhere(before_port(expression)) for expression in rule.host_expressions),
    ]
    if hosts:
        headers.append(_header(":authority", f"(?i){_any_of(hosts)}"))
    if rule.methods:
        headers.append(_header(":method", _any_of(map(re.escape, rule.methods))))
    for parameters in rule.query_parameters:
        regex = rf"(?i)[^?]*\?(.*&)?{_any_of(map(_parameter, parameters))}(&.*)?"
        headers.append(_header(":path", regex))
    if rule.source_cidrs:
        headers.append(_header(CLIENT_ADDRESS_HEADER, _any_of(map(_addresses, rule.source_cidrs))))
    return {**match, "headers": headers} if headers else match


def _header(name: str, regex: str) -> dict[str, Any]:
    return {"name": name, "string_match": {"safe_regex": {"regex": regex}}}


def _any_of(expressions: Iterable[str]) -> str:
    return f"({'|'.join(expressions)})"


def _pattern(pattern: str, any_character: str = ".", wildcard: re.Pattern[str] = _WILDCARD) -> str:
    """* is any characters, ? is exactly one."""
    expression, end = "", 0
    for found in wildcard.finditer(pattern):
        expression += re.escape(pattern[end : found.start()])
        token, end = found.group(), found.end()
        expression += {"*": f"{any_character}*", "?": any_character}.get(token) or re.escape(
            token[1:]
        )
    return expression + re.escape(pattern[end:])


def _parameter(parameter: QueryParameter) -> str:
    """One `key=value` of a query string; "=" may be missing when the value is empty."""
    key = "[^&=]*"
    if parameter.key is not None:
        key = _pattern(parameter.key, "[^&=]", _ESCAPED_OR_WILDCARD)
    value = _pattern(parameter.value, "[^&]", _ESCAPED_OR_WILDCARD)
    return f"{key}={value}" if parameter.value.strip("*") else f"{key}(={value})?"


def _addresses(cidr: str) -> str:
    """The IPv4 addresses of a block. The listeners are on 127.0.0.1, so none comes from an IPv6
    block: that is an expression which only an empty text matches."""
    network = ipaddress.ip_network(cidr, strict=False)
    if network.version != 4:
        return ""
    first, last = network.network_address.packed, network.broadcast_address.packed
    return r"\.".join(_octet(low, high) for low, high in zip(first, last, strict=True))


def _octet(low: int, high: int) -> str:
    return "[0-9]+" if (low, high) == (0, 255) else _any_of(map(str, range(low, high + 1)))
