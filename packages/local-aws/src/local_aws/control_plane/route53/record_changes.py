"""Changes of a zone's records: a batch is carried out whole, or refused with all its faults.

Source: API_ChangeResourceRecordSets and API_ResourceRecordSet in the Route 53 API Reference: names
have no case, DELETE needs the values that are there; words that users reported of AWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.route53.exceptions import InvalidInput, Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend
from moto.route53.responses import Route53

from local_aws.control_plane import moto_seams
from local_aws.control_plane.route53 import record_forms

_SETTINGS = {
    "Failover": "failover",
    "GeoLocation": "geo_location",
    "HealthCheckId": "health_check_id",
    "MultiValueAnswer": "multi_value_answer",
    "Region": "region",
    "Weight": "weight",
}
"""What else a record can have, and moto's names for it."""

_NEEDED = ("Name", "Type")

Key = tuple[str, str, str | None]
"""A record's name, type and set identifier."""


_moto_answer = Route53.change_resource_record_sets


def install() -> None:
    moto_seams.replace(Route53, change_resource_record_sets=_answer)
    moto_seams.replace(Route53Backend, change_resource_record_sets=_change)


def _answer(self: Route53) -> ActionResult:
    """A batch has changes, each with an action and the name and type of a record."""
    changes = self._get_param("ChangeBatch.Changes") or []
    named = [each for each in changes if each.get("Action") and _is_named(each)]
    if not changes or len(named) < len(changes):
        raise InvalidInput("The input is not valid")
    answer: ActionResult = _moto_answer(self)
    return answer


def _is_named(change: Mapping[str, Any]) -> bool:
    record = change.get("ResourceRecordSet") or {}
    return all(record.get(name) for name in _NEEDED)


def _change(self: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    zone = self.get_hosted_zone(zoneid)
    changes = [(str(each["Action"]), each["ResourceRecordSet"]) for each in change_list]
    for action, record in changes:
        record_forms.require(action, record)
    changes = [(action, _normalized(record)) for action, record in changes]
    records = {_key(vars(each)): each for each in zone.rrsets}
    faults = [*_faults(zone, records, changes), *_missing(zone, records)]
    if faults:
        raise Route53ClientError("InvalidChangeBatch", f"[{', '.join(faults)}]")
    zone.rrsets = list(records.values())


def _faults(
    zone: FakeZone, records: dict[Key, RecordSet], changes: Iterable[tuple[str, dict[str, Any]]]
) -> Iterator[str]:
    """What is wrong with each change, in the order of the batch; `records` have those without."""
    for action, record in changes:
        key = _key({each.lower(): value for each, value in record.items()})
        fault = next(_faults_of(zone, records, action, record, key), None)
        if fault:
            yield fault
        elif action == "DELETE":
            del records[key]
        else:
            values = [each["Value"] for each in record.get("ResourceRecords", [])]
            made = {**record, "ResourceRecords": values}
            records[key] = RecordSet(made)  # type: ignore[abstract] # as moto does itself


def _missing(zone: FakeZone, records: Mapping[Key, RecordSet]) -> Iterator[str]:
    """The records that a zone needs for itself, and would not have."""
    if (zone.name, "NS", None) not in records:
        yield "A HostedZone must contain at least one NS record for the zone itself."
    if (zone.name, "SOA", None) not in records:
        yield "A HostedZone must contain exactly one SOA record."


def _normalized(record: Mapping[str, Any]) -> dict[str, Any]:
    """As it is kept: names are lower-case, and end with a dot."""
    named = {**record, "Name": _full(record["Name"])}
    target = record.get("AliasTarget")
    if target:
        named["AliasTarget"] = {**target, "DNSName": _full(target["DNSName"])}
    return named


def _faults_of(
    zone: FakeZone,
    records: Mapping[Key, RecordSet],
    action: str,
    record: Mapping[str, Any],
    key: Key,
) -> Iterator[str]:
    name, kind = record["Name"], record["Type"]
    present = records.get(key)
    shown = f"resource record set [name='{name}', type='{kind}']"
    if name != zone.name and not name.endswith(f".{zone.name}"):
        yield f"RRSet with DNS name {name} is not permitted in zone {zone.name}"
    yield from record_forms.faults(record)
    if action == "CREATE" and present:
        yield f"Tried to create {shown} but it already exists"
    if action == "DELETE" and not present:
        yield f"Tried to delete {shown} but it was not found"
    if action == "DELETE" and present and not _is_same(record, present):
        yield (f"Tried to delete {shown} but the values provided do not match the current values")
    if action == "DELETE":
        return
    if kind == "CNAME" and name == zone.name:
        yield f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {name}"
    others = {other for own, other, _ in records if own == name and other != kind}
    if others and "CNAME" in {*others, kind}:
        yield (
            f"RRSet of type {kind} with DNS name {name} is not permitted as it conflicts with "
            f"other records with the same DNS name in zone {zone.name}"
        )


def _is_same(record: Mapping[str, Any], present: RecordSet) -> bool:
    values = sorted(each["Value"] for each in record.get("ResourceRecords", []))
    return (
        values == sorted(present.records)
        and str(record.get("TTL")) == str(present.ttl)
        and _alias(record.get("AliasTarget")) == _alias(present.alias_target)
        and all(record.get(name) == getattr(present, own) for name, own in _SETTINGS.items())
    )


def _alias(target: Mapping[str, Any] | None) -> tuple[str, str] | None:
    return (target["HostedZoneId"], _full(target["DNSName"])) if target else None


def _key(record: Mapping[str, Any]) -> Key:
    identifier = record.get("setidentifier") or record.get("set_identifier")
    return _full(record["name"]), str(record["type"]), identifier


def _full(name: str) -> str:
    return f"{name.lower().rstrip('.')}."
