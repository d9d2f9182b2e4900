"""Route 53: hosted zones, and batches of changes of their records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of


@pytest.fixture
def route53(aws: Any) -> Any:
    return aws("route53")


class Zone:
    """A hosted zone; its records are named without it."""

    def __init__(self, route53: Any, name: str) -> None:
        self.route53, self.name = route53, f"{name}.example.com."
        self.answer = route53.create_hosted_zone(Name=self.name, CallerReference=name)
        self.id = self.answer["HostedZone"]["Id"]

    def batch(self, *changes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        shown = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
        return {"HostedZoneId": self.id, "ChangeBatch": {"Changes": shown}}

    def change(self, *changes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        changed = self.route53.change_resource_record_sets(**self.batch(*changes))
        return dict(changed["ChangeInfo"])

    def refusal(self, *changes: tuple[str, dict[str, Any]]) -> str:
        """Why the batch is refused, in brackets, with the zone's name as ZONE."""
        found = refusal_of(self.route53.change_resource_record_sets, **self.batch(*changes))
        status, code, message = found
        assert (status, code) == (400, "InvalidChangeBatch")
        return str(message).replace(self.name, "ZONE")

    def record(self, name: str, *values: str, kind: str = "A", ttl: int = 60) -> dict[str, Any]:
        listed = [{"Value": value} for value in values or ("192.0.2.1",)]
        full = f"{name}.{self.name}" if name else self.name
        return {"Name": full, "Type": kind, "TTL": ttl, "ResourceRecords": listed}

    def listed(self) -> list[tuple[str, str]]:
        found = self.route53.list_resource_record_sets(HostedZoneId=self.id)["ResourceRecordSets"]
        return [(each["Name"].replace(self.name, "ZONE"), each["Type"]) for each in found]


@pytest.fixture
def zone(route53: Any, unique_name: str) -> Iterator[Zone]:
    made = Zone(route53, unique_name)
    yield made
    own = [
        ("DELETE", each)
        for each in route53.list_resource_record_sets(HostedZoneId=made.id)["ResourceRecordSets"]
        if each["Type"] not in ("NS", "SOA")
    ]
    if own:
        made.change(*own)
    route53.delete_hosted_zone(Id=made.id)


def test_a_caller_reference_creates_one_zone(route53: Any, zone: Zone) -> None:
    """API_CreateHostedZone: HostedZoneAlreadyExists."""
    reference = zone.answer["HostedZone"]["CallerReference"]
    refused = refusal_of(
        route53.create_hosted_zone, Name="another.example.com", CallerReference=reference
    )
    words = "A hosted zone has already been created with the specified caller reference."
    assert refused == (409, "HostedZoneAlreadyExists", words)


def test_a_change_is_pending_first(route53: Any, zone: Zone) -> None:
    """API_ChangeInfo: Status; API_GetChange: NoSuchChange."""
    first, second = zone.answer["ChangeInfo"], zone.change(("CREATE", zone.record("x")))
    assert first["Id"] != second["Id"]
    assert {first["Status"], second["Status"]} == {"PENDING"}
    found = route53.get_change(Id=second["Id"])["ChangeInfo"]
    assert found == {**second, "Status": "INSYNC"}
    refused = refusal_of(route53.get_change, Id="C1NONE")
    assert refused == (404, "NoSuchChange", "Could not find resource with ID: C1NONE")


def test_a_zone_with_records_stays(route53: Any, zone: Zone) -> None:
    """API_DeleteHostedZone: HostedZoneNotEmpty."""
    zone.change(("CREATE", zone.record("x")))
    words = "contains non-required resource record sets and so cannot be deleted."
    refused = refusal_of(route53.delete_hosted_zone, Id=zone.id)
    assert refused == (400, "HostedZoneNotEmpty", f"The specified hosted zone {words}")


def test_what_cannot_be_done_is_named(zone: Zone) -> None:
    """Reported of AWS: InvalidChangeBatch, with each fault of the batch in brackets."""
    zone.change(("CREATE", zone.record("x")), ("CREATE", zone.record("c", "d.org", kind="CNAME")))
    again, gone = ("CREATE", zone.record("X", "192.0.2.9")), ("DELETE", zone.record("y"))
    there, missing = (f"resource record set [name='{n}.ZONE', type='A']" for n in "xy")
    exists, not_found = "but it already exists", "but it was not found"
    assert zone.refusal(again, gone) == (
        f"[Tried to create {there} {exists}, Tried to delete {missing} {not_found}]"
    )
    for other in (zone.record("x", "192.0.2.9"), zone.record("x", ttl=61)):
        words = "but the values provided do not match the current values"
        assert zone.refusal(("DELETE", other)) == f"[Tried to delete {there} {words}]"
    outside = {**zone.record("x"), "Name": f"x.not{zone.name}"}
    words = f"RRSet with DNS name {outside['Name']} is not permitted in zone {zone.name}"
    assert zone.refusal(("UPSERT", outside)) == f"[{words}]".replace(zone.name, "ZONE")
    assert zone.refusal(("CREATE", zone.record("z", "none"))) == (
        "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address "
        "(Value is not a valid IPv4 address) encountered with 'none'']"
    )
    assert zone.refusal(("CREATE", zone.record("", "d.org", kind="CNAME"))) == (
        "[RRSet of type CNAME with DNS name ZONE is not permitted at apex in zone ZONE]"
    )
    assert zone.refusal(("CREATE", zone.record("c"))) == (
        "[RRSet of type A with DNS name c.ZONE is not permitted as it conflicts with other "
        "records with the same DNS name in zone ZONE]"
    )
    assert zone.listed() == [("ZONE", "NS"), ("ZONE", "SOA"), ("c.ZONE", "CNAME"), ("x.ZONE", "A")]


def test_a_batch_is_carried_out_whole_and_in_its_order(zone: Zone) -> None:
    """API_ChangeResourceRecordSets: a batch is one transaction; a record is deleted and created
    again in one."""
    zone.change(("CREATE", zone.record("x")))
    zone.refusal(("CREATE", zone.record("y")), ("CREATE", zone.record("x")))
    assert zone.listed()[2:] == [("x.ZONE", "A")]
    zone.change(("DELETE", zone.record("x")), ("CREATE", zone.record("X", "192.0.2.2")))
    zone.change(("UPSERT", zone.record("x", "192.0.2.3", "192.0.2.2")))
    zone.change(("DELETE", zone.record("x", "192.0.2.2", "192.0.2.3")))
    assert zone.listed()[2:] == []


def test_records_of_one_name_have_set_identifiers(zone: Zone) -> None:
    """API_ResourceRecordSet: SetIdentifier differs among weighted records of a name and type."""
    a, b = ({**zone.record("x"), "SetIdentifier": name, "Weight": 1} for name in "ab")
    zone.change(("CREATE", a), ("CREATE", b))
    zone.change(("DELETE", a))
    assert zone.listed()[2:] == [("x.ZONE", "A")]
    zone.change(("DELETE", b))
    assert zone.listed()[2:] == []


def test_a_record_has_values_or_is_an_alias(zone: Zone) -> None:
    """Reported of AWS: InvalidInput."""
    record = {"Name": f"x.{zone.name}", "Type": "A"}
    refused = refusal_of(zone.route53.change_resource_record_sets, **zone.batch(("CREATE", record)))
    words = (
        "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
        "ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with "
        f"[Action=CREATE, Name=x.{zone.name}, Type=A, SetIdentifier=null]"
    )
    assert refused == (400, "InvalidInput", words)
    target = {"HostedZoneId": "Z35SXDOTRQ7X7K", "EvaluateTargetHealth": False}
    alias = {**record, "AliasTarget": {**target, "DNSName": "lb.example.org"}}
    zone.change(("CREATE", alias))
    zone.change(("DELETE", {**alias, "AliasTarget": {**target, "DNSName": "LB.example.org."}}))
