"""When the requests are taken from the load balancer, and put into S3.

At the end of each interval; before, when much has come; and when a load balancer's logs end, or it
does. Its connections are cut some seconds later: what they still answered follows then.
"""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime

from local_aws.contract.facts import Facts
from local_aws.control_plane import wiring
from local_aws.control_plane.load_balancer_logs import buckets, destinations, files
from local_aws.control_plane.load_balancer_logs.destinations import Destination
from local_aws.control_plane.load_balancer_logs.files import LogFile
from local_aws.control_plane.load_balancer_logs.lines import line
from local_aws.host.repeated_error import RepeatedErrors

_MUCH_BYTES = 4_000_000
_CUT_SECONDS = 6.0  # connections of a listener that is gone last 5 s (load_balancing/envoy.py)


class Delivery:
    """Not thread-safe: one thread calls it. `now` is Unix time."""

    def __init__(self) -> None:
        self._destinations: Mapping[str, Destination] = {}
        self._ended: dict[str, tuple[Destination, float]] = {}  # by ARN, until when it is known
        self._waiting: list[tuple[Destination, LogFile]] = []
        self._due_at = math.inf
        self._failures = RepeatedErrors(logging.getLogger(__name__))

    def read_if_due(self, facts: Facts, now: float) -> None:
        """Take the requests when it is time. Call it without LOCK: it can take half a second."""
        if now >= self._due_at or facts.access_log_bytes > _MUCH_BYTES:
            self.read(facts, now)

    def read(self, facts: Facts, now: float) -> None:
        """Take the requests, and make files of them."""
        lines: dict[str, list[str]] = defaultdict(list)
        for entry in facts.take_access_log():
            lines[entry.load_balancer_arn].append(line(entry))
        end = datetime.fromtimestamp(now, UTC)
        known = {arn: destination for arn, (destination, _) in self._ended.items()}
        known |= self._destinations
        self._waiting += [
            (known[arn], files.log_file(known[arn], end, logged))
            for arn, logged in lines.items()
            if arn in known
        ]
        self._ended = {arn: each for arn, each in self._ended.items() if now < each[1]}
        self._due_at = self._next(now)

    def write(self, now: float) -> None:
        """Put what was taken into S3, and look where logs go. Call it under LOCK, often."""
        waiting, self._waiting = self._waiting, []
        for destination, file in waiting:
            self._put(destination, file)
        found = destinations.all_destinations()
        if found == self._destinations:
            return
        ended = {
            arn: (each, now + _CUT_SECONDS)
            for arn, each in self._destinations.items()
            if found.get(arn) != each
        }
        self._ended |= ended
        self._destinations = found
        self._due_at = now if ended else self._next(now)

    def _next(self, now: float) -> float:
        """When the requests are taken the next time, unless something changes before."""
        seconds = wiring.current().delays.access_log_interval
        at_end = [(now // seconds + 1) * seconds] if self._destinations else []
        return min([*at_end, *(until for _, until in self._ended.values())], default=math.inf)

    def _put(self, destination: Destination, file: LogFile) -> None:
        """As on AWS, what the bucket does not take is lost."""
        what = f"writing access logs of {destination.balancer_id} to bucket {destination.bucket}"
        if not buckets.takes(destination, file.key):
            refusal = PermissionError("the bucket is not there, or does not let them in")
            self._failures.failed(what, refusal)
            return
        try:
            files.put(destination, file)
            self._failures.succeeded(what)
        except Exception as error:  # noqa: BLE001 - a full disk, moto: the others are written
            self._failures.failed(what, error)
