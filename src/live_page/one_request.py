"""One request to the service, as its users send it, and what its reply says."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

from evidence.observe.replies import content_reader
from evidence.observe.reply_shape import ReplyShape

_TIMEOUT_SECONDS = 5
_MOST_BYTES = 65_536


def send(url: str, shape: ReplyShape) -> dict[str, Any]:
    """Status, kind, who replied, how long it took in ms, and the reply itself in one line."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(
        place.hostname or "", place.port or 80, timeout=_TIMEOUT_SECONDS
    )
    began = time.monotonic()
    try:
        connection.request("GET", place.path or "/")
        reply = connection.getresponse()
        body = reply.read(_MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        return {"kind": "error", "error": str(error) or type(error).__name__}
    finally:
        connection.close()
    content = content_reader(shape)(reply.status, body)
    return {
        "kind": content.kind,
        "status": reply.status,
        "instance": content.instance or "",
        "latency_ms": round((time.monotonic() - began) * 1000, 1),
        "body": _text(body),
    }


def _text(body: bytes) -> str:
    """The reply in one line; JSON without its line breaks."""
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return " ".join(text.split())
