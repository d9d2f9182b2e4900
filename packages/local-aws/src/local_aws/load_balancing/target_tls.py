"""TLS to targets: what a cluster of Envoy's speaks to them, and to their health checks: pure.

Sources: "Routing configuration" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
(a target's certificate is not validated) and "Security policies": TLS 1.3 is spoken to targets
where a listener's policy has it. Here it always is.
"""

from __future__ import annotations

from typing import Any

from local_aws.contract.desired_state import TargetGroup

_CHECK = {"check": True}
_SOCKETS = "type.googleapis.com/envoy.extensions.transport_sockets."
_PLAIN = {
    "name": "envoy.transport_sockets.raw_buffer",
    "typed_config": {"@type": f"{_SOCKETS}raw_buffer.v3.RawBuffer"},
}
_TLS = {
    "name": "envoy.transport_sockets.tls",
    "typed_config": {
        "@type": f"{_SOCKETS}tls.v3.UpstreamTlsContext",
        "common_tls_context": {
            "tls_params": {
                "tls_minimum_protocol_version": "TLSv1_0",
                "tls_maximum_protocol_version": "TLSv1_3",
            }
        },
    },
}


def sockets(group: TargetGroup) -> dict[str, Any]:
    """What a cluster has: no member where all of it is plain HTTP.

    Health checks name the socket that is theirs by `check_criteria`; requests match none of these.
    """
    if not _uses_tls(group):
        return {}
    checked_by = _TLS if group.health_check.protocol == "HTTPS" else _PLAIN
    return {
        "transport_socket": _TLS if group.protocol == "HTTPS" else _PLAIN,
        "transport_socket_matches": [
            {"name": "check", "match": _CHECK, "transport_socket": checked_by}
        ],
    }


def check_criteria(group: TargetGroup) -> dict[str, Any]:
    """What a health check has, to go by the socket that is its own."""
    return {"transport_socket_match_criteria": _CHECK} if _uses_tls(group) else {}


def _uses_tls(group: TargetGroup) -> bool:
    return "HTTPS" in (group.protocol, group.health_check.protocol)
