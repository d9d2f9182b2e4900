"""How fast an API may be called, where AWS's limits hold (delays.py).

Each operation has a bucket of tokens for account and region, as "Request throttling for the Amazon
EC2 API" in the EC2 Developer Guide describes it. AWS has other figures for each operation; these
are of its lower ones. Reading and writing of data (DynamoDB, S3) is not limited so.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from local_aws.control_plane import wiring
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_READING = ("Describe", "Get", "List")
_UNLIMITED = frozenset({"dynamodb", "s3"})


@dataclass(frozen=True)
class Rate:
    """A full bucket's tokens, and how many are refilled each second."""

    tokens: float
    each_second: float


READING = Rate(tokens=20, each_second=10)
CHANGING = Rate(tokens=10, each_second=5)


@dataclass(frozen=True)
class _Bucket:
    """The tokens that were left at a moment, in seconds."""

    rate: Rate
    left: float
    moment: float

    def left_at(self, now: float) -> float:
        refilled = (now - self.moment) * self.rate.each_second
        return min(self.rate.tokens, self.left + refilled)


class Buckets:
    """Whether a call is in time; each one that is takes a token."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, ...], _Bucket] = {}  # all others are full
        self._guard = threading.Lock()

    def take(self, key: tuple[str, ...], rate: Rate, now: float) -> bool:
        """`now` is in seconds and never goes back."""
        with self._guard:
            self._used = {
                each: bucket
                for each, bucket in self._used.items()
                if bucket.left_at(now) < bucket.rate.tokens
            }
            left = self._used[key].left_at(now) if key in self._used else rate.tokens
            is_in_time = left >= 1
            self._used[key] = _Bucket(rate, left - 1 if is_in_time else left, now)
        return is_in_time


_BUCKETS = Buckets()
"""Those of the process: a second endpoint in it, which only tests have, shares them."""


def require(request: ApiRequest) -> None:
    """Raise ApiError, in the service's words, for a call that comes too fast."""
    if not wiring.current().delays.throttled or not request.action or request.service in _UNLIMITED:
        return
    rate = READING if request.action.startswith(_READING) else CHANGING
    key = (request.service, request.region, request.action)
    if not _BUCKETS.take(key, rate, time.monotonic()):
        raise refusal(request)


def refusal(request: ApiRequest) -> ApiError:
    """AWS: "Common error types" in each service's API reference."""
    if request.service == "ec2":
        return ApiError(
            "503 Service Unavailable", "RequestLimitExceeded", "Request limit exceeded."
        )
    code = "ThrottlingException" if request.is_json else "Throttling"
    return ApiError("400 Bad Request", code, "Rate exceeded")
