"""What a stack is: its template, its resources and their states, its events.

Plain data, so that it can be saved with the rest of the state. Who changes a stack is
`operations.py`; how clients see it is `descriptions.py`.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.cloudformation.exceptions import ValidationError


def now() -> datetime.datetime:
    """The current time in UTC, without a zone, as moto's serializers expect it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


@dataclass
class Resource:
    """One resource of a stack. `properties` are those applied last, every function evaluated.

    `model` is moto's object for it, None until it is created. `physical_id` is empty until then.
    """

    logical_id: str
    type_name: str
    properties: dict[str, Any] = field(default_factory=dict)
    model: Any = None
    physical_id: str = ""
    status: str = ""
    reason: str | None = None
    metadata: Any = None
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    timestamp: datetime.datetime = field(default_factory=now)


@dataclass(frozen=True)
class StackEvent:
    """One row of DescribeStackEvents."""

    logical_id: str
    physical_id: str
    type_name: str
    status: str
    reason: str | None
    timestamp: datetime.datetime = field(default_factory=now)
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Output:
    """One output; `export_name` is None when it is not exported."""

    key: str
    value: str
    description: str | None
    export_name: str | None


@dataclass
class Declaration:
    """What a client asks a stack to be: the input of a create or an update.

    Parameters are kept as given and as they were resolved when it was asked for: the value behind
    an SSM parameter type is looked up once, so that a rollback restores the old one.
    """

    text: str
    template: dict[str, Any]
    given_parameters: dict[str, str]
    resolved_parameters: dict[str, str | list[str]]
    tags: dict[str, str]


@dataclass
class Stack:
    """`declaration` is what the stack is, or is becoming while an operation runs."""

    stack_id: str
    name: str
    account_id: str
    region: str
    declaration: Declaration
    on_failure: str = "ROLLBACK"  # or DO_NOTHING, DELETE
    timeout_minutes: int | None = None
    termination_protection: bool = False
    role_arn: str | None = None
    notification_arns: list[str] = field(default_factory=list)
    capabilities: list[str] = field(default_factory=list)
    policy: str | None = None
    change_set_id: str | None = None
    status: str = ""
    reason: str | None = None
    creation_time: datetime.datetime = field(default_factory=now)
    update_time: datetime.datetime | None = None
    deletion_time: datetime.datetime | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    events: list[StackEvent] = field(default_factory=list)

    @property
    def in_progress(self) -> bool:
        """Whether an operation runs on it; a review is none."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def is_deleted(self) -> bool:
        return self.status == "DELETE_COMPLETE"

    def set_status(self, status: str, reason: str | None = None) -> None:
        """Change the stack's own state, with the event that AWS shows for it."""
        self.status = status
        self.reason = reason
        self.events.append(
            StackEvent(self.name, self.stack_id, "AWS::CloudFormation::Stack", status, reason)
        )

    def set_resource_status(
        self, resource: Resource, status: str, reason: str | None = None
    ) -> None:
        """Change a resource's state, with its event."""
        resource.status = status
        resource.reason = reason
        resource.timestamp = now()
        self.note(resource, status, reason)

    def note(self, resource: Resource, status: str, reason: str | None) -> None:
        """Add an event about a resource."""
        self.events.append(
            StackEvent(
                resource.logical_id, resource.physical_id, resource.type_name, status, reason
            )
        )


DELETED_KEPT = 100
"""Of the deleted stacks, so many newest; AWS keeps them for 90 days."""


class Stacks:
    """Every stack of every region, deleted ones included: they stay describable by id."""

    def __init__(self) -> None:
        self._by_id: dict[str, Stack] = {}

    def add(self, stack: Stack) -> None:
        """Add a new stack, and forget the oldest deleted ones beyond those that are kept."""
        self._by_id[stack.stack_id] = stack
        for old in [each for each in self._by_id.values() if each.is_deleted][:-DELETED_KEPT]:
            del self._by_id[old.stack_id]

    def all(self) -> list[Stack]:
        """All of all regions, the oldest first."""
        return list(self._by_id.values())

    def in_region(self, account_id: str, region: str) -> list[Stack]:
        """All, the newest first, as AWS lists them."""
        return [
            stack
            for stack in reversed(self._by_id.values())
            if (stack.account_id, stack.region) == (account_id, region)
        ]

    def find(self, account_id: str, region: str, name_or_id: str) -> Stack:
        """A living stack by name, or any by id. Raises ValidationError."""
        found = self.find_or_none(account_id, region, name_or_id)
        if found is None:
            raise ValidationError(name_or_id)
        return found

    def find_or_none(self, account_id: str, region: str, name_or_id: str) -> Stack | None:
        """Like `find`, but None when there is none."""
        by_id = self._by_id.get(name_or_id)
        if by_id:
            return by_id
        living = (s for s in self.in_region(account_id, region) if not s.is_deleted)
        return next((stack for stack in living if stack.name == name_or_id), None)

    def exports(self, account_id: str, region: str) -> Mapping[str, tuple[Stack, str]]:
        """The exporting stack and the value, by export name."""
        return {
            output.export_name: (stack, output.value)
            for stack in self.in_region(account_id, region)
            if not stack.is_deleted
            for output in stack.outputs
            if output.export_name
        }


STACKS = Stacks()
"""The stacks of this control plane."""
