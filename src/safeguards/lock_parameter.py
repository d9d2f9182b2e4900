"""The parameter of the Systems Manager that holds the operator's lock on a stack.

It is created only if it does not exist, which is atomic, and is not part of the stack. Its value is
the text of an `OperatorLock`. `ssm` is a boto3 client; what it raises is raised here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from safeguards.operator_lock import OperatorLock, is_lock_of
from safeguards.ownership import PROJECT

NAMES_AT_ONCE = 10
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html"""


def parameter_name(stack: str) -> str:
    return f"/{PROJECT}/{stack}/operator-lock"


def values(ssm: Any, stacks: Sequence[str]) -> dict[str, str]:
    """What the locks say, by the stack's name; a stack without a lock is not in it."""
    stack_of = {parameter_name(stack): stack for stack in stacks}
    return {stack_of[each["Name"]]: each["Value"] for each in _found(ssm, list(stack_of))}


def take(ssm: Any, stack: str, value: str, replaces_version: int | None = None) -> dict[str, Any]:
    """Take the lock, or find who holds it: `{held, value, version}`, as the parameter is then.

    With `replaces_version` exactly this version of the lock is replaced, whose owner is gone.
    """
    name = parameter_name(stack)
    try:
        written = ssm.put_parameter(
            Name=name, Value=value, Type="String", Overwrite=replaces_version is not None
        )
    except ssm.exceptions.ParameterAlreadyExists:
        return _holder(ssm, stack, value)
    # Overwriting asks for no version. Whoever did not write the very next one came second, and
    # puts back what the first one wrote.
    if replaces_version is not None and written["Version"] > replaces_version + 1:
        first = ssm.get_parameter(Name=f"{name}:{written['Version'] - 1}")["Parameter"]
        ssm.put_parameter(Name=name, Value=first["Value"], Type="String", Overwrite=True)
        return _holder(ssm, stack, value)
    return {"held": True, "value": value, "version": written["Version"]}


def renew(ssm: Any, stack: str, mine: OperatorLock, now: datetime) -> bool:
    """Say that its owner is alive; False when it is this process's no more."""
    if not _is_mine(ssm, stack, mine):
        return False
    value = mine.renewed(now).to_json()
    ssm.put_parameter(Name=parameter_name(stack), Value=value, Type="String", Overwrite=True)
    return True


def release(ssm: Any, stack: str, mine: OperatorLock) -> bool:
    """Delete the lock if it is still this process's; False when it is not."""
    if not _is_mine(ssm, stack, mine):
        return False
    ssm.delete_parameter(Name=parameter_name(stack))
    return True


def _is_mine(ssm: Any, stack: str, mine: OperatorLock) -> bool:
    return is_lock_of(values(ssm, [stack]).get(stack), mine)


def _holder(ssm: Any, stack: str, value: str) -> dict[str, Any]:
    for found in _found(ssm, [parameter_name(stack)]):
        return {
            "held": found["Value"] == value,
            "value": found["Value"],
            "version": found["Version"],
        }
    return take(ssm, stack, value)  # it was released just now


def _found(ssm: Any, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for start in range(0, len(names), NAMES_AT_ONCE):
        yield from ssm.get_parameters(Names=names[start : start + NAMES_AT_ONCE])["Parameters"]
