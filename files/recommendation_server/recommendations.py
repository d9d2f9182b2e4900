"""Reads one recommendation from the DynamoDB table."""

import json
import random
from importlib.resources import files
from typing import Any

from . import config
from .aws import AwsError, Client
from .breaker import Breaker
from .shared_reads import SharedReads

# An item in DynamoDB's typed form: {"MediaType": {"S": "Book"}, "ItemId": {"N": "1"}, ...}
Item = dict[str, dict[str, str]]

_TYPES = {"MediaType": "S", "ItemId": "N", "Title": "S", "Creator": "S"}

STATIC_ITEM: Item = json.loads(files(__package__).joinpath("static_item.json").read_text())


def read_item(client: Client, table_name: str, media_type: str, item_id: str) -> Item:
    """Raises AwsError, also for an item that is missing or malformed."""
    key = {"MediaType": {"S": media_type}, "ItemId": {"N": item_id}}
    item: Any = client.call("GetItem", TableName=table_name, Key=key).get("Item")
    if item is None:
        raise AwsError("ItemNotFound")
    try:
        # "" + refuses what is no string.
        return {name: {kind: "" + item[name][kind]} for name, kind in _TYPES.items()}
    except (KeyError, TypeError):
        raise AwsError("MalformedItem") from None


class Recommendations:
    """Recommendations for users, behind the breaker."""

    def __init__(self, client: Client, breaker: Breaker) -> None:
        self._client = client
        self._breaker = breaker
        self._reads: SharedReads[Item] = SharedReads(config.ITEM_CACHE_SECONDS)

    def random_item(self, table_name: str) -> Item:
        """One of the nine items. Raises AwsError."""
        media_type, item_id = random.choice(("Book", "Movie", "Song")), random.choice("123")  # noqa: S311

        def read() -> Item:
            return self._breaker.call(
                lambda: read_item(self._client, table_name, media_type, item_id)
            )

        if config.ITEM_CACHE_SECONDS:
            return self._reads.get((table_name, media_type, item_id), read)
        return read()
