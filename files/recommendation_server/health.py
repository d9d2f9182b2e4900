"""Answers health checks at the depth that was asked for."""

from .aws import AwsError, Client
from .recommendations import Item, read_item
from .shared_reads import SharedReads


class HealthCheck:
    """Its client is its own: a check queues neither behind users nor behind their breaker."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._reads: SharedReads[Item] = SharedReads(lifetime_seconds=0)
        self.stopping = False

    def error(self, depth: str, table_name: str) -> str | None:
        """None when healthy: "shallow" says this process answers, "deep" that it reads an item."""
        if self.stopping:
            return "Stopping"
        if depth == "deep":
            try:
                self._reads.get(
                    table_name, lambda: read_item(self._client, table_name, "Book", "1")
                )
            except AwsError as error:
                return error.code
        return None
