"""A listener of a load balancer as Envoy's, with the filters that make Envoy an ALB: pure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local_aws.contract.desired_state import Listener, LoadBalancer, RequestHeaders
from local_aws.load_balancing import access_log
from local_aws.load_balancing.grpc import GRPC_FILTER, only_grpc
from local_aws.load_balancing.header_case import HEADER_CASE
from local_aws.load_balancing.replies import LOCAL_REPLIES
from local_aws.load_balancing.routes import (
    LUA_FILTER,
    RESPONSE_HEADERS_FILTER,
    STICKINESS_FILTER,
    TRANSFER_ENCODING_HEADER,
)
from local_aws.load_balancing.tls import transport_socket
from local_aws.load_balancing.transforms import REWRITE_FILTER, TRANSFORMS_FILTER

Resource = dict[str, Any]

_REQUEST_HEADERS_KIB = 64
_HTTP2_REQUESTS = 128  # "up to 128 requests in parallel using one HTTP/2 connection"
_LUA_SCRIPTS = {
    LUA_FILTER: Path(__file__).with_name("alb.lua"),
    STICKINESS_FILTER: Path(__file__).with_name("stickiness.lua"),
    TRANSFORMS_FILTER: Path(__file__).with_name("transforms.lua"),
    GRPC_FILTER: Path(__file__).with_name("grpc.lua"),
}
_TYPE = "type.googleapis.com/envoy."


def listener(
    name: str, wanted: Listener, balancer: LoadBalancer, routes: Path, log: Path
) -> Resource:
    """It serves the routes in the file `routes`; its certificates are beside them.

    `log` is the file for its requests, if the load balancer has access logs.
    """
    network_filter = {
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": {
            **_connection_manager(name, wanted, balancer, routes),
            **access_log.settings(wanted, balancer, log),
        },
    }
    chain: Resource = {"filters": [network_filter]}
    if wanted.tls:
        chain["transport_socket"] = transport_socket(wanted.tls, routes.parent)
    address = {"address": "127.0.0.1", "port_value": wanted.local_port}
    return {
        "@type": f"{_TYPE}config.listener.v3.Listener",
        "name": name,
        "address": {"socket_address": address},
        # With SO_REUSEPORT a port in use would be shared instead of refused.
        "enable_reuse_port": False,
        "filter_chains": [chain],
        **(_server_names() if wanted.tls and balancer.has_access_log else {}),
    }


def _server_names() -> Resource:
    """Reads the name in a client's TLS handshake, which is in access logs."""
    inspector = {"@type": f"{_TYPE}extensions.filters.listener.tls_inspector.v3.TlsInspector"}
    name = "envoy.filters.listener.tls_inspector"
    return {"listener_filters": [{"name": name, "typed_config": inspector}]}


def _connection_manager(
    name: str, wanted: Listener, balancer: LoadBalancer, routes: Path
) -> Resource:
    idle_timeout = f"{balancer.idle_timeout_seconds}s"
    has_http2 = wanted.tls is not None and wanted.tls.has_http2
    return {
        "@type": f"{_TYPE}extensions.filters.network.http_connection_manager.v3"
        ".HttpConnectionManager",
        "stat_prefix": name,
        # "You can use HTTP/2 only with HTTPS listeners".
        "codec_type": "AUTO" if has_http2 else "HTTP1",
        "rds": {
            "route_config_name": name,
            "config_source": {
                "resource_api_version": "V3",
                "path_config_source": {"path": str(routes)},
            },
        },
        "server_header_transformation": "PASS_THROUGH",
        "use_remote_address": True,
        "skip_xff_append": True,  # alb.lua does it
        # Nobody is "internal": a client cannot steer Envoy with x-envoy-* headers.
        "internal_address_config": {
            "cidr_ranges": [{"address_prefix": "255.255.255.255", "prefix_len": 32}]
        },
        "generate_request_id": False,
        # A header like any other here: nobody but a client sets it.
        "forward_client_cert_details": "ALWAYS_FORWARD_ONLY",
        "early_header_mutation_extensions": [_early_mutations(balancer.request_headers)],
        "preserve_external_request_id": True,
        "max_request_headers_kb": _REQUEST_HEADERS_KIB,
        "stream_idle_timeout": idle_timeout,
        "common_http_protocol_options": {
            "idle_timeout": idle_timeout,
            "max_headers_count": 1000,
            "max_connection_duration": f"{balancer.client_keep_alive_seconds}s",
        },
        # Then "the load balancer accepts one more request", and its response ends the connection.
        "http1_safe_max_connection_duration": True,
        "http_protocol_options": {
            "accept_http_10": True,
            # "the host header contains the DNS name of the load balancer"
            "default_host_for_http_10": balancer.dns_name,
            "allow_custom_methods": True,
            # Content-Length beside Transfer-Encoding is ambiguous: only "strictest" refuses that.
            # The target gets the request without the length.
            "allow_chunked_length": balancer.request_headers.desync_mitigation != "strictest",
            # "Connection upgrades from HTTP to WebSockets"; the others go on as plain requests.
            "ignore_http_11_upgrade": [{"safe_regex": {"regex": _any_other_than("websocket")}}],
            **HEADER_CASE,
        },
        "http2_protocol_options": {"max_concurrent_streams": _HTTP2_REQUESTS},
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "local_reply_config": LOCAL_REPLIES,
        "http_filters": _http_filters(has_http2=has_http2),
    }


def _early_mutations(wanted: RequestHeaders) -> Resource:
    """What becomes of a request's headers before a rule is chosen.

    "names that do not conform to the regular expression [-A-Za-z0-9]+" are dropped where that is
    wanted, and Transfer-Encoding, which filters do not see, is noted for alb.lua.
    """
    noted = {"key": TRANSFER_ENCODING_HEADER, "value": "%REQ(transfer-encoding)%"}
    mutations: list[Resource] = [
        {"remove": TRANSFER_ENCODING_HEADER},
        {"append": {"header": noted}},
    ]
    if wanted.drops_invalid:
        # Envoy's own begin with a colon.
        invalid = {"safe_regex": {"regex": "[-A-Za-z0-9]*[^-:A-Za-z0-9].*"}}
        mutations.append({"remove_on_match": {"key_matcher": invalid}})
    return {
        "name": "envoy.http.early_header_mutation.header_mutation",
        "typed_config": {
            "@type": f"{_TYPE}extensions.http.early_header_mutation.header_mutation.v3"
            ".HeaderMutation",
            "mutations": mutations,
        },
    }


def _http_filters(*, has_http2: bool) -> list[Resource]:
    return [
        # First for requests, so last for responses: those of the other filters pass it too.
        # Only listeners that change headers enable it.
        {
            "name": RESPONSE_HEADERS_FILTER,
            "typed_config": {
                "@type": f"{_TYPE}extensions.filters.http.header_mutation.v3.HeaderMutation"
            },
            "disabled": True,
        },
        *([only_grpc(_lua(GRPC_FILTER, clear_route_cache=False))] if has_http2 else []),
        # What it changes chooses no other rule.
        _lua(LUA_FILTER, clear_route_cache=False),
        # Only routes whose requests are sticky enable it.
        {**_lua(STICKINESS_FILTER), "disabled": True},
        # Only routes with transforms enable these. They are last: no route is chosen after them.
        {
            "name": REWRITE_FILTER,
            "typed_config": {
                "@type": f"{_TYPE}extensions.filters.http.header_to_metadata.v3.Config"
            },
            "disabled": True,
        },
        {**_lua(TRANSFORMS_FILTER, clear_route_cache=False), "disabled": True},
        {
            "name": "envoy.filters.http.router",
            "typed_config": {
                "@type": f"{_TYPE}extensions.filters.http.router.v3.Router",
                "suppress_envoy_headers": True,
            },
        },
    ]


def _lua(name: str, **settings: Any) -> Resource:
    return {
        "name": name,
        "typed_config": {
            "@type": f"{_TYPE}extensions.filters.http.lua.v3.Lua",
            "default_source_code": {"filename": str(_LUA_SCRIPTS[name])},
            **settings,
        },
    }


def _any_other_than(word: str) -> str:
    """A regular expression for every text but this word, in any case: RE2 has no "not"."""
    others = [f"{word[:i]}([^{letter}].*)?" for i, letter in enumerate(word)]
    return f"(?i){'|'.join(others)}|{word}.+"
