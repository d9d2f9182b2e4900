"""Hosted zones: a caller reference creates one zone, and one with records of its owner stays.

Source: API_CreateHostedZone (HostedZoneAlreadyExists; a zone of a VPC is private),
API_DeleteHostedZone (HostedZoneNotEmpty) and API_ListHostedZonesByName in the Route 53 API
Reference; the words are those that users reported of AWS.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.route53.exceptions import HostedZoneNotEmpty, InvalidInput, Route53ClientError
from moto.route53.models import FakeZone, Route53Backend
from moto.route53.responses import Route53

from local_aws.control_plane import moto_seams

_MOST = 100

_moto_answer = Route53.create_hosted_zone
_moto_create = Route53Backend.create_hosted_zone
_moto_delete = Route53Backend.delete_hosted_zone


def install() -> None:
    moto_seams.replace(Route53Backend, create_hosted_zone=_create, delete_hosted_zone=_delete)
    moto_seams.replace(Route53, create_hosted_zone=_answer, list_hosted_zones_by_name=_by_name)


def _answer(self: Route53) -> ActionResult:
    if not self._get_param("Name"):
        raise Route53ClientError("InvalidDomainName", "The domain name is empty.")
    asked = copy.copy(self)
    if self._get_param("VPC.VPCId"):
        vars(asked)["_get_bool_param"] = lambda *_: True  # PrivateZone, the only one
    answer: ActionResult = _moto_answer(asked)
    return answer


def _create(
    self: Route53Backend,
    name: str,
    private_zone: bool,
    caller_reference: str | None = None,
    **settings: Any,
) -> FakeZone:
    if caller_reference in {zone.caller_reference for zone in self.zones.values()}:
        raise Route53ClientError(
            "HostedZoneAlreadyExists",
            "A hosted zone has already been created with the specified caller reference.",
        )
    zone: FakeZone = _moto_create(self, name.lower(), private_zone, caller_reference, **settings)
    for record in zone.rrsets:  # moto's own have values of several forms
        values = [each["Value"] if isinstance(each, dict) else each for each in record.records]
        is_name = record.type == "NS"
        record.records = [f"{each.rstrip('.')}." if is_name else each for each in values]
        record.ttl = int(record.ttl or 0)
    return zone


def _delete(self: Route53Backend, id_: str) -> FakeZone | None:
    try:
        zone: FakeZone | None = _moto_delete(self, id_)
    except HostedZoneNotEmpty:
        raise Route53ClientError(
            "HostedZoneNotEmpty",
            "The specified hosted zone contains non-required resource record sets and so cannot "
            "be deleted.",
        ) from None
    return zone


def _by_name(self: Route53) -> ActionResult:
    """From a name on, in pages; moto has the zones of that very name, and no pages."""
    name, zone_id = self._get_param("DNSName"), self._get_param("HostedZoneId")
    if zone_id and not name:
        raise InvalidInput("The input is not valid")
    start = (_reversed(name or ""), zone_id or "")
    zones = sorted(self.backend.zones.values(), key=_order)
    zones = [zone for zone in zones if not name or _order(zone) >= start]
    most = min(int(self._get_param("MaxItems") or _MOST), _MOST)
    following = (
        {
            "NextDNSName": zones[most].name,
            "NextHostedZoneId": zones[most].resource_id,
        }
        if len(zones) > most
        else {}
    )
    return ActionResult(
        {
            "DNSName": name,
            "HostedZoneId": zone_id,
            "HostedZones": zones[:most],
            "IsTruncated": bool(following),
            "MaxItems": str(most),
            **following,
        }
    )


def _order(zone: FakeZone) -> tuple[str, str]:
    return _reversed(zone.name), zone.resource_id


def _reversed(name: str) -> str:
    """With its labels reversed: com.example.www."""
    return f"{'.'.join(reversed(name.lower().rstrip('.').split('.')))}."
