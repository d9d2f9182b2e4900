"""Listener rules as Envoy routes: actions and their order. Nothing here does I/O.

Actions: "Listener rules" in the Application Load Balancer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from local_aws.contract.desired_state import (
    Action,
    FixedResponse,
    Forward,
    Listener,
    LoadBalancer,
    Redirect,
    RequestHeaders,
    ResponseHeaders,
    Rule,
    Stickiness,
)
from local_aws.load_balancing import access_log
from local_aws.load_balancing.conditions import CLIENT_ADDRESS_HEADER, route_match
from local_aws.load_balancing.grpc import GRPC_FILTER
from local_aws.load_balancing.names import cluster_name
from local_aws.load_balancing.replies import SERVER
from local_aws.load_balancing.transforms import filter_settings

LUA_FILTER = "envoy.filters.http.lua"
STICKINESS_FILTER = "local_aws.stickiness"
RESPONSE_HEADERS_FILTER = "envoy.filters.http.header_mutation"
TRANSFER_ENCODING_HEADER = "x-local-aws-transfer-encoding"
_CLUSTER_HEADER = "x-local-aws-cluster"
_TARGET_HEADER = "x-local-aws-target"
# Envoy's own entry would not be the loopback address of the client.
_CLIENT = "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%"
_CLIENT_WITH_PORT = "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%"


@dataclass(frozen=True)
class _Surroundings:
    """What a listener's routes need to know besides its rules."""

    listener: Listener
    balancer: LoadBalancer
    stickiness: Mapping[str, Stickiness]  # by target group ARN


def route_configuration(
    name: str, listener: Listener, balancer: LoadBalancer, stickiness: Mapping[str, Stickiness]
) -> dict[str, Any]:
    """All routes of a listener, the rule with the lowest priority number first.

    `stickiness` is that of each target group that has it, by ARN.
    """
    surroundings = _Surroundings(listener, balancer, stickiness)
    rules = sorted(listener.rules, key=lambda rule: (rule.priority is None, rule.priority))
    return {
        "@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
        "name": name,
        # A target group may be created and used in one step: its cluster may come a moment later.
        "validate_clusters": False,
        **_request_headers(listener, balancer.request_headers),
        **_response_headers(listener.response_headers),
        "virtual_hosts": [
            {
                "name": "rules",
                "domains": ["*"],
                "routes": [_route(rule, surroundings) for rule in rules],
            }
        ],
    }


def _request_headers(listener: Listener, wanted: RequestHeaders) -> dict[str, Any]:
    """What is added to each request and removed from it: "HTTP headers" in the guide."""
    # The port that AWS's listener has, not the one on loopback.
    added = [_header("x-forwarded-port", str(listener.port))]
    removed = [CLIENT_ADDRESS_HEADER, _CLUSTER_HEADER, TRANSFER_ENCODING_HEADER]
    match wanted.forwarded_for:
        case "append":  # alb.lua does it where there is one
            client = _CLIENT_WITH_PORT if wanted.has_client_port else _CLIENT
            added.append(_header("x-forwarded-for", client, "ADD_IF_ABSENT"))
        case "remove":
            removed.append("x-forwarded-for")
    if wanted.has_tls and listener.tls:
        added.append(_header(listener.tls.version_header, "%DOWNSTREAM_TLS_VERSION%"))
        added.append(_header(listener.tls.cipher_suite_header, "%DOWNSTREAM_TLS_CIPHER%"))
    return {"request_headers_to_add": added, "request_headers_to_remove": removed}


def _response_headers(wanted: ResponseHeaders) -> dict[str, Any]:
    """What becomes of each response, of the load balancer's own too: "HTTP header modification"."""
    # A percent sign would begin one of Envoy's variables.
    mutations: list[dict[str, Any]] = [
        {"append": _header(name, value.replace("%", "%%"))} for name, value in wanted.added
    ]
    if not wanted.has_server:
        mutations.append({"remove": "server"})
    if not mutations:
        return {}
    filter_settings = {
        "@type": "type.googleapis.com/"
        "envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute",
        "mutations": {"response_mutations": mutations},
    }
    return {"typed_per_filter_config": {RESPONSE_HEADERS_FILTER: filter_settings}}


def _route(rule: Rule, surroundings: _Surroundings) -> dict[str, Any]:
    headers = surroundings.balancer.request_headers
    settings: dict[str, Any] = {
        "desync_mitigation": headers.desync_mitigation,
        "forwarded_for": headers.forwarded_for,
        "has_client_port": headers.has_client_port,
    }
    if isinstance(rule.action, Redirect):
        settings["redirect"] = _redirect_parts(rule.action, surroundings)
    metadata = {
        LUA_FILTER: settings,
        GRPC_FILTER: {"is_forwarded": isinstance(rule.action, Forward)},
    }
    if surroundings.balancer.has_access_log:
        settings["is_logged"] = True
        metadata[access_log.NAMESPACE] = access_log.route_metadata(rule)
    action = _action(rule.action, surroundings)
    filters = action.get("typed_per_filter_config", {}) | filter_settings(rule)
    return {
        "match": route_match(rule),
        "metadata": {"filter_metadata": metadata},
        **action,
        **({"typed_per_filter_config": filters} if filters else {}),
    }


def _action(action: Action, surroundings: _Surroundings) -> dict[str, Any]:
    match action:
        case Forward():
            return _forward(action, surroundings)
        case FixedResponse():
            return _direct_response(
                action.status_code, action.message_body, action.content_type or "text/plain"
            )
        case Redirect():
            # Envoy's own redirect cannot build every address that AWS's placeholders can: the Lua
            # filter answers before this reply.
            return {"direct_response": {"status": action.status_code}}


def _redirect_parts(redirect: Redirect, surroundings: _Surroundings) -> dict[str, Any]:
    listener = surroundings.listener
    return {
        **asdict(redirect),
        "listener_protocol": "https" if listener.tls else "http",
        "listener_port": str(listener.port),
        "local_port": str(listener.local_port),
        # A client that came to a loopback port is sent on to one.
        "local_ports": {
            str(each.port): str(each.local_port) for each in surroundings.balancer.listeners
        },
    }


def _forward(forward: Forward, surroundings: _Surroundings) -> dict[str, Any]:
    stickiness = surroundings.stickiness
    # The whole response may take as long as it likes while something moves: ALB knows an idle
    # timeout and no other. No retries: a refused or reset connection is the client's 502, as the
    # guide's "HTTP 502: Bad gateway" lists it.
    timeouts = {
        "timeout": "0s",
        "idle_timeout": f"{surroundings.balancer.idle_timeout_seconds}s",
    }
    weights = {cluster_name(arn): weight for arn, weight in forward.target_groups}
    if len(weights) > 1 and not any(weights.values()):
        return {"direct_response": {"status": 503}}
    if forward.sticky_seconds or any(arn in stickiness for arn, _ in forward.target_groups):
        return _sticky(forward, stickiness, timeouts)
    if len(weights) == 1:
        return {"route": {"cluster": next(iter(weights)), **timeouts}}
    weighted = [{"name": name, "weight": weight} for name, weight in weights.items()]
    return {"route": {"weighted_clusters": {"clusters": weighted}, **timeouts}}


def _sticky(
    forward: Forward, stickiness: Mapping[str, Stickiness], timeouts: Mapping[str, str]
) -> dict[str, Any]:
    """A route whose cluster, and target if a cookie names one, stickiness.lua chooses."""
    groups = []
    for arn, weight in forward.target_groups:
        group: dict[str, Any] = {"cluster": cluster_name(arn), "weight": weight}
        if arn in stickiness:
            group["seconds"] = stickiness[arn].seconds
            group["app_cookie"] = stickiness[arn].app_cookie
        groups.append(group)
    return {
        "typed_per_filter_config": {
            STICKINESS_FILTER: {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.LuaPerRoute",
                "filter_context": {"groups": groups, "group_seconds": forward.sticky_seconds},
            }
        },
        "route": {"cluster_header": _CLUSTER_HEADER, **timeouts},
        "response_headers_to_add": [_header(_TARGET_HEADER, "%UPSTREAM_REMOTE_ADDRESS%")],
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
