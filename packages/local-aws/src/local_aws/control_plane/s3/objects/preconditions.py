"""Whether a request's conditions on an object hold: If-Match and its like.

Source: API_GetObject and API_CopyObject: what holds when two conditions are given together; RFC
9110, 13.1, on dates that cannot be read; answers of the real S3 as they have been recorded: ETags
count with quotes or without, and a date that is yet to come does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

NOT_MODIFIED = ("If-None-Match", "If-Modified-Since")
"""The conditions that only say that a client has the object already."""


def failed(
    headers: Mapping[str, str], etag: str, modified: datetime, now: datetime, prefix: str = ""
) -> str | None:
    """Return the first condition that does not hold, without the prefix of its header.

    `modified` and `now` are without a zone, in UTC. `prefix` is "x-amz-copy-source-" for the
    conditions on what is copied.
    """
    given = {name: headers.get(prefix + name) for name in (*NOT_MODIFIED, *_OF_THE_SAME)}
    second = modified.replace(microsecond=0)
    match = given["If-Match"]
    none_match = given["If-None-Match"]
    if match is not None:
        if not _matches(match, etag):
            return "If-Match"
    elif _is_before(given["If-Unmodified-Since"], second):
        return "If-Unmodified-Since"
    if none_match is not None:
        return "If-None-Match" if _matches(none_match, etag) else None
    since = _date(given["If-Modified-Since"])
    return "If-Modified-Since" if since and second <= since <= now else None


_OF_THE_SAME = ("If-Match", "If-Unmodified-Since")


def _matches(given: str, etag: str) -> bool:
    named = (each.strip().removeprefix("W/").strip('"') for each in given.split(","))
    return given.strip() == "*" or etag.strip('"') in named


def _is_before(given: str | None, modified: datetime) -> bool:
    date = _date(given)
    return date is not None and date < modified


def _date(given: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(given or "")
    except ValueError:
        return None
    return date.astimezone(UTC).replace(tzinfo=None) if date.tzinfo else date
