"""Calls that detect drift, and that show what was found."""

from __future__ import annotations

from moto.cloudformation.exceptions import ValidationError
from moto.core.responses import ActionResult

from local_aws.control_plane.cloudformation.api.describing import DescribingCalls
from local_aws.control_plane.cloudformation.drift import answers, detection
from local_aws.control_plane.cloudformation.drift.records import Detection
from local_aws.control_plane.cloudformation.stack import STACKS, Stack

_CHECKABLE = frozenset(
    {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"}
)
"""Source: "Considerations when detecting drift" in the CloudFormation User Guide."""


class DriftCalls(DescribingCalls):
    """A detection is over when its call answers; AWS takes up to some minutes."""

    def detect_stack_drift(self) -> ActionResult:
        stack = self._checkable_stack()
        named = self._get_param("LogicalResourceIds")
        resources = map(self._resource, named) if named else stack.resources.values()
        found = detection.detect(stack, list(resources))
        return ActionResult({"StackDriftDetectionId": found.detection_id})

    def detect_stack_resource_drift(self) -> ActionResult:
        stack = self._checkable_stack()
        resource = self._resource(self._get_param("LogicalResourceId"))
        if not detection.supports(resource):
            raise ValidationError(
                message=f"Drift detection is not supported for the resource type "
                f"{resource.type_name}"
            )
        found = detection.detect_one(stack, resource)
        return ActionResult({"StackResourceDrift": answers.resource_drift(stack.stack_id, found)})

    def describe_stack_drift_detection_status(self) -> ActionResult:
        stack, found = self._detection(self._get_param("StackDriftDetectionId"))
        return ActionResult(answers.detection(stack.stack_id, found))

    def describe_stack_resource_drifts(self) -> ActionResult:
        stack = self._stack()
        wanted = self._get_param("StackResourceDriftStatusFilters", [])
        drifts = stack.drift.resources.values() if stack.drift else ()
        found = [each for each in drifts if not wanted or each.status in wanted]
        page, token = self._page(
            found, lambda each: each.logical_id, size=self._get_int_param("MaxResults")
        )
        return ActionResult(
            {
                "StackResourceDrifts": [answers.resource_drift(stack.stack_id, d) for d in page],
                "NextToken": token,
            }
        )

    def _checkable_stack(self) -> Stack:
        stack = self._stack()
        if stack.status not in _CHECKABLE:
            raise ValidationError(
                message=f"Stack:{stack.stack_id} is in {stack.status} state and drift cannot be "
                "detected on it."
            )
        return stack

    def _detection(self, detection_id: str) -> tuple[Stack, Detection]:
        for stack in STACKS.in_region(self.current_account, self.region):
            for each in stack.drift.detections if stack.drift else ():
                if each.detection_id == detection_id:
                    return stack, each
        raise ValidationError(message=f"Drift detection {detection_id} does not exist")
