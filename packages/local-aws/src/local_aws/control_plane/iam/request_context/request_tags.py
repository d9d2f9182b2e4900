"""The tags that a request gives to something or takes from it, however its service writes them.

Source: "Controlling access to AWS resources using tags" in the IAM User Guide: aws:RequestTag and
aws:TagKeys; the members of botocore's models: lists of Key and Value, of TagKey and TagValue, maps,
lists of keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TAGS = frozenset({"taglist", "tags"})
_SPECIFICATIONS = frozenset({"tagspecification", "tagspecifications"})
_KEYS = frozenset({"tagkeylist", "tagkeys"})


def of_members(members: Mapping[str, Any]) -> dict[str, str]:
    """Those with their values, by the members of a request's model."""
    return dict(_pairs_of(members))


def keys_of_members(members: Mapping[str, Any]) -> list[str]:
    """Their keys, with those that are taken away."""
    named = [value for name, value in members.items() if name.lower() in _KEYS]
    taken = [str(key) for value in named if isinstance(value, list) for key in value]
    taken += [str(value) for value in named if isinstance(value, str)]
    return list(dict.fromkeys([*of_members(members), *taken]))


def _pairs_of(members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in members.items():
        if name.lower() in _TAGS:
            yield from _pairs(value)
        elif name.lower() in _SPECIFICATIONS and isinstance(value, list):
            for each in value:
                yield from _pairs_of(each if isinstance(each, Mapping) else {})


def _pairs(tags: Any) -> Iterator[tuple[str, str]]:
    if isinstance(tags, Mapping):
        yield from ((str(key), str(value)) for key, value in tags.items())
    for tag in tags if isinstance(tags, list) else ():
        named = tag.items() if isinstance(tag, Mapping) else ()
        parts = {str(name).lower(): value for name, value in named}
        for prefix in ("", "tag"):
            if f"{prefix}key" in parts:
                yield str(parts[f"{prefix}key"]), str(parts.get(f"{prefix}value", ""))
