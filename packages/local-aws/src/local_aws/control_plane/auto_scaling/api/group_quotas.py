"""How many things one group may have.

Source: "Quotas for Auto Scaling resources and groups" in the Amazon EC2 Auto Scaling User Guide.
The words about target groups are AWS's as users reported them, in
zalando-incubator/kube-ingress-aws-controller issue 444; LimitExceeded is in the errors of
API_PutLifecycleHook, API_PutScheduledUpdateGroupAction and API_PutScalingPolicy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

HOOKS = "lifecycle hooks"
POLICIES = "scaling policies"
SCHEDULED_ACTIONS = "scheduled actions"
_MOST: Mapping[str, int] = {HOOKS: 50, POLICIES: 50, SCHEDULED_ACTIONS: 125}

LOAD_BALANCERS = "Load Balancers"
TARGET_GROUPS = "Target Groups"
_MOST_SOURCES = 50
"""Of each type of traffic sources."""


def require_few(kind: str, names: Collection[str]) -> None:
    """Raise LimitExceeded for more of HOOKS, POLICIES or SCHEDULED_ACTIONS than a group may have.

    `names` are all that the group would have, each once.
    """
    if len(names) > _MOST[kind]:
        raise AutoscalingClientError(
            "LimitExceeded", f"An Auto Scaling group has at most {_MOST[kind]} {kind}"
        )


def require_few_sources(kind: str, names: Collection[str]) -> None:
    """Raise ValidationError for more LOAD_BALANCERS or TARGET_GROUPS than a group may have."""
    if len(set(names)) > _MOST_SOURCES:
        raise ValidationError(
            f"Too many {kind} specified for this group. The limit is {_MOST_SOURCES}"
        )
