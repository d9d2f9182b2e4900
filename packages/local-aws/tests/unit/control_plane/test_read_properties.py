"""Which properties of a resource were read."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws.control_plane.cloudformation.resource_types.handlers.read_properties import (
    ReadProperties,
)

GIVEN = {"Name": "one", "Size": 2, "Tags": []}


@pytest.mark.parametrize(
    "read",
    [
        lambda given: given["Name"],
        lambda given: given.get("Name"),
        lambda given: "Name" in given,
        lambda given: given.pop("Name", None),
        lambda given: given.setdefault("Name", "two"),
        lambda given: copy.deepcopy(given)["Name"],
    ],
    ids=["item", "get", "in", "pop", "setdefault", "a copy's"],
)
def test_properties_that_are_read_are_recorded(read: Callable[[Any], Any]) -> None:
    given = ReadProperties(GIVEN)
    read(given)
    assert given.unread(GIVEN) == ["Size", "Tags"]


@pytest.mark.parametrize(
    "walk",
    [
        lambda given: dict(given),
        lambda given: {**given},
        lambda given: list(given),
        lambda given: dict(given.items()),
        lambda given: list(given.values()),
        json.dumps,
    ],
    ids=["dict", "unpacked", "list", "items", "values", "JSON"],
)
def test_who_walks_over_all_has_read_all(walk: Callable[[Any], Any]) -> None:
    given = ReadProperties(GIVEN)
    assert walk(given)
    assert given.unread([*GIVEN, "Other"]) == []


def test_nothing_is_read_by_being_there() -> None:
    given = ReadProperties(GIVEN)
    assert len(given) == len(GIVEN)
    assert given == GIVEN
    assert given.unread(GIVEN) == ["Name", "Size", "Tags"]


def test_a_property_that_is_not_given_is_read_too() -> None:
    """One that was removed from a template."""
    given = ReadProperties(GIVEN)
    assert given.get("Color") is None
    assert given.unread(["Color", "Shape"]) == ["Shape"]
