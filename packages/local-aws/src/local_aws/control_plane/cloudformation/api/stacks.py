"""Calls that change stacks: create, update, delete, signal."""

from __future__ import annotations

from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.cloudformation.utils import generate_stack_id
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane.cloudformation import (
    changes,
    dynamic_references,
    exports,
    operations,
    stack_policies,
    template_source,
    user_data_signals,
)
from local_aws.control_plane.cloudformation.api.base import Calls, engine
from local_aws.control_plane.cloudformation.change_sets import CHANGE_SETS
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.signals import MAILBOXES
from local_aws.control_plane.cloudformation.stack import (
    STACKS,
    Declaration,
    Resource,
    Stack,
    require_name,
)

_ROLLING_BACK = {
    "CREATE_FAILED": "ROLLBACK_IN_PROGRESS",
    "UPDATE_FAILED": "UPDATE_ROLLBACK_IN_PROGRESS",
}
"""By the status of a stack whose failure was kept: its status while RollbackStack runs."""


class StackCalls(Calls):
    """Each starts a background operation and answers; AWS's clients then poll."""

    def create_stack(self) -> ActionResult:
        name = self._get_param("StackName")
        require_name(name)
        reviewed = self._stack_or_none()
        if reviewed and reviewed.status != "REVIEW_IN_PROGRESS":
            raise AlreadyExistsException(f"Stack [{name}] already exists")
        self._require_role()
        new_id = generate_stack_id(name, self.region, self.current_account)
        stack = Stack(
            reviewed.stack_id if reviewed else new_id,
            name,
            self.current_account,
            self.region,
            self._declaration(),
            on_failure=self._on_failure(),
            does_nothing_on_failure=self._get_param("OnFailure") == "DO_NOTHING",
            retain_except_on_create=self._retains_except_on_create(),
            timeout_minutes=self._get_int_param("TimeoutInMinutes"),
            termination_protection=self._get_bool_param("EnableTerminationProtection", False),
            role_arn=self._get_param("RoleARN"),
            notification_arns=self._get_param("NotificationARNs", []),
            capabilities=self._get_param("Capabilities", []),
            policy=self._policy("StackPolicy"),
            rollback_configuration=self._rollback_configuration(),
        )
        if reviewed:
            stack.events, stack.creation_time = reviewed.events, reviewed.creation_time
            CHANGE_SETS.make_obsolete(reviewed, stack)
        STACKS.add(stack)
        self._begin(stack, "CREATE_IN_PROGRESS", "CREATE_STACK")
        operations.start(stack, lambda operation: engine(operation).create())
        return ActionResult({"StackId": stack.stack_id})

    def _on_failure(self) -> str:
        """AWS: API_CreateStack, "You can specify either DisableRollback or OnFailure"."""
        if self._get_param("DisableRollback") is not None and self._get_param("OnFailure"):
            raise ValidationError(
                message="Either DisableRollback or OnFailure can be specified, not both."
            )
        if self._disables_rollback():
            return "DO_NOTHING"
        return str(self._get_param("OnFailure", "ROLLBACK"))

    def update_stack(self) -> ActionResult:
        stack = self._stack()
        keeps_failure = self._disables_rollback()
        stack.require_updatable(keeps_failure=keeps_failure)
        declaration = self._declaration(stack, no_tags_remove_all=True)
        rollback_configuration = self._rollback_configuration(stack)
        self._require_role()
        if not (self._looks_up_again(declaration) or changes.is_needed(stack, declaration)):
            raise ValidationError(message="No updates are to be performed.")
        during, after = self._policy("StackPolicyDuringUpdate"), self._policy("StackPolicy")
        stack.policy_during_update, stack.policy_after_update = during, after
        stack.rollback_configuration = rollback_configuration
        stack.capabilities = self._get_param("Capabilities") or stack.capabilities
        topics = self._get_param("NotificationARNs")  # an empty list removes them
        stack.notification_arns = stack.notification_arns if topics is None else topics
        stack.role_arn = self._get_param("RoleARN") or stack.role_arn
        stack.retain_except_on_create = self._retains_except_on_create()
        CHANGE_SETS.make_obsolete(stack)
        policy = during or stack.policy
        self._start_update(stack, declaration, policy, keeps_failure=keeps_failure)
        return ActionResult({"StackId": stack.stack_id})

    def _looks_up_again(self, declaration: Declaration) -> bool:
        """Whether the template may stand for other values than before.

        Answers of AWS, as recorded: a template with dynamic references is always an update, but the
        one that the stack has already.
        """
        is_previous = bool(self._get_bool_param("UsePreviousTemplate", False))
        return not is_previous and dynamic_references.has_any(declaration.text)

    def delete_stack(self) -> ActionResult:
        stack = self._stack_or_none()
        # AWS: deleting a stack that does not exist succeeds.
        if stack is None or stack.is_deleted or stack.status == "DELETE_IN_PROGRESS":
            return EmptyResult()
        root = STACKS.by_id(stack.root_id) if stack.root_id else None
        if stack.termination_protection or (root and root.termination_protection):
            raise ValidationError(
                message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is "
                "enabled"
            )
        if stack.status.startswith("UPDATE") and stack.in_progress:
            raise ValidationError(
                message=f"Stack [{stack.stack_id}] cannot be deleted while in status {stack.status}"
            )
        retained = self._retained(stack)
        is_forced = self._get_param("DeletionMode") == "FORCE_DELETE_STACK"
        if is_forced:
            _require_failed_deletion(stack, "specify FORCE_DELETE_STACK")
        in_use = exports.conflict(stack, ())
        if in_use:  # AWS answers, and nothing but the reason changes
            stack.set_status(stack.status, in_use)
            return EmptyResult()
        CHANGE_SETS.outlive(stack)
        previous = operations.running(stack)
        if previous:
            previous.cancel()
        self._begin(stack, "DELETE_IN_PROGRESS", "DELETE_STACK")

        def work(operation: Operation) -> None:
            if previous:
                previous.wait()
            engine(operation).delete(retained, is_forced=is_forced)

        operations.start(stack, work)
        return EmptyResult()

    def _retained(self, stack: Stack) -> frozenset[str]:
        """The resources that the deletion is to leave; the words are AWS's, as reported.

        AWS: API_DeleteStack, "RetainResources". Raises ValidationError.
        """
        retained = frozenset(self._get_param("RetainResources", []))
        if retained:
            _require_failed_deletion(stack, "specify which resources to retain")
        if any(
            logical_id in stack.resources
            and stack.resources[logical_id].status == "DELETE_COMPLETE"
            for logical_id in retained
        ):
            raise ValidationError(
                message="The specified resources to retain must be in a valid state. Do not "
                "specify resources that are in the DELETE_COMPLETE state."
            )
        return retained

    def cancel_update_stack(self) -> ActionResult:
        stack = self._stack()
        operation = operations.running(stack)
        if stack.status != "UPDATE_IN_PROGRESS" or operation is None:
            raise ValidationError(
                message=f"CancelUpdateStack cannot be called from current stack status "
                f"{stack.status}"
            )
        operation.cancel()
        return EmptyResult()

    def rollback_stack(self) -> ActionResult:
        """moto lacks it."""
        stack = self._stack()
        if stack.status not in _ROLLING_BACK:
            raise ValidationError(
                message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be rolled "
                "back."
            )
        stack.retain_except_on_create = self._retains_except_on_create()
        failed = stack.status if stack.has_stable_state else "CREATE_FAILED"
        self._begin(stack, _ROLLING_BACK[failed], "ROLLBACK")
        operations.start(stack, lambda operation: engine(operation).roll_back())
        return ActionResult({"StackId": stack.stack_id})

    def continue_update_rollback(self) -> ActionResult:
        stack = self._stack()
        if stack.parent_id:
            raise ValidationError(message="RollbackUpdatedStack cannot be invoked on child stacks")
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise ValidationError(
                message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be rolled "
                "back."
            )
        for logical_id in self._get_param("ResourcesToSkip", []):
            owner, skipped = _found_to_skip(stack, logical_id)
            if skipped is None or skipped.status != "UPDATE_FAILED":
                raise ValidationError(
                    message=f"Resource {logical_id} is not in UPDATE_FAILED state and can not be "
                    "skipped"
                )
            owner.set_resource_status(skipped, "UPDATE_COMPLETE")
        self._begin(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "CONTINUE_ROLLBACK")
        operations.start(stack, lambda operation: engine(operation).continue_rollback())
        return ActionResult({})

    def signal_resource(self) -> ActionResult:
        """moto lacks it."""
        stack = self._stack()
        logical_id = self._get_param("LogicalResourceId")
        status = self._get_param("Status")
        unique_id = self._get_param("UniqueId")
        if status not in ("SUCCESS", "FAILURE"):
            raise ValidationError(message=f"Status must be SUCCESS or FAILURE, not {status}")
        resource = stack.resources.get(logical_id)
        if resource is None:
            raise ValidationError(
                message=f"Resource {logical_id} does not exist for stack {stack.name}"
            )
        mailbox = MAILBOXES.find(stack.stack_id, logical_id)
        if mailbox is None:
            raise ValidationError(
                message=f"Resource {logical_id} is in {resource.status} state and can not be "
                "signaled"
            )
        stack.note(resource, resource.status, user_data_signals.received(status, unique_id))
        mailbox.put(unique_id, status)
        return EmptyResult()

    def update_termination_protection(self) -> ActionResult:
        stack = self._stack()
        if stack.parent_id:
            raise ValidationError(
                message="For nested stacks, termination protection is set on the root stack and "
                "cannot be changed directly on the nested stack."
            )
        stack.termination_protection = self._get_bool_param("EnableTerminationProtection", False)
        return ActionResult({"StackId": stack.stack_id})

    def set_stack_policy(self) -> ActionResult:
        self._stack().policy = self._policy("StackPolicy")
        return EmptyResult()

    def _policy(self, member: str) -> str | None:
        """The stack policy that the request gives as StackPolicyBody, say, or StackPolicyURL."""
        url, body = self._get_param(f"{member}URL"), self._get_param(f"{member}Body")
        if url and body:
            raise ValidationError(message=f"You cannot specify both {member}URL and {member}Body")
        text = template_source.stored(url, self.current_account) if url else body
        return stack_policies.checked(text)

    def get_stack_policy(self) -> ActionResult:
        stack = self._stack()
        return ActionResult({"StackPolicyBody": stack.policy_during_update or stack.policy})


def _require_failed_deletion(stack: Stack, what: str) -> None:
    """Raise ValidationError for what AWS allows only after a deletion that failed."""
    if stack.status != "DELETE_FAILED":
        raise ValidationError(
            message=f"Invalid operation on stack [{stack.stack_id}]. When you delete a stack, "
            f"{what} only when the stack is in the DELETE_FAILED state."
        )


def _found_to_skip(stack: Stack, name: str) -> tuple[Stack, Resource | None]:
    """A resource and its stack; AWS: one of a nested stack is `NestedStackName.ResourceId`."""
    *nested, logical_id = name.split(".")
    for part in nested:
        resource = stack.resources.get(part)
        if resource is None or not isinstance(resource.model, Stack):
            return stack, None
        stack = resource.model
    return stack, stack.resources.get(logical_id)
