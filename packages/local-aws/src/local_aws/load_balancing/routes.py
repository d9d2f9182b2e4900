"""Listener rules as Envoy routes: conditions, actions, order. Nothing here does I/O.

Conditions and actions: "Listener rules" in the Application Load Balancer guide.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from local_aws.contract.desired_state import (
    Action,
    FixedResponse,
    Forward,
    Listener,
    Redirect,
    Rule,
)
from local_aws.load_balancing.names import cluster_name
from local_aws.load_balancing.replies import SERVER

LUA_FILTER = "envoy.filters.http.lua"
_CLIENT = "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%"


def route_configuration(name: str, listener: Listener, idle_timeout_seconds: int) -> dict[str, Any]:
    """All routes of a listener, the rule with the lowest priority number first."""
    rules = sorted(listener.rules, key=lambda rule: (rule.priority is None, rule.priority))
    return {
        "@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
        "name": name,
        # A target group may be created and used in one step: its cluster may come a moment later.
        "validate_clusters": False,
        "request_headers_to_add": [
            # The port that AWS's listener has, not the one on loopback.
            _header("x-forwarded-port", str(listener.port)),
            # Envoy's own entry would not be the loopback address of the client.
            _header("x-forwarded-for", _CLIENT, "APPEND_IF_EXISTS_OR_ADD"),
        ],
        "request_headers_to_remove": ["x-envoy-external-address"],
        "virtual_hosts": [
            {
                "name": "rules",
                "domains": ["*"],
                "routes": [_route(rule, listener, idle_timeout_seconds) for rule in rules],
            }
        ],
    }


def _route(rule: Rule, listener: Listener, idle_timeout_seconds: int) -> dict[str, Any]:
    return {"match": _match(rule), **_action(rule.action, listener, idle_timeout_seconds)}


def _match(rule: Rule) -> dict[str, Any]:
    match: dict[str, Any] = {"prefix": "/"}
    if rule.path_patterns:
        match = {"safe_regex": {"regex": _any_of(rule.path_patterns)}}
    if rule.host_patterns:
        regex = f"(?i){_any_of(rule.host_patterns)}(:[0-9]+)?"
        match["headers"] = [
            {"name": ":authority", "string_match": {"safe_regex": {"regex": regex}}}
        ]
    return match


def _any_of(patterns: tuple[str, ...]) -> str:
    """One regular expression for wildcard patterns: * is any characters, ? is exactly one."""
    wild = {"*": ".*", "?": "."}
    expressions = ("".join(wild.get(c) or re.escape(c) for c in pattern) for pattern in patterns)
    return f"({'|'.join(expressions)})"


def _action(action: Action, listener: Listener, idle_timeout_seconds: int) -> dict[str, Any]:
    match action:
        case Forward():
            return _forward(action, idle_timeout_seconds)
        case FixedResponse():
            return _direct_response(
                action.status_code, action.message_body, action.content_type or "text/plain"
            )
        case Redirect():
            # Envoy's own redirect cannot build every address that AWS's placeholders can; the Lua
            # filter answers before this route's own reply.
            parts = {**asdict(action), "listener_port": str(listener.port)}
            return {
                "metadata": {"filter_metadata": {LUA_FILTER: {"redirect": parts}}},
                "direct_response": {"status": action.status_code},
            }


def _forward(forward: Forward, idle_timeout_seconds: int) -> dict[str, Any]:
    weights = {cluster_name(arn): weight for arn, weight in forward.target_groups}
    if len(weights) == 1:
        clusters: dict[str, Any] = {"cluster": next(iter(weights))}
    elif not any(weights.values()):
        return {"direct_response": {"status": 503}}
    else:
        weighted = [{"name": name, "weight": weight} for name, weight in weights.items()]
        clusters = {"weighted_clusters": {"clusters": weighted}}
    # The whole response may take as long as it likes while something moves: ALB knows an idle
    # timeout and no other. No retries: a refused or reset connection is the client's 502, as the
    # guide's "HTTP 502: Bad gateway" lists it.
    return {
        "route": {**clusters, "timeout": "0s", "idle_timeout": f"{idle_timeout_seconds}s"},
    }


def _direct_response(status: int, body: str, content_type: str) -> dict[str, Any]:
    response: dict[str, Any] = {"status": status}
    headers = [_header("server", SERVER)]
    if body:
        response["body"] = {"inline_string": body}
        headers.append(_header("content-type", content_type))
    return {"direct_response": response, "response_headers_to_add": headers}


def _header(name: str, value: str, action: str = "OVERWRITE_IF_EXISTS_OR_ADD") -> dict[str, Any]:
    return {"header": {"key": name, "value": value}, "append_action": action}
