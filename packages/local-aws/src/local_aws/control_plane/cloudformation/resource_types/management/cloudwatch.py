"""AWS::CloudWatch::Alarm; moto lacks the type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
    tags_of,
)
from local_aws.control_plane.cloudwatch.api import alarm_request
from local_aws.control_plane.cloudwatch.api.alarms import put_alarm


class Alarm(ResourceType):
    """AWS: "AWS::CloudWatch::Alarm" in the CloudFormation Template Reference: only the name needs
    a replacement, and a changed alarm keeps its state."""

    attributes: ClassVar[Mapping[str, str]] = {"Arn": "alarm_arn"}

    def require_emulated(self, properties: Properties) -> None:
        alarm_request.require_emulated(properties)

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("AlarmName") or generated_name(self.name, place)
        return put_alarm(backends.cloudwatch(place), {**properties, "AlarmName": name})

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        backend = backends.cloudwatch(place)
        alarm = put_alarm(backend, {**new, "AlarmName": model.name})
        removed = tags_of(old).keys() - tags_of(new).keys()
        backend.tagger.untag_resource_using_names(alarm.alarm_arn, list(removed))
        backend.tag_resource(alarm.alarm_arn, tags_of(new))
        return alarm

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.cloudwatch(place).delete_alarms([model.name])

    def physical_id(self, model: Any) -> str:
        return str(model.name)
