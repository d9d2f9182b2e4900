"""How the replies of a service are read: what is real, what stands in for it, and who answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}
_POINTER = re.compile(r"(/([^~/]|~[01])*)+")


@dataclass(frozen=True)
class ReplyShape:
    """What the observer must know of a service to classify its replies.

    A place in a JSON body is written as a JSON Pointer (RFC 6901), such as /Metadata/InstanceId.

    statuses           the HTTP statuses of a good reply; None: any from 200 to 299
    required           places that a good reply has, each with its JSON type (JSON_TYPES); a reply
                       with a good status and without them is an error, "malformed"
    static             places and their values in the static reply; empty: there is none
    instance           the place of the name (a text or a whole number) of the instance that
                       answered; None: replies do not say it
    availability_zone  the same for its Availability Zone
    release            the same for the release that it runs

    A good reply that is not static is real. Raises ValueError, in one line, for anything else.
    """

    statuses: tuple[int, ...] | None = None
    required: Mapping[str, str] = field(default_factory=dict)
    static: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    instance: str | None = None
    availability_zone: str | None = None
    release: str | None = None

    def __post_init__(self) -> None:
        if self.statuses is not None:
            _expect(
                isinstance(self.statuses, tuple)
                and bool(self.statuses)
                and all(_is_status(status) for status in self.statuses),
                "statuses",
                self.statuses,
                "a list of HTTP statuses, such as [200]",
            )
        _expect_mapping("required", self.required, '{"/id": "string"}')
        for place, json_type in self.required.items():
            _expect_pointer("a place of required", place)
            _expect(
                isinstance(json_type, str) and json_type in JSON_TYPES,
                f"the type of {place}",
                json_type,
                f"one of {', '.join(JSON_TYPES)}",
            )
        _expect_mapping("static", self.static, '{"/id": "0"}')
        for place, value in self.static.items():
            _expect_pointer("a place of static", place)
            is_plain = isinstance(value, str | int | float)
            _expect(is_plain, f"the value of {place}", value, "a text, a number or a truth value")
        for name in ("instance", "availability_zone", "release"):
            if getattr(self, name) is not None:
                _expect_pointer(name, getattr(self, name))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ReplyShape:
        """Read what `asdict` has made, or a person has written; what is None or missing is default.

        Raises ValueError, in one line, for an unknown name or a wrong value.
        """
        _expect_mapping("the whole", values, '{"statuses": [200]}')
        given = {name: value for name, value in values.items() if value is not None}
        known = [each.name for each in fields(cls)]
        unknown = sorted(str(name) for name in given.keys() - set(known))
        if unknown:
            raise ValueError(
                f"reply_shape: unknown {', '.join(unknown)} (valid: {', '.join(known)})"
            )
        if isinstance(given.get("statuses"), list):
            given["statuses"] = tuple(given["statuses"])
        return cls(**given)


def keys_of(pointer: str) -> tuple[str, ...]:
    """The keys that a JSON Pointer leads along, from the top of a document."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in pointer[1:].split("/"))


def _is_status(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599


def _expect_pointer(what: str, value: object) -> None:
    is_pointer = isinstance(value, str) and _POINTER.fullmatch(value) is not None
    _expect(is_pointer, what, value, "a JSON Pointer, such as /Metadata/InstanceId,")


def _expect_mapping(what: str, value: object, example: str) -> None:
    _expect(isinstance(value, Mapping), what, value, f"a mapping, such as {example},")


def _expect(holds: bool, what: str, value: object, expected: str) -> None:
    if not holds:
        raise ValueError(f"reply_shape: {what} is {value!r}; {expected.rstrip(',')} is expected")


ANY_SUCCESS = ReplyShape()
"""For a service of which nothing is known: every 2xx is real, and nobody says who answered."""
