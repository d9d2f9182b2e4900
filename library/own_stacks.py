#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: own_stacks
short_description: List this project's stacks, and which of them have expired
description:
  - Lists every stack of the account and the region that is this project's by its tags, with its
    expiry and the operator who uses it. One that is in use has not expired.
author:
  - The contributors of this project
options:
  own_lock:
    description: The lock of the operator who runs this, if any; it is not counted as use.
    type: json
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Nothing is ever changed.
    support: full
  diff_mode:
    description: Nothing is ever changed.
    support: none
  idempotent:
    description: Nothing is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: List this project's stacks
  own_stacks: {}
  register: own

- name: Show which of them have expired
  ansible.builtin.debug:
    msg: "{{ own.stacks | selectattr('expired') | map(attribute='name') }}"
"""

RETURN = r"""
stacks:
  description: The stacks, by name.
  returned: always
  type: list
  elements: dict
  contains:
    name: {description: Its name., type: str}
    arn: {description: Its ARN., type: str}
    expires_at: {description: When it expires; empty when never., type: str}
    in_use_by: {description: The operator who works on it; empty when nobody does., type: str}
    expired: {description: Whether it may be removed now., type: bool}
    why: {description: Why it may be removed or is kept., type: str}
lines:
  description: What becomes of each when those are removed whose time is over, in one line.
  returned: always
  type: list
  elements: str
  sample: ["resilience-demo stays: it never expires"]
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call, aws_pages
from ansible.module_utils.resilience.stacks import parameters_of, tags_of
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from safeguards import lock_parameter
from safeguards.operator_lock import LockState, OperatorLock
from safeguards.ownership import OWN, ownership


def is_own(stack: Mapping[str, Any]) -> bool:
    """Whether its three tags say so; a stack of an older version has none and is kept."""
    return ownership(stack["StackName"], stack["StackId"], tags_of(stack)) == OWN


def moment(text: str) -> datetime:
    """An ISO 8601 time, in UTC unless it says otherwise. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def operator(value: str | None, mine: OperatorLock | None, now: datetime) -> str:
    """Who else works on a stack, by the value of its lock, if it has one; empty when nobody does.

    `mine` is the lock of the one who runs this. Who is gone does not work any more.
    """
    if value is None:
        return ""
    try:
        lock = OperatorLock.from_json(value)
    except ValueError:
        return "somebody whose lock cannot be read"
    return lock.owner if lock.state(mine, now) is LockState.ALIVE else ""


def expiry(expires_at: str, in_use_by: str, now: datetime) -> tuple[bool, str]:
    """Whether a stack may be removed now, and why or why not."""
    if not expires_at:
        return False, "it never expires"
    try:
        is_over = moment(expires_at) <= now
    except ValueError as error:
        return False, f"its ExpiresAt, {expires_at}, is not a time ({error}): deploy it again"
    if not is_over:
        return False, f"it may stay until {expires_at}"
    if in_use_by:
        return False, f"its time was over at {expires_at}, but {in_use_by} uses it"
    return True, f"its time was over at {expires_at}"


def judged(
    stack: Mapping[str, Any], lock: str | None, mine: OperatorLock | None, now: datetime
) -> dict[str, Any]:
    """The stack as this module returns it."""
    expires_at = parameters_of(stack).get("ExpiresAt", "")
    in_use_by = operator(lock, mine, now)
    expired, why = expiry(expires_at, in_use_by, now)
    return {
        "name": stack["StackName"],
        "arn": stack["StackId"],
        "expires_at": expires_at,
        "in_use_by": in_use_by,
        "expired": expired,
        "why": why,
    }


def lines(stacks: Sequence[Mapping[str, Any]]) -> list[str]:
    """What becomes of each stack when those are removed whose time is over."""
    return [
        f"{stack['name']} {'is removed' if stack['expired'] else 'stays'}: {stack['why']}"
        for stack in stacks
    ] or ["there is no stack of this project"]


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={"own_lock": {"type": "json"}}, supports_check_mode=True
    )
    own_lock, now = module.params["own_lock"], datetime.now(UTC)
    try:
        mine = OperatorLock.from_json(own_lock) if own_lock else None
        cloudformation = module.client("cloudformation")
        stacks = aws_pages("list the stacks", cloudformation, "describe_stacks", "Stacks")
        own = [each for each in stacks if is_own(each)]
        names = [each["StackName"] for each in own]
        ssm = module.client("ssm")
        held = aws_call("read the locks", lock_parameter.values, ssm=ssm, stacks=names)
    except (AnsibleAWSError, ValueError) as error:
        module.fail_json(msg=str(error))
    found = [judged(each, held.get(each["StackName"]), mine, now) for each in own]
    found.sort(key=lambda each: each["name"])
    module.exit_json(changed=False, stacks=found, lines=lines(found))


if __name__ == "__main__":
    main()
