"""Types whose properties are fields of moto's object: they are set at creation and in place."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    tags_of,
)

Fields = Mapping[str, tuple[str, Any]]
"""By property, the field of moto's object and the value that it has without the property."""


class TypeWithFields(ResourceType):
    """Sets what moto ignores at creation, and what AWS changes without interruption.

    A subclass that changes more names it in `changing_properties` and extends `update`.
    """

    fields: ClassVar[Fields] = {}
    changing_properties: ClassVar[frozenset[str] | None] = frozenset()

    def create(self, place: Place, properties: Properties) -> Any:
        model = super().create(place, properties)
        with self.deleted_on_failure(place, model, {}):
            return self.update(place, model, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        for name, (field, default) in self.fields.items():
            if old.get(name) != new.get(name):
                setattr(model, field, new.get(name, default))
        removed = tags_of(old).keys() - tags_of(new).keys()
        self.put_tags(place, model, sorted(removed), tags_of(new))
        return model

    @abstractmethod
    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        """Remove and set tags of the resource."""

    def _changing(self) -> frozenset[str]:
        return frozenset({"Tags", *self.fields}) | (self.changing_properties or frozenset())
