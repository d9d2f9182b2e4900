"""Calls that change stacks: create, update, delete, signal."""

from __future__ import annotations

from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.cloudformation.utils import generate_stack_id
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane.cloudformation import changes, operations, template_source
from local_aws.control_plane.cloudformation.api.base import Calls, engine, require_updatable
from local_aws.control_plane.cloudformation.change_sets import CHANGE_SETS
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.signals import MAILBOXES
from local_aws.control_plane.cloudformation.stack import STACKS, Stack, now

_USER_INITIATED = "User Initiated"


class StackCalls(Calls):
    """Each starts a background operation and answers; AWS's clients then poll."""

    def create_stack(self) -> ActionResult:
        name = self._get_param("StackName")
        if self._stack_or_none():
            raise AlreadyExistsException(f"Stack [{name}] already exists")
        stack = Stack(
            generate_stack_id(name, self.region, self.current_account),
            name,
            self.current_account,
            self.region,
            self._declaration(),
            on_failure=self._on_failure(),
            timeout_minutes=self._get_int_param("TimeoutInMinutes"),
            termination_protection=self._get_bool_param("EnableTerminationProtection", False),
            role_arn=self._get_param("RoleARN"),
            notification_arns=self._get_param("NotificationARNs", []),
            capabilities=self._get_param("Capabilities", []),
            policy=self._get_param("StackPolicyBody"),
        )
        STACKS.add(stack)
        stack.set_status("CREATE_IN_PROGRESS", _USER_INITIATED)
        operations.start(stack, lambda operation: engine(operation).create())
        return ActionResult({"StackId": stack.stack_id})

    def _on_failure(self) -> str:
        if self._get_bool_param("DisableRollback", False):
            return "DO_NOTHING"
        return str(self._get_param("OnFailure", "ROLLBACK"))

    def update_stack(self) -> ActionResult:
        stack = self._stack()
        require_updatable(stack)
        declaration = self._declaration(stack)
        if not changes.is_needed(stack, declaration):
            raise ValidationError(message="No updates are to be performed.")
        stack.capabilities = self._get_param("Capabilities", [])
        stack.role_arn = self._get_param("RoleARN") or stack.role_arn
        stack.update_time = now()
        stack.set_status("UPDATE_IN_PROGRESS", _USER_INITIATED)
        operations.start(stack, lambda operation: engine(operation).update(declaration))
        return ActionResult({"StackId": stack.stack_id})

    def delete_stack(self) -> ActionResult:
        stack = self._stack_or_none()
        # AWS: deleting a stack that does not exist succeeds.
        if stack is None or stack.is_deleted or stack.status == "DELETE_IN_PROGRESS":
            return EmptyResult()
        if stack.termination_protection:
            raise ValidationError(
                message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is "
                "enabled"
            )
        if stack.status.startswith("UPDATE") and stack.in_progress:
            raise ValidationError(
                message=f"Stack [{stack.stack_id}] cannot be deleted while in status {stack.status}"
            )
        CHANGE_SETS.remove_all_of(stack)
        retained = frozenset(self._get_param("RetainResources", []))
        previous = operations.running(stack)
        if previous:
            previous.cancel()
        stack.set_status("DELETE_IN_PROGRESS", _USER_INITIATED)

        def work(operation: Operation) -> None:
            if previous:
                previous.wait()
            engine(operation).delete(retained)

        operations.start(stack, work)
        return EmptyResult()

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

    def continue_update_rollback(self) -> ActionResult:
        stack = self._stack()
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise ValidationError(
                message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be rolled "
                "back."
            )
        for logical_id in self._get_param("ResourcesToSkip", []):
            skipped = stack.resources.get(logical_id)
            if skipped is None or skipped.status != "UPDATE_FAILED":
                raise ValidationError(
                    message=f"Resource {logical_id} is not in UPDATE_FAILED state and can not be "
                    "skipped"
                )
            stack.set_resource_status(skipped, "UPDATE_COMPLETE")
        stack.set_status("UPDATE_ROLLBACK_IN_PROGRESS", _USER_INITIATED)
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
        stack.note(resource, resource.status, f"Received {status} signal with UniqueId {unique_id}")
        mailbox.put(unique_id, status)
        return EmptyResult()

    def update_termination_protection(self) -> ActionResult:
        stack = self._stack()
        stack.termination_protection = self._get_bool_param("EnableTerminationProtection", False)
        return ActionResult({"StackId": stack.stack_id})

    def set_stack_policy(self) -> ActionResult:
        """Kept and shown; not enforced."""
        stack = self._stack()
        url = self._get_param("StackPolicyURL")
        stack.policy = (
            template_source.stored(url, self.current_account)
            if url
            else self._get_param("StackPolicyBody")
        )
        return EmptyResult()

    def get_stack_policy(self) -> ActionResult:
        return ActionResult({"StackPolicyBody": self._stack().policy})
