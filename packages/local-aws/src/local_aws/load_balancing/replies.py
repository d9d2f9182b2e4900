"""What the load balancer answers itself when a target or a request fails, in ALB's words.

Codes and causes: "Troubleshoot your Application Load Balancers" in its guide.
"""

from __future__ import annotations

from typing import Any

SERVER = "awselb/2.0"
_TITLES = {
    400: "400 Bad Request",
    408: "408 Request Time-out",
    501: "501 Not Implemented",
    502: "502 Bad Gateway",
    503: "503 Service Temporarily Unavailable",
    504: "504 Gateway Time-out",
}


def _page(filter_: dict[str, Any], status: int) -> dict[str, Any]:
    title = _TITLES[status]
    return {
        "filter": filter_,
        "status_code": status,
        "headers_to_add": [
            {
                "header": {"key": "server", "value": SERVER},
                "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
            }
        ],
        "body_format_override": {
            "text_format_source": {
                "inline_string": (
                    f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
                    f"<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
                )
            },
            "content_type": "text/html",
        },
    }


def _flags(*flags: str) -> dict[str, Any]:
    """Response flags of Envoy's access log."""
    return {"response_flag_filter": {"flags": list(flags)}}


def _status(status: int) -> dict[str, Any]:
    value = {"default_value": status, "runtime_key": f"reply.{status}"}
    return {"status_code_filter": {"comparison": {"op": "EQ", "value": value}}}


def _connection_timed_out() -> dict[str, Any]:
    return {
        "extension_filter": {
            "name": "envoy.access_loggers.extension_filters.cel",
            "typed_config": {
                "@type": "type.googleapis.com/"
                "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
                "expression": 'response.code_details.contains("connection_timeout")',
            },
        }
    }


LOCAL_REPLIES = {
    "mappers": [
        # The first that fits decides: a connection that took too long is a failed one to Envoy.
        _page(_connection_timed_out(), 504),
        # Refused or failed; closed or reset before the answer; not HTTP.
        _page(_flags("UF", "UC", "UR", "UPE"), 502),
        # No bytes within the idle timeout: the target's fault, or (408) the client's.
        _page(_flags("UT"), 504),
        _page(_status(504), 504),
        _page(_status(408), 408),
        # No registered target, no target group any more, too much at once.
        _page(_flags("UH", "NC", "NR", "UO"), 503),
        # More than 64 KiB of headers; not HTTP at all.
        _page(_status(431), 400),
        _page(_status(400), 400),
        _page(_status(501), 501),  # a Transfer-Encoding that is not supported
    ]
}
