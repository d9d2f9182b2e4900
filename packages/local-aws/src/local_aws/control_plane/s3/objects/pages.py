"""Which entries of a list come on a page: keys, and the common prefixes that stand for many.

Source: "Organizing objects using prefixes" in the S3 User Guide; API_ListObjectsV2: a common
prefix counts as one of the keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from moto.s3.exceptions import InvalidArgumentError

T = TypeVar("T")

MOST = 1_000
"""Entries of one page at most, however many a request wants."""
LARGEST = 2**31 - 1
"""The largest number that a request may want."""


def wanted(given: str, name: str, least: int, most: int) -> int:
    """How many entries a request wants, in its parameter `name`.

    Raises InvalidArgumentError, in words that S3 is known to say of other numbers.
    """
    if not re.fullmatch(r"-?\d+", given):
        raise InvalidArgumentError(
            f"Provided {name} not an integer or within integer range", name, given
        )
    if not least <= int(given) <= most:
        raise InvalidArgumentError(
            f"Argument {name} must be an integer between {least} and {most}", name, given
        )
    return int(given)


@dataclass(frozen=True)
class Entry(Generic[T]):
    """An item of a list with its name; a common prefix is no item, but the names it begins."""

    name: str
    item: T | None = None


def entries(
    items: Iterable[T], name_of: Callable[[T], str], prefix: str, delimiter: str
) -> Iterator[Entry[T]]:
    """Of items in the order of their names."""
    last_prefix = None
    for item in items:
        name = name_of(item)
        if not name.startswith(prefix):
            continue
        head, found, _ = name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        if not found:
            yield Entry(name, item)
        elif (common := prefix + head + found) != last_prefix:
            last_prefix = common
            yield Entry(common)


def page(found: Iterable[Entry[T]], most: int) -> tuple[list[Entry[T]], bool]:
    """Return a page of that many entries, and whether there are more; of none there are none."""
    taken = list(islice(found, most + 1))
    return taken[:most], 0 < most < len(taken)
