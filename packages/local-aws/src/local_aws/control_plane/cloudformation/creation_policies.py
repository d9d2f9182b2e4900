"""The signals without which a resource is not complete.

AWS: "CreationPolicy attribute" in the CloudFormation Template Reference.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from typing import Any

from local_aws.control_plane import durations
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    ResourceFailedError,
    ResourceType,
)
from local_aws.control_plane.cloudformation.signals import Mailbox

_DEFAULT_TIMEOUT = "PT5M"


def await_signals(
    policy: Mapping[str, Any],
    handler: ResourceType,
    mailbox: Mailbox,
    cancelled: threading.Event,
) -> None:
    """Wait, without the lock, for the signals that an evaluated CreationPolicy asks for, if any.

    Raises ResourceFailedError when too few come, or too few successes.
    """
    if "ResourceSignal" not in policy:
        return
    signal = policy["ResourceSignal"]
    count = int(signal.get("Count", 1))
    timeout_seconds = durations.seconds(signal.get("Timeout", _DEFAULT_TIMEOUT))
    percent = handler.percent_of_signals(policy)
    required = math.ceil(count * percent / 100)
    received = mailbox.wait_for_successes(required, count, timeout_seconds)
    successes = sum(status == "SUCCESS" for status in received.values())
    if successes >= required:
        return
    if cancelled.is_set():
        raise ResourceFailedError("Resource creation cancelled")
    raise ResourceFailedError(
        f"Received {successes} SUCCESS signal(s) out of {count}. "
        f"Unable to satisfy {percent}% MinSuccessfulInstancesPercent requirement"
    )
