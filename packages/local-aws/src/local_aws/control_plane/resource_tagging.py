"""The Resource Groups Tagging API: rules are tagged, too, and a last page has an empty token.

Source: API_GetResources, API_GetTagKeys and API_GetTagValues in its API Reference, with their
examples (`"PaginationToken": ""`); "Services that support the Resource Groups Tagging API":
EventBridge's rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.core.responses import ActionResult
from moto.events.models import EventsBackend
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from local_aws.control_plane import moto_seams

_PAGED = ("get_resources", "get_tag_keys", "get_tag_values")

_moto_tagged = EventsBackend.iter_tagged_resources


def install() -> None:
    moto_seams.replace(EventsBackend, iter_tagged_resources=_tagged)
    responses = ResourceGroupsTaggingAPIResponse
    moto_seams.replace(
        responses, **{each: _with_token(getattr(responses, each)) for each in _PAGED}
    )


def _tagged(self: EventsBackend) -> Iterator[TaggedResource]:
    yield from _moto_tagged(self)
    for bus in self.event_buses.values():
        for rule in bus.rules.values():
            tags = self.tagger.get_tag_dict_for_resource(rule.arn)
            yield TaggedResource(arn=rule.arn, tags=tags, resource_type="events:rule")


def _with_token(moto_call: Any) -> Any:
    def call(self: ResourceGroupsTaggingAPIResponse) -> ActionResult:
        answer: Any = moto_call(self)
        token = answer.result.get("PaginationToken") or ""
        return ActionResult({**answer.result, "PaginationToken": token})

    return call
