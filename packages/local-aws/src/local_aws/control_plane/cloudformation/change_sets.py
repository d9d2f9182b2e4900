"""Change sets: what an update, or the creation of a stack, would do.

AWS: "Update CloudFormation stacks using change sets" in the CloudFormation User Guide.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from moto.cloudformation.exceptions import CloudFormationError

from local_aws.control_plane.cloudformation.changes import Change
from local_aws.control_plane.cloudformation.deployment_config import DeploymentConfig
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.rollback_settings import RollbackConfiguration
from local_aws.control_plane.cloudformation.stack import STACKS, Declaration, Stack, now
from local_aws.control_plane.lock import LOCK

_SUCCESS = ("CREATE_COMPLETE", "UPDATE_COMPLETE")

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
    """One that has a `failure`, such as NO_CHANGES, is FAILED and cannot be executed, as on AWS.

    `changes` are listed without the values of properties, `changes_with_values` with them. Without
    a `role_arn` the stack keeps its own; an empty list of `notification_arns` removes all.
    """

    change_set_id: str
    name: str
    kind: Literal["CREATE", "UPDATE"]
    stack: Stack
    declaration: Declaration
    changes: list[Change]
    changes_with_values: list[Change]
    failure: str | None = None
    description: str | None = None
    on_failure: str | None = None
    disables_rollback: bool = False
    deployment_config: DeploymentConfig | None = None
    role_arn: str | None = None
    capabilities: list[str] = field(default_factory=list)
    notification_arns: list[str] | None = None
    rollback_configuration: RollbackConfiguration = field(default_factory=RollbackConfiguration)
    execution_status: str = "AVAILABLE"
    creation_time: datetime.datetime = field(default_factory=now)

    @property
    def is_executed(self) -> bool:
        """Whether it was, or is just being executed."""
        return self.execution_status.startswith("EXECUTE_")

    @property
    def status(self) -> str:
        return "FAILED" if self.failure else "CREATE_COMPLETE"

    def executed_by(self, work: Callable[[Operation], None]) -> Callable[[Operation], None]:
        """The work that executes it, which leaves the outcome as the execution status.

        AWS: ExecutionStatus in API_DescribeChangeSet.
        """

        def execute(operation: Operation) -> None:
            try:
                work(operation)
            finally:
                with LOCK:
                    succeeded = self.stack.status in _SUCCESS
                    self.execution_status = "EXECUTE_COMPLETE" if succeeded else "EXECUTE_FAILED"

        return execute


class ChangeSets:
    """The change sets that were neither deleted nor outlived by their stack.

    Of those that were executed a stack keeps the last one, which is described and not listed, also
    when the stack is deleted.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, ChangeSet] = {}

    def take_over(self, others: ChangeSets) -> None:
        """Have these, in the place of those that it had."""
        self._by_id = others._by_id

    def add(self, change_set: ChangeSet) -> None:
        if any(other.name == change_set.name for other in self.of(change_set.stack)):
            raise _already_exists(change_set.name)
        for forgotten in [each for each in self._by_id.values() if not STACKS.knows(each.stack)]:
            self.remove(forgotten)
        self._by_id[change_set.change_set_id] = change_set

    def of(self, stack: Stack) -> list[ChangeSet]:
        """Those of a stack that were not executed."""
        return [each for each in self._all_of(stack) if not each.is_executed]

    def _all_of(self, stack: Stack) -> list[ChangeSet]:
        return [each for each in self._by_id.values() if each.stack is stack]

    def find(self, name_or_id: str, stack: Stack | None) -> ChangeSet:
        """By id, or by name within a stack. Raises ChangeSetNotFoundError."""
        found = self._by_id.get(name_or_id)
        if found is None and stack is not None:
            named = [each for each in self._all_of(stack) if each.name == name_or_id]
            found = min(named, key=lambda each: each.is_executed, default=None)
        if found is None:
            raise ChangeSetNotFoundError(f"ChangeSet [{name_or_id}] does not exist")
        return found

    def remove(self, change_set: ChangeSet) -> None:
        self._by_id.pop(change_set.change_set_id, None)

    def outlive(self, stack: Stack) -> None:
        """A stack is deleted: of its change sets AWS shows the one that was executed."""
        for change_set in self.of(stack):
            self.remove(change_set)

    def make_obsolete(self, stack: Stack, successor: Stack | None = None) -> None:
        """The stack was updated, or created in the place of the one in review, without them."""
        for change_set in self.of(stack):
            change_set.stack = successor or stack
            change_set.execution_status = "OBSOLETE"

    def note_execution(self, change_set: ChangeSet) -> None:
        """Keep it, and none besides; call it with the lock in which the execution starts."""
        for other in self._all_of(change_set.stack):
            self.remove(other)
        change_set.execution_status = "EXECUTE_IN_PROGRESS"
        self._by_id[change_set.change_set_id] = change_set


CHANGE_SETS = ChangeSets()
"""The change sets of this control plane: in a global for the same reason as STACKS."""


def _already_exists(name: str) -> CloudFormationError:
    error = CloudFormationError(f"ChangeSet {name} already exists")
    error.code = "AlreadyExistsException"
    return error
