"""Answers health checks at the depth that was asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from recommendation_server.aws import JsonClient
from recommendation_server.errors import AwsError
from recommendation_server.recommendations import read_item
from recommendation_server.shared_reads import SharedReads


@dataclass(frozen=True)
class Health:
    success: bool
    depth: str
    error: str | None = None


class HealthCheck:
    """Its client is its own, so that a check never queues behind users, or behind their breaker."""

    def __init__(self, client: JsonClient) -> None:
        self._client = client
        self._reads: SharedReads[object] = SharedReads(lifetime_seconds=0)
        self.stopping = threading.Event()

    def check(self, depth: str, table_name: str) -> Health:
        """`depth` is "shallow" (this process answers) or "deep" (it can read an item)."""
        if self.stopping.is_set():
            return Health(False, depth, "Stopping")
        if depth == "deep":
            try:
                self._reads.get(table_name, lambda: self._read(table_name))
            except AwsError as error:
                return Health(False, depth, error.code)
        return Health(True, depth)

    def _read(self, table_name: str) -> object:
        return read_item(self._client, table_name, "Book", "1")
