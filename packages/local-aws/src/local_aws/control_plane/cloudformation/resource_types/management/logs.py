"""CloudWatch Logs: log groups, their streams and filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import (
    Fields,
    TypeWithFields,
)


class LogGroup(TypeWithFields):
    """moto replaces the group for every change, which would lose the logs.

    AWS: "AWS::Logs::LogGroup" in the CloudFormation Template Reference.
    """

    fields: ClassVar[Fields] = {
        "KmsKeyId": ("kms_key_id", None),
        "RetentionInDays": ("retention_in_days", None),
    }

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("LogGroupName") or generated_name(self.name, place)
        model = backends.logs(place).create_log_group(name, {})
        with self.deleted_on_failure(place, model, {}):
            return self.update(place, model, {}, properties)

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        logs = backends.logs(place)
        logs.untag_resource(model.arn, list(removed))
        logs.tag_resource(model.arn, dict(tags))


class LogStream(ResourceByApi):
    """AWS: "AWS::Logs::LogStream" in the CloudFormation Template Reference."""

    changing_properties = frozenset()

    def create(self, place: Place, properties: Properties) -> str:
        name = properties.get("LogStreamName") or generated_name(self.name, place)
        Api(place, "logs").create_log_stream(
            logGroupName=properties["LogGroupName"], logStreamName=name
        )
        return str(name)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        Api(place, "logs").delete_log_stream(
            logGroupName=properties["LogGroupName"], logStreamName=model
        )


class MetricFilter(ResourceByApi):
    """AWS: "AWS::Logs::MetricFilter" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"FilterPattern", "MetricTransformations"})

    def create(self, place: Place, properties: Properties) -> str:
        name = properties.get("FilterName") or generated_name(self.name, place)
        return self._put(place, name, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        self.delete(place, model, old)  # moto would keep both
        return self._put(place, model, new)

    def _put(self, place: Place, model: Any, new: Properties) -> str:
        Api(place, "logs").put_metric_filter(
            logGroupName=new["LogGroupName"],
            filterName=model,
            filterPattern=new["FilterPattern"],
            metricTransformations=[_transformation(each) for each in new["MetricTransformations"]],
        )
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        Api(place, "logs").delete_metric_filter(
            logGroupName=properties["LogGroupName"], filterName=model
        )


class SubscriptionFilter(ResourceByApi):
    """AWS: "AWS::Logs::SubscriptionFilter" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"DestinationArn", "FilterPattern", "RoleArn"})

    def create(self, place: Place, properties: Properties) -> str:
        name = properties.get("FilterName") or generated_name(self.name, place)
        return self.update(place, name, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        role = {"roleArn": new["RoleArn"]} if "RoleArn" in new else {}
        Api(place, "logs").put_subscription_filter(
            logGroupName=new["LogGroupName"],
            filterName=model,
            filterPattern=new["FilterPattern"],
            destinationArn=new["DestinationArn"],
            **role,
        )
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        Api(place, "logs").delete_subscription_filter(
            logGroupName=properties["LogGroupName"], filterName=model
        )


def _transformation(shape: Mapping[str, Any]) -> dict[str, Any]:
    """In the API members begin with a small letter, and dimensions are a mapping."""
    answer = {name[0].lower() + name[1:]: value for name, value in shape.items()}
    if "dimensions" in answer:
        answer["dimensions"] = {each["Key"]: each["Value"] for each in answer["dimensions"]}
    return answer
