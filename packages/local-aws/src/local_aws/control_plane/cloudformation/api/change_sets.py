"""Calls on change sets."""

from __future__ import annotations

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.utils import generate_changeset_id, generate_stack_id
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane.cloudformation import changes, descriptions, operations
from local_aws.control_plane.cloudformation.api.base import Calls, engine
from local_aws.control_plane.cloudformation.change_sets import (
    CHANGE_SETS,
    NO_CHANGES,
    ChangeSet,
    ChangeSetNotFoundError,
    InvalidChangeSetStatusError,
)
from local_aws.control_plane.cloudformation.changes import Change
from local_aws.control_plane.cloudformation.resource_types.handlers.base import as_bool
from local_aws.control_plane.cloudformation.stack import (
    STACKS,
    Declaration,
    Stack,
    now,
    require_name,
)


class ChangeSetCalls(Calls):
    """A change set of type CREATE creates its stack at once, in REVIEW_IN_PROGRESS."""

    def create_change_set(self) -> ActionResult:
        kind = self._get_param("ChangeSetType", "UPDATE")
        if kind not in ("CREATE", "UPDATE"):
            raise ValidationError(message=f"The local AWS has no change sets of type {kind}")
        if self._get_bool_param("IncludeNestedStacks", False):
            raise ValidationError(message="The local AWS has no change sets of nested stacks.")
        if kind == "UPDATE" and self._get_param("OnStackFailure") == "DELETE":
            raise ValidationError(
                message="OnStackFailure DELETE is only valid when the ChangeSetType is CREATE"
            )
        self._require_role()
        stack = self._stack_or_none()
        if kind == "UPDATE":
            stack = self._stack()
            stack.require_updatable(keeps_failure=True)  # which its execution says
            declaration = self._declaration(stack)
        else:
            self._require_nothing_previous()
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
            *self._foreseen(stack, declaration),
            failure=self._failure(stack, declaration),
            description=self._get_param("Description"),
            on_failure=self._get_param("OnStackFailure"),
            disables_rollback=self._disables_rollback(),
            deployment_config=self._deployment_config(),
            role_arn=self._get_param("RoleARN"),
            capabilities=self._get_param("Capabilities", []),
            notification_arns=self._get_param("NotificationARNs"),
            rollback_configuration=self._rollback_configuration(stack),
        )
        CHANGE_SETS.add(change_set)
        return ActionResult({"Id": change_set.change_set_id, "StackId": stack.stack_id})

    def _require_nothing_previous(self) -> None:
        """What there is not before a stack's creation. Answers of AWS, as recorded."""
        parameters = self._get_param("Parameters", [])
        if any(as_bool(each.get("UsePreviousValue", False)) for each in parameters):
            raise ValidationError(
                message="Cannot specify UsePreviousValue on Parameters when ChangeSetType is CREATE"
            )
        if self._get_bool_param("UsePreviousTemplate", False):
            raise ValidationError(
                message="Cannot specify usePreviousTemplate as true for a changeSetType CREATE"
            )

    def _foreseen(
        self, stack: Stack, declaration: Declaration
    ) -> tuple[list[Change], list[Change]]:
        """The changes as listed without the values of properties, and with them."""
        if declaration.refusal:
            return [], []
        return (
            changes.foresee(stack, declaration, changes.Sight.ANY),
            changes.foresee(stack, declaration, changes.Sight.NONE),
        )

    def _failure(self, stack: Stack, declaration: Declaration) -> str | None:
        """Why a change set cannot be made of it, as CreateChangeSet itself does not say."""
        if declaration.refusal:
            return declaration.refusal
        is_new = stack.status == "REVIEW_IN_PROGRESS"
        return None if is_new or changes.is_needed(stack, declaration) else NO_CHANGES

    def _stack_in_review(self, existing: Stack | None, declaration: Declaration) -> Stack:
        if existing and existing.status == "REVIEW_IN_PROGRESS":
            return existing
        if existing:
            raise ValidationError(
                message=f"Stack [{self._get_param('StackName')}] already exists and cannot be "
                f"created again with the changeSet [{self._get_param('ChangeSetName')}]."
            )
        name = self._get_param("StackName")
        require_name(name)
        stack = Stack(
            generate_stack_id(name, self.region, self.current_account),
            name,
            self.current_account,
            self.region,
            declaration,
        )
        self._foreseen(stack, declaration)  # what AWS refuses must not leave a stack behind
        STACKS.add(stack)
        self._begin(stack, "REVIEW_IN_PROGRESS", None)
        return stack

    def describe_change_set(self) -> ActionResult:
        with_values = bool(self._get_bool_param("IncludePropertyValues", False))
        return ActionResult(descriptions.change_set(self._change_set(), with_values=with_values))

    def list_change_sets(self) -> ActionResult:
        listed = CHANGE_SETS.of(self._stack())
        return ActionResult({"Summaries": [descriptions.change_set_summary(c) for c in listed]})

    def delete_change_set(self) -> ActionResult:
        """Answers of AWS, as measured: of an existing stack, one that is not there is deleted."""
        try:
            CHANGE_SETS.remove(self._change_set())
        except ChangeSetNotFoundError:
            return EmptyResult()
        return EmptyResult()

    def execute_change_set(self) -> ActionResult:
        change_set = self._change_set()
        stack = change_set.stack
        if change_set.failure or change_set.execution_status != "AVAILABLE":
            what = f"status of [{change_set.status}]"
            if change_set.execution_status == "OBSOLETE":
                what = "execution status of [OBSOLETE]"
            raise InvalidChangeSetStatusError(
                f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current {what}"
            )
        keeps_failure = self._keeps_failure_of(change_set)
        if change_set.kind == "UPDATE":
            stack.require_updatable(keeps_failure=keeps_failure)
        declaration = change_set.declaration
        stack.update_time = now()
        stack.retain_except_on_create = self._retains_except_on_create()
        stack.capabilities = change_set.capabilities or stack.capabilities
        stack.role_arn = change_set.role_arn or stack.role_arn
        if change_set.notification_arns is not None:
            stack.notification_arns = change_set.notification_arns
        stack.rollback_configuration = change_set.rollback_configuration
        if change_set.kind == "CREATE":
            stack.declaration = declaration
            usual = "DO_NOTHING" if keeps_failure else "ROLLBACK"
            stack.on_failure = change_set.on_failure or usual
            self._begin(stack, "CREATE_IN_PROGRESS", "CREATE_STACK", change_set.change_set_id)
            create = change_set.executed_by(lambda operation: engine(operation).create())
            operations.start(stack, create)
        else:
            self._start_update(
                stack, declaration, stack.policy, change_set, keeps_failure=keeps_failure
            )
        stack.deployment_config = change_set.deployment_config
        CHANGE_SETS.note_execution(change_set)
        return EmptyResult()

    def _keeps_failure_of(self, change_set: ChangeSet) -> bool:
        """What the change set says of it, or else the request that executes it.

        AWS: API_CreateChangeSet, "OnStackFailure". Raises ValidationError.
        """
        if change_set.on_failure is None:
            return change_set.disables_rollback or self._disables_rollback()
        if self._get_param("DisableRollback") is not None:
            raise ValidationError(
                message="DisableRollback cannot be specified for a change set that was created "
                f"with OnStackFailure {change_set.on_failure}."
            )
        return change_set.on_failure == "DO_NOTHING"

    def _change_set(self) -> ChangeSet:
        name = self._get_param("ChangeSetName")
        if name.startswith("arn:"):
            return CHANGE_SETS.find(name, None)
        if not self._get_param("StackName"):
            raise ValidationError(
                message="StackName must be specified if ChangeSetName is not specified as an ARN."
            )
        return CHANGE_SETS.find(name, self._stack())
