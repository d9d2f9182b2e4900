"""Create, change and delete one resource of a stack, with the events that AWS shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local_aws.control_plane import wiring
from local_aws.control_plane.cloudformation import (
    creation_policies,
    deletion_policies,
    property_problems,
    resource_schemas,
    stack_policies,
    stored_values,
)
from local_aws.control_plane.cloudformation.differences import (
    changed_properties,
    changes_stack_tags,
    evaluated_properties,
    must_replace,
    shown_properties,
)
from local_aws.control_plane.cloudformation.failure_reasons import (
    StepFailedError,
    is_not_found,
    reason_of,
)
from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.resource_types.handlers import (
    custom_names,
    without_effect,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    ResourceFailedError,
    ResourceType,
    UpdateInPlace,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.read_properties import (
    ReadProperties,
)
from local_aws.control_plane.cloudformation.resource_types.registry import resource_type
from local_aws.control_plane.cloudformation.signals import MAILBOXES, Mailbox
from local_aws.control_plane.cloudformation.stack import Declaration, Resource, Stack
from local_aws.control_plane.cloudformation.user_data_signals import UserDataSignals
from local_aws.control_plane.lock import LOCK

_REPLACED = "Requested update requires the creation of a new physical resource; hence creating one."
_NOT_REPLACED = "Replacement type updates not supported on stack with disable-rollback."
_UNDOING = ("ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
"""The states of a stack in which what is deleted was created by the operation that failed."""


class ResourceSteps:
    """The steps of one operation. Each takes the lock for its work and not while it waits."""

    def __init__(self, stack: Stack, operation: Operation) -> None:
        self._stack = stack
        self._operation = operation
        self._policy: str | None = None
        self._replaces = True

    def protect(self, policy: str | None, *, replaces: bool = True) -> None:
        """From now on change only what this stack policy allows; what exists is replaced or not."""
        self._policy = policy
        self._replaces = replaces

    def require_deletable(self, resource: Resource) -> None:
        """Raises StepFailedError when the stack policy keeps it."""
        self._require_allowed("Update:Delete", resource)

    def create(
        self,
        evaluator: Evaluator,
        declaration: Declaration,
        logical_id: str,
        *,
        is_successor: bool = False,
    ) -> None:
        """Create the resource and wait for its CreationPolicy. Raises StepFailedError.

        The events of one that takes the place of another are those of an update.
        """
        verb = "UPDATE" if is_successor else "CREATE"
        definition = declaration.template["Resources"][logical_id]
        resource = Resource(logical_id, definition["Type"], is_half_made=True)
        self._stack.resources[logical_id] = resource
        handler = resource_type(resource.type_name)
        with self.mailbox(logical_id) as mailbox, self._failing(resource, f"{verb}_FAILED"):
            with LOCK:
                resource.shown_properties = shown_properties(evaluator, definition)
                if not is_successor:
                    self._stack.set_resource_status(resource, "CREATE_IN_PROGRESS")
                resource.properties = evaluated_properties(evaluator, definition)
                given = self._with_secrets(handler, resource.properties)
                _require_valid(resource, given)
                _copy_attributes(resource, evaluator, definition)
            handler.prepare(given)
            with LOCK:
                unread = self._create_model(handler, declaration, resource, given)
                self._stack.set_resource_status(
                    resource, f"{verb}_IN_PROGRESS", "Resource creation Initiated"
                )
            wiring.current().on_change()
            self._look_for_signals(handler, resource, mailbox)
            handler.wait_until_ready(resource.model, self._operation.cancelled)
            handler.wait_for_signals(resource.model, mailbox, self._operation.cancelled)
            with LOCK:
                policy = evaluator.value_of(definition.get("CreationPolicy", {}))
            creation_policies.await_signals(policy, handler, mailbox, self._operation.cancelled)
            note = without_effect.note(resource.type_name, resource.properties, unread)
            with LOCK:
                resource.is_half_made = False
                self._stack.set_resource_status(resource, f"{verb}_COMPLETE", note)

    def _with_secrets(self, handler: ResourceType, properties: Mapping[str, Any]) -> Any:
        """The properties as the service gets them. Raises ResourceFailedError."""
        if not handler.takes_secrets:
            return properties
        place = self._stack.account_id, self._stack.region
        found = stored_values.with_secrets(*place, properties)
        return resource_schemas.typed(handler.name, found)

    def _create_model(
        self,
        handler: ResourceType,
        declaration: Declaration,
        resource: Resource,
        properties: dict[str, Any],
    ) -> list[str]:
        """Returns the properties of the template that have no effect."""
        given = ReadProperties(handler.with_stack_tags(properties, declaration.tags))
        resource.model = handler.create(self._place(declaration, resource.logical_id), given)
        resource.stack_tags = declaration.tags
        resource.physical_id = handler.physical_id(resource.model)
        return given.unread(resource.properties)

    def update(
        self, evaluator: Evaluator, declaration: Declaration, resource: Resource
    ) -> Resource | None:
        """Bring a resource to its declaration; nothing happens when it is there already.

        Returns the replaced resource, which still exists, when the change needed a new one.
        Raises StepFailedError.
        """
        definition = declaration.template["Resources"][resource.logical_id]
        handler = resource_type(resource.type_name)
        with self._failing(resource, "UPDATE_FAILED"), LOCK:
            new = evaluated_properties(evaluator, definition)
            changed = changed_properties(resource.properties, new)
            if changed:
                _require_valid(resource, self._with_secrets(handler, new))
            is_retagged = changes_stack_tags(resource, declaration.tags)
            _copy_attributes(resource, evaluator, definition)
            update_policy = evaluator.value_of(definition.get("UpdatePolicy", {}))
        # What failed to change has the properties that were tried: it is tried again.
        is_tried_again = resource.status in ("CREATE_FAILED", "UPDATE_FAILED")
        if not (changed or is_retagged or is_tried_again or handler.follows_outside):
            return None
        resource.shown_properties = shown_properties(evaluator, definition)
        is_replaced = resource.is_half_made or must_replace(resource, changed, new, update_policy)
        if changed or is_retagged:
            self._require_allowed("Update:Replace" if is_replaced else "Update:Modify", resource)
        refusal = (
            self._refusal_to_replace(resource, new)
            if is_replaced
            else handler.refusal(changed, resource.properties, new)
        )
        if refusal:
            raise self._failed(resource, "UPDATE_FAILED", ResourceFailedError(refusal))
        if is_replaced:
            with LOCK:
                self._stack.set_resource_status(resource, "UPDATE_IN_PROGRESS", _REPLACED)
            self.create(evaluator, declaration, resource.logical_id, is_successor=True)
            return resource
        self._update_in_place(declaration, resource, new, update_policy)
        return None

    def _refusal_to_replace(self, resource: Resource, new: Mapping[str, Any]) -> str | None:
        """Why a new resource may not take this one's place; None when it may."""
        if resource.is_half_made:
            return None
        if not self._replaces:
            return _NOT_REPLACED
        return custom_names.refusal_to_replace(resource.type_name, resource.properties, new)

    def _update_in_place(
        self,
        declaration: Declaration,
        resource: Resource,
        new: dict[str, Any],
        update_policy: Mapping[str, Any],
    ) -> None:
        handler = resource_type(resource.type_name)
        changed = changed_properties(resource.properties, new)
        with (
            self.mailbox(resource.logical_id) as mailbox,
            self._failing(resource, "UPDATE_FAILED"),
        ):
            with LOCK:
                self._stack.set_resource_status(resource, "UPDATE_IN_PROGRESS")
                given = self._update_model(handler, declaration, resource, new, update_policy)
            wiring.current().on_change()
            self._look_for_signals(handler, resource, mailbox)
            handler.wait_until_done(resource.model, self._operation.cancelled)
            handler.follow_update_policy(
                UpdateInPlace(
                    self._place(declaration, resource.logical_id),
                    resource.physical_id,
                    changed,
                    update_policy,
                    mailbox.wait_for_ids,
                    self._operation.cancelled,
                    self._noting(resource),
                )
            )
            # What undoes a change need not look at the properties.
            is_undone = self._stack.status == "UPDATE_ROLLBACK_IN_PROGRESS"
            unread = [] if is_undone else given.unread(changed)
            note = without_effect.note(resource.type_name, new, unread)
            with LOCK:
                self._stack.set_resource_status(resource, "UPDATE_COMPLETE", note)

    def _update_model(
        self,
        handler: ResourceType,
        declaration: Declaration,
        resource: Resource,
        new: dict[str, Any],
        update_policy: Mapping[str, Any],
    ) -> ReadProperties:
        """Returns the properties that it was given, which know which of them were read."""
        old, resource.properties = resource.properties, new
        wanted = handler.less_what_policy_leaves(update_policy, resource.model, old, new)
        found = self._with_secrets(handler, wanted)
        # What cannot change in place stays, whatever its secret is by now.
        fixed = {name for name in found if handler.recreation(name, old, new) == "Always"}
        old = {name: found[name] if name in fixed else value for name, value in old.items()}
        given = ReadProperties(handler.with_stack_tags(found, declaration.tags))
        tags_before, resource.stack_tags = resource.stack_tags, declaration.tags
        resource.model = handler.update(
            self._place(declaration, resource.logical_id),
            resource.model,
            handler.with_stack_tags(old, tags_before or {}),
            given,
        )
        resource.physical_id = handler.physical_id(resource.model)
        return given

    def delete(self, declaration: Declaration, resource: Resource) -> None:
        """Delete the resource, or skip it when a policy retains it. Raises StepFailedError.

        AWS: "DeletionPolicy attribute", and "UpdateReplacePolicy attribute" for a resource that
        has a successor.
        """
        is_replaced = self._stack.resources.get(resource.logical_id) is not resource
        policy = resource.update_replace_policy if is_replaced else resource.deletion_policy
        with LOCK:
            if resource.model is None:
                self._stack.set_resource_status(resource, "DELETE_COMPLETE")
                return
            is_undone = self._stack.status in _UNDOING
            if deletion_policies.retains(
                policy, is_undone=is_undone, except_on_create=self._stack.retain_except_on_create
            ):
                self._stack.set_resource_status(resource, "DELETE_SKIPPED")
                return
            self._stack.set_resource_status(resource, "DELETE_IN_PROGRESS")
        handler = resource_type(resource.type_name)
        try:
            with LOCK:
                place = self._place(declaration, resource.logical_id)
                if policy == "Snapshot" and not resource.is_half_made:
                    handler.take_snapshot(place, resource.model)
                handler.delete(place, resource.model, resource.properties)
            handler.wait_until_deleted(resource.model)
        except Exception as error:
            if not is_not_found(error):
                raise self._failed(resource, "DELETE_FAILED", error) from error
        with LOCK:
            resource.model = None
            self._stack.set_resource_status(resource, "DELETE_COMPLETE")
        wiring.current().on_change()

    def clean_up(self, resource: Resource) -> None:
        """Make the resource's update final."""
        if resource.model is None:
            return
        handler = resource_type(resource.type_name)
        with LOCK:
            handler.clean_up(resource.model)
        handler.wait_until_done(resource.model, self._operation.cancelled)

    @contextmanager
    def mailbox(self, logical_id: str) -> Iterator[Mailbox]:
        """The resource takes signals meanwhile; a cancellation wakes whoever waits for them."""
        mailbox = MAILBOXES.open(self._stack.stack_id, logical_id)
        self._operation.on_cancel = mailbox.close
        if self._operation.cancelled.is_set():  # which closed the mailbox before
            mailbox.close()
        try:
            yield mailbox
        finally:
            MAILBOXES.shut(self._stack.stack_id, logical_id)

    @contextmanager
    def _failing(self, resource: Resource, status: str) -> Iterator[None]:
        """What fails meanwhile fails the resource, with this status."""
        try:
            yield
        except Exception as error:
            raise self._failed(resource, status, error) from error

    def _look_for_signals(
        self, handler: ResourceType, resource: Resource, mailbox: Mailbox
    ) -> None:
        """Called whenever signals are awaited: which of them cannot come?"""
        awaited = handler.awaited(resource.model, mailbox)
        mailbox.look = UserDataSignals(awaited, self._noting(resource)).look

    def _require_allowed(self, action: stack_policies.Action, resource: Resource) -> None:
        refusal = stack_policies.refusal(
            self._policy, action, resource.logical_id, resource.type_name
        )
        if refusal:
            raise self._failed(resource, "UPDATE_FAILED", ResourceFailedError(refusal))

    def _noting(self, resource: Resource) -> Callable[[str], None]:
        def note(reason: str) -> None:
            with LOCK:
                self._stack.note(resource, resource.status, reason)
            wiring.current().on_change()

        return note

    def _failed(self, resource: Resource, status: str, error: Exception) -> StepFailedError:
        if isinstance(error, StepFailedError):
            return error
        reason = reason_of(error)
        with LOCK:
            self._stack.set_resource_status(resource, status, reason)
        return StepFailedError(resource.logical_id, reason)

    def _place(self, declaration: Declaration, logical_id: str) -> Place:
        stack = self._stack
        return Place(
            stack.account_id,
            stack.region,
            stack.stack_id,
            stack.name,
            logical_id,
            declaration.tags,
        )


def _require_valid(resource: Resource, properties: Mapping[str, Any]) -> None:
    for problem in property_problems.problems(resource.type_name, resource.logical_id, properties):
        raise ResourceFailedError(problem)


def _copy_attributes(
    resource: Resource, evaluator: Evaluator, definition: Mapping[str, Any]
) -> None:
    resource.deletion_policy = deletion_policies.of_deletion(definition)
    resource.update_replace_policy = deletion_policies.of_replacement(definition)
    resource.metadata = evaluator.value_of(definition.get("Metadata"))
