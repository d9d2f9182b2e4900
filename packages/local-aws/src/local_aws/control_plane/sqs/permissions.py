"""AddPermission and RemovePermission change the queue's policy, whatever statements it has.

moto fails for a policy that has a statement without a Sid.
Sources: API_AddPermission, API_RemovePermission in the SQS API Reference; "Limitations of Amazon
SQS custom policies" in the SQS Developer Guide; policies and refusals of the real SQS as they have
been recorded.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.sqs.exceptions import InvalidParameterValue, MissingParameter, OverLimit
from moto.sqs.models import Queue, SQSBackend
from moto.utilities.utils import get_partition

from local_aws.control_plane import moto_seams

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,80}")
_MOST_ACTIONS = 7
_OWNERS = frozenset(
    {
        "AddPermission",
        "CancelMessageMoveTask",
        "CreateQueue",
        "DeleteQueue",
        "ListMessageMoveTasks",
        "ListQueueTags",
        "ListQueues",
        "RemovePermission",
        "SetQueueAttributes",
        "StartMessageMoveTask",
        "TagQueue",
        "UntagQueue",
    }
)
"""Actions that no other account can be given."""


def install() -> None:
    moto_seams.replace(SQSBackend, add_permission=_add, remove_permission=_remove)


def _add(
    self: SQSBackend,
    region_name: str,
    queue_name: str,
    actions: list[str],
    account_ids: list[str],
    label: str,
) -> None:
    queue = self.get_queue(queue_name)
    _require_label(label)
    if not _LABEL.fullmatch(label):
        raise _invalid(
            "Label",
            label,
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.",
        )
    _require_actions(actions)
    # AWS leaves out those that it does not know, as long as it knows one.
    known = [account for account in account_ids if _ACCOUNT.fullmatch(account)]
    if not known:
        raise _invalid("PrincipalId", f"[{', '.join(account_ids)}]", "Unable to verify.")

    policy = queue._policy_json
    if not policy["Statement"]:
        policy = {**policy, "Version": "2008-10-17"}
    if any(_has(each, label) for each in policy["Statement"]):
        raise _invalid("Label", label, "Already exists.")
    partition = get_partition(region_name)
    statement = {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": _one_or_all([f"arn:{partition}:iam::{each}:root" for each in known])},
        "Action": _one_or_all([f"SQS:{action}" for action in actions]),
        "Resource": queue.queue_arn,
    }
    _set(queue, {**policy, "Statement": [*policy["Statement"], statement]})


def _remove(self: SQSBackend, queue_name: str, label: str) -> None:
    queue = self.get_queue(queue_name)
    _require_label(label)
    policy = queue._policy_json
    if not policy["Statement"]:
        raise _invalid("Label", label, "can't find label.")
    others = [each for each in policy["Statement"] if not _has(each, label)]
    if len(others) == len(policy["Statement"]):
        raise _invalid("Label", label, "can't find label on existing policy.")
    _set(queue, {**policy, "Statement": others})


def _set(queue: Queue, policy: dict[str, Any]) -> None:
    """As SetQueueAttributes does, within its quotas; a policy without statements is none."""
    queue._set_attributes({"Policy": json.dumps(policy) if policy["Statement"] else ""})


def _require_label(label: str) -> None:
    if not label:
        raise MissingParameter("Label")


def _require_actions(actions: list[str]) -> None:
    if not actions:
        raise MissingParameter("Actions")
    if len(actions) > _MOST_ACTIONS:
        raise OverLimit(len(actions))
    for action in actions:
        if action in _OWNERS:
            reason = "Only the queue owner is allowed to invoke this action."
        elif action not in Queue.ALLOWED_PERMISSIONS:
            reason = "Please refer to the appropriate WSDL for a list of valid actions."
        else:
            continue
        raise _invalid("ActionName", f"SQS:{action}", reason)


def _has(statement: dict[str, Any], label: str) -> bool:
    return statement.get("Sid") == label


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _invalid(parameter: str, value: str, reason: str) -> InvalidParameterValue:
    return InvalidParameterValue(
        f"Value {value} for parameter {parameter} is invalid. Reason: {reason}"
    )
