"""How a target is chosen for a request, as Envoy's load balancing policies: pure.

Source: "Routing algorithm" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
"""

from __future__ import annotations

from typing import Any

from local_aws.contract.desired_state import TargetGroup

_TYPE = "type.googleapis.com/envoy.extensions.load_balancing_policies."
_POLICIES = {
    # Of all targets, where Envoy would compare two that it draws.
    "least_outstanding_requests": {
        "name": "envoy.load_balancing_policies.least_request",
        "typed_config": {
            "@type": f"{_TYPE}least_request.v3.LeastRequest",
            "selection_method": "FULL_SCAN",
        },
    },
    # Weights are equal without anomaly mitigation.
    "weighted_random": {
        "name": "envoy.load_balancing_policies.random",
        "typed_config": {"@type": f"{_TYPE}random.v3.Random"},
    },
}


def policy(group: TargetGroup) -> dict[str, Any]:
    """What a cluster has besides its round robin, with slow start where the group has that."""
    if group.algorithm in _POLICIES:
        chosen = {"typed_extension_config": _POLICIES[group.algorithm]}
        return {"load_balancing_policy": {"policies": [chosen]}}
    if group.slow_start_seconds:
        window = {"slow_start_window": f"{group.slow_start_seconds}s"}
        return {"round_robin_lb_config": {"slow_start_config": window}}
    return {}
