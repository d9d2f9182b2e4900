"""Queues keep the attributes that a request does not name.

moto drops a queue's policy when any other attribute is set.
Source: API_SetQueueAttributes in the SQS API Reference: "Sets the value of one or more queue
attributes".
"""

from __future__ import annotations

from typing import Any

from moto.sqs.models import Queue

from local_aws.control_plane import moto_seams

_moto_set_attributes = Queue._set_attributes


def install() -> None:
    moto_seams.replace(Queue, _set_attributes=_set_attributes)


def _set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
    is_new = "_policy_json" not in vars(self)
    kept = {} if is_new or not self.policy else {"Policy": self.policy}
    _moto_set_attributes(self, {**kept, **attributes}, now)
