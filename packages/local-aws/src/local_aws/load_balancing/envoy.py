"""The Envoy process: started, watched, started again, ended."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from pathlib import Path

from local_aws.host import file_watches
from local_aws.host.folders import private_folder
from local_aws.host.process_table import Child, ProcessTable
from local_aws.load_balancing import envoy_binary
from local_aws.load_balancing.envoy_admin import EnvoyAdmin
from local_aws.load_balancing.envoy_binary import EnvoyError
from local_aws.load_balancing.xds import bootstrap

_READY_SECONDS = 15.0
_POLL_SECONDS = 0.01
_RESTART_SECONDS = 1.0  # between two starts, so that an Envoy that cannot live does not spin
_END_GRACE_SECONDS = 2.0
_ADMIN_SOCKET = "admin.sock"
XDS = Path("xds")
"""Where Envoy finds its resources, seen from its own folder."""

_LOG = logging.getLogger(__name__)


class Envoy:
    """One Envoy that takes its resources from `directory` / XDS."""

    def __init__(self, directory: Path, process_table: ProcessTable) -> None:
        self._directory = private_folder(directory)
        self._process_table = process_table
        self._binary = envoy_binary.find()
        self.log_path = directory / "envoy.log"
        self.admin = EnvoyAdmin(directory / _ADMIN_SOCKET)
        self._child: Child | None = None
        self._started_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    def start(self) -> None:
        """Start it and return when it is ready.

        Raises EnvoyError with what it lacks, or with what it said last.
        """
        watched = len(list((self._directory / XDS).glob("*.json")))
        if shortage := file_watches.shortage(watched):
            raise EnvoyError(shortage)
        (self._directory / _ADMIN_SOCKET).unlink(missing_ok=True)
        configuration = self._directory / "bootstrap.json"
        configuration.write_text(json.dumps(bootstrap(XDS, _ADMIN_SOCKET)))
        command = [
            *(str(self._binary), "--config-path", configuration.name),
            *("--disable-hot-restart", "--concurrency", "2", "--log-level", "warning"),
            # How late the health check event log may be.
            *("--file-flush-interval-msec", "100"),
            # Connections to a changed listener are closed gracefully within this time.
            *("--drain-time-s", "5"),
        ]
        descriptor = os.open(self.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as output:
            self._started_at = time.monotonic()
            self._child = self._process_table.start(
                # Its own folder as the working directory, to which all its paths are relative: the
                # address of a Unix socket must be short, and a path in JSON must be UTF-8.
                command,
                environment={"LANG": "C.UTF-8"},
                directory=self._directory,
                output=output,
            )
        self._await_ready(self._child)

    def is_running(self) -> bool:
        return self._child is not None and self._child.is_running()

    def restart_if_ended(self) -> bool:
        """Start it again when it has ended, at most once a second; returns whether it had ended."""
        if self._child is None or self._child.is_running():
            return False
        if time.monotonic() - self._started_at > _RESTART_SECONDS:
            _LOG.warning("Envoy ended with status %s and is started again", self._child.wait())
            self.start()
        return True

    def last_refusal(self) -> str:
        """What Envoy said last about a configuration that it refused, in one line."""
        _, found, said = self.log_path.read_text(errors="replace").rpartition(" rejected: ")
        # It goes on over several lines, until the next one with a time.
        words = re.split(r"\n\[\d{4}-", said, maxsplit=1)[0].split()
        reason = " ".join(words).rpartition(" : ")[2][-500:]  # after the configuration itself
        return f"Envoy rejects its configuration: {reason}" if found else f"see {self.log_path}"

    def stop(self) -> None:
        if self._child is not None:
            self._child.end(_END_GRACE_SECONDS)
            self._child = None

    def _await_ready(self, child: Child) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline and child.is_running():
            if self.admin.answers():
                return
            time.sleep(_POLL_SECONDS)
        last_words = self.log_path.read_text(errors="replace").strip().splitlines()[-3:]
        raise EnvoyError(f"Envoy is not ready: {' '.join(last_words) or 'it said nothing'}")
