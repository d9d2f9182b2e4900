"""Carry out operations on whole stacks: create, update, delete, and roll back what failed.

AWS: "Understand CloudFormation stack creation events" and "Stack failure options" in the
CloudFormation User Guide.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from local_aws.control_plane.cloudformation import exports, references
from local_aws.control_plane.cloudformation.failure_reasons import StepFailedError, reason_of
from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.outputs import evaluated_outputs, unknown_attribute
from local_aws.control_plane.cloudformation.resource_steps import ResourceSteps
from local_aws.control_plane.cloudformation.rollback_triggers import TriggerWatch
from local_aws.control_plane.cloudformation.stack import (
    Declaration,
    Resource,
    Stack,
    UnfinishedUpdate,
)
from local_aws.control_plane.cloudformation.surroundings import StackSurroundings, evaluator_for
from local_aws.control_plane.lock import LOCK

_SECONDS_PER_MINUTE = 60.0


class StackEngine:
    """One operation on one stack. Methods run in the operation's own thread."""

    def __init__(self, stack: Stack, operation: Operation) -> None:
        self._stack = stack
        self._operation = operation
        self._steps = ResourceSteps(stack, operation)
        kept = stack.unfinished_update
        self._replaced: dict[str, list[Resource]] = kept.replaced if kept else {}
        self._imports: set[str] = set()
        self._timed_out = False

    def create(self) -> None:
        """Create everything; on failure, or when it takes too long, do as `on_failure` says."""
        minutes = self._stack.timeout_minutes
        seconds = minutes * _SECONDS_PER_MINUTE if minutes else threading.TIMEOUT_MAX
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._time_out)
        timer.daemon = True
        timer.start()
        watch = self._watch()
        try:
            with watch:
                self._converge_and_monitor(self._stack.declaration, watch)
                self._complete("CREATE_COMPLETE", self._stack.declaration)
        except StepFailedError as failure:
            if self._timed_out:
                self._undo_creation("Stack creation time exceeded the specified timeout. ")
            elif watch.breach:
                watch.resume()
                self._undo_creation(watch.breach)
            elif not self._operation.cancelled.is_set():
                self._undo_creation(failure.summary("create"))
            elif self._stack.parent_id and self._stack.status == "CREATE_IN_PROGRESS":
                self._set_status("CREATE_FAILED", "Resource creation cancelled")
            # else: the deletion takes over
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self._timed_out = True
        self._operation.cancel()

    def update(
        self,
        declaration: Declaration,
        policy: str | None,
        *,
        keeps_failure: bool = False,
        is_part: bool = False,
    ) -> None:
        """Change the stack to the declaration, as far as the stack policy allows it.

        On failure restore what it was, or leave what came of it; as on AWS an update that may be
        left so replaces nothing. An update that is part of the parent's deletes nothing yet.
        """
        kept = self._stack.unfinished_update
        previous = kept.previous if kept else self._stack.declaration
        self._stack.declaration = declaration
        watch = self._watch()
        try:
            self._steps.protect(policy, replaces=not keeps_failure)
            for resource in self._undeclared(declaration):
                self._steps.require_deletable(resource)
            with watch:
                self._converge_and_monitor(declaration, watch)
                self._complete("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", declaration)
        except StepFailedError as failure:
            reason = watch.breach or failure.summary("update")
            if watch.breach:
                watch.resume()
            cancelled = self._operation.cancelled.is_set()
            if (keeps_failure and not cancelled) or not self._stack.has_stable_state:
                self._stack.unfinished_update = UnfinishedUpdate(previous, self._replaced)
                self._set_status("UPDATE_FAILED", reason)
                return
            self._set_status(
                "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated" if cancelled else reason
            )
            self._restore(previous)
            return
        if is_part:
            self._stack.unfinished_update = UnfinishedUpdate(previous, self._replaced)
        else:
            self.clean_up()

    def clean_up(self) -> None:
        """Delete what a successful update replaced and dropped, in nested stacks too."""
        self._stack.unfinished_update = None
        for resource in self._existing():
            self._steps.clean_up(resource)
        self._remove_leftovers(self._stack.declaration, self._all_replaced())
        self._set_status("UPDATE_COMPLETE")

    def roll_back(self) -> None:
        """Undo what is not final: restore what an update found, delete what was created.

        AWS: API_RollbackStack, for a failure that was kept.
        """
        if self._stack.has_stable_state and self._stack.unfinished_update:
            self._restore(self._stack.unfinished_update.previous)
        else:
            self._delete_created()

    def delete(self, retained: frozenset[str] = frozenset(), *, is_forced: bool = False) -> None:
        """Delete everything but `retained`, in the reverse order of creation.

        AWS: API_DeleteStack, "DeletionMode": a forced deletion leaves what cannot be deleted.
        """
        with LOCK:
            in_use = exports.conflict(self._stack, ())
        if in_use:
            self._set_status("DELETE_FAILED", in_use)
            return
        everything = [
            each
            for resource in self._existing()
            for each in (resource, *reversed(self._replaced.get(resource.logical_id, [])))
        ]
        failed = self._delete_all(everything, retained)
        if failed and not is_forced:
            self._set_status("DELETE_FAILED", _failed_to_delete(failed))
            return
        with LOCK:
            for resource in everything:
                if resource.status == "DELETE_FAILED":
                    self._stack.set_resource_status(resource, "DELETE_SKIPPED")
        self._set_status("DELETE_COMPLETE")

    def _watch(self) -> TriggerWatch:
        stack = self._stack
        return TriggerWatch(stack.rollback_configuration, stack.account_id, self._operation)

    def _converge_and_monitor(self, declaration: Declaration, watch: TriggerWatch) -> None:
        """Converge, and wait for what the rollback triggers say afterwards."""
        self._converge(declaration)
        if watch.monitor():
            raise StepFailedError(None, "Resource operation cancelled")

    def _converge(self, declaration: Declaration) -> None:
        """Create what is missing and change what differs. Raises StepFailedError."""
        definitions = declaration.template["Resources"]
        evaluator = self._evaluator(declaration)
        if problem := declaration.refusal or unknown_attribute(evaluator):
            raise StepFailedError(None, problem)
        self._imports.clear()
        for logical_id in references.creation_order(definitions):
            if self._operation.cancelled.is_set():
                raise StepFailedError(logical_id, "Resource operation cancelled")
            with LOCK:
                exists = evaluator.exists(definitions[logical_id])
            if not exists:
                continue
            resource = self._stack.resources.get(logical_id)
            if resource is None or resource.model is None:
                self._steps.create(evaluator, declaration, logical_id)
            else:
                self._change(evaluator, declaration, resource)

    def _change(self, evaluator: Evaluator, declaration: Declaration, resource: Resource) -> None:
        try:
            replaced = self._steps.update(evaluator, declaration, resource)
        except StepFailedError:
            successor = self._stack.resources[resource.logical_id]
            if successor is not resource:  # the old one is still there for the rollback
                self._replaced.setdefault(resource.logical_id, []).append(resource)
            raise
        if replaced:
            self._replaced.setdefault(resource.logical_id, []).append(replaced)

    def _all_replaced(self) -> list[Resource]:
        """In the order of deletion."""
        return [
            replaced
            for resource in self._existing()
            for replaced in reversed(self._replaced.get(resource.logical_id, []))
        ]

    def _restore(self, previous: Declaration) -> None:
        """AWS: a failed update is rolled back to the last working state."""
        self._operation.cancelled.clear()
        self._steps.protect(None)
        self._stack.declaration = previous
        self._stack.unfinished_update = None
        failed_successors = []
        for logical_id, (resource, *later) in self._replaced.items():
            failed_successors += [*later, self._stack.resources[logical_id]]
            self._stack.resources[logical_id] = resource
            with LOCK:
                self._stack.set_resource_status(resource, "UPDATE_COMPLETE")
        self._replaced.clear()
        self.continue_rollback(failed_successors)

    def continue_rollback(self, failed_successors: Sequence[Resource] = ()) -> None:
        """Converge to what the stack was; afterwards delete what the failed update had made."""
        previous = self._stack.declaration
        try:
            self._converge(previous)
        except StepFailedError as failure:
            self._set_status("UPDATE_ROLLBACK_FAILED", failure.summary("update"))
            return
        self._complete("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", previous)
        self._remove_leftovers(previous, list(failed_successors))
        self._set_status("UPDATE_ROLLBACK_COMPLETE")

    def _undo_creation(self, reason: str) -> None:
        on_failure = self._stack.on_failure
        if on_failure == "DO_NOTHING":
            self._set_status("CREATE_FAILED", reason)
            return
        rollback = on_failure == "ROLLBACK"
        verb = "Rollback" if rollback else "Delete"
        self._set_status(
            "ROLLBACK_IN_PROGRESS" if rollback else "DELETE_IN_PROGRESS",
            f"{reason}{verb} requested by user.",
        )
        if not rollback:
            self.delete()
            return
        self._delete_created()

    def _delete_created(self) -> None:
        failed = self._delete_all(self._existing(), frozenset())
        if failed:
            self._set_status("ROLLBACK_FAILED", _failed_to_delete(failed))
        else:
            self._set_status("ROLLBACK_COMPLETE")

    def _remove_leftovers(self, declaration: Declaration, replaced: list[Resource]) -> None:
        """Delete replaced resources and those that are no longer declared.

        A failure is shown in the events and does not fail the update, as on AWS.
        """
        undeclared = self._undeclared(declaration)
        self._delete_all([*replaced, *undeclared], frozenset())
        with LOCK:
            for resource in undeclared:
                del self._stack.resources[resource.logical_id]

    def _undeclared(self, declaration: Declaration) -> list[Resource]:
        evaluator = self._evaluator(declaration)
        definitions = declaration.template["Resources"]
        with LOCK:
            return [
                resource
                for resource in self._existing()
                if resource.logical_id not in definitions
                or not evaluator.exists(definitions[resource.logical_id])
            ]

    def _existing(self) -> list[Resource]:
        """The resources in the order of deletion: each before what it needs."""
        order = references.creation_order(self._stack.declaration.template["Resources"])
        known = [self._stack.resources[name] for name in order if name in self._stack.resources]
        others = [item for item in self._stack.resources.values() if item.logical_id not in order]
        return [*reversed(others), *reversed(known)]

    def _delete_all(self, resources: list[Resource], retained: frozenset[str]) -> list[str]:
        """Delete as many as possible; returns the logical ids of those that failed."""
        failed = []
        for resource in resources:
            if resource.status == "DELETE_COMPLETE":
                continue
            if resource.logical_id in retained:
                with LOCK:
                    self._stack.set_resource_status(resource, "DELETE_SKIPPED")
                continue
            try:
                self._steps.delete(self._stack.declaration, resource)
            except StepFailedError:
                failed.append(resource.logical_id)
        return failed

    def _complete(self, status: str, declaration: Declaration) -> None:
        """Evaluate the outputs and set the stack's status. Raises StepFailedError."""
        with LOCK:
            self._operation.require_running()
            try:
                outputs = evaluated_outputs(self._evaluator(declaration))
            except Exception as error:
                raise StepFailedError(None, reason_of(error)) from error
            conflict = exports.conflict(self._stack, outputs)
            if conflict:
                raise StepFailedError(None, conflict)
            self._stack.outputs = outputs
            self._stack.imports = set(self._imports)
            self._set_status(status)

    def _evaluator(self, declaration: Declaration) -> Evaluator:
        with LOCK:
            surroundings = StackSurroundings(self._stack, self._note_import)
            return evaluator_for(self._stack, declaration, surroundings)

    def _note_import(self, name: str) -> None:
        """Until the operation is complete, the stack imports what it did before it, too."""
        self._imports.add(name)
        self._stack.imports.add(name)

    def _set_status(self, status: str, reason: str | None = None) -> None:
        """Raises OvertakenError: the state of a stack is that of the operation that runs now."""
        with LOCK:
            self._operation.require_running()
            self._stack.set_status(status, reason)


def _failed_to_delete(logical_ids: list[str]) -> str:
    return f"The following resource(s) failed to delete: [{', '.join(logical_ids)}]. "
