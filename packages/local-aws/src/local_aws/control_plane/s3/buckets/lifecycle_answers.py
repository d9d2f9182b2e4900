"""A bucket's lifecycle as it is shown: its rules as they were put, each with an ID.

moto forgets sizes of objects and numbers of noncurrent versions, and an ID that nobody gave.
Source: API_PutBucketLifecycleConfiguration, API_GetBucketLifecycleConfiguration, API_LifecycleRule.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import NoSuchLifecycleConfiguration
from moto.s3.models import FakeBucket, TransitionDefaultMinimumObjectSize
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams

_LISTS = {
    "NoncurrentVersionTransition": "NoncurrentVersionTransitions",
    "Transition": "Transitions",
}
"""By the element that may come several times, the member that has them all."""
_STRUCTURES = ("Filter", "And", "Expiration", "NoncurrentVersionExpiration")

_moto_set = FakeBucket.set_lifecycle


@dataclass
class _Shown:
    """The members of API_LifecycleRule."""

    rule: dict[str, Any] = field(default_factory=dict)


def install() -> None:
    moto_seams.replace(FakeBucket, set_lifecycle=_set)
    moto_seams.replace(S3Response, get_bucket_lifecycle=_answer)


def _set(self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    """`rules` have the elements of the document, as xmltodict reads them."""
    named = [{**rule, "ID": rule.get("ID") or _new_id()} for rule in rules]
    _moto_set(self, named)
    for kept, rule in zip(self.rules, named, strict=True):
        moto_seams.notes(kept, _Shown).rule = _members(rule)


def _answer(self: S3Response) -> Any:
    self.data["Action"] = "GetBucketLifecycleConfiguration"
    rules = self.backend.get_bucket_lifecycle(self.bucket_name)
    if not rules:
        raise NoSuchLifecycleConfiguration(bucket_name=self.bucket_name)
    size = TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128K.value
    shown = [moto_seams.notes(each, _Shown).rule for each in rules]
    return self.serialized(
        ActionResult({"Rules": shown, "TransitionDefaultMinimumObjectSize": size})
    )


def _members(rule: Mapping[str, Any]) -> dict[str, Any]:
    members = {name: _value(name, value) for name, value in rule.items()}
    _gather(members, _LISTS)
    _gather(members.get("Filter", {}).get("And", {}), {"Tag": "Tags"})
    return members


def _gather(members: dict[str, Any], lists: Mapping[str, str]) -> None:
    for element, member in lists.items():
        if element in members:
            value = members.pop(element)
            members[member] = value if isinstance(value, list) else [value]


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(name, each) for each in value]
    if isinstance(value, Mapping):
        return {each: _value(each, inner) for each, inner in value.items()}
    return ({} if name in _STRUCTURES else "") if value is None else value


def _new_id() -> str:
    """In the form that users reported."""
    return base64.b64encode(str(uuid.uuid4()).encode()).decode()
