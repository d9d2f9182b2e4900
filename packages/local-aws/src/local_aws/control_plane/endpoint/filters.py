"""Filters of EC2's Describe calls: those that moto does not evaluate are evaluated on its answer.

What an answer shows decides, also where moto takes a filter and lists something else, drops it, or
takes its wildcards for letters. A filter that neither moto nor the answer knows is refused by name,
one that AWS does not have in AWS's words. AWS documents each call's filters, and botocore's model
of EC2 carries that.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html; "Filtering
considerations" in the EC2 User Guide
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from botocore.model import OperationModel

from local_aws.control_plane import api_operation, offset_token, wildcards
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.endpoint import filter_paths
from local_aws.control_plane.endpoint.filter_paths import Listing

Ask = Callable[[Mapping[str, Any]], tuple[str, list[tuple[str, str]], bytes]]
"""moto's answer to the request with these parameters: status, headers, body."""
Filters = Mapping[str, Sequence[str]]
"""What is wanted, by the names of the filters; one of the values is enough."""

_PARAMETER = re.compile(r"Filter\.(?P<number>\d+)\.(?P<part>Name|Value)(\.\d+)?")
_DOCUMENTED = re.compile(r"<li>\s*<p>\s*<code>([^<]+)</code>")
_ALSO_TAKEN = re.compile(r"You can also use (.*?) as the filter names?")
_CODE = re.compile(r"<code>([^<]+)</code>")
_ESCAPED = re.compile(r"\\([*?\\])")
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
    _require_known(operation, wanted)
    refused = _unknown_to_moto.setdefault(operation.name, set())
    patterns = _shown_patterns(operation, listing, wanted)
    while True:
        ours = {name for name in wanted if name in refused or name in patterns}
        evaluation = _Evaluation(operation, listing, wanted, ours)
        evaluation.require_places()
        is_page = pages_are_cut and not ours
        asked = _without(request.parameters, ours, paged=is_page)
        try:
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
    evaluation.take_out_what_does_not_pass(root)
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


def _without(
    parameters: Mapping[str, Any], names: Collection[str], *, paged: bool
) -> dict[str, Any]:
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


def _require_known(operation: OperationModel, wanted: Filters) -> None:
    """Raise ApiError for a filter that AWS does not have, and no answer shows."""
    documented = _documented(operation)
    for name in wanted if documented else ():
        if not (_is_tag(name) or name in documented or filter_paths.place(operation, name)):
            raise _refused(f"The filter '{name}' is invalid")


def _shown_patterns(operation: OperationModel, listing: Listing, wanted: Filters) -> set[str]:
    """The filters with wildcards whose values the answer shows: moto knows few wildcards."""
    return {
        name
        for name, values in wanted.items()
        if not set("*?").isdisjoint("".join(values))
        and (listing.shows_tags if _is_tag(name) else filter_paths.place(operation, name))
    }


def _refused(message: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidParameterValue", message)


@functools.lru_cache(64)
def _documented(operation: OperationModel) -> frozenset[str]:
    filters = operation.input_shape.members.get("Filters") if operation.input_shape else None
    text = filters.documentation if filters else ""
    named = [*_DOCUMENTED.findall(text), *_CODE.findall(" ".join(_ALSO_TAKEN.findall(text)))]
    names = frozenset(name.strip() for name in named)
    return names | filter_paths.other_names(operation) if names else names


def _is_tag(name: str) -> bool:
    return name.startswith("tag:") or name in ("tag-key", "tag-value")


@dataclass(frozen=True)
class _Evaluation:
    """The filters of one call, evaluated on an answer of moto's."""

    operation: OperationModel
    listing: Listing
    wanted: Filters
    ours: Collection[str]
    """The names of those that moto does not evaluate."""

    def require_places(self) -> None:
        """Raise ApiError for a filter that is left to us and that no answer shows."""
        documented = _documented(self.operation)
        for name in self.wanted:
            if name not in self.ours or _is_tag(name):
                continue
            if name not in documented:
                message = f"The filter '{name}' is invalid"
            elif not filter_paths.place(self.operation, name):
                message = (
                    f"The local AWS does not evaluate the filter {name} of {self.operation.name}."
                )
            else:
                continue
            raise _refused(message)

    def take_out_what_does_not_pass(self, root: ElementTree.Element) -> None:
        listing = self.listing
        parent = _first(root, listing.path[:-1])
        for item in list(_children(parent, listing.path[-1:])):
            if not listing.inner:
                if not self._passes(item, item):
                    parent.remove(item)
                continue
            within = _first(item, listing.inner[:-1])
            for inner in list(_children(within, listing.inner[-1:])):
                if not self._passes(inner, item):
                    within.remove(inner)
            if not len(within):
                parent.remove(item)

    def _passes(self, item: ElementTree.Element, outer: ElementTree.Element) -> bool:
        """Whether every filter has one of its values; `outer` is what the item is listed in."""
        for name, patterns in self.wanted.items():
            values = self._values(name, item, outer)
            if values is not None and not any(
                _matches(pattern, value) for pattern in patterns for value in values
            ):
                return False
        return True

    def _values(
        self, name: str, item: ElementTree.Element, outer: ElementTree.Element
    ) -> list[str] | None:
        """What the answer shows; None where moto alone can know whether the item passes."""
        if _is_tag(name):
            tags = _values_of_tags(name, item)
            is_shown = bool(tags) or self.listing.shows_tags or name in self.ours
            return tags if is_shown else None
        place = filter_paths.place(self.operation, name)
        if place is not None:
            found = [
                _text(each) for each in _children(outer if place.is_outer else item, place.path)
            ]
            if found:
                return found
        if name not in self.ours:
            return None
        return ["false"] if place is not None and place.is_flag else []


def _values_of_tags(name: str, item: ElementTree.Element) -> list[str]:
    tags = [
        (_text(_first(tag, ("key",))), _text(_first(tag, ("value",))))
        for tag in _children(item, ("tagSet", "item"))
    ]
    if name == "tag-key":
        return [key for key, _ in tags]
    wanted = name.removeprefix("tag:")
    return [value for key, value in tags if name == "tag-value" or key == wanted]


def _matches(pattern: str, value: str) -> bool:
    """Whether a filter's value means this one: `*` is any text, `?` any character.

    A backslash makes a wildcard or a backslash an ordinary character; case counts.
    """
    return wildcards.matches(
        _ESCAPED.sub(lambda found: wildcards.literal(found[1]), pattern), value
    )


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
