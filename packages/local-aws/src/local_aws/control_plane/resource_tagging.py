"""The Resource Groups Tagging API: what is tagged, what cannot be, and the last page's empty token.

Source: API_GetResources, API_GetTagKeys and API_GetTagValues in its API Reference, with their
examples (`"PaginationToken": ""`); API_TagResources and API_UntagResources (FailedResourcesMap);
"Services that support the Resource Groups Tagging API": EventBridge's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.resource_tagging import TaggedResource
from moto.core.responses import ActionResult
from moto.events.models import EventsBackend
from moto.resourcegroupstaggingapi.exceptions import ResourceGroupsTaggingAPIError
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from local_aws.control_plane import moto_seams

_PAGED = ("get_resources", "get_tag_keys", "get_tag_values")
_NOT_WITH_ARNS = (
    *("ResourceTypeFilters", "TagFilters"),
    *("ResourcesPerPage", "TagsPerPage", "PaginationToken"),
)

Failures = dict[str, dict[str, Any]]
"""A FailureInfo for each ARN that could not be tagged."""

_moto_tagged = EventsBackend.iter_tagged_resources


def install() -> None:
    moto_seams.replace(EventsBackend, iter_tagged_resources=_tagged)
    backend = ResourceGroupsTaggingAPIBackend
    moto_seams.replace(
        backend,
        tag_resources=_each(backend.tag_resources, "resource_arns"),
        untag_resources=_each(backend.untag_resources, "resource_arn_list"),
    )
    paged = {name: getattr(ResourceGroupsTaggingAPIResponse, name) for name in _PAGED}
    moto_seams.replace(
        ResourceGroupsTaggingAPIResponse,
        **{name: _with_token(moto_call) for name, moto_call in paged.items()},
    )


def _tagged(self: EventsBackend) -> Iterator[TaggedResource]:
    yield from _moto_tagged(self)
    for bus in self.event_buses.values():
        for rule in bus.rules.values():
            tags = self.tagger.get_tag_dict_for_resource(rule.arn)
            yield TaggedResource(arn=rule.arn, tags=tags, resource_type="events:rule")


def _each(moto_call: Callable[..., Failures], arns: str) -> Any:
    def call(self: ResourceGroupsTaggingAPIBackend, **given: Any) -> Failures:
        """One that its service refuses fails alone; `arns` is moto's name for them."""
        failed: Failures = {}
        for arn in given[arns]:
            try:
                failed |= moto_call(self, **{**given, arns: [arn]})
            except ServiceException as refused:
                failed[arn] = {
                    "StatusCode": 400,
                    "ErrorCode": "InvalidParameterException",
                    "ErrorMessage": refused.message,
                }
        return failed

    return call


def _with_token(moto_call: Any) -> Any:
    def call(self: ResourceGroupsTaggingAPIResponse) -> ActionResult:
        for name in _NOT_WITH_ARNS if self._get_param("ResourceARNList") else ():
            if self._get_param(name):
                raise ResourceGroupsTaggingAPIError(
                    "InvalidParameterException",
                    f"ResourceARNList and {name} cannot be specified in the same request.",
                )
        answer: Any = moto_call(self)
        token = answer.result.get("PaginationToken") or ""
        return ActionResult({**answer.result, "PaginationToken": token})

    return call
