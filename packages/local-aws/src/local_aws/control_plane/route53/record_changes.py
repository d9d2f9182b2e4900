"""Changes of a zone's records: a batch is carried out whole, or refused with all its faults.

Source: API_ChangeResourceRecordSets and API_ResourceRecordSet in the Route 53 API Reference: names
have no case, DELETE needs the values that are there; words that users reported of AWS.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moto.route53.exceptions import InvalidActionValue, InvalidInput, Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend
from moto.route53.utils import validate_domain_name

from local_aws.control_plane import moto_seams

_ACTIONS = ("CREATE", "DELETE", "UPSERT")
_ADDRESSES = {
    "A": (ipaddress.IPv4Address, "ARRDATAIllegalIPv4Address", "IPv4"),
    "AAAA": (ipaddress.IPv6Address, "AAAARRDATAIllegalIPv6Address", "IPv6"),
}
_SETTINGS = {
    "Failover": "failover",
    "GeoLocation": "geo_location",
    "HealthCheckId": "health_check_id",
    "MultiValueAnswer": "multi_value_answer",
    "Region": "region",
    "Weight": "weight",
}
"""What else a record can have, and moto's names for it."""

Key = tuple[str, str, str | None]
"""A record's name, type and set identifier."""


def install() -> None:
    moto_seams.replace(Route53Backend, change_resource_record_sets=_change)


def _change(self: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    zone = self.get_hosted_zone(zoneid)
    changes = [(str(each["Action"]), each["ResourceRecordSet"]) for each in change_list]
    for action, record in changes:
        _require_form(action, record)
    changes = [(action, {**record, "Name": _full(record["Name"])}) for action, record in changes]
    records = {_key(vars(each)): each for each in zone.rrsets}
    faults = list(_faults(zone, records, changes))
    if faults:
        raise Route53ClientError("InvalidChangeBatch", f"[{', '.join(faults)}]")
    zone.rrsets = list(records.values())


def _require_form(action: str, record: Mapping[str, Any]) -> None:
    validate_domain_name(record["Name"], code="InvalidChangeBatch")
    if action not in _ACTIONS:
        raise InvalidActionValue(action)
    given = ["AliasTarget" in record, "ResourceRecords" in record, "TTL" in record]
    ways = given[0] + (given[1] and given[2]) + ("TrafficPolicyInstanceId" in record)
    if ways != 1:
        found = "none" if ways == 0 else "more than one"
        raise InvalidInput(
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
            f"ResourceRecords], or TrafficPolicyInstanceId], but found {found} in Change with "
            f"[Action={action}, Name={record['Name']}, Type={record['Type']}, "
            f"SetIdentifier={record.get('SetIdentifier', 'null')}]"
        )


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
    yield from _illegal_addresses(record)
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


def _illegal_addresses(record: Mapping[str, Any]) -> Iterator[str]:
    if record["Type"] not in _ADDRESSES:
        return
    address, problem, form = _ADDRESSES[record["Type"]]
    for each in record.get("ResourceRecords", []):
        try:
            address(each["Value"])
        except ValueError:
            yield (
                f"Invalid Resource Record: 'FATAL problem: {problem} (Value is not a valid {form} "
                f"address) encountered with '{each['Value']}''"
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
