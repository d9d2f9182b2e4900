"""Calls on change sets."""

from __future__ import annotations

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.utils import generate_changeset_id, generate_stack_id
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane.cloudformation import changes, descriptions, operations
from local_aws.control_plane.cloudformation.api.base import Calls, engine, require_updatable
from local_aws.control_plane.cloudformation.change_sets import (
    CHANGE_SETS,
    ChangeSet,
    InvalidChangeSetStatusError,
    check_name,
)
from local_aws.control_plane.cloudformation.stack import STACKS, Declaration, Stack, now


class ChangeSetCalls(Calls):
    """A change set of type CREATE makes its stack at once, in REVIEW_IN_PROGRESS."""

    def create_change_set(self) -> ActionResult:
        check_name(self._get_param("ChangeSetName"))
        kind = self._get_param("ChangeSetType", "UPDATE")
        if kind not in ("CREATE", "UPDATE"):
            raise ValidationError(message=f"The local AWS has no change sets of type {kind}")
        stack = self._stack_or_none()
        if kind == "UPDATE":
            stack = self._stack()
            require_updatable(stack)
            declaration = self._declaration(stack)
        else:
            declaration = self._declaration()
            stack = self._stack_in_review(stack, declaration)
        change_set = ChangeSet(
            generate_changeset_id(
                self._get_param("ChangeSetName"), self.region, self.current_account
            ),
            self._get_param("ChangeSetName"),
            kind,
            stack,
            declaration,
            changes.foresee(stack, declaration),
            is_empty=kind == "UPDATE" and not changes.is_needed(stack, declaration),
            description=self._get_param("Description"),
            on_failure=self._get_param("OnStackFailure", "ROLLBACK"),
            role_arn=self._get_param("RoleARN"),
            capabilities=self._get_param("Capabilities", []),
            notification_arns=self._get_param("NotificationARNs", []),
        )
        CHANGE_SETS.add(change_set)
        return ActionResult({"Id": change_set.change_set_id, "StackId": stack.stack_id})

    def _stack_in_review(self, existing: Stack | None, declaration: Declaration) -> Stack:
        if existing and existing.status == "REVIEW_IN_PROGRESS":
            return existing
        if existing:
            raise ValidationError(
                message=f"Stack [{existing.name}] already exists and cannot be created again with "
                f"the changeSet [{self._get_param('ChangeSetName')}]."
            )
        name = self._get_param("StackName")
        stack = Stack(
            generate_stack_id(name, self.region, self.current_account),
            name,
            self.current_account,
            self.region,
            declaration,
        )
        changes.foresee(stack, declaration)  # what AWS refuses must not leave a stack behind
        STACKS.add(stack)
        stack.set_status("REVIEW_IN_PROGRESS", "User Initiated")
        return stack

    def describe_change_set(self) -> ActionResult:
        return ActionResult(descriptions.change_set(self._change_set()))

    def list_change_sets(self) -> ActionResult:
        listed = CHANGE_SETS.of(self._stack())
        return ActionResult({"Summaries": [descriptions.change_set_summary(c) for c in listed]})

    def delete_change_set(self) -> ActionResult:
        CHANGE_SETS.remove(self._change_set())
        return EmptyResult()

    def execute_change_set(self) -> ActionResult:
        change_set = self._change_set()
        stack = change_set.stack
        if change_set.is_empty or change_set.execution_status != "AVAILABLE":
            raise InvalidChangeSetStatusError(
                f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current status "
                f"of [{change_set.status}]"
            )
        declaration = change_set.declaration
        stack.change_set_id = change_set.change_set_id
        stack.capabilities = change_set.capabilities
        stack.role_arn = change_set.role_arn
        stack.notification_arns = change_set.notification_arns
        if change_set.kind == "CREATE":
            stack.declaration = declaration
            stack.on_failure = change_set.on_failure
            if self._get_bool_param("DisableRollback", False):
                stack.on_failure = "DO_NOTHING"
            stack.set_status("CREATE_IN_PROGRESS", "User Initiated")
            operations.start(stack, lambda operation: engine(operation).create())
        else:
            require_updatable(stack)
            stack.update_time = now()
            stack.set_status("UPDATE_IN_PROGRESS", "User Initiated")
            operations.start(stack, lambda operation: engine(operation).update(declaration))
        change_set.execution_status = "EXECUTE_COMPLETE"
        CHANGE_SETS.remove_all_of(stack)
        return EmptyResult()

    def _change_set(self) -> ChangeSet:
        stack = self._stack_or_none() if self._get_param("StackName") else None
        return CHANGE_SETS.find(self._get_param("ChangeSetName"), stack)
