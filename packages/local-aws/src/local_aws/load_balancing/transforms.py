"""A rule's transforms as settings of Envoy's filters: pure.

Envoy writes what the rewrites make of the URL and the host beside the request, where transforms.lua
takes it from: after the route is chosen, which a rewrite does not change. AWS matches the whole
URL, with its query, as users found.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html
"""

from __future__ import annotations

from typing import Any

from local_aws.contract.desired_state import Rewrite, Rule
from local_aws.load_balancing.regular_expressions import before_port, substitution

REWRITE_FILTER = "envoy.filters.http.header_to_metadata"
TRANSFORMS_FILTER = "local_aws.transforms"
_TYPE = "type.googleapis.com/envoy.extensions.filters.http."


def filter_settings(rule: Rule) -> dict[str, Any]:
    """By filter; none for a rule without transforms."""
    rewrites: dict[str, Rewrite] = {}
    if rule.url_rewrite:
        rewrites[":path"] = rule.url_rewrite
    if rule.host_rewrite:
        expression = before_port(rule.host_rewrite.expression)
        rewrites[":authority"] = Rewrite(expression, rule.host_rewrite.replacement)
    if not rewrites:
        return {}
    return {
        REWRITE_FILTER: {
            "@type": f"{_TYPE}header_to_metadata.v3.Config",
            "request_rules": [_rule(header, rewrite) for header, rewrite in rewrites.items()],
        },
        TRANSFORMS_FILTER: {
            "@type": f"{_TYPE}lua.v3.LuaPerRoute",
            "filter_context": {"headers": list(rewrites)},
        },
    }


def _rule(header: str, rewrite: Rewrite) -> dict[str, Any]:
    return {
        "header": header,
        "on_header_present": {
            "metadata_namespace": TRANSFORMS_FILTER,
            "key": header,
            "type": "STRING",
            "regex_value_rewrite": {
                "pattern": {"regex": rewrite.expression},
                "substitution": substitution(rewrite.expression, rewrite.replacement),
            },
        },
    }
