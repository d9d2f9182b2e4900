"""AWS::Lambda::EventSourceMapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    tags_of,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi

_DEFAULTS: Mapping[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {},
    "Enabled": True,
    "FilterCriteria": {},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
}
"""The values that return when the template no longer names these properties."""
_BATCH_SIZE = {"sqs": 10}
_OTHER_BATCH_SIZE = 100


class EventSourceMapping(ResourceByApi):
    """moto changes none in place.

    AWS: "AWS::Lambda::EventSourceMapping" in the CloudFormation Template Reference: Ref is its
    UUID; what it reads, and from where, needs a replacement.
    """

    changing_properties = frozenset({*_DEFAULTS, "BatchSize", "FunctionName"})

    def create(self, place: Place, properties: Properties) -> str:
        tags = {"Tags": tags_of(properties)} if "Tags" in properties else {}
        made = Api(place, "lambda").create_event_source_mapping(**{**properties, **tags})
        return str(made["UUID"])

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        service = str(new.get("EventSourceArn", "")).split(":")[2:3]
        batch_size = _BATCH_SIZE.get("".join(service), _OTHER_BATCH_SIZE)
        wanted = {**_DEFAULTS, "BatchSize": batch_size, **new}
        changed = {
            name: wanted[name]
            for name in self.changing_properties
            if old.get(name) != new.get(name)
        }
        Api(place, "lambda").update_event_source_mapping(UUID=model, **changed)
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "lambda").delete_event_source_mapping(UUID=model)

    def attribute(self, model: Any, name: str) -> Any:
        return model if name == "Id" else super().attribute(model, name)
