"""AWS::CloudFormation::WaitCondition, and WaitConditionHandle, whose URL takes its signals.

AWS: "Create wait conditions in a CloudFormation template" in the CloudFormation User Guide: a
signal is JSON with Status, UniqueId, Reason and Data, put to the handle's presigned URL, as
cfn-signal and `curl -T` do.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from local_aws.control_plane import wiring
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
)
from local_aws.control_plane.cloudformation.resource_types.management import wait_condition_signals
from local_aws.control_plane.cloudformation.signals import Mailbox, SignalStatus
from local_aws.control_plane.cloudformation.stack import STACKS
from local_aws.control_plane.cloudformation.user_data_signals import Awaited
from local_aws.control_plane.lock import LOCK

PREFIX = "/cloudformation-waitcondition-"
"""Of the paths that take signals: on AWS, a bucket in each region."""

_LARGEST_SIGNAL = 65_536
_LONGEST_SECONDS = 43_200
_LOOK_EACH_SECONDS = 0.05


@dataclass(frozen=True)
class _Signal:
    status: str
    reason: str
    data: Any


@dataclass
class _Handle:
    """`key` is the handle's stack ARN and logical id; `signals` came in this order, by unique id.

    A signal that repeats a unique id is ignored, as on AWS.
    """

    key: str
    url: str
    signature: str
    signals: dict[str, _Signal] = field(default_factory=dict)
    is_unparsable: bool = False

    def put(self, unique_id: str, status: SignalStatus) -> None:
        """Take a signal without data; another one of the same id came first, or is ignored."""
        self.signals.setdefault(unique_id, _Signal(status, "", ""))

    def data(self, count: int) -> str | None:
        """The data of all successes as JSON, once there are `count`. Raises ResourceFailedError."""
        if self.is_unparsable:
            raise ResourceFailedError("Unparsable WaitCondition data")
        for unique_id, signal in self.signals.items():
            if signal.status == "FAILURE":
                raise ResourceFailedError(
                    f"WaitCondition received failed message: '{signal.reason}' for uniqueId: "
                    f"{unique_id}"
                )
        if len(self.signals) < count:
            return None
        data = {unique_id: signal.data for unique_id, signal in self.signals.items()}
        return json.dumps(data, separators=(",", ":"))


class WaitConditionHandle(ResourceType):
    """Ref is the URL. AWS: updates aren't supported; it has no properties that could change."""

    def create(self, place: Place, properties: Properties) -> Any:  # noqa: ARG002 - it has none
        key = f"{place.stack_id}/{place.logical_id}"
        signature = secrets.token_urlsafe()
        path = f"{PREFIX}{place.region}/{quote(key, safe='/')}"
        return _Handle(key, f"{wiring.current().endpoint}{path}?Signature={signature}", signature)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """Its URL is refused from now on."""

    def physical_id(self, model: Any) -> str:
        return str(model.url)

    def attribute(self, model: Any, name: str) -> str:  # noqa: ARG002 - Id is the only one
        return str(model.key)


@dataclass
class _Condition:
    """`handle` is None when it waits for its CreationPolicy alone."""

    physical_id: str
    handle: _Handle | None
    count: int
    timeout_seconds: int
    data: str = "{}"


class WaitCondition(ResourceType):
    """Complete once so many signals came; a failure or the timeout fails it."""

    def create(self, place: Place, properties: Properties) -> Any:
        if "Handle" not in properties:
            return _Condition(f"{place.stack_id}/{place.logical_id}", None, 0, 0)
        handle = _handle_at(urlsplit(str(properties["Handle"])).path)
        if handle is None:
            raise ResourceFailedError("Handle must be the Ref of a WaitConditionHandle.")
        count = _number(properties, "Count", default=1)
        timeout = _number(properties, "Timeout")
        if timeout > _LONGEST_SECONDS:
            raise ResourceFailedError(
                f"Value for Timeout property must be less than {_LONGEST_SECONDS}"
            )
        return _Condition(handle.key, handle, count, timeout)

    def wait_for_signals(self, model: Any, mailbox: Mailbox, cancelled: threading.Event) -> None:
        if model.handle is None:
            return
        deadline = time.monotonic() + model.timeout_seconds
        while not cancelled.is_set():
            mailbox.look(None)
            with LOCK:
                data = model.handle.data(model.count)
            if data is not None:
                model.data = data
                return
            if time.monotonic() >= deadline:
                raise ResourceFailedError(
                    f"WaitCondition timed out. Received {len(model.handle.signals)} conditions "
                    f"when expecting {model.count}"
                )
            cancelled.wait(_LOOK_EACH_SECONDS)
        raise ResourceFailedError("Resource creation cancelled")

    def awaited(self, model: Any, mailbox: Mailbox) -> Awaited:
        if model.handle is None:
            return wait_condition_signals.to_condition(model.physical_id, mailbox)
        return wait_condition_signals.to_handle(
            model.handle.key, model.handle.url, model.handle.put
        )

    def refusal(self, changed: frozenset[str], old: Properties, new: Properties) -> str | None:  # noqa: ARG002 - none can be changed
        return f"Update to resource type {self.name} is not supported." if changed else None

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """It was nothing but waiting."""

    def physical_id(self, model: Any) -> str:
        return str(model.physical_id)

    def attribute(self, model: Any, name: str) -> str:
        return str(model.data if name == "Data" else model.physical_id)


def take(request: ApiRequest) -> None:
    """Receive a signal. Raises ApiError in S3's words when the URL or the request is none of ours.

    What is no signal fails whoever waits for one, as on AWS, where S3 takes every object.
    """
    handle = _handle_at(request.path)
    given = request.url_parameters.get("Signature", "")
    if request.method != "PUT" or handle is None:
        raise ApiError("403 Forbidden", "AccessDenied", "Access Denied")
    # AWS: "the Content-Type header must be empty or omitted": it is part of what was signed.
    is_typed = bool(request.headers.get("content-type"))
    if is_typed or not hmac.compare_digest(given.encode(), handle.signature.encode()):
        raise ApiError(
            "403 Forbidden",
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. "
            "Check your key and signing method.",
        )
    if len(request.body) > _LARGEST_SIGNAL:
        raise ApiError(
            "400 Bad Request",
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
        )
    try:
        unique_id, signal = _signal(json.loads(request.body))
    except (KeyError, TypeError, ValueError, RecursionError):
        handle.is_unparsable = True
    else:
        handle.signals.setdefault(unique_id, signal)


def _signal(message: Mapping[str, Any]) -> tuple[str, _Signal]:
    """The unique id and the rest. Raises KeyError, TypeError or ValueError."""
    if message["Status"] not in ("SUCCESS", "FAILURE"):
        raise ValueError(f"Status must be SUCCESS or FAILURE, not {message['Status']}")
    signal = _Signal(message["Status"], str(message.get("Reason", "")), message.get("Data", ""))
    return str(message["UniqueId"]), signal


def _handle_at(path: str) -> _Handle | None:
    """The handle of a URL with this path, which names its stack and its logical id."""
    key = unquote(path).partition(PREFIX)[2].partition("/")[2]
    stack_id, _, logical_id = key.rpartition("/")
    stack = STACKS.by_id(stack_id)
    resource = stack.resources.get(logical_id) if stack else None
    found = resource.model if resource else None
    return found if isinstance(found, _Handle) else None


def _number(properties: Properties, name: str, default: int | None = None) -> int:
    """A property that is a positive number. Raises ResourceFailedError."""
    value = properties.get(name, default)
    if value is None:
        raise ResourceFailedError(f"Property {name} cannot be empty.")
    if not str(value).isdecimal() or int(value) < 1:
        raise ResourceFailedError(f"Value of property {name} must be a positive number.")
    return int(value)
