"""What a record can be: its type, its values or its alias, and its routing policy.

Source: API_ResourceRecordSet in the Route 53 API Reference; the words are those that users reported
of AWS, for a type that is none those for other enumerations.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from moto.route53.exceptions import InvalidInput
from moto.route53.utils import validate_domain_name

_ADDRESSES = {
    "A": (ipaddress.IPv4Address, "ARRDATAIllegalIPv4Address", "IPv4"),
    "AAAA": (ipaddress.IPv6Address, "AAAARRDATAIllegalIPv6Address", "IPv6"),
}
_QUOTED = ("SPF", "TXT")
_POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer")
_NOT_EMULATED = ("CidrRoutingConfig", "GeoProximityLocation", "TrafficPolicyInstanceId")
_ONE_POLICY = f"[{', '.join(_POLICIES)}, GeoProximityLocation, or CidrRoutingConfig]"
_ONE_WAY = "[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"


def require(action: str, record: Mapping[str, Any]) -> None:
    """Raise InvalidInput for a change that is none, whatever is in the zone."""
    validate_domain_name(record["Name"], code="InvalidChangeBatch")
    for name in _NOT_EMULATED:
        if name in record:
            raise InvalidInput(f"{name} is not emulated by the local AWS; leave it out")
    ways = ("AliasTarget" in record) + ("ResourceRecords" in record and "TTL" in record)
    policies = sum(name in record for name in _POLICIES)
    where = (
        f"in Change with [Action={action}, Name={record['Name']}, Type={record['Type']}, "
        f"SetIdentifier={record.get('SetIdentifier', 'null')}]"
    )
    if ways != 1:
        raise InvalidInput(f"Invalid request: {_expected(_ONE_WAY, ways)} {where}")
    if policies and "SetIdentifier" not in record:
        raise InvalidInput(f"Invalid request: Missing field 'SetIdentifier' {where}")
    if policies != 1 and "SetIdentifier" in record:
        raise InvalidInput(f"Invalid request: {_expected(_ONE_POLICY, policies)} {where}")


def faults(record: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the record's values."""
    address, problem, form = _ADDRESSES.get(record["Type"], (str, "", ""))
    for value in (each["Value"] for each in record.get("ResourceRecords", [])):
        try:
            address(value)
        except ValueError:
            yield _fatal(f"{problem} (Value is not a valid {form} address)", value)
        if record["Type"] in _QUOTED and not (value[:1] == value[-1:] == '"'):
            why = "InvalidCharacterString (Value should be enclosed in quotation marks)"
            yield _fatal(why, value)


def _expected(one_of: str, found: int) -> str:
    return f"Expected exactly one of {one_of}, but found {'more than one' if found else 'none'}"


def _fatal(problem: str, value: str) -> str:
    return f"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''"
