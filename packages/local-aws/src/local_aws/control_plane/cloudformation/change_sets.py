"""Change sets: what an update, or the creation of a stack, would do.

AWS: "Update CloudFormation stacks using change sets" in the CloudFormation User Guide.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from moto.cloudformation.exceptions import CloudFormationError, ValidationError

from local_aws.control_plane.cloudformation.changes import Change
from local_aws.control_plane.cloudformation.stack import Declaration, Stack, now

NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set."
)


class ChangeSetNotFoundError(CloudFormationError):
    """AWS's ChangeSetNotFoundException."""

    code = "ChangeSetNotFound"


class InvalidChangeSetStatusError(CloudFormationError):
    """AWS's InvalidChangeSetStatusException."""

    code = "InvalidChangeSetStatus"


@dataclass
class ChangeSet:
    """A change set without changes is FAILED and cannot be executed, as on AWS."""

    change_set_id: str
    name: str
    kind: Literal["CREATE", "UPDATE"]
    stack: Stack
    declaration: Declaration
    changes: list[Change]
    is_empty: bool
    description: str | None = None
    on_failure: str = "ROLLBACK"
    role_arn: str | None = None
    capabilities: list[str] = field(default_factory=list)
    notification_arns: list[str] = field(default_factory=list)
    execution_status: str = "AVAILABLE"
    creation_time: datetime.datetime = field(default_factory=now)

    @property
    def status(self) -> str:
        return "FAILED" if self.is_empty else "CREATE_COMPLETE"


class ChangeSets:
    """The change sets that were neither deleted nor outlived by their stack."""

    def __init__(self) -> None:
        self._by_id: dict[str, ChangeSet] = {}

    def add(self, change_set: ChangeSet) -> None:
        if any(other.name == change_set.name for other in self.of(change_set.stack)):
            raise _already_exists(change_set.name)
        self._by_id[change_set.change_set_id] = change_set

    def of(self, stack: Stack) -> list[ChangeSet]:
        return [item for item in self._by_id.values() if item.stack is stack]

    def find(self, name_or_id: str, stack: Stack | None) -> ChangeSet:
        """By id, or by name within a stack. Raises ChangeSetNotFoundError."""
        found = self._by_id.get(name_or_id)
        if found is None and stack is not None:
            found = next((item for item in self.of(stack) if item.name == name_or_id), None)
        if found is None:
            raise ChangeSetNotFoundError(f"ChangeSet [{name_or_id}] does not exist")
        return found

    def remove(self, change_set: ChangeSet) -> None:
        self._by_id.pop(change_set.change_set_id, None)

    def remove_all_of(self, stack: Stack) -> None:
        """AWS deletes a stack's change sets when one is executed or the stack is deleted."""
        for change_set in self.of(stack):
            self.remove(change_set)


CHANGE_SETS = ChangeSets()
"""The change sets of this control plane."""


def _already_exists(name: str) -> CloudFormationError:
    error = CloudFormationError(f"ChangeSet {name} already exists")
    error.code = "AlreadyExistsException"
    return error


def check_name(name: str | None) -> None:
    """AWS: letters, digits and hyphens, starting with a letter, 128 at most."""
    if not name or not name[0].isalpha() or not name.replace("-", "").isalnum() or len(name) > 128:
        raise ValidationError(message=f"Invalid change set name: {name}")
