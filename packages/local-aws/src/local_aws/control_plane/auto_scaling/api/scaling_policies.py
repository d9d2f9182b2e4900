"""The calls about scaling policies: moto keeps them, and carries out simple ones.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html,
API_DescribePolicies, API_ExecutePolicy and API_DeletePolicy.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api import group_quotas
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.auto_scaling.group import cooldown
from local_aws.control_plane.auto_scaling.scaling import (
    adjustments,
    execution,
    policies,
    target_tracking,
)
from local_aws.control_plane.auto_scaling.scaling.policies import Policy

_SIMPLE, _STEP, _TRACKING = "SimpleScaling", "StepScaling", "TargetTrackingScaling"

_AGGREGATIONS = ("Minimum", "Maximum", "Average")
_ONLY_OF: Mapping[str, tuple[str, ...]] = {
    "Cooldown": (_SIMPLE,),
    "EstimatedInstanceWarmup": (_STEP, _TRACKING),
    "MetricAggregationType": (_STEP,),
    "ScalingAdjustment": (_SIMPLE,),
    "StepAdjustments": (_STEP,),
    "TargetTrackingConfiguration": (_TRACKING,),
}


def install() -> None:
    moto_seams.replace(
        AutoScalingResponse,
        put_scaling_policy=_answer_put,
        describe_policies=_describe,
        delete_policy=_answer_delete,
        execute_policy=_answer_execute,
    )


def put_policy(backend: AutoScalingBackend, request: Mapping[str, Any]) -> Policy:
    """Create or change a policy; `request` has the members of PutScalingPolicy.

    Raises ValidationError or LimitExceeded before anything is changed.
    """
    group = require_group(backend, request["AutoScalingGroupName"])
    require_emulated(request)
    kind = request.get("PolicyType") or _SIMPLE
    _require_members_of(kind, request)
    what = _checked(backend, group, kind, request)
    name = request["PolicyName"]
    present = {policy.name for policy in policies.of_group(backend, group)}
    group_quotas.require_few(group_quotas.POLICIES, {*present, name})
    before = policies.find(backend, name, group.name)
    number = _number_or_none
    policy: Policy = FakeScalingPolicy(
        name,
        kind,
        request.get("MetricAggregationType") or ("Average" if kind == _STEP else None),  # type: ignore[arg-type] # only steps have one
        adjustment_type=request.get("AdjustmentType"),  # type: ignore[arg-type] # tracking has none
        as_name=group.name,
        min_adjustment_magnitude=_least_adjustment(request),  # type: ignore[arg-type] # moto: text
        scaling_adjustment=number(request, "ScalingAdjustment"),
        cooldown=number(request, "Cooldown"),
        target_tracking_config=_tracking(request),
        step_adjustments=[dict(each) for each in request.get("StepAdjustments") or []],  # type: ignore[arg-type] # moto: text
        estimated_instance_warmup=number(request, "EstimatedInstanceWarmup"),  # type: ignore[arg-type] # moto: text
        predictive_scaling_configuration=None,  # type: ignore[arg-type] # refused
        autoscaling_backend=backend,
    )
    if "Cooldown" not in request:
        policy.cooldown = None  # the group's own
    policy.enabled = request.get("Enabled", True)
    if before is not None and not what:
        target_tracking.delete_alarms(backend, before)
    backend.policies[policies.key(group.name, name)] = policy
    if what:
        target = float(request["TargetTrackingConfiguration"]["TargetValue"])
        target_tracking.put_alarms(backend, policy, what, target)
    return policy


def require_emulated(request: Mapping[str, Any]) -> None:
    """Raise ValidationError for what is not emulated."""
    if request.get("PolicyType") == "PredictiveScaling":
        raise ValidationError("Predictive scaling is not emulated by the local AWS")
    tracking = request.get("TargetTrackingConfiguration") or {}
    if (tracking.get("CustomizedMetricSpecification") or {}).get("Metrics"):
        raise ValidationError("Metric math of scaling policies is not emulated by the local AWS")


def _checked(
    backend: AutoScalingBackend,
    group: FakeAutoScalingGroup,
    kind: str,
    request: Mapping[str, Any],
) -> dict[str, Any] | None:
    """What the policy's own alarms will watch; None for a policy without any."""
    if kind == _TRACKING:
        configuration = request.get("TargetTrackingConfiguration")
        if not configuration:
            raise ValidationError(f"TargetTrackingConfiguration is required for policy type {kind}")
        return target_tracking.watched(backend, group, configuration)
    if kind not in (_SIMPLE, _STEP):
        raise ValidationError(
            f"PolicyType {kind} is invalid: it must be one of {_SIMPLE}, {_STEP}, {_TRACKING}, "
            "PredictiveScaling"
        )
    _require_adjustment(kind, request)
    if kind == _SIMPLE:
        return None
    steps = [adjustments.Step.of(each) for each in request.get("StepAdjustments") or []]
    problem = adjustments.problem(steps)
    if problem:
        raise ValidationError(problem)
    return None


def _require_members_of(kind: str, request: Mapping[str, Any]) -> None:
    """AWS: each is valid for these types only."""
    for name, kinds in _ONLY_OF.items():
        if request.get(name) not in (None, "", []) and kind not in kinds:
            raise ValidationError(f"{name} cannot be specified for policy type {kind}")


def _require_adjustment(kind: str, request: Mapping[str, Any]) -> None:
    """What a simple and a step policy do to the capacity."""
    adjustment_type = request.get("AdjustmentType")
    if adjustment_type not in adjustments.ADJUSTMENT_TYPES:
        raise ValidationError(
            f"AdjustmentType {adjustment_type} is invalid: it must be one of "
            f"{', '.join(adjustments.ADJUSTMENT_TYPES)}"
        )
    if kind == _SIMPLE and request.get("ScalingAdjustment") is None:
        raise ValidationError(f"ScalingAdjustment is required for policy type {kind}")
    steps = request.get("StepAdjustments") or []
    sizes = [each.get("ScalingAdjustment") for each in (request, *steps)]
    if adjustment_type == "ExactCapacity" and any(int(size or 0) < 0 for size in sizes):
        raise ValidationError("ScalingAdjustment must not be negative for ExactCapacity")
    if adjustment_type != "PercentChangeInCapacity" and _least_adjustment(request):
        raise ValidationError(
            "MinAdjustmentMagnitude is not supported by the specified adjustment type"
        )
    aggregation = request.get("MetricAggregationType")
    if aggregation not in (None, "", *_AGGREGATIONS):
        raise ValidationError(
            f"MetricAggregationType {aggregation} is invalid: it must be one of "
            f"{', '.join(_AGGREGATIONS)}"
        )


def _number_or_none(request: Mapping[str, Any], name: str) -> int | None:
    return None if request.get(name) in (None, "") else int(request[name])


def _least_adjustment(request: Mapping[str, Any]) -> int | None:
    """MinAdjustmentStep is its former name."""
    given = _number_or_none(request, "MinAdjustmentMagnitude")
    return _number_or_none(request, "MinAdjustmentStep") if given is None else given


def _tracking(request: Mapping[str, Any]) -> dict[str, Any]:
    """A copy, since moto writes into what it is given; AWS always shows DisableScaleIn."""
    given = copy.deepcopy(dict(request.get("TargetTrackingConfiguration") or {}))
    return {"DisableScaleIn": False, **given}


def _answer_put(self: AutoScalingResponse) -> ActionResult:
    backend = self.autoscaling_backend
    policy = put_policy(backend, self._get_params())
    return ActionResult({"PolicyARN": policy.arn, "Alarms": _alarms(backend, policy)})


def _describe(self: AutoScalingResponse) -> ActionResult:
    """Policies of one group or of all, named by their names or ARNs; with their alarms."""
    backend = self.autoscaling_backend
    name, kinds = self._get_param("AutoScalingGroupName"), self._get_param("PolicyTypes", [])
    wanted = self._get_param("PolicyNames", [])
    found: list[Policy] = [
        policy
        for policy in backend.policies.values()
        if name in (None, policy.auto_scaling_group_name)
        and (not wanted or policy.name in wanted or policy.arn in wanted)
        and (not kinds or policy.policy_type in kinds)
    ]
    for policy in found:
        policy.alarms = _alarms(backend, policy)
    return ActionResult({"ScalingPolicies": found})


def _alarms(backend: AutoScalingBackend, policy: Policy) -> list[dict[str, str]]:
    return [
        {"AlarmName": alarm.name, "AlarmARN": alarm.alarm_arn}
        for alarm in policies.alarms_of(backend, policy)
    ]


def _required(self: AutoScalingResponse) -> Policy:
    name, group = self._get_param("PolicyName"), self._get_param("AutoScalingGroupName")
    if group:
        require_group(self.autoscaling_backend, group)
    policy = policies.find(self.autoscaling_backend, name, group)
    if policy is None:
        raise ValidationError(f"No policy found with name {name}")
    return policy


def _answer_delete(self: AutoScalingResponse) -> ActionResult:
    target_tracking.delete_policy(self.autoscaling_backend, _required(self))
    return EmptyResult()


def _answer_execute(self: AutoScalingResponse) -> ActionResult:
    policy = _required(self)
    group = require_group(self.autoscaling_backend, policy.auto_scaling_group_name)
    if self._get_bool_param("HonorCooldown", False):
        if policy.policy_type != _SIMPLE:
            raise ValidationError("HonorCooldown is not supported for this policy type")
        cooldown.require_none(group)
    value, threshold = self._get_param("MetricValue"), self._get_param("BreachThreshold")
    execution.execute(
        group,
        policy,
        None if value is None else float(value),
        None if threshold is None else float(threshold),
    )
    return EmptyResult()
