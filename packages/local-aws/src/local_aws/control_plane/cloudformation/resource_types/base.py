"""How CloudFormation handles one type of resource; by default as moto does."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from moto.cloudformation.exceptions import UnsupportedAttribute
from moto.cloudformation.parsing import generate_resource_name, resource_class_from_type
from moto.core.common_models import CloudFormationModel

from local_aws.control_plane.cloudformation.signals import SignalStatus

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Which resource of which stack; `tags` are those that the user gave to the stack."""

    account_id: str
    region: str
    stack_id: str
    stack_name: str
    logical_id: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_tags(self) -> dict[str, str]:
        """With CloudFormation's own, which EC2 and Auto Scaling resources show."""
        return {
            **self.tags,
            "aws:cloudformation:stack-name": self.stack_name,
            "aws:cloudformation:stack-id": self.stack_id,
            "aws:cloudformation:logical-id": self.logical_id,
        }


@dataclass(frozen=True)
class UpdateInPlace:
    """A resource that was changed in place, and what an UpdatePolicy needs.

    `wait_for_signals(unique_ids, timeout_seconds)` returns what came, by unique id, once all of
    them have signalled, the time is over, or `cancelled` is set. `note(reason)` adds an event.
    """

    place: Place
    physical_id: str
    changed: frozenset[str]
    policy: Mapping[str, Any]
    wait_for_signals: Callable[[Sequence[str], float], Mapping[str, SignalStatus]]
    cancelled: threading.Event
    note: Callable[[str], None]


class ResourceFailedError(Exception):
    """A resource cannot be created, updated or deleted; the text is the status reason."""


class ResourceType:
    """A type of resource. Subclasses correct what moto's model does not do as AWS does.

    `properties` are evaluated: no function is left in them. Methods run under the lock, except
    `prepare` and `follow_update_policy`. They raise whatever the service's API raises; the message
    becomes the resource's status reason.
    """

    replacing_properties: ClassVar[frozenset[str]] = frozenset()
    """Properties of which AWS says "Update requires: Replacement"."""

    def __init__(self, type_name: str) -> None:
        self.name = type_name

    def prepare(self, properties: Properties) -> None:
        """Do, before `create` and without the lock, what takes long."""

    def create(self, place: Place, properties: Properties) -> Any:
        """Create it and return moto's object."""
        return self._model().create_from_cloudformation_json(
            self._name_for(place, properties),
            self._definition(properties),
            place.account_id,
            place.region,
            LogicalId=place.logical_id,
            StackId=place.stack_id,
            ResourceType=self.name,
        )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002 - subclasses compare
        """Change it in place and return moto's object."""
        return self._model().update_from_cloudformation_json(
            original_resource=model,
            new_resource_name=self._name_for(place, new),
            cloudformation_json=self._definition(new),
            account_id=place.account_id,
            region_name=place.region,
        )

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """Delete it."""
        own_delete = getattr(model, "delete", None)
        if own_delete:
            try:
                own_delete(place.account_id, place.region)
            except TypeError:  # a `delete` that is no CloudFormation hook
                pass
            else:
                return
        hook = self._model().delete_from_cloudformation_json
        if hasattr(hook, "__isabstractmethod__"):
            raise ResourceFailedError(f"The local AWS does not delete {self.name} in a stack.")
        hook(self.physical_id(model), self._definition(properties), place.account_id, place.region)

    def physical_id(self, model: Any) -> str:
        """What Ref returns."""
        return str(model.physical_resource_id)

    def attribute(self, model: Any, name: str) -> Any:
        """What Fn::GetAtt returns."""
        try:
            return model.get_cfn_attribute(name)
        except Exception as error:
            short_name = self.name.rpartition("::")[2]
            raise UnsupportedAttribute(resource=short_name, attr=name) from error

    def needs_replacement(self, changed: frozenset[str]) -> bool:
        """Whether a change of these properties makes a new resource."""
        return not self._updates_in_place() or bool(changed & self.replacing_properties)

    def replaces_by_policy(
        self,
        changed: frozenset[str],  # noqa: ARG002 - subclasses look
        update_policy: Mapping[str, Any],  # noqa: ARG002
    ) -> bool:
        """Whether its UpdatePolicy makes a new resource of a change that needs none."""
        return False

    def follow_update_policy(self, update: UpdateInPlace) -> None:
        """Carry out its UpdatePolicy after a change in place; runs without the lock."""

    def percent_of_signals(self, creation_policy: Mapping[str, Any]) -> int:  # noqa: ARG002 - subclasses look
        """How many per cent of a CreationPolicy's signals must be successes."""
        return 100

    def attributes_changed_by(self, changed: frozenset[str]) -> frozenset[str]:  # noqa: ARG002 - subclasses look
        """Attributes that get a new value when these properties change in place."""
        return frozenset()

    def _updates_in_place(self) -> bool:
        overridden = type(self).update is not ResourceType.update
        hook = self._model().update_from_cloudformation_json
        return overridden or not hasattr(hook, "__isabstractmethod__")

    def _model(self) -> type[CloudFormationModel]:
        model = resource_class_from_type(self.name)
        if model is None:
            raise ResourceFailedError(f"The local AWS does not emulate {self.name} in a stack.")
        return model

    def _definition(self, properties: Properties) -> dict[str, Any]:
        # moto's models write into what they are given.
        return {"Type": self.name, "Properties": copy.deepcopy(dict(properties))}

    def _name_for(self, place: Place, properties: Properties) -> str:
        name_property = self._model().cloudformation_name_type()
        if name_property and name_property in properties:
            return str(properties[name_property])
        return generated_name(self.name, place)


def generated_name(type_name: str, place: Place) -> str:
    """A physical name as AWS makes one: stack, logical id, random suffix, within the length."""
    name: str = generate_resource_name(type_name, place.stack_name, place.logical_id)
    return name


def as_int(properties: Properties, name: str) -> int | None:
    """A number that may be written as text (a parameter's value always is)."""
    return int(properties[name]) if properties.get(name) not in (None, "") else None


def as_bool(value: Any) -> bool:
    """A boolean that may be written as text."""
    return value is True or str(value).lower() == "true"


def tags_of(properties: Properties) -> dict[str, str]:
    """The Tags property as a mapping."""
    return {str(tag["Key"]): str(tag["Value"]) for tag in properties.get("Tags", [])}


def as_tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A mapping as the list that AWS's APIs take."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
