"""Route 53: hosted zones, and batches of changes of their records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of

ONE_WAY = "[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
ONE_POLICY = (
    "[Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, "
    "or CidrRoutingConfig]"
)
VALUES = {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
ALIAS = {
    "AliasTarget": {
        "HostedZoneId": "Z35SXDOTRQ7X7K",
        "DNSName": "LB.example.org",
        "EvaluateTargetHealth": False,
    }
}


@pytest.fixture
def route53(aws: Any) -> Any:
    return aws("route53")


class Zone:
    """A hosted zone; its records are named without it."""

    def __init__(self, route53: Any, name: str) -> None:
        self.route53, self.name = route53, f"{name}.example.com."
        given = self.name.upper()  # names have no case
        self.answer = route53.create_hosted_zone(Name=given, CallerReference=name)
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
    assert zone.refusal(("CREATE", zone.record("t", "none", kind="TXT"))) == (
        "[Invalid Resource Record: 'FATAL problem: InvalidCharacterString "
        "(Value should be enclosed in quotation marks) encountered with 'none'']"
    )
    assert zone.refusal(("CREATE", zone.record("", "d.org", kind="CNAME"))) == (
        "[RRSet of type CNAME with DNS name ZONE is not permitted at apex in zone ZONE]"
    )
    assert zone.refusal(("CREATE", zone.record("c"))) == (
        "[RRSet of type A with DNS name c.ZONE is not permitted as it conflicts with other "
        "records with the same DNS name in zone ZONE]"
    )
    assert zone.listed() == [("ZONE", "NS"), ("ZONE", "SOA"), ("c.ZONE", "CNAME"), ("x.ZONE", "A")]


def test_a_zone_keeps_its_own_records(zone: Zone) -> None:
    """SOA and NS records that Route 53 creates; reported of AWS."""
    found = zone.route53.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    (names,), (start,) = ([each for each in found if each["Type"] == t] for t in ("NS", "SOA"))
    servers = zone.answer["DelegationSet"]["NameServers"]
    assert names["ResourceRecords"] == [{"Value": f"{server}."} for server in servers]
    assert start["ResourceRecords"][0]["Value"].startswith(f"{servers[0]}. ")
    assert zone.refusal(("DELETE", names), ("DELETE", start)) == (
        "[A HostedZone must contain at least one NS record for the zone itself., "
        "A HostedZone must contain exactly one SOA record.]"
    )
    zone.change(("DELETE", names), ("CREATE", {**names, "TTL": 60}))
    zone.change(("UPSERT", {**names, "TTL": 172_800}))


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


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, f"Expected exactly one of {ONE_WAY}, but found none"),
        ({**VALUES, **ALIAS}, f"Expected exactly one of {ONE_WAY}, but found more than one"),
        ({**VALUES, "Weight": 1}, "Missing field 'SetIdentifier'"),
        ({**VALUES, "SetIdentifier": "s"},
         f"Expected exactly one of {ONE_POLICY}, but found none"),
        ({**VALUES, "SetIdentifier": "s", "Weight": 1, "Region": "eu-west-1"},
         f"Expected exactly one of {ONE_POLICY}, but found more than one"),
    ],
)  # fmt: skip
def test_a_record_has_values_or_is_an_alias(zone: Zone, record: dict[str, Any], words: str) -> None:
    """Reported of AWS: InvalidInput; a routing policy goes with a set identifier."""
    named = {"Name": f"x.{zone.name}", "Type": "A", **record}
    call = zone.route53.change_resource_record_sets
    refused = refusal_of(call, **zone.batch(("CREATE", named)))
    where = f"Action=CREATE, Name=x.{zone.name}, Type=A"
    shown = f"SetIdentifier={record.get('SetIdentifier', 'null')}"
    message = f"Invalid request: {words} in Change with [{where}, {shown}]"
    assert refused == (400, "InvalidInput", message)


def test_an_alias_names_its_target_in_full(zone: Zone) -> None:
    """API_AliasTarget: DNSName; names have no case."""
    record = {"Name": f"x.{zone.name}", "Type": "A"}
    zone.change(("CREATE", {**record, **ALIAS}))
    found = zone.route53.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    (shown,) = [each["AliasTarget"] for each in found if "AliasTarget" in each]
    assert shown == {**ALIAS["AliasTarget"], "DNSName": "lb.example.org."}
    target = {**ALIAS["AliasTarget"], "DNSName": "lb.example.org"}
    zone.change(("DELETE", {**record, "AliasTarget": target}))


def test_what_is_no_type_is_refused(unchecked: Any, zone: Zone) -> None:
    """Reported of AWS for other enumerations: InvalidInput."""
    batch = zone.batch(("CREATE", {**zone.record("x"), "Type": "X"}))
    refused = refusal_of(unchecked("route53").change_resource_record_sets, **batch)
    words = "Invalid XML ; cvc-enumeration-valid: Value 'X' is not facet-valid with respect to "
    assert (refused[:2], refused[2].startswith(words)) == ((400, "InvalidInput"), True)


@pytest.mark.parametrize(
    "changes",
    [[], [{"Action": "CREATE"}], [{"Action": "CREATE", "ResourceRecordSet": {"Type": "A"}}]],
    ids=["none", "no-record", "no-name"],
)
def test_a_batch_has_changes_of_records(
    unchecked: Any, zone: Zone, changes: list[dict[str, Any]]
) -> None:
    """API_ChangeResourceRecordSets: what is required."""
    refused = refusal_of(
        unchecked("route53").change_resource_record_sets,
        HostedZoneId=zone.id,
        ChangeBatch={"Changes": changes},
    )
    assert refused[:2] == (400, "InvalidInput")


def test_zones_are_listed_by_name_from_one_on(route53: Any, unique_name: str) -> None:
    """API_ListHostedZonesByName: labels are compared from the last one on; pages."""
    names = [f"{label}.zz{unique_name}.org." for label in ("a", "b", "b")]
    made = [
        route53.create_hosted_zone(Name=name, CallerReference=f"{unique_name}{number}")
        for number, name in enumerate(names)
    ]
    first = route53.list_hosted_zones_by_name(DNSName=names[0], MaxItems="2")
    assert [each["Name"] for each in first["HostedZones"]] == names[:2]
    assert (first["IsTruncated"], first["MaxItems"]) == (True, "2")
    rest = route53.list_hosted_zones_by_name(
        DNSName=first["NextDNSName"], HostedZoneId=first["NextHostedZoneId"]
    )
    listed = [*first["HostedZones"], *rest["HostedZones"]]
    ids = {each["HostedZone"]["Id"] for each in made}
    assert [each["Name"] for each in listed if each["Id"] in ids] == names
    assert rest["IsTruncated"] is False
    for zone_id in ids:
        route53.delete_hosted_zone(Id=zone_id)


def test_a_zone_of_a_network_is_private(aws: Any, route53: Any, unique_name: str) -> None:
    """API_CreateHostedZone: VPC; PrivateZone is optional."""
    (network,) = aws("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])[
        "Vpcs"
    ]
    vpc = {"VPCId": network["VpcId"], "VPCRegion": "us-east-1"}
    made = route53.create_hosted_zone(
        Name=f"{unique_name}.internal", CallerReference=unique_name, VPC=vpc
    )
    assert made["HostedZone"]["Config"]["PrivateZone"] is True
    assert made["VPC"] == vpc
    route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])


def test_a_zone_has_a_name(unchecked: Any, unique_name: str) -> None:
    """API_CreateHostedZone: InvalidDomainName."""
    create = unchecked("route53").create_hosted_zone
    refused = refusal_of(create, Name="", CallerReference=unique_name)
    assert refused[:2] == (400, "InvalidDomainName")


@pytest.mark.parametrize(
    ("operation", "given", "problem"),
    [
        ("create_health_check", {}, "The content of element 'CreateHealthCheckRequest' is not"),
        ("create_health_check", {"HealthCheckConfig": {"Type": "PING"}}, "Value 'PING' is not"),
        (
            "create_health_check",
            {"HealthCheckConfig": {"Type": "TCP", "Port": "x"}},
            "'x' is not a valid value for 'integer'.",
        ),
        ("list_tags_for_resources", {"ResourceType": "healthcheck"}, "the body is no document"),
        ("create_hosted_zone", {"CallerReference": "a"}, "One of '{Name}' is expected"),
        ("change_resource_record_sets", {"ChangeBatch": {}}, "One of '{Changes}' is expected"),
    ],
)
def test_a_document_is_as_the_schema_has_it(
    unchecked: Any, operation: str, given: dict[str, Any], problem: str
) -> None:
    """InvalidInput, "The input is not valid", among each action's errors."""
    named = {"HostedZoneId": "Z1"} if operation.startswith("change_") else {}
    if operation == "create_health_check":
        named = {"CallerReference": "a"}
    refused = refusal_of(getattr(unchecked("route53"), operation), **named, **given)
    assert refused[:2] == (400, "InvalidInput")
    assert refused[2].startswith("Invalid XML ; ")
    assert problem in refused[2]
