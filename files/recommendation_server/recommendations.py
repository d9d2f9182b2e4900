"""Reads one recommendation from the DynamoDB table."""

from __future__ import annotations

import random
from typing import Any

from recommendation_server.aws import JsonClient
from recommendation_server.breaker import Breaker
from recommendation_server.errors import Refused
from recommendation_server.shared_reads import SharedReads

# An item in DynamoDB's typed form: {"MediaType": {"S": "Book"}, "ItemId": {"N": "1"}, ...}
Item = dict[str, dict[str, str]]

_TYPES = {"MediaType": "S", "ItemId": "N", "Title": "S", "Creator": "S"}
_MEDIA_TYPES = ("Book", "Movie", "Song")
_ITEM_IDS = ("1", "2", "3")

STATIC_ITEM: Item = {
    "MediaType": {"S": "Book"},
    "ItemId": {"N": "0"},
    "Title": {"S": "404 Not Found: A Coloring Book"},
    "Creator": {"S": "The Oatmeal"},
}


def read_item(client: JsonClient, table_name: str, media_type: str, item_id: str) -> Item:
    """Raises AwsError; an item that is missing or malformed counts as a refusal."""
    key = {"MediaType": {"S": media_type}, "ItemId": {"N": item_id}}
    found = client.call("GetItem", {"TableName": table_name, "Key": key}).get("Item")
    if found is None:
        raise Refused("ItemNotFound")
    if not _is_item(found):
        raise Refused("MalformedItem")
    return {name: found[name] for name in _TYPES}


def _is_item(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(found.get(name), dict) and isinstance(found[name].get(kind), str)
        for name, kind in _TYPES.items()
    )


class Recommendations:
    """Recommendations for users: behind the breaker, each item read at most once at a time."""

    def __init__(self, client: JsonClient, breaker: Breaker, cache_seconds: float) -> None:
        self._client = client
        self._breaker = breaker
        self._cache_seconds = cache_seconds
        self._reads: SharedReads[Item] = SharedReads(cache_seconds)

    def any(self, table_name: str) -> Item:
        """One of the nine items. Raises AwsError."""
        media_type, item_id = random.choice(_MEDIA_TYPES), random.choice(_ITEM_IDS)  # noqa: S311

        def read() -> Item:
            with self._breaker.guard():
                return read_item(self._client, table_name, media_type, item_id)

        if not self._cache_seconds:
            return read()
        return self._reads.get((table_name, media_type, item_id), read)
