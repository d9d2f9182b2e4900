"""The lock's parameter: how many are read at once, and who gets it when two want it.

tests/unit/library/test_service_preflight.py takes it from an AWS API.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from safeguards.lock_parameter import parameter_name, take, values


class TakenError(Exception):
    """ParameterAlreadyExists."""


class Parameters:
    """The calls of the Systems Manager that a lock needs, in memory.

    `before_reading` is done before the next read: what another operator does meanwhile.
    """

    class exceptions:  # noqa: N801 - boto3's name
        ParameterAlreadyExists = TakenError

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.asked: list[int] = []
        self.before_reading: Callable[[], None] = lambda: None

    def get_parameters(self, Names: list[str]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self.before_reading()
        self.asked.append(len(Names))
        return {
            "Parameters": [
                {"Name": name, "Value": self.values[name][-1], "Version": len(self.values[name])}
                for name in Names
                if name in self.values
            ]
        }

    def put_parameter(self, Name: str, Value: str, Overwrite: bool, **_: Any) -> dict[str, int]:  # noqa: N803 - AWS's names
        if Name in self.values and not Overwrite:
            raise TakenError
        self.values.setdefault(Name, []).append(Value)
        return {"Version": len(self.values[Name])}


@pytest.fixture
def ssm() -> Parameters:
    return Parameters()


def test_the_locks_of_many_stacks_are_read_ten_at_once(ssm: Parameters) -> None:
    stacks = [f"demo-{number}" for number in range(21)]
    ssm.values = {parameter_name(stack): [stack] for stack in stacks[1:]}

    assert values(ssm, stacks) == {stack: stack for stack in stacks[1:]}
    assert ssm.asked == [10, 10, 1]


def test_of_no_stack_nothing_is_read(ssm: Parameters) -> None:
    assert values(ssm, []) == {}
    assert ssm.asked == []


def test_a_lock_that_is_released_before_its_holder_is_read_is_taken(ssm: Parameters) -> None:
    assert take(ssm, "demo", "bob")["held"]
    ssm.before_reading = ssm.values.clear

    assert take(ssm, "demo", "ada") == {"held": True, "value": "ada", "version": 1}
