"""Envoy's access log: taken away as often as someone wants what is in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from local_aws.contract.access_log import AccessLogEntry
from local_aws.contract.desired_state import Certificate, DesiredState
from local_aws.host.repeated_error import RepeatedErrors
from local_aws.load_balancing.access_log import entry
from local_aws.load_balancing.envoy_admin import EnvoyAdmin

_FLUSHED_SECONDS = 0.3  # Envoy writes each 0.1 s what it has (envoy.py)
_REOPENED_SECONDS = 1.0
_POLL_SECONDS = 0.01
_BUFFERED = "filesystem.write_total_buffered"
_FAILURES = ("filesystem.write_failed", "filesystem.reopen_failed")

log = logging.getLogger(__name__)


class AccessLogFile:
    """The file that Envoy appends a line to for each request of a load balancer with access logs.

    It is renamed before it is read, so that no line comes after the last that was read.
    """

    def __init__(self, path: Path, admin: EnvoyAdmin) -> None:
        self._path = path
        self._taken = path.with_name(f"{path.name}.taken")
        self._admin = admin
        self._certificates: Mapping[str, tuple[Certificate, ...]] = {}
        self._failures = 0
        self._unread = RepeatedErrors(log)

    @property
    def size(self) -> int:
        """How many bytes are waiting; what Envoy has not written yet is not among them."""
        return sum(path.stat().st_size for path in (self._path, self._taken) if path.exists())

    def note(self, desired: DesiredState) -> None:
        """Remember which certificates listeners have, for the requests that come now."""
        now = {
            listener.arn: listener.tls.certificates
            for balancer in desired.load_balancers
            if balancer.has_access_log
            for listener in balancer.listeners
            if listener.tls
        }
        self._certificates = {**self._certificates, **now} if self.size else now

    def take(self) -> Iterator[AccessLogEntry]:
        """All requests that were logged, each once.

        It takes up to 0.4 s: Envoy has some lines that it has not written. While Envoy does not
        answer there is nothing; the lines are there at a later call.
        """
        try:
            lines = self._take()
        except OSError as error:
            self._unread.failed("taking access logs", error)
            return
        self._unread.succeeded("taking access logs")
        for line in lines.splitlines(keepends=True):
            found = entry(line, self._certificates)
            if found is not None:
                yield found

    def _take(self) -> bytes:
        self._await_written()
        if not self._taken.exists():
            if not self.size:
                return b""
            self._path.rename(self._taken)
        self._admin.reopen_logs()
        self._await_reopened()
        lines = self._taken.read_bytes()
        self._taken.unlink()
        return lines

    def _await_written(self) -> None:
        """Return when Envoy has nothing to write, or has written all that it had before."""
        deadline = time.monotonic() + _FLUSHED_SECONDS
        while True:
            statistics = self._admin.stats("^filesystem")
            if statistics.get(_BUFFERED, "0") == "0" or time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
        failures = sum(int(statistics.get(name, "0")) for name in _FAILURES)
        if failures > self._failures:
            log.error(
                "access logs lack requests: Envoy could not write to %s; is the disk full?",
                self._path.parent,
            )
        self._failures = failures

    def _await_reopened(self) -> None:
        """Return when Envoy writes to a new file. It opens none that no listener has any more, and
        none on a full disk: then it has closed the old one all the same."""
        deadline = time.monotonic() + _REOPENED_SECONDS
        while not self._path.exists() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
