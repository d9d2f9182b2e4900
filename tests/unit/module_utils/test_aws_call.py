"""aws_call: what is tried again, for how long, and what an error says."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible.module_utils.resilience.aws_call import aws_call
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from botocore.exceptions import ClientError


class Operation:
    """Fails with these error codes, one a call, and then succeeds."""

    def __init__(self, *codes: str) -> None:
        self._codes = [*codes]
        self.calls = 0

    def __call__(self, **_: Any) -> dict[str, Any]:
        self.calls += 1
        if not self._codes:
            return {"done": True}
        raise ClientError({"Error": {"Code": self._codes.pop(0), "Message": "no"}}, "PutIt")


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The delays, each the longest that jitter allows; nothing waits."""
    delays: list[float] = []
    monkeypatch.setattr("random.uniform", lambda _, longest: longest)
    monkeypatch.setattr(time, "sleep", delays.append)
    return delays


def test_what_is_throttled_is_tried_again() -> None:
    operation = Operation("Throttling", "RequestLimitExceeded")
    assert aws_call("put it", operation, Bucket="b") == {"done": True}
    assert operation.calls == 3


def test_another_error_is_tried_again_only_where_the_caller_says_so() -> None:
    once, twice = Operation("OperationAborted"), Operation("OperationAborted")

    with pytest.raises(AnsibleAWSError, match=r"^Failed to put it: An error .*OperationAborted"):
        aws_call("put it", once)
    assert once.calls == 1
    assert aws_call("put it", twice, also_retry=("OperationAborted",)) == {"done": True}


def test_an_error_that_stays_is_raised_within_two_minutes(slept: list[float]) -> None:
    operation = Operation(*["NoSuchBucket"] * 100)

    with pytest.raises(AnsibleAWSError, match="NoSuchBucket"):
        aws_call("put it", operation, also_retry=("NoSuchBucket",))
    assert 30 < sum(slept) <= 120
