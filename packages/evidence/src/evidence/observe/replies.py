"""What a reply says, by the shape of its service's replies: its kind, and who gave it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from evidence.observe.reply_shape import JSON_TYPES, ReplyShape, keys_of
from evidence.record.reply import Kind

_CACHED_BODIES = 4096
_CACHED_BYTES = 8192
"""A longer body is not kept: all that are take 32 MB at most, in a process that runs for hours."""

_MISSING = object()

Keys = tuple[str, ...]


class Content(NamedTuple):
    """What a body says: its kind, what is wrong with it, and who wrote it."""

    kind: Kind
    error: str | None
    instance: str | None = None
    availability_zone: str | None = None
    release: str | None = None


def content_reader(shape: ReplyShape) -> Callable[[int, bytes], Content]:
    """A function that classifies a complete reply by its status and its body.

    A reply with another status than a good one is an error, whatever its body says; its error is
    the status. Who gave it is read from any JSON body, so that an instance's own error can be told
    from one that the load balancer made.
    """
    names = [
        None if place is None else keys_of(place)
        for place in (shape.instance, shape.availability_zone, shape.release)
    ]
    required = [(keys_of(place), JSON_TYPES[name]) for place, name in shape.required.items()]
    static = [(keys_of(place), value) for place, value in shape.static.items()]

    def kind_of(document: object) -> Kind:
        if not all(_has_type(_at(document, keys), types) for keys, types in required):
            return "error"
        stands_in = static and all(_equal(_at(document, keys), value) for keys, value in static)
        return "static" if stands_in else "real"

    def parse(status: int, body: bytes) -> Content:
        document = _parsed(body)
        kind: Kind
        if status in shape.statuses if shape.statuses else 200 <= status <= 299:
            kind = kind_of(document)
            error = "malformed" if kind == "error" else None
        else:
            kind, error = "error", str(status)
        return Content(kind, error, *(_name(document, keys) for keys in names))

    # A service has few different bodies (contents times instances): most replies parse nothing.
    parse_once = lru_cache(maxsize=_CACHED_BODIES)(parse)

    def read_content(status: int, body: bytes) -> Content:
        return (parse_once if len(body) <= _CACHED_BYTES else parse)(status, body)

    return read_content


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # not JSON, or nested without end
        return _MISSING


def _at(document: object, keys: Keys) -> object:
    """What is at a place of a document; _MISSING when there is none."""
    for key in keys:
        if isinstance(document, dict):
            document = document.get(key, _MISSING)
        elif isinstance(document, list) and key.isdecimal() and int(key) < len(document):
            document = document[int(key)]
        else:
            return _MISSING
    return document


def _has_type(value: object, types: tuple[type, ...]) -> bool:
    """In JSON, other than in Python, a truth value is no number."""
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _equal(value: object, expected: object) -> bool:
    return value == expected and isinstance(value, bool) == isinstance(expected, bool)


def _name(document: object, keys: Keys | None) -> str | None:
    value = None if keys is None else _at(document, keys)
    is_name = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if is_name and _is_text(str(value)) else None


def _is_text(value: str) -> bool:
    """Not half a character, which JSON can say ("\\ud800") and no file in UTF-8 can hold."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
