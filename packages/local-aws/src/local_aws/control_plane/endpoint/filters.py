"""Filters of EC2's Describe calls: those that moto does not evaluate are evaluated on its answer.

What an answer shows decides, also where moto takes a filter and lists something else. A filter that
neither moto nor the answer knows is refused by name, one that AWS does not have in AWS's words.
AWS documents each call's filters, and botocore's model of EC2 carries that.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from botocore.model import OperationModel

from local_aws.control_plane import api_operation, offset_token
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.endpoint import filter_paths
from local_aws.control_plane.endpoint.filter_paths import Listing
from local_aws.control_plane.iam import conditions

Ask = Callable[[Mapping[str, Any]], tuple[str, list[tuple[str, str]], bytes]]
"""moto's answer to the request with these parameters: status, headers, body."""
Filters = Mapping[str, Sequence[str]]
"""What is wanted, by the names of the filters; one of the values is enough."""

_PARAMETER = re.compile(r"Filter\.(?P<number>\d+)\.(?P<part>Name|Value)(\.\d+)?")
_DOCUMENTED = re.compile(r"<li>\s*<p>\s*<code>([^<]+)</code>")
_QUOTED = re.compile(r"'([^']+)'")
_NAMESPACE = re.compile(r"\{(.*?)\}")
_PAGING = ("MaxResults", "NextToken")
_unknown_to_moto: dict[str, set[str]] = {}
"""By call; found out once each."""


def has_any(request: ApiRequest) -> bool:
    return request.service == "ec2" and "Filter.1.Name" in request.parameters


def answer(
    request: ApiRequest, ask: Ask, *, pages_are_cut: bool = False
) -> tuple[str, list[tuple[str, str]], bytes]:
    """Answer a request with filters, in pages where it has MaxResults.

    `pages_are_cut`: moto's answer is one page of what passes the filters that moto knows.
    Raises ApiError for a filter that cannot be evaluated, and what moto raises for other reasons.
    """
    operation = api_operation.of(request)
    listing = filter_paths.listing(operation) if operation else None
    wanted = _filters(request.parameters)
    if operation is None or listing is None:
        return ask(request.parameters)
    refused = _unknown_to_moto.setdefault(operation.name, set())
    while True:
        ours = {name: values for name, values in wanted.items() if name in refused}
        _require_places(operation, ours)
        try:
            is_page = pages_are_cut and not ours
            asked = _without(request.parameters, refused, paged=is_page)
            status, headers, body = ask(asked)
            break
        except NotImplementedError as error:
            named = [name for name in _QUOTED.findall(str(error)) if name in wanted]
            unknown = set(named or wanted) - refused
            if not unknown:
                raise
            refused.update(unknown)
    if not status.startswith("200"):
        return status, headers, body
    root = ElementTree.fromstring(body)  # noqa: S314 - moto wrote it
    if not is_page:
        _add_further_pages(root, listing, asked, ask)
    _keep(root, operation, listing, wanted, ours)
    if not is_page:
        _cut_page(root, operation, listing, request.parameters)
    space = _NAMESPACE.match(root.tag)
    if space:
        ElementTree.register_namespace("", space[1])
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return status, [*kept, ("Content-Length", str(len(body)))], body


def _filters(parameters: Mapping[str, Any]) -> dict[str, list[str]]:
    parts: dict[str, dict[str, list[str]]] = {}
    for key, value in parameters.items():
        found = _PARAMETER.fullmatch(key)
        if found:
            parts.setdefault(found["number"], {}).setdefault(found["part"], []).append(str(value))
    filters: dict[str, list[str]] = {}
    for each in parts.values():
        for name in each.get("Name", ()):
            filters.setdefault(name, []).extend(each.get("Value", ()))
    return filters


def _without(parameters: Mapping[str, Any], names: set[str], *, paged: bool) -> dict[str, Any]:
    """The parameters without these filters, renumbered, and for no single page unless `paged`."""
    kept = {
        key: value
        for key, value in parameters.items()
        if not _PARAMETER.fullmatch(key) and (paged or key not in _PAGING)
    }
    left = {name: values for name, values in _filters(parameters).items() if name not in names}
    for number, (name, values) in enumerate(left.items(), 1):
        kept[f"Filter.{number}.Name"] = name
        kept |= {f"Filter.{number}.Value.{at}": value for at, value in enumerate(values, 1)}
    return kept


def _add_further_pages(
    root: ElementTree.Element, listing: Listing, parameters: Mapping[str, Any], ask: Ask
) -> None:
    """Put what is on the pages behind the first one into it, too."""
    items = _first(root, listing.path[:-1])
    token = _text(_first(root, ("nextToken",)))
    while token:
        _, _, body = ask({**parameters, "NextToken": token})
        page = ElementTree.fromstring(body)  # noqa: S314 - moto wrote it
        items.extend(_children(page, listing.path))
        token = _text(_first(page, ("nextToken",)))


def _require_places(operation: OperationModel, ours: Filters) -> None:
    documented = _documented(operation)
    for name in ours:
        if _is_tag(name) or (name in documented and filter_paths.place(operation, name)):
            continue
        message = (
            f"The local AWS does not evaluate the filter {name} of {operation.name}."
            if name in documented
            else f"The filter '{name}' is invalid"
        )
        raise ApiError("400 Bad Request", "InvalidParameterValue", message)


@functools.lru_cache(64)
def _documented(operation: OperationModel) -> frozenset[str]:
    filters = operation.input_shape.members.get("Filters") if operation.input_shape else None
    return frozenset(_DOCUMENTED.findall(filters.documentation) if filters else ())


def _is_tag(name: str) -> bool:
    return name.startswith("tag:") or name in ("tag-key", "tag-value")


def _keep(
    root: ElementTree.Element,
    operation: OperationModel,
    listing: Listing,
    wanted: Filters,
    ours: Filters,
) -> None:
    """Take out of the answer what does not pass."""
    parent = _first(root, listing.path[:-1])
    for item in list(_children(parent, listing.path[-1:])):
        if not listing.inner:
            if not _passes(operation, listing, item, item, wanted, ours):
                parent.remove(item)
            continue
        within = _first(item, listing.inner[:-1])
        for inner in list(_children(within, listing.inner[-1:])):
            if not _passes(operation, listing, inner, item, wanted, ours):
                within.remove(inner)
        if not len(within):
            parent.remove(item)


def _passes(
    operation: OperationModel,
    listing: Listing,
    item: ElementTree.Element,
    outer: ElementTree.Element,
    wanted: Filters,
    ours: Filters,
) -> bool:
    for name, patterns in wanted.items():
        values = _values(operation, item, outer, name)
        if not values:
            if name not in ours and not (
                _is_tag(name) and listing.shows_tags
            ):  # moto may have known what its answer does not show
                continue
            place = filter_paths.place(operation, name)
            values = ["false"] if place and place.is_flag else []
        if not any(conditions.matches(pattern, value) for pattern in patterns for value in values):
            return False
    return True


def _values(
    operation: OperationModel, item: ElementTree.Element, outer: ElementTree.Element, name: str
) -> list[str]:
    if _is_tag(name):
        tags = [
            (_text(_first(tag, ("key",))), _text(_first(tag, ("value",))))
            for tag in _children(item, ("tagSet", "item"))
        ]
        key = name.removeprefix("tag:")
        if name == "tag-key":
            return [key for key, _ in tags]
        return [value for found, value in tags if name == "tag-value" or found == key]
    place = filter_paths.place(operation, name)
    if place is None:
        return []
    return [_text(each) for each in _children(outer if place.is_outer else item, place.path)]


def _cut_page(
    root: ElementTree.Element,
    operation: OperationModel,
    listing: Listing,
    parameters: Mapping[str, Any],
) -> None:
    """Leave one page, and say where the next one begins. AWS: "Pagination" in the EC2 Guide."""
    token = str(parameters.get("NextToken") or "")
    size = str(parameters.get("MaxResults") or "")
    start = offset_token.read(operation.name, token)
    for shown in list(_children(root, ("nextToken",))):
        root.remove(shown)
    parent = _first(root, listing.path[:-1])
    items = list(_children(parent, listing.path[-1:]))
    end = start + int(size) if size.isdecimal() else len(items)
    for item in items[:start] + items[end:]:
        parent.remove(item)
    if end < len(items):
        space = _NAMESPACE.match(root.tag)
        made = ElementTree.SubElement(root, f"{space[0] if space else ''}nextToken")
        made.text = offset_token.write(operation.name, end)


def _children(element: ElementTree.Element, path: Iterable[str]) -> list[ElementTree.Element]:
    """The elements at the end of a path, whatever namespace they are in."""
    found = [element]
    for tag in path:
        found = [child for each in found for child in each if child.tag.rpartition("}")[2] == tag]
    return found


def _first(element: ElementTree.Element, path: Iterable[str]) -> ElementTree.Element:
    found = _children(element, path)
    return found[0] if found else ElementTree.Element("none")


def _text(element: ElementTree.Element) -> str:
    return (element.text or "").strip()
