"""Application Auto Scaling: what belongs to a policy or a target goes with it.

moto makes new alarms, and another ARN, whenever a policy is put again, and keeps the policies of a
target that is deregistered; its pages of targets have no end.
Source: API_DeregisterScalableTarget: it deletes the scaling policies and scheduled actions of the
target; API_PutScalingPolicy: a policy of the same name is updated; MaxResults of
API_DescribeScalableTargets: "between 1 and 50".
"""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
    FakeApplicationAutoscalingPolicy,
    FakeScalableTarget,
)
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse, _build_target

from local_aws.control_plane import moto_seams, pages
from local_aws.control_plane.pages import Size

_SIZES = {"DescribeScalableTargets": Size(usual=50, most=50)}

_PARTS_OF_A_SERVICE = 3  # service/CLUSTER/NAME

_moto_register = ApplicationAutoscalingBackend.register_scalable_target
_moto_put = ApplicationAutoscalingBackend.put_scaling_policy
_moto_deregister = ApplicationAutoscalingBackend.deregister_scalable_target


def install() -> None:
    moto_seams.replace(
        ApplicationAutoscalingBackend,
        register_scalable_target=_register,
        put_scaling_policy=_put,
        deregister_scalable_target=_deregister,
    )
    moto_seams.replace(ApplicationAutoScalingResponse, describe_scalable_targets=_targets)
    pages.install("application-autoscaling", ApplicationAutoScalingResponse, _SIZES)


def _targets(self: ApplicationAutoScalingResponse) -> str:
    self._validate_params()
    found = self.applicationautoscaling_backend.describe_scalable_targets(
        self._get_param("ServiceNamespace"),
        self._get_param("ResourceIds"),
        self._get_param("ScalableDimension"),
    )
    return json.dumps({"ScalableTargets": [_build_target(each) for each in found]})


def _register(
    self: ApplicationAutoscalingBackend, namespace: str, r_id: str, dimension: str, **settings: Any
) -> FakeScalableTarget:
    """Source: API_RegisterScalableTarget, ResourceId: an ECS service is named with its cluster."""
    if namespace == "ecs" and len(r_id.split("/")) != _PARTS_OF_A_SERVICE:
        raise AWSValidationException(f"ECS service doesn't exist: {r_id}")
    target: FakeScalableTarget = _moto_register(self, namespace, r_id, dimension, **settings)
    return target


def _put(self: ApplicationAutoscalingBackend, **request: Any) -> FakeApplicationAutoscalingPolicy:
    named = ("service_namespace", "resource_id", "scalable_dimension", "policy_name")
    key = FakeApplicationAutoscalingPolicy.formulate_key(*(request[name] for name in named))
    former = self.policies.get(key)
    policy = _moto_put(self, **request)
    if former:
        policy.policy_arn = former.policy_arn
    if former and former.alarms:
        policy.delete_alarms(self.account_id, self.region_name)
        policy.alarms = former.alarms
    return policy


def _deregister(
    self: ApplicationAutoscalingBackend, namespace: str, r_id: str, dimension: str
) -> None:
    _moto_deregister(self, namespace, r_id, dimension)
    target = (namespace, r_id, dimension)
    for policy in list(self.policies.values()):
        if target == (policy.service_namespace, policy.resource_id, policy.scalable_dimension):
            self.delete_scaling_policy(policy.policy_name, *target)
    self.scheduled_actions = [
        action
        for action in self.scheduled_actions
        if target != (action.service_namespace, action.resource_id, action.scalable_dimension)
    ]
