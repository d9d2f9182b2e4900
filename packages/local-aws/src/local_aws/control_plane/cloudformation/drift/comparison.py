"""What of a resource's declared properties differs from its actual ones. Pure.

Of an object whose members the schema names, only those are compared that are declared: services
fill in the others. Objects that are free in form, such as policies, are compared as a whole.
AWS: "Detect unmanaged configuration changes to stacks and resources with drift detection" in the
CloudFormation User Guide, "Considerations when detecting drift".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_aws.control_plane.cloudformation import resource_schemas
from local_aws.control_plane.cloudformation.differences import comparable
from local_aws.control_plane.cloudformation.drift.records import PropertyDifference
from local_aws.control_plane.cloudformation.resource_schemas import Schema

_INDEX = re.compile(r"/\d+(?=/|$)")
_KEYS = ("Key", "IndexName", "AttributeName", "PolicyName")
"""Members by which the items of lists are told apart."""


def differences(
    type_name: str, expected: Mapping[str, Any], actual: Mapping[str, Any]
) -> tuple[PropertyDifference, ...]:
    """Those of the properties that both have; None for an actual one is that it is not there."""
    root = resource_schemas.schema_of(type_name) or {}
    comparison = _Comparison(root, resource_schemas.write_only(type_name))
    return tuple(
        difference
        for name in sorted(expected.keys() & actual.keys())
        for difference in comparison.of(
            f"/{_escaped(name)}",
            expected[name],
            actual[name],
            resource_schemas.member_of(root, name),
        )
    )


def compared(
    type_name: str, expected: Mapping[str, Any], actual: Mapping[str, Any]
) -> frozenset[str]:
    """The properties that are declared, can be read by the type's schema, and have been read."""
    hidden = resource_schemas.write_only(type_name)
    return frozenset(n for n in expected.keys() & actual.keys() if f"/{n}" not in hidden)


class _Comparison:
    def __init__(self, root: Schema, write_only: frozenset[str]) -> None:
        self._root = root
        self._write_only = write_only

    def of(
        self, path: str, expected: Any, actual: Any, schema: Schema
    ) -> Iterator[PropertyDifference]:
        if _INDEX.sub("/*", path) in self._write_only:
            return
        schema = resource_schemas.resolved(schema, self._root)
        if actual is None and expected is not None:
            yield PropertyDifference(path, expected, None, "REMOVE")
        elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
            yield from self._of_objects(path, expected, actual, schema)
        elif isinstance(expected, list) and isinstance(actual, list):
            yield from self._of_lists(path, expected, actual, schema)
        elif comparable(expected) != comparable(actual):
            yield PropertyDifference(path, expected, actual, "NOT_EQUAL")

    def _of_objects(
        self, path: str, expected: Mapping[str, Any], actual: Mapping[str, Any], schema: Schema
    ) -> Iterator[PropertyDifference]:
        for name in sorted(expected):
            member = resource_schemas.member_of(schema, name)
            yield from self.of(f"{path}/{_escaped(name)}", expected[name], actual.get(name), member)
        if "properties" not in schema:
            for name in sorted(actual.keys() - expected.keys()):
                yield PropertyDifference(f"{path}/{_escaped(name)}", None, actual[name], "ADD")

    def _of_lists(
        self, path: str, expected: list[Any], actual: list[Any], schema: Schema
    ) -> Iterator[PropertyDifference]:
        item = resource_schemas.resolved(schema.get("items", {}), self._root)
        is_ordered = schema.get("insertionOrder", True)
        pairs = self._paired(path, expected, actual, item, is_ordered=is_ordered)
        for index, found in enumerate(pairs):
            at = f"{path}/{index}"
            if found is None:
                yield PropertyDifference(at, expected[index], None, "REMOVE")
            else:
                yield from self.of(at, expected[index], actual[found], item)
        if not path.endswith("Attributes"):  # services show all, also those with their defaults
            for index in sorted(set(range(len(actual))) - set(pairs)):
                yield PropertyDifference(f"{path}/{index}", None, actual[index], "ADD")

    def _paired(
        self, path: str, expected: list[Any], actual: list[Any], item: Schema, *, is_ordered: bool
    ) -> Sequence[int | None]:
        """For each expected item, where the actual one is that it is compared with."""
        key = next((key for key in _KEYS if key in item.get("properties", {})), None)
        if key is None and is_ordered:
            return [index if index < len(actual) else None for index in range(len(expected))]

        def belong_together(one: Any, other: Any) -> bool:
            if key is not None:
                return bool(one.get(key) == other.get(key))
            return not any(self.of(f"{path}/0", one, other, item))

        pairs: list[int | None] = []
        for each in expected:
            free = (index for index in range(len(actual)) if index not in pairs)
            pairs.append(next((i for i in free if belong_together(each, actual[i])), None))
        return pairs


def _escaped(name: str) -> str:
    """As RFC 6901 has it."""
    return name.replace("~", "~0").replace("/", "~1")
