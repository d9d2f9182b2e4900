"""The case of header names, on their way through: as they are sent, in both directions.

Source: "HTTP headers" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html:
only HTTP/2 makes names lowercase, and the load balancer's own names are in mixed case.
"""

from __future__ import annotations

from typing import Any

_TYPE = "type.googleapis.com/envoy.extensions.http.header_formatters.preserve_case.v3."

HEADER_CASE: dict[str, Any] = {
    "header_key_format": {
        "stateful_formatter": {
            "name": "preserve_case",
            "typed_config": {
                "@type": f"{_TYPE}PreserveCaseFormatterConfig",
                "formatter_type_on_envoy_headers": "PROPER_CASE",
            },
        }
    }
}
"""Of the HTTP/1.1 options of a listener, and of a cluster."""
