"""gRPC, which no target group here speaks: which requests grpc.lua refuses. Pure."""

from __future__ import annotations

from typing import Any

GRPC_FILTER = "local_aws.grpc"
_CONTENT_TYPE = "application/grpc([+;].*)?"
_TYPE = "type.googleapis.com/envoy."


def only_grpc(http_filter: dict[str, Any]) -> dict[str, Any]:
    """The filter, skipped by requests that are not gRPC's by their Content-Type."""
    content_type = {
        "@type": f"{_TYPE}type.matcher.v3.HttpRequestHeaderMatchInput",
        "header_name": "content-type",
    }
    is_grpc = {
        "single_predicate": {
            "input": {"name": "content-type", "typed_config": content_type},
            "value_match": {"safe_regex": {"google_re2": {}, "regex": _CONTENT_TYPE}},
        }
    }
    skip = {"@type": f"{_TYPE}extensions.filters.common.matcher.action.v3.SkipFilter"}
    others = {
        "predicate": {"not_matcher": is_grpc},
        "on_match": {"action": {"name": "skip", "typed_config": skip}},
    }
    return {
        "name": http_filter["name"],
        "typed_config": {
            "@type": f"{_TYPE}extensions.common.matching.v3.ExtensionWithMatcher",
            "xds_matcher": {"matcher_list": {"matchers": [others]}},
            "extension_config": http_filter,
        },
    }
