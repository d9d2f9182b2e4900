"""Create, change and delete one resource of a stack, with the events that AWS shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from local_aws.control_plane import change_notice, durations
from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    ResourceFailedError,
    ResourceType,
    UpdateInPlace,
)
from local_aws.control_plane.cloudformation.resource_types.registry import resource_type
from local_aws.control_plane.cloudformation.signals import MAILBOXES, Mailbox
from local_aws.control_plane.cloudformation.stack import Declaration, Resource, Stack
from local_aws.control_plane.lock import LOCK

_DEFAULT_SIGNAL_TIMEOUT = "PT5M"


class StepFailedError(Exception):
    """A resource failed, and its event has the reason; or, without one, the outputs did."""

    def __init__(self, logical_id: str | None, reason: str) -> None:
        super().__init__(reason)
        self._logical_id = logical_id

    def summary(self, action: str) -> str:
        """The stack's status reason, as AWS words it."""
        if self._logical_id is None:
            return f"{self}. "
        return f"The following resource(s) failed to {action}: [{self._logical_id}]. "


class ResourceSteps:
    """The steps of one operation. Each takes the lock for its work and not while it waits."""

    def __init__(self, stack: Stack, operation: Operation) -> None:
        self._stack = stack
        self._operation = operation

    def create(self, evaluator: Evaluator, declaration: Declaration, logical_id: str) -> None:
        """Create the resource and wait for its CreationPolicy. Raises StepFailedError."""
        definition = declaration.template["Resources"][logical_id]
        resource = Resource(logical_id, definition["Type"])
        self._stack.resources[logical_id] = resource
        mailbox = MAILBOXES.open(self._stack.stack_id, logical_id)
        self._operation.on_cancel = mailbox.close
        try:
            with LOCK:
                self._stack.set_resource_status(resource, "CREATE_IN_PROGRESS")
                resource.properties = evaluated_properties(evaluator, definition)
                _copy_attributes(resource, evaluator, definition)
            handler = resource_type(resource.type_name)
            handler.prepare(resource.properties)
            with LOCK:
                place = self._place(declaration, logical_id)
                resource.model = handler.create(place, resource.properties)
                resource.physical_id = handler.physical_id(resource.model)
                self._stack.set_resource_status(
                    resource, "CREATE_IN_PROGRESS", "Resource creation Initiated"
                )
            change_notice.announce()
            self._await_creation_policy(evaluator, definition, handler, mailbox)
            with LOCK:
                self._stack.set_resource_status(resource, "CREATE_COMPLETE")
        except Exception as error:
            raise self._failed(resource, "CREATE_FAILED", error) from error
        finally:
            MAILBOXES.shut(self._stack.stack_id, logical_id)

    def update(
        self, evaluator: Evaluator, declaration: Declaration, resource: Resource
    ) -> Resource | None:
        """Bring a resource to its declaration; nothing happens when it is there already.

        Returns the replaced resource, which still exists, when the change needed a new one.
        Raises StepFailedError.
        """
        definition = declaration.template["Resources"][resource.logical_id]
        try:
            with LOCK:
                new = evaluated_properties(evaluator, definition)
                changed = changed_properties(resource.properties, new)
                _copy_attributes(resource, evaluator, definition)
                update_policy = evaluator.value_of(definition.get("UpdatePolicy", {}))
        except Exception as error:
            raise self._failed(resource, "UPDATE_FAILED", error) from error
        # What failed to change has the properties that were tried: it is tried again.
        if not changed and resource.status != "UPDATE_FAILED":
            return None
        if changed and must_replace(resource, changed, update_policy):
            with LOCK:
                self._stack.set_resource_status(
                    resource,
                    "UPDATE_IN_PROGRESS",
                    "Requested update requires the creation of a new physical resource; hence "
                    "creating one.",
                )
            self.create(evaluator, declaration, resource.logical_id)
            return resource
        self._update_in_place(declaration, resource, new, update_policy)
        return None

    def _update_in_place(
        self,
        declaration: Declaration,
        resource: Resource,
        new: dict[str, Any],
        update_policy: Mapping[str, Any],
    ) -> None:
        changed = changed_properties(resource.properties, new)
        mailbox = MAILBOXES.open(self._stack.stack_id, resource.logical_id)
        self._operation.on_cancel = mailbox.close
        try:
            with LOCK:
                self._stack.set_resource_status(resource, "UPDATE_IN_PROGRESS")
                old, resource.properties = resource.properties, new
                place = self._place(declaration, resource.logical_id)
                handler = resource_type(resource.type_name)
                resource.model = handler.update(place, resource.model, old, new)
                resource.physical_id = handler.physical_id(resource.model)
            change_notice.announce()
            handler.follow_update_policy(
                UpdateInPlace(
                    place,
                    resource.physical_id,
                    changed,
                    update_policy,
                    mailbox.wait_for_ids,
                    self._operation.cancelled,
                    self._noting(resource),
                )
            )
            with LOCK:
                self._stack.set_resource_status(resource, "UPDATE_COMPLETE")
        except Exception as error:
            raise self._failed(resource, "UPDATE_FAILED", error) from error
        finally:
            MAILBOXES.shut(self._stack.stack_id, resource.logical_id)

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
            if policy.startswith("Retain"):
                self._stack.set_resource_status(resource, "DELETE_SKIPPED")
                return
            self._stack.set_resource_status(resource, "DELETE_IN_PROGRESS")
            place = self._place(declaration, resource.logical_id)
            try:
                resource_type(resource.type_name).delete(place, resource.model, resource.properties)
            except Exception as error:
                if not _is_not_found(error):
                    raise self._failed(resource, "DELETE_FAILED", error) from error
            resource.model = None
            self._stack.set_resource_status(resource, "DELETE_COMPLETE")
        change_notice.announce()

    def _await_creation_policy(
        self,
        evaluator: Evaluator,
        definition: Mapping[str, Any],
        handler: ResourceType,
        mailbox: Mailbox,
    ) -> None:
        """AWS: "CreationPolicy attribute" in the CloudFormation Template Reference."""
        with LOCK:
            policy = evaluator.value_of(definition.get("CreationPolicy", {}))
        if "ResourceSignal" not in policy:
            return
        signal = policy["ResourceSignal"]
        count = int(signal.get("Count", 1))
        timeout_seconds = durations.seconds(signal.get("Timeout", _DEFAULT_SIGNAL_TIMEOUT))
        percent = handler.percent_of_signals(policy)
        required = math.ceil(count * percent / 100)
        received = mailbox.wait_for_successes(required, count, timeout_seconds)
        successes = sum(status == "SUCCESS" for status in received.values())
        if successes >= required:
            return
        if self._operation.cancelled.is_set():
            raise ResourceFailedError("Resource creation cancelled")
        raise ResourceFailedError(
            f"Received {successes} SUCCESS signal(s) out of {count}. "
            f"Unable to satisfy {percent}% MinSuccessfulInstancesPercent requirement"
        )

    def _noting(self, resource: Resource) -> Callable[[str], None]:
        def note(reason: str) -> None:
            with LOCK:
                self._stack.note(resource, resource.status, reason)
            change_notice.announce()

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


def evaluated_properties(evaluator: Evaluator, definition: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's properties with every function replaced by its result."""
    properties: dict[str, Any] = evaluator.value_of(definition.get("Properties", {}))
    return properties


def changed_properties(old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """The names of the properties whose values differ; 80 and "80" do not."""
    return frozenset(
        name for name in {*old, *new} if _comparable(old.get(name)) != _comparable(new.get(name))
    )


def must_replace(
    resource: Resource, changed: frozenset[str], update_policy: Mapping[str, Any]
) -> bool:
    """Whether these changes make a new physical resource."""
    handler = resource_type(resource.type_name)
    return handler.replaces_by_policy(changed, update_policy) or handler.needs_replacement(changed)


def reason_of(error: Exception) -> str:
    """The message of whatever moto raised, as a status reason."""
    for attribute in ("message", "description"):
        text = getattr(error, attribute, None)
        if isinstance(text, str) and text:
            return text
    return str(error) or type(error).__name__


def _is_not_found(error: Exception) -> bool:
    """Whether somebody has deleted the resource already.

    AWS: "Resource type handler contract" in the CloudFormation CLI User Guide: a deletion that
    answers NotFound has succeeded.
    """
    code = str(getattr(error, "error_type", None) or getattr(error, "code", None))
    return "NotFound" in code or "NoSuchEntity" in code


def _copy_attributes(
    resource: Resource, evaluator: Evaluator, definition: Mapping[str, Any]
) -> None:
    resource.deletion_policy = definition.get("DeletionPolicy", "Delete")
    resource.update_replace_policy = definition.get("UpdateReplacePolicy", "Delete")
    resource.metadata = evaluator.value_of(definition.get("Metadata"))


def _comparable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _comparable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value
