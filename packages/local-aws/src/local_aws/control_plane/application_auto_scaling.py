"""Application Auto Scaling: what belongs to a policy or a target goes with it.

moto makes new alarms, and another ARN, whenever a policy is put again, and keeps the policies of a
target that is deregistered.
Source: API_DeregisterScalableTarget: it deletes the scaling policies and scheduled actions of the
target; API_PutScalingPolicy: a policy of the same name is updated.
"""

from __future__ import annotations

from typing import Any

from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
    FakeApplicationAutoscalingPolicy,
)

from local_aws.control_plane import moto_seams

_moto_put = ApplicationAutoscalingBackend.put_scaling_policy
_moto_deregister = ApplicationAutoscalingBackend.deregister_scalable_target


def install() -> None:
    moto_seams.replace(
        ApplicationAutoscalingBackend,
        put_scaling_policy=_put,
        deregister_scalable_target=_deregister,
    )


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
