"""EnableMetricsCollection and DisableMetricsCollection: which of a group's metrics are measured.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html
"""

from __future__ import annotations

from collections.abc import Sequence

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.groups import requested_group, require_group
from local_aws.control_plane.auto_scaling.scaling.group_metrics import METRICS

_OF_WARM_POOLS = (
    "GroupAndWarmPoolDesiredCapacity",
    "GroupAndWarmPoolTotalCapacity",
    "WarmPoolDesiredCapacity",
    "WarmPoolMinSize",
    "WarmPoolPendingCapacity",
    "WarmPoolTerminatingCapacity",
    "WarmPoolTotalCapacity",
    "WarmPoolWarmedCapacity",
)
"""They may be enabled; no group has a warm pool, and so none has data."""
ALL = (*METRICS, *_OF_WARM_POOLS)
GRANULARITY = "1Minute"


def install() -> None:
    moto_seams.replace(AutoScalingBackend, enable_metrics_collection=_enable)
    moto_seams.replace(AutoScalingResponse, enable_metrics_collection=_answer_enable)
    moto_seams.add(AutoScalingResponse, disable_metrics_collection=_answer_disable)


def enable(group: FakeAutoScalingGroup, metrics: Sequence[str], granularity: str) -> None:
    """Measure these as well, or all when none are named. Raises ValidationError."""
    if granularity != GRANULARITY:
        raise ValidationError(f"Granularity {granularity} is invalid: it must be {GRANULARITY}")
    _require_known(metrics)
    wanted = {*group.metrics, *(metrics or ALL)}
    group.metrics = [each for each in ALL if each in wanted]


def disable(group: FakeAutoScalingGroup, metrics: Sequence[str]) -> None:
    """Measure these no more, or none when none are named. Raises ValidationError."""
    _require_known(metrics)
    group.metrics = [each for each in group.metrics if metrics and each not in metrics]


def _require_known(metrics: Sequence[str]) -> None:
    for name in metrics:
        if name not in ALL:
            raise ValidationError(f"Invalid metric {name}")


def _enable(self: AutoScalingBackend, group_name: str, metrics: list[str]) -> None:
    enable(require_group(self, group_name), metrics or [], GRANULARITY)


def _answer_enable(self: AutoScalingResponse) -> ActionResult:
    group = requested_group(self)
    enable(group, self._get_param("Metrics", []), self._get_param("Granularity") or "")
    return EmptyResult()


def _answer_disable(self: AutoScalingResponse) -> ActionResult:
    """moto lacks it."""
    group = requested_group(self)
    disable(group, self._get_param("Metrics", []))
    return EmptyResult()
