"""How CloudFormation handles one type of resource; by default as moto does."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, ClassVar

from moto.cloudformation.parsing import resource_class_from_type
from moto.core.common_models import CloudFormationModel
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.instances import Instance

from local_aws.contract import user_data
from local_aws.control_plane.cloudformation import resource_schemas
from local_aws.control_plane.cloudformation.resource_schemas import Recreation
from local_aws.control_plane.cloudformation.resource_types.models import (
    moto_attributes,
    moto_models,
    moto_updates,
    physical_ids,
    physical_names,
    usual_values,
)
from local_aws.control_plane.cloudformation.signals import Mailbox, SignalStatus
from local_aws.control_plane.cloudformation.user_data_signals import Awaited

Properties = Mapping[str, Any]

_NEVER = threading.Event()


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
    `prepare`, `follow_update_policy` and those that wait. They raise whatever the service's API
    raises; the message becomes the resource's status reason.
    """

    replacing_properties: ClassVar[frozenset[str]] = frozenset()
    """Properties that need a replacement although their schema does not say so."""
    changing_properties: ClassVar[frozenset[str] | None] = None
    """Properties that `update` changes in place; None for all that need no replacement."""
    attributes: ClassVar[Mapping[str, str]] = {}
    """Attributes for Fn::GetAtt that moto's object calls otherwise; one of its parts' as `a.b`."""

    takes_secrets: ClassVar[bool] = True
    """Whether its properties have the values of secrets; the dynamic references otherwise."""
    follows_outside: ClassVar[bool] = False
    """Whether each update of its stack updates it: what it is made of is not in the template."""

    def __init__(self, type_name: str) -> None:
        self.name = type_name

    def require_emulated(self, properties: Properties) -> None:
        """Raise the service's error for a property that is not emulated here.

        Called before there is a stack: values that only the stack will know are some text.
        """

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

    def wait_until_ready(self, model: Any, cancelled: threading.Event) -> None:
        """Wait after `create`, without the lock, until it is complete."""

    def wait_for_signals(self, model: Any, mailbox: Mailbox, cancelled: threading.Event) -> None:
        """Wait then, without the lock, for the signals that its own properties require."""

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002 - subclasses compare
        """Change it in place and return moto's object."""
        if self.name not in moto_updates.PROPERTIES:
            return model
        return self._model().update_from_cloudformation_json(
            original_resource=model,
            new_resource_name=getattr(model, "name", None) or self._name_for(place, new),
            cloudformation_json=self._definition(new),
            account_id=place.account_id,
            region_name=place.region,
        )

    def take_snapshot(self, place: Place, model: Any) -> None:
        """Keep a snapshot of what is deleted next."""

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """Delete it."""
        if moto_models.deletes_itself(type(model)):
            model.delete(place.account_id, place.region)
            return
        self._model().delete_from_cloudformation_json(
            self.physical_id(model), self._definition(properties), place.account_id, place.region
        )

    def wait_until_done(self, model: Any, cancelled: threading.Event) -> None:
        """Wait, without the lock, until what `update` or `clean_up` began is over."""

    def wait_until_deleted(self, model: Any) -> None:
        """Wait, without the lock, until what `delete` began is over.

        Nothing cancels that: whoever deletes the stack next needs it gone, too.
        """
        self.wait_until_done(model, _NEVER)

    def clean_up(self, model: Any) -> None:
        """Make its update final: the whole stack's has succeeded."""

    @contextmanager
    def deleted_on_failure(
        self, place: Place, model: Any, properties: Properties
    ) -> Iterator[None]:
        """While `create` completes what it has begun: nobody else knows of it yet."""
        try:
            yield
        except Exception:
            with suppress(Exception):  # why it failed is what counts
                self.delete(place, model, properties)
            raise

    def physical_id(self, model: Any) -> str:
        """What Ref returns."""
        return str(getattr(model, physical_ids.ATTRIBUTES.get(self.name, "physical_resource_id")))

    def attribute(self, model: Any, name: str) -> Any:
        """What Fn::GetAtt returns."""
        named = {**moto_attributes.FIELDS.get(self.name, {}), **self.attributes}
        if name in named:
            return self._field(model, name, named[name])
        with suppress(Exception):  # moto knows too few
            return model.get_cfn_attribute(name)
        if name == resource_schemas.identifier(self.name):
            return self.physical_id(model)
        value = getattr(model, camelcase_to_underscores(name), None)
        if not isinstance(value, str | int | list):
            raise ResourceFailedError(f"The local AWS does not know {name} of {self.name}.")
        return value

    def _field(self, model: Any, name: str, field: str) -> Any:
        try:
            return attrgetter(field)(model)
        except AttributeError:  # such as the secret of a cluster that has none
            raise ResourceFailedError(f"{self.name} has no {name} here.") from None

    def recreation(self, name: str, old: Properties, new: Properties) -> Recreation:
        """Whether a change of this property replaces the resource; by default its schema says."""
        if name in self.replacing_properties:
            return "Always"
        return resource_schemas.recreation(self.name, name, old.get(name), new.get(name))

    def needs_replacement(self, changed: frozenset[str], old: Properties, new: Properties) -> bool:
        """Whether a change of these properties replaces the resource."""
        return any(self.recreation(name, old, new) == "Always" for name in changed)

    def with_stack_tags(self, properties: Properties, tags: Mapping[str, str]) -> Properties:
        """The properties with the stack's tags among the resource's own."""
        return resource_schemas.with_tags(self.name, properties, tags)

    def refusal(self, changed: frozenset[str], old: Properties, new: Properties) -> str | None:  # noqa: ARG002 - subclasses compare
        """Why these properties cannot be changed in place here, though AWS does; None if they can.

        It is asked before anything changes: a resource is never replaced instead.
        """
        changing = self._changing()
        kept = sorted(changed - changing) if changing is not None else []
        if not kept:
            return None
        return f"The local AWS does not change {', '.join(kept)} of {self.name} in place."

    def require_policy(self, update_policy: Any) -> None:
        """Raise the service's error for an UpdatePolicy that would have no effect, or a wrong one.

        Called before anything is made.
        """

    def replaces_by_policy(
        self,
        changed: frozenset[str],  # noqa: ARG002 - subclasses look
        update_policy: Mapping[str, Any],  # noqa: ARG002
    ) -> bool:
        """Whether its UpdatePolicy replaces the resource for a change that does not require it."""
        return False

    def less_what_policy_leaves(
        self,
        update_policy: Mapping[str, Any],  # noqa: ARG002 - subclasses look
        model: Any,  # noqa: ARG002
        old: Properties,  # noqa: ARG002
        new: Properties,
    ) -> Properties:
        """The properties to update to; those that its UpdatePolicy leaves alone do not change."""
        return new

    def follow_update_policy(self, update: UpdateInPlace) -> None:
        """Carry out its UpdatePolicy after a change in place; runs without the lock."""

    def instances(self, model: Any) -> Sequence[Instance]:  # noqa: ARG002 - subclasses look
        """The EC2 instances that signal for it."""
        return ()

    def awaited(self, model: Any, mailbox: Mailbox) -> Awaited:
        """The signals that it awaits, by default those of its instances in its mailbox."""
        return Awaited(lambda: self.instances(model), user_data.signalling_line, mailbox.put)

    def percent_of_signals(self, creation_policy: Mapping[str, Any]) -> int:  # noqa: ARG002 - subclasses look
        """How many per cent of a CreationPolicy's signals must be successes."""
        return 100

    def attributes_changed_by(self, changed: frozenset[str]) -> frozenset[str]:
        """Attributes that get a new value when these properties change in place."""
        return changed

    def attributes_foreseen(self, model: Any, new: Properties) -> frozenset[str]:  # noqa: ARG002 - subclasses look
        """Those that get a new value by what is not in the template."""
        return frozenset()

    def _changing(self) -> frozenset[str] | None:
        if type(self).update is ResourceType.update:
            return moto_updates.PROPERTIES.get(self.name, frozenset())
        return self.changing_properties

    def _model(self) -> type[CloudFormationModel]:
        model = resource_class_from_type(self.name)
        if model is None:
            raise ResourceFailedError(f"The local AWS does not emulate {self.name} in a stack.")
        return model

    def _definition(self, properties: Properties) -> dict[str, Any]:
        # moto's models write into what they are given.
        given: Any = copy.deepcopy(properties)
        usual_values.complete(self.name, given)
        return {"Type": self.name, "Properties": given}

    def _name_for(self, place: Place, properties: Properties) -> str:
        name_property = self._model().cloudformation_name_type()
        if name_property and name_property in properties:
            return str(properties[name_property])
        return generated_name(self.name, place)


def generated_name(type_name: str, place: Place, ending: str = "") -> str:
    """A physical name as AWS generates it: stack, logical id, random suffix, within the length."""
    return physical_names.generated(type_name, place.stack_name, place.logical_id, ending)


def as_int(properties: Properties, name: str) -> int | None:
    """A number that may be written as text (a parameter's value always is)."""
    value = properties.get(name)
    return None if value in (None, "") else whole_number(name, value)


def whole_number(name: str, value: Any) -> int:
    """Raises ResourceFailedError in CloudFormation's words."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ResourceFailedError(f"Value of property {name} must be of type Integer") from None


def as_bool(value: Any) -> bool:
    """A boolean that may be written as text."""
    return value is True or str(value).lower() == "true"


def tags_of(properties: Properties) -> dict[str, str]:
    """The Tags property as a mapping."""
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in properties.get("Tags", [])}


def as_tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A mapping as the list that AWS's APIs take."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
