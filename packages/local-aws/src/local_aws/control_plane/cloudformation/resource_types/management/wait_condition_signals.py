"""Which instances would signal to a wait condition: those whose user data says so.

Their scripts have the handle's URL, or call a helper script for a resource whose metadata has it,
or, without a handle, for the condition itself.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable

from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance

from local_aws.contract import user_data
from local_aws.contract.user_data import Line
from local_aws.control_plane.cloudformation.signals import Mailbox, SignalStatus
from local_aws.control_plane.cloudformation.stack import STACKS, Stack
from local_aws.control_plane.cloudformation.user_data_signals import Awaited


def to_handle(key: str, url: str, put: Callable[[str, SignalStatus], None]) -> Awaited:
    """Those that are put to a handle's URL; `key` is its stack's ARN and its logical id."""
    stack, _ = _place(key)
    forms = (url, b64encode(url.encode()).decode())  # a Windows command line has it in base64

    def line(data: bytes) -> Line | None:
        found = (user_data.line_with(data, form) for form in forms)
        return next(filter(None, found), None) or _line_for(data, stack, _mentioning(stack, forms))

    by_hand = "put one to its URL, which Ref of the WaitConditionHandle returns"
    return Awaited(lambda: _instances(stack), line, put, by_hand)


def to_condition(key: str, mailbox: Mailbox) -> Awaited:
    """Those of SignalResource; `key` is the stack's ARN and the condition's logical id."""
    stack, logical_id = _place(key)
    return Awaited(
        lambda: _instances(stack), lambda data: _line_for(data, stack, [logical_id]), mailbox.put
    )


def _place(key: str) -> tuple[Stack | None, str]:
    stack_id, _, logical_id = key.rpartition("/")
    return STACKS.by_id(stack_id), logical_id


def _instances(stack: Stack | None) -> list[Instance]:
    """All that live in the stack's region."""
    if stack is None:
        return []
    reservations = ec2_backends[stack.account_id][stack.region].reservations.values()
    found = (instance for each in reservations for instance in each.instances)
    return [instance for instance in found if instance.state != "terminated"]


def _mentioning(stack: Stack | None, forms: Iterable[str]) -> list[str]:
    """The stack's resources from whose metadata cfn-init would take the URL, in whatever form."""
    metadata = {
        each.logical_id: json.dumps(each.metadata, default=str)
        for each in (stack.resources.values() if stack else ())
    }
    return [name for name, text in metadata.items() if any(form in text for form in forms)]


def _line_for(data: bytes, stack: Stack | None, logical_ids: Iterable[str]) -> Line | None:
    """The line that signals, if the user data calls a helper script for one of these resources."""
    names = any(user_data.names_resource(data, each) for each in logical_ids)
    is_of_stack = stack is not None and stack.name.encode() in data
    return user_data.signalling_line(data) if names and is_of_stack else None
