"""Lists in pages, where moto gives all there is, drops what is beyond, or has markers of its own.

What an action calls the size of a page, its token and what is listed is in botocore's model.
Source: botocore's paginators-1.json; "Pagination" in the EC2 API Reference; the pages of each
action in the services' API References say how many items a page has.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_pagination_model

from local_aws.control_plane import moto_seams, offset_token

_EVERYTHING = 10**9
"""The size of a page for moto: those of its lists that know pages have no end."""

List = Callable[[Any], ActionResult | str]
"""moto's answer, or a correction's, with all there is: a result, or JSON."""


@dataclass(frozen=True)
class Size:
    """How many items a page has when the request does not say, and at most; None: all there are."""

    usual: int | None
    most: int | None


@dataclass(frozen=True)
class Paging:
    """An action's names for pages: of the request's size and token, of the answer's members.

    `lists` share one page. `is_truncated` says whether there is more; "" where no member does.
    """

    action: str
    size: str
    token: str
    next_token: str
    lists: Sequence[str]
    is_truncated: str = ""


def install(
    service: str,
    responses: type[BaseResponse],
    sizes: Mapping[str, Size],
    *,
    others: Size | None = None,
    more: Iterable[Paging] = (),
    refuse: Callable[[str], Exception] | None = None,
) -> None:
    """Answer actions in pages: those of `sizes`, and with `others` all that AWS answers so.

    `service` is botocore's name of it, which has no paginators of `more`. What a list shows is
    corrected before. `refuse` makes the error for a size that a page does not have; without it a
    page has its most.
    """
    for paging in (*_pagings(service), *more):
        method, size = xform_name(paging.action), sizes.get(paging.action, others)
        if size and hasattr(responses, method):
            whole = getattr(responses, method)
            moto_seams.replace(responses, **{method: _in_pages(paging, whole, size, refuse)})


def _in_pages(
    paging: Paging, whole: List, size: Size, refuse: Callable[[str], Exception] | None
) -> Any:
    """Answer with one page of all that `whole` answers.

    Raises ValueError, with the token in its words, for one that no page of the action gave.
    """

    def answer(self: BaseResponse) -> ActionResult | str:
        start = offset_token.read(paging.action, self._get_param(paging.token) or "")
        asked = self._get_int_param(paging.size)
        if refuse and asked is not None and not 1 <= asked <= (size.most or asked):
            raise refuse(f"{paging.size} must be between 1 and {size.most}")
        answered = whole(_for_everything(self, paging))
        if isinstance(answered, str):
            return json.dumps(_page(paging, json.loads(answered), start, _rows(size, asked)))
        listed: Any = answered.result
        return ActionResult(_page(paging, listed, start, _rows(size, asked)))

    return answer


def _for_everything(response: BaseResponse, paging: Paging) -> BaseResponse:
    """The same request, as moto reads it, for one page of all there is."""
    wanted = {paging.size: _EVERYTHING, paging.token: None}

    def parameter(name: str, if_none: Any = None) -> Any:
        if name not in wanted:
            return response._get_param(name, if_none)
        value = wanted[name]
        return if_none if value is None else value

    whole = copy.copy(response)
    vars(whole)["_get_param"] = parameter
    return whole


def _rows(size: Size, asked: int | None) -> int:
    given = asked or size.usual
    return min(rows for rows in (given, size.most, _EVERYTHING) if rows)


def _page(paging: Paging, listed: Mapping[str, Any], start: int, rows: int) -> dict[str, Any]:
    """The answer with `rows` items of all its lists together, from the item of number `start`."""
    items = list(_items(listed, paging.lists))
    end = start + rows
    page: dict[str, Any] = {name: [] for name in paging.lists}
    for name, item in items[start:end]:
        page[name].append(item)
    has_more = end < len(items)
    if has_more:
        page[paging.next_token] = offset_token.write(paging.action, end)
    if paging.is_truncated:
        page[paging.is_truncated] = has_more
    others = {name: value for name, value in listed.items() if name != paging.next_token}
    return {**others, **page}


def _items(listed: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        for item in listed.get(name) or ():
            yield name, item


def _pagings(service: str) -> Iterator[Paging]:
    for action, names in get_pagination_model(service).items():
        if "limit_key" not in names or not isinstance(names["input_token"], str):
            continue
        lists = names["result_key"]
        yield Paging(
            action,
            names["limit_key"],
            names["input_token"],
            names["output_token"],
            [lists] if isinstance(lists, str) else lists,
            names.get("more_results", ""),
        )
