"""Tells what kind of reply a body is: a real recommendation, the static one, or neither."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, NamedTuple

from evidence.record.reply import Kind

_STATIC_ITEM_ID = "0"
_STATIC_TITLE = "404 Not Found: A Coloring Book"


class Content(NamedTuple):
    """What a body says: its kind, what is wrong with it, and who wrote it."""

    kind: Kind
    error: str | None
    instance: str | None = None
    availability_zone: str | None = None
    release: str | None = None


# A service has few different bodies (items times instances), so most requests parse nothing.
@lru_cache(maxsize=4096)
def read_content(status: int, body: bytes) -> Content:
    """Classify a complete reply.

    A reply is real or static only with status 200 and a recommendation in it; any other is an
    error. An instance's own error (JSON with Metadata) keeps the instance's name, so that it can
    be told from one the load balancer made.
    """
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    document = document if isinstance(document, dict) else {}
    metadata = document.get("Metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    if status == 200:
        kind = _recommendation_kind(document)
        error = "malformed" if kind == "error" else None
    else:
        kind, error = "error", str(status)
    return Content(
        kind,
        error,
        metadata.get("InstanceId"),
        metadata.get("AvailabilityZone"),
        metadata.get("Release"),
    )


def _recommendation_kind(document: dict[str, Any]) -> Kind:
    item_id = _attribute(document, "ItemId", "N")
    title = _attribute(document, "Title", "S")
    if item_id is None or title is None:
        return "error"
    return "static" if item_id == _STATIC_ITEM_ID and title == _STATIC_TITLE else "real"


def _attribute(document: dict[str, Any], name: str, dynamodb_type: str) -> str | None:
    """An attribute in DynamoDB's typed form, such as {"ItemId": {"N": "7"}}."""
    typed = document.get(name)
    value = typed.get(dynamodb_type) if isinstance(typed, dict) else None
    return value if isinstance(value, str) else None
