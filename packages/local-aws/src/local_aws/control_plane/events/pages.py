"""Lists of rules, their targets and event buses in pages, whatever is deleted in between.

moto's token names the first item of the next page: without that item there is no next page. It
names a target by its ARN, which several targets of a rule may have, and takes a prefix of names for
a regular expression.
Source: API_ListRules, API_ListRuleNamesByTarget, API_ListTargetsByRule and API_ListEventBuses in
the EventBridge API Reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.events.models import EventBus, EventsBackend, Rule

from local_aws.control_plane import key_token, moto_seams

_ROWS = 50
"""Of a page whose size the request does not say."""


def _all(moto_list: Any) -> Callable[..., list[Any]]:
    """moto's list as it is before it is cut into pages."""
    whole: Callable[..., list[Any]] = moto_list.__wrapped__
    return whole


_moto_rules = _all(EventsBackend.list_rules)
_moto_rule_names = _all(EventsBackend.list_rule_names_by_target)
_moto_targets = _all(EventsBackend.list_targets_by_rule)
_moto_buses = _all(EventsBackend.list_event_buses)


def install() -> None:
    moto_seams.replace(
        EventsBackend,
        list_rules=_in_pages("ListRules", _rules, _name),
        list_rule_names_by_target=_in_pages("ListRuleNamesByTarget", _moto_rule_names, _name),
        list_targets_by_rule=_in_pages("ListTargetsByRule", _moto_targets, _id),
        list_event_buses=_in_pages("ListEventBuses", _moto_buses, _name),
    )


def _in_pages(
    action: str, whole: Callable[..., list[Any]], place: Callable[[Any], tuple[str]]
) -> Any:
    def page(
        self: EventsBackend,
        *given: Any,
        next_token: str | None = None,
        limit: int | None = None,
        **named: Any,
    ) -> tuple[list[Any], str | None]:
        found = whole(self, *given, **named)
        return key_token.page(action, found, place, next_token, int(limit or _ROWS))

    return page


def _rules(
    self: EventsBackend, prefix: str | None = None, event_bus_arn: str | None = None
) -> list[Rule]:
    return _moto_rules(self, re.escape(prefix or ""), event_bus_arn)


def _name(listed: Rule | EventBus) -> tuple[str]:
    return (listed.name,)


def _id(target: dict[str, Any]) -> tuple[str]:
    return (target["Id"],)
