"""Hosted zones: a caller reference creates one zone, and one with records of its owner stays.

Source: API_CreateHostedZone (HostedZoneAlreadyExists) and API_DeleteHostedZone (HostedZoneNotEmpty)
in the Route 53 API Reference; the words are those that users reported of AWS.
"""

from __future__ import annotations

from typing import Any

from moto.route53.exceptions import HostedZoneNotEmpty, Route53ClientError
from moto.route53.models import FakeZone, Route53Backend

from local_aws.control_plane import moto_seams

_moto_create = Route53Backend.create_hosted_zone
_moto_delete = Route53Backend.delete_hosted_zone


def install() -> None:
    moto_seams.replace(Route53Backend, create_hosted_zone=_create, delete_hosted_zone=_delete)


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
    zone: FakeZone = _moto_create(self, name, private_zone, caller_reference, **settings)
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
