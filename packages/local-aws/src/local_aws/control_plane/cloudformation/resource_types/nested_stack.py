"""AWS::CloudFormation::Stack: a stack in a stack, created, updated and deleted with it.

AWS: "Split a template into reusable pieces using nested stacks" in the CloudFormation User Guide.
What a nested stack's update replaced is deleted when the whole update is complete, so that a
rollback finds it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.utils import generate_stack_id
from moto.core.models import DEFAULT_ACCOUNT_ID

from local_aws.control_plane.cloudformation import (
    capabilities,
    changes,
    declarations,
    operations,
    template,
    template_source,
)
from local_aws.control_plane.cloudformation.change_sets import CHANGE_SETS
from local_aws.control_plane.cloudformation.declarations import Home
from local_aws.control_plane.cloudformation.engine import StackEngine
from local_aws.control_plane.cloudformation.intrinsic_functions import FORESEEN, as_text
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    as_int,
    generated_name,
    tags_of,
)
from local_aws.control_plane.cloudformation.stack import STACKS, Declaration, Stack
from local_aws.control_plane.lock import LOCK

_DEEPEST = 10
"""A template may nest itself: something must end it, and each level holds a thread here."""
_LOOK_EACH_SECONDS = 0.05
_OUTPUT = "Outputs."


@dataclass(frozen=True)
class _Begun:
    """An operation on a nested stack that nobody has waited for yet."""

    operation: Operation
    wanted: str
    failure: str


_begun: dict[str, _Begun] = {}
"""By the nested stack's id: each step on a resource has an object of the type of its own."""


class NestedStack(ResourceType):
    """moto's object is the nested stack itself."""

    follows_outside = True
    takes_secrets = False

    def prepare(self, properties: Properties) -> None:
        with suppress(ValidationError):
            with LOCK:
                text = template_source.stored(properties["TemplateURL"], DEFAULT_ACCOUNT_ID)
            template.prepare(text)

    def create(self, place: Place, properties: Properties) -> Any:
        parent = _stack_at(place)
        if len(_ancestors(parent)) >= _DEEPEST:
            raise ResourceFailedError(f"Stacks are nested more than {_DEEPEST} levels deep.")
        name = generated_name(self.name, place)
        child = Stack(
            generate_stack_id(name, place.region, place.account_id),
            name,
            place.account_id,
            place.region,
            _declaration(parent, name, properties),
            on_failure="DO_NOTHING",  # the parent's rollback deletes it
            timeout_minutes=as_int(properties, "TimeoutInMinutes"),
            parent_id=parent.stack_id,
            root_id=parent.root_id or parent.stack_id,
        )
        _follow(child, parent, properties)
        STACKS.add(child)
        _begin(
            child,
            "CREATE_IN_PROGRESS",
            StackEngine.create,
            "CREATE_COMPLETE",
            "was not successfully created: ",
        )
        return child

    def wait_until_ready(self, model: Any, cancelled: threading.Event) -> None:
        self.wait_until_done(model, cancelled)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002 - the stack knows what it is
        parent = _stack_at(place)
        if parent.status.startswith("UPDATE_ROLLBACK"):
            _undo(model)
            return model
        if not model.unfinished_update:
            model.require_updatable(keeps_failure=True)
        declaration = _declaration(parent, model.name, new)
        if changes.is_needed(model, declaration):
            _follow(model, parent, new)
            _begin(
                model,
                "UPDATE_IN_PROGRESS",
                lambda engine: engine.update(declaration, model.policy, is_part=True),
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                "was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with "
                "reason: ",
            )
        return model

    def clean_up(self, model: Any) -> None:
        if model.unfinished_update and model.status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
            _start(model, StackEngine.clean_up, "UPDATE_COMPLETE", "was not cleaned up: ")

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        if model.is_deleted:
            return
        if operations.running(model):
            raise ResourceFailedError(
                f"Stack [{model.stack_id}] cannot be deleted while in status {model.status}"
            )
        CHANGE_SETS.outlive(model)
        _begin(
            model,
            "DELETE_IN_PROGRESS",
            StackEngine.delete,
            "DELETE_COMPLETE",
            "was not successfully deleted: ",
        )

    def wait_until_done(self, model: Any, cancelled: threading.Event) -> None:
        begun = _begun.pop(model.stack_id, None)
        if begun is None:
            return
        while not begun.operation.wait(_LOOK_EACH_SECONDS):
            if cancelled.is_set():
                begun.operation.cancel()
        if model.status != begun.wanted:
            raise ResourceFailedError(
                f"Embedded stack {model.stack_id} {begun.failure}{model.newest_reason}"
            )

    def physical_id(self, model: Any) -> str:
        return str(model.stack_id)

    def attribute(self, model: Any, name: str) -> str:
        key = name.removeprefix(_OUTPUT)
        found = next((output for output in model.outputs if output.key == key), None)
        if found is None:
            raise ResourceFailedError(f"Output '{key}' not found in stack '{model.stack_id}'")
        return str(found.value)

    def attributes_foreseen(self, model: Any, new: Properties) -> frozenset[str]:
        if FORESEEN in json.dumps(new, default=str):
            return frozenset()  # a parameter that is not known yet
        parent = STACKS.by_id(model.parent_id)
        try:
            declaration = _declaration(parent, model.name, new) if parent else None
        except (capabilities.InsufficientCapabilitiesError, ResourceFailedError, ValidationError):
            return frozenset()  # AWS reports it when the nested stack is updated
        altered = changes.foresee_outputs(model, declaration) if declaration else ()
        return frozenset(f"{_OUTPUT}{key}" for key in altered)


def _stack_at(place: Place) -> Stack:
    found = STACKS.by_id(place.stack_id)
    if found is None:
        raise ResourceFailedError(f"Stack [{place.stack_id}] does not exist")
    return found


def _ancestors(stack: Stack) -> list[Stack]:
    """The stack, its parent, and so on."""
    found = [stack]
    while stack.parent_id and (parent := STACKS.by_id(stack.parent_id)):
        found.append(parent)
        stack = parent
    return found


def _declaration(parent: Stack, name: str, properties: Properties) -> Declaration:
    """What the properties make of the nested stack; capabilities are the parent's."""
    text = template_source.stored(str(properties["TemplateURL"]), parent.account_id)
    body = template.parse(text)
    capabilities.require(body, parent.capabilities)
    given = [
        {"ParameterKey": key, "ParameterValue": _parameter(value)}
        for key, value in properties.get("Parameters", {}).items()
    ]
    home = Home(parent.account_id, parent.region, name)
    tags = tags_of(properties)
    declarations.require_own_tags(tags)
    return declarations.declare(home, text, body, given, None, tags)


def _parameter(value: Any) -> str:
    text = as_text(value)
    return ",".join(text) if isinstance(text, list) else str(text)


def _follow(child: Stack, parent: Stack, properties: Properties) -> None:
    """Pass on what a request said of the parent."""
    child.capabilities = parent.capabilities
    child.role_arn = parent.role_arn
    child.retain_except_on_create = parent.retain_except_on_create
    child.client_request_token = parent.client_request_token
    child.notification_arns = list(properties.get("NotificationARNs", []))


def _undo(child: Stack) -> None:
    """Bring it back to what it was; one that failed itself has done so."""
    if child.unfinished_update:
        work = StackEngine.roll_back
    elif child.status == "UPDATE_ROLLBACK_FAILED":
        work = StackEngine.continue_rollback
    else:
        return
    _begin(
        child,
        "UPDATE_ROLLBACK_IN_PROGRESS",
        work,
        "UPDATE_ROLLBACK_COMPLETE",
        "was not successfully updated. Currently in UPDATE_ROLLBACK_FAILED with reason: ",
    )


def _begin(
    child: Stack, status: str, work: Callable[[StackEngine], None], wanted: str, failure: str
) -> None:
    child.set_status(status, "User Initiated")
    _start(child, work, wanted, failure)


def _start(child: Stack, work: Callable[[StackEngine], None], wanted: str, failure: str) -> None:
    operation = operations.start(child, lambda operation: work(StackEngine(child, operation)))
    _begun[child.stack_id] = _Begun(operation, wanted, failure)
