"""What Envoy logs of each request, and how that is read. Pure.

A line has the values of `_OPERATORS` after those that are the listener's own, with a character
between them that no header can have: in JSON Envoy would escape bytes that are not UTF-8 in a way
that is no JSON.
Source: "Command operators" of access logs in Envoy's documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local_aws.contract.access_log import AccessLogEntry
from local_aws.contract.desired_state import (
    Action,
    Certificate,
    FixedResponse,
    Forward,
    Listener,
    LoadBalancer,
    Rule,
)
from local_aws.load_balancing.tls import served_certificate

NAMESPACE = "local_aws.access_log"
"""Of the metadata of routes, endpoints and clusters, and of what the Lua filters note."""

_SEPARATOR = "\x1f"
_NONE = "-"
_CLIENT_IS_GONE = 460  # "the client closed the connection ... before the idle timeout period"
_SWITCHED = 101
_MICROSECONDS = 1e6
_MILLISECONDS = 1e3
_OWN = 5  # ARNs of load balancer and listener, scheme, port, DNS name
_OPERATORS = {
    "received_at": "%START_TIME(%s.%6f)%",
    "duration": "%DURATION%",
    "client": "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%",
    "connection": "%CONNECTION_ID%",
    "protocol": "%PROTOCOL%",
    "method": "%REQ(:METHOD)%",
    "host": "%REQ(:AUTHORITY)%",
    "path": "%REQ(:PATH)%",
    "user_agent": "%REQ(USER-AGENT)%",
    "content_type": "%REQ(CONTENT-TYPE)%",
    "upgrade": "%REQ(UPGRADE)%",
    "trace_id": "%REQ(X-AMZN-TRACE-ID)%",
    "location": "%RESP(LOCATION)%",
    "status": "%RESPONSE_CODE%",
    "received_bytes": "%DOWNSTREAM_WIRE_BYTES_RECEIVED%",
    "sent_bytes": "%DOWNSTREAM_WIRE_BYTES_SENT%",
    "target": f"%UPSTREAM_METADATA({NAMESPACE}:address)%",
    "target_group": f"%CLUSTER_METADATA({NAMESPACE}:arn)%",
    "request_time": "%COMMON_DURATION(DS_RX_BEG:US_TX_BEG:us)%",
    "target_time": "%COMMON_DURATION(US_TX_BEG:US_RX_BEG:us)%",
    "response_time": "%COMMON_DURATION(US_RX_BEG:DS_TX_BEG:us)%",
    "tls_cipher": "%DOWNSTREAM_TLS_CIPHER%",
    "tls_version": "%DOWNSTREAM_TLS_VERSION%",
    "server_name": "%REQUESTED_SERVER_NAME%",
    "certificate_names": "%DOWNSTREAM_LOCAL_DNS_SAN%",
    "priority": f"%METADATA(ROUTE:{NAMESPACE}:priority)%",
    "action": f"%METADATA(ROUTE:{NAMESPACE}:action)%",
    # What the Lua filters note.
    "refused": f"%DYNAMIC_METADATA({NAMESPACE}:refused)%",
    "classification": f"%DYNAMIC_METADATA({NAMESPACE}:classification)%",
    "reason": f"%DYNAMIC_METADATA({NAMESPACE}:reason)%",
    "first_host": f"%DYNAMIC_METADATA({NAMESPACE}:host)%",
    "first_path": f"%DYNAMIC_METADATA({NAMESPACE}:path)%",
    "transform": f"%DYNAMIC_METADATA({NAMESPACE}:transform)%",
}


def settings(listener: Listener, balancer: LoadBalancer, file: Path) -> dict[str, Any]:
    """Envoy's `access_log` of a listener; nothing for a load balancer without one."""
    if not balancer.has_access_log:
        return {}
    scheme = "https" if listener.tls else "http"
    own = (balancer.arn, listener.arn, scheme, str(listener.port), balancer.dns_name)
    line = _SEPARATOR.join((*own, *_OPERATORS.values())) + "\n"
    return {
        "access_log": [
            {
                "name": "envoy.access_loggers.file",
                "typed_config": {
                    "@type": "type.googleapis.com/"
                    "envoy.extensions.access_loggers.file.v3.FileAccessLog",
                    "path": str(file),
                    "log_format": {"text_format_source": {"inline_string": line}},
                },
            }
        ]
    }


def route_metadata(rule: Rule) -> dict[str, str]:
    """What a route says of its rule."""
    return {"priority": str(rule.priority or 0), "action": _name(rule.action)}


def _name(action: Action) -> str:
    if isinstance(action, Forward):
        return "forward"
    return "fixed-response" if isinstance(action, FixedResponse) else "redirect"


Certificates = Mapping[str, tuple[Certificate, ...]]
"""Those of listeners, by the listener's ARN; the default one is the first."""


def entry(line: bytes, certificates: Certificates) -> AccessLogEntry | None:
    """Read a line; None for one that was not written to its end."""
    parts = line.decode("latin-1").removesuffix("\n").split(_SEPARATOR)
    if len(parts) != _OWN + len(_OPERATORS) or not line.endswith(b"\n"):
        return None
    balancer_arn, listener_arn, scheme, port, dns_name = parts[:_OWN]
    logged = dict(zip(_OPERATORS, parts[_OWN:], strict=True))

    def text(name: str) -> str | None:
        return None if logged[name] == _NONE else logged[name]

    def seconds(name: str) -> float | None:
        return None if logged[name] == _NONE else float(logged[name]) / _MICROSECONDS

    received_at = float(logged["received_at"])
    is_refused = text("refused") is not None
    status = int(logged["status"] if text("status") else 0) or _CLIENT_IS_GONE
    return AccessLogEntry(
        load_balancer_arn=balancer_arn,
        kind=_kind(scheme, status, text),
        received_at=received_at,
        answered_at=received_at + float(text("duration") or 0) / _MILLISECONDS,
        client=logged["client"],
        connection=f"{listener_arn} {logged['connection']} {logged['client']}",
        scheme=scheme,
        host=text("first_host") or text("host") or dns_name,
        port=int(port),
        method=text("method"),
        path=text("first_path") or text("path"),
        http_version={"HTTP/2": "HTTP/2.0"}.get(logged["protocol"], text("protocol")),
        user_agent=text("user_agent"),
        received_bytes=int(text("received_bytes") or 0),
        sent_bytes=int(text("sent_bytes") or 0),
        status=status,
        target=text("target"),
        target_status=status if text("target_time") else None,
        request_seconds=seconds("request_time"),
        target_seconds=seconds("target_time"),
        response_seconds=seconds("response_time"),
        target_group_arn=text("target_group"),
        tls_cipher=text("tls_cipher"),
        tls_version=text("tls_version"),
        server_name=text("server_name"),
        certificate_arn=served_certificate(
            certificates.get(listener_arn, ()), logged["certificate_names"]
        ),
        trace_id=text("trace_id"),
        rule_priority=None if is_refused or not text("priority") else int(logged["priority"]),
        action=None if is_refused else text("action"),
        redirect_url=text("location") if text("action") == "redirect" else None,
        classification=text("classification"),
        classification_reason=text("reason"),
        transformed_host=_changed(text, "host"),
        transformed_path=_changed(text, "path"),
        transform_status=text("transform"),
    )


def _kind(scheme: str, status: int, text: Callable[[str], str | None]) -> str:
    """The type of a request, as AWS names it."""
    if status == _SWITCHED and text("upgrade"):
        return {"http": "ws", "https": "wss"}[scheme]
    if text("protocol") != "HTTP/2":
        return scheme
    is_grpc = (text("content_type") or "").lower().startswith("application/grpc")
    return "grpcs" if is_grpc else "h2"


def _changed(text: Callable[[str], str | None], name: str) -> str | None:
    """What a transform has made of it; None where that is what the client sent."""
    first = text(f"first_{name}")
    return text(name) if first and first != text(name) else None
