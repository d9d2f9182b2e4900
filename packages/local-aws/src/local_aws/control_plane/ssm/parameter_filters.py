"""Which parameters the filters of DescribeParameters and GetParametersByPath let through.

Source: API_ParameterStringFilter: Key, Option; API_GetParametersByPath: ParameterFilters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.ssm.exceptions import InvalidFilterKey
from moto.ssm.models import Parameter

Filter = Mapping[str, Any]
_NOT_BY_PATH = ("DataType", "Name", "Path", "Tier")
_TAG = "tag:"


def require_keys(filters: Sequence[Filter], *, by_path: bool) -> None:
    """Raise InvalidFilterKey for a key that comes twice, or not with GetParametersByPath."""
    keys = [str(each["Key"]) for each in filters]
    for number, key in enumerate(keys):
        if by_path and key.startswith((*_NOT_BY_PATH, _TAG)):
            raise InvalidFilterKey(
                f"The following filter key is not valid: {key}. Valid filter keys include: "
                "[Type, KeyId]."
            )
        if key in keys[:number]:
            raise InvalidFilterKey(
                f"The following filter is duplicated in the request: {key}. A request can contain "
                "only one occurrence of a specific filter."
            )


def matches(parameter: Parameter, tags: Mapping[str, str], filters: Sequence[Filter]) -> bool:
    """Whether a parameter, which has these tags, passes all filters."""
    return all(_passes(parameter, tags, each) for each in filters)


def _passes(parameter: Parameter, tags: Mapping[str, str], wanted: Filter) -> bool:
    key, values = str(wanted["Key"]), list(wanted.get("Values") or [])
    if key == "Label":
        return not set(parameter.labels).isdisjoint(values)
    if key == "Path":
        return any(_is_within(parameter.name, value, wanted.get("Option")) for value in values)
    if key.startswith(_TAG):
        name = key.removeprefix(_TAG)
        return name in tags and (not values or _is_any(tags[name], values, wanted.get("Option")))
    return _is_any(_value(parameter, key), values, wanted.get("Option"))


def _value(parameter: Parameter, key: str) -> str:
    found: Mapping[str, str | None] = {
        "DataType": parameter.data_type,
        "KeyId": parameter.keyid,
        "Name": parameter.name,
        "Tier": parameter.tier or "Standard",
        "Type": parameter.parameter_type,
    }
    return found[key] or ""


def _is_any(value: str, wanted: Sequence[str], option: str | None) -> bool:
    """A name with a slash at its beginning and one without are the same."""
    if option == "Contains":
        return any(each in value for each in wanted)
    value = value.removeprefix("/")
    bare = [each.removeprefix("/") for each in wanted]
    if option == "BeginsWith":
        return value.startswith(tuple(bare))
    return value in bare


def _is_within(name: str, path: str, option: str | None) -> bool:
    """Whether a path leads to the name: at once, or on any level with Recursive."""
    start = f"{path.rstrip('/')}/"
    name = f"/{name.removeprefix('/')}"
    return name.startswith(start) and (option == "Recursive" or "/" not in name[len(start) :])
