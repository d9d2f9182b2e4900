"""What a stack is: its template, its resources and their states, its events.

Plain data, so that it can be saved with the rest of the state. Who changes a stack is
`operations.py`; how clients see it is `descriptions.py`.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation.deployment_config import DeploymentConfig
from local_aws.control_plane.cloudformation.drift.records import StackDrift
from local_aws.control_plane.cloudformation.rollback_settings import RollbackConfiguration

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")
_LONGEST_NAME = 128
_CLEANUP = "_CLEANUP_IN_PROGRESS"
_BETWEEN_EVENTS = datetime.timedelta(milliseconds=1)
_FAILED = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
"""What is left so when a failure is kept."""
_STABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})
_UPDATABLE = _STABLE | _FAILED

_DELETING = frozenset({"DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"})
"""Where a stack gets its DeletionTime, which it keeps when its deletion fails, as recorded."""


def require_name(name: str) -> None:
    """Raise ValidationError for what no stack is called.

    Source: API_CreateStack, "StackName"; the words are those of AWS's framework.
    """
    broken = ""
    if not _NAME.fullmatch(name):
        broken = f"satisfy regular expression pattern: {_NAME.pattern}"
    elif len(name) > _LONGEST_NAME:
        broken = f"have length less than or equal to {_LONGEST_NAME}"
    if broken:
        raise ValidationError(
            message=f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy "
            f"constraint: Member must {broken}"
        )


def now() -> datetime.datetime:
    """The current time in UTC, without a zone, as moto's serializers expect it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


@dataclass
class Resource:
    """One resource of a stack. `properties` are those applied last, every function evaluated.

    `model` is moto's object for it, None until it is created. `physical_id` is empty until then.
    `shown_properties` are those of its next event, `stack_tags` the stack's tags that it has.
    `is_half_made` until its creation has succeeded.
    """

    logical_id: str
    type_name: str
    properties: dict[str, Any] = field(default_factory=dict)
    model: Any = None
    physical_id: str = ""
    status: str = ""
    reason: str | None = None
    is_half_made: bool = False
    metadata: Any = None
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    shown_properties: str | None = None
    stack_tags: dict[str, str] | None = None
    timestamp: datetime.datetime = field(default_factory=now)


@dataclass(frozen=True)
class StackEvent:
    """One row of DescribeStackEvents."""

    logical_id: str
    physical_id: str
    type_name: str
    status: str
    reason: str | None
    client_request_token: str | None = None
    properties: str | None = None
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
    """The stack that a client wants: the input of a create or an update.

    Parameters are kept as given and as they were resolved when it was asked for: the value behind
    an SSM parameter type is looked up once, so that a rollback restores the old one; so is what
    dynamic references name (`looked_up`, by key). `template` is what `transforms` made of the text.
    `refusal` is why its operation fails before it comes to any resource.
    """

    text: str
    template: dict[str, Any]
    given_parameters: dict[str, str]
    resolved_parameters: dict[str, str | list[str]]
    tags: dict[str, str]
    transforms: tuple[str, ...] = ()
    looked_up: dict[str, str] = field(default_factory=dict)
    refusal: str | None = None


@dataclass
class UnfinishedUpdate:
    """What an update left that can be rolled back: what the stack was before it, and the resources
    that it replaced, the oldest first, which still exist.

    It failed and was to be kept, or it is complete in a nested stack, whose parent's is not yet."""

    previous: Declaration
    replaced: dict[str, list[Resource]] = field(default_factory=dict)


@dataclass(frozen=True)
class LastOperation:
    """AWS: API_OperationEntry."""

    kind: str
    operation_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Stack:
    """`declaration` is what the stack is, or is becoming while an operation runs.

    `parent_id` and `root_id` are those of a nested stack: its parent's, and the uppermost one's.
    """

    stack_id: str
    name: str
    account_id: str
    region: str
    declaration: Declaration
    on_failure: str = "ROLLBACK"  # or DO_NOTHING, DELETE
    does_nothing_on_failure: bool = False  # as OnFailure said, not DisableRollback
    retain_except_on_create: bool = False  # of the last operation
    timeout_minutes: int | None = None
    termination_protection: bool = False
    role_arn: str | None = None
    notification_arns: list[str] = field(default_factory=list)
    capabilities: list[str] = field(default_factory=list)
    policy: str | None = None
    policy_during_update: str | None = None
    policy_after_update: str | None = None
    rollback_configuration: RollbackConfiguration = field(default_factory=RollbackConfiguration)
    deployment_config: DeploymentConfig | None = None  # of the last operation
    change_set_id: str | None = None
    client_request_token: str | None = None
    last_operation: LastOperation | None = None
    status: str = ""
    reason: str | None = None
    creation_time: datetime.datetime = field(default_factory=now)
    update_time: datetime.datetime | None = None
    deletion_time: datetime.datetime | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    unfinished_update: UnfinishedUpdate | None = None
    drift: StackDrift | None = None  # None until it is looked for
    parent_id: str | None = None
    root_id: str | None = None
    events: list[StackEvent] = field(default_factory=list)

    @property
    def in_progress(self) -> bool:
        """Whether an operation runs on it; a review is none."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def is_deleted(self) -> bool:
        return self.status == "DELETE_COMPLETE"

    @property
    def newest_reason(self) -> str:
        """The last reason that was given for a state of the stack itself."""
        own = (event for event in reversed(self.events) if event.physical_id == self.stack_id)
        return next((event.reason for event in own if event.reason), "")

    @property
    def has_stable_state(self) -> bool:
        """Whether its creation or an update has ever been completed: there is one to return to."""
        own = (event for event in self.events if event.physical_id == self.stack_id)
        return any(event.status in _STABLE for event in own)

    def require_updatable(self, *, keeps_failure: bool) -> None:
        """Raise ValidationError when the stack's state does not allow an update.

        What failed and was kept is gone on with by an update that keeps its failure, too, unless it
        is a creation that was asked to do nothing. Answers of AWS, as users reported them.
        """
        if self.status == "CREATE_FAILED" and self.does_nothing_on_failure:
            raise ValidationError(
                message="This stack cannot be updated from [CREATE_FAILED] state because it "
                "contains [on-failure: DO_NOTHING]. Please use disable-rollback option instead "
                "during stack creation."
            )
        if self.status in _FAILED and not keeps_failure:
            raise ValidationError(
                message=f"This stack is currently in a non-terminal [{self.status}] state. To "
                "update the stack from this state, please use the disable-rollback parameter with "
                "update-stack API. To rollback to the last known good state, use the "
                "rollback-stack API"
            )
        if self.status not in _UPDATABLE:
            raise ValidationError(
                message=f"Stack:{self.stack_id} is in {self.status} state and can not be updated."
            )

    def set_status(self, status: str, reason: str | None = None) -> None:
        """Change the stack's own state, with the event that AWS shows for it."""
        self.status = status
        self.reason = reason
        if self.in_progress and self.drift:
            self.drift.forget_results()
        if status in _DELETING:
            self.deletion_time = now()
        if not self.in_progress:
            self._end_policies_of_update()
        self.events.append(
            StackEvent(
                self.name,
                self.stack_id,
                "AWS::CloudFormation::Stack",
                status,
                reason,
                self.client_request_token,
                timestamp=self._time_of_next_event(),
            )
        )

    def _end_policies_of_update(self) -> None:
        """The policy that an update brings with it holds once the update is complete."""
        if self.status == "UPDATE_COMPLETE":
            self.policy = self.policy_after_update or self.policy
        self.policy_during_update = self.policy_after_update = None

    def set_resource_status(
        self, resource: Resource, status: str, reason: str | None = None
    ) -> None:
        """Change a resource's state, with its event."""
        resource.status = status
        resource.reason = reason
        resource.timestamp = now()
        self.note(resource, status, reason)

    def note(self, resource: Resource, status: str, reason: str | None) -> None:
        """Add an event about a resource; its id says of what, as AWS's does.

        One of the cleanup after an update has a UUID for that, and no properties.
        """
        timestamp = self._time_of_next_event()
        is_cleanup = status.startswith("DELETE_") and self.status.endswith(_CLEANUP)
        what = f"{status}-{timestamp.isoformat(timespec='milliseconds')}Z"
        self.events.append(
            StackEvent(
                resource.logical_id,
                resource.physical_id,
                resource.type_name,
                status,
                reason,
                self.client_request_token,
                None if is_cleanup else resource.shown_properties,
                timestamp,
                f"{resource.logical_id}-{uuid.uuid4() if is_cleanup else what}",
            )
        )

    def _time_of_next_event(self) -> datetime.datetime:
        """Now, and later than the last one by a millisecond at least: ids show so much."""
        after_last = self.events[-1].timestamp + _BETWEEN_EVENTS if self.events else now()
        return max(now(), after_last)


DELETED_KEPT = 100
"""Of the deleted stacks, so many newest; AWS keeps them for 90 days."""


class Stacks:
    """Every stack of every region, deleted ones included: they stay describable by id."""

    def __init__(self) -> None:
        self._by_id: dict[str, Stack] = {}

    def take_over(self, others: Stacks) -> None:
        """Have these, in the place of those that it had."""
        self._by_id = others._by_id

    def add(self, stack: Stack) -> None:
        """Add a new stack, and forget the oldest deleted ones beyond those that are kept."""
        self._by_id[stack.stack_id] = stack
        for old in [each for each in self._by_id.values() if each.is_deleted][:-DELETED_KEPT]:
            del self._by_id[old.stack_id]

    def knows(self, stack: Stack) -> bool:
        """Whether it can still be described."""
        return stack.stack_id in self._by_id

    def all(self) -> list[Stack]:
        """All of all regions, the oldest first."""
        return list(self._by_id.values())

    def by_id(self, stack_id: str) -> Stack | None:
        """Any, in whatever region; None when there is none."""
        return self._by_id.get(stack_id)

    def in_region(self, account_id: str, region: str) -> list[Stack]:
        """All, the newest first, as AWS lists them."""
        return [
            stack
            for stack in reversed(self._by_id.values())
            if (stack.account_id, stack.region) == (account_id, region)
        ]

    def find_or_none(self, account_id: str, region: str, name_or_id: str) -> Stack | None:
        """A living stack by name, or any by id; None when there is none."""
        found = self.by_id(name_or_id)
        if found:
            return found
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
"""The stacks of this control plane: in a global, like moto's backends, because moto makes whoever
answers the API's calls."""
