"""Envoy's admin interface over a Unix domain socket: no port, so no web page can reach it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

_TIMEOUT_SECONDS = 2.0
# sockaddr_un.sun_path with its final zero: 108 bytes on Linux, 104 elsewhere.
_LONGEST_PATH = 107 if sys.platform == "linux" else 103


class EnvoyAdmin:
    """Calls raise OSError when Envoy does not answer within 2 s."""

    def __init__(self, socket_path: Path) -> None:
        self._socket_path = socket_path

    def answers(self) -> bool:
        """Whether Envoy answers and is ready."""
        try:
            self._get("/ready")
        except OSError:
            return False
        return True

    def clusters(self) -> dict[str, Any]:
        """Every cluster with its hosts and their health, as Envoy's /clusters?format=json."""
        answer: dict[str, Any] = json.loads(self._get("/clusters?format=json"))
        return answer

    def stats(self, pattern: str) -> dict[str, str]:
        """The statistics whose names match the regular expression."""
        lines = self._get(f"/stats?filter={pattern}").decode().splitlines()
        return dict(line.split(": ", 1) for line in lines if ": " in line)

    def stats_with_histograms(self, pattern: str) -> dict[str, Any]:
        """The same with histograms, as Envoy's /stats?format=json: their counts are of the last
        flush, up to 5 s ago. Threads may call it."""
        query = f"format=json&histogram_buckets=detailed&filter={quote(pattern)}"
        answer: dict[str, Any] = json.loads(self._get(f"/stats?{query}"))
        return answer

    def reopen_logs(self) -> None:
        """Have Envoy open its logs again by their names, within 0.1 s after the answer."""
        self._request("POST", "/reopen_logs")

    def _get(self, path: str) -> bytes:
        return self._request("GET", path)

    def _request(self, method: str, path: str) -> bytes:
        connection = _UnixConnection(self._socket_path)
        try:
            connection.request(method, path)
            return connection.getresponse().read()
        except http.client.HTTPException as error:
            raise OSError(f"Envoy's admin interface: {error!r}") from error
        finally:
            connection.close()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("envoy", timeout=_TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        if len(os.fsencode(self._path)) <= _LONGEST_PATH:
            self.sock.connect(str(self._path))
            return
        # The address is too long, but one relative to an open folder is not. Only Linux has this;
        # elsewhere the connection fails, and Envoy's start with it.
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.sock.connect(f"/proc/self/fd/{folder}/{self._path.name}")
        finally:
            os.close(folder)
