"""What AWS would refuse in a resource's properties: names, kinds, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local_aws.control_plane.cloudformation import resource_schemas
from local_aws.control_plane.cloudformation.property_problems import problems

GROUP = "AWS::AutoScaling::AutoScalingGroup"
TEMPLATE = "AWS::EC2::LaunchTemplate"
SIZES = {"MinSize": "1", "MaxSize": "1"}
UNSUPPORTED = "Encountered unsupported property"
FAILED = "Properties validation failed for resource One with message:\n"

OF_KIND: dict[str, Any] = {
    "string": "text",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "object": {},
    "array": [],
}
"""A value of each kind of a schema."""


@pytest.mark.parametrize(
    ("type_name", "given", "reason"),
    [
        (GROUP, SIZES, None),
        (
            GROUP,
            {"MinSize": "1"},
            "Property validation failure: [The property {/MaxSize} is required]",
        ),
        (GROUP, {**SIZES, "Sizes": 1}, f"{UNSUPPORTED} Sizes"),
        (GROUP, {**SIZES, "Tags": [{"Key": "a", "Vaule": "b"}]}, f"{UNSUPPORTED} Vaule"),
        (TEMPLATE, {"LaunchTemplateData": {"Immage": "ami-1"}}, f"{UNSUPPORTED} Immage"),
        ("Custom::Own", {"Anything": 1}, None),
        (
            GROUP,
            {**SIZES, "VPCZoneIdentifier": "subnet-1"},
            f"{FAILED}#/VPCZoneIdentifier: expected type: JSONArray, found: String",
        ),
        (
            GROUP,
            {**SIZES, "MaxInstanceLifetime": 1.5},
            f"{FAILED}#/MaxInstanceLifetime: expected type: Integer, found: BigDecimal",
        ),
        (
            "AWS::IAM::Role",
            {"AssumeRolePolicyDocument": ["Statement"]},
            (
                f"{FAILED}#/AssumeRolePolicyDocument: no subschema matched out of the total 2 "
                "subschemas"
            ),
        ),
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "a b"},
            f"{FAILED}#/LogGroupName: failed validation constraint for keyword [pattern]",
        ),
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "a" * 513},
            f"{FAILED}#/LogGroupName: expected maxLength: 512, actual: 513",
        ),
        ("AWS::Logs::LogGroup", {"LogGroupName": "/a.b-c_d#1"}, None),
        (
            "AWS::Route53::RecordSetGroup",
            {"RecordSets": [{"Name": "a", "Type": "A", "ResourceRecords": "1.2.3.4"}]},
            "Value of property ResourceRecords must be of type List of String",
        ),
        (
            "AWS::Route53::RecordSetGroup",
            {"RecordSets": {"Name": "a"}},
            "Value of property RecordSets must be of type List",
        ),
        (
            "AWS::Route53::RecordSetGroup",
            {"RecordSets": ["a"]},
            "Value of property RecordSets must be a list of objects",
        ),
    ],
)
def test_what_a_schema_does_not_allow_is_named(
    type_name: str, given: dict[str, Any], reason: str | None
) -> None:
    assert next(problems(type_name, "One", given), None) == reason


def test_each_property_of_each_type_is_of_its_kind() -> None:
    """Every property at the top of every schema takes values of its own kinds, and no other."""
    checked = 0
    for type_name in resource_schemas._file_names():
        for name, kinds in _kinds(type_name):
            for kind, value in OF_KIND.items():
                refused = any(map(_blames(name), problems(type_name, "One", {name: value})))
                is_of_kind = kind in kinds or (kind == "integer" and "number" in kinds)
                assert refused is not is_of_kind, (type_name, name, kind)
                checked += 1
    assert checked > 50_000


def _kinds(type_name: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each property that a template may give and whose kinds the schema names."""
    schema = resource_schemas.schema_of(type_name) or {"properties": {}}
    for name, member in schema["properties"].items():
        kinds = resource_schemas.kinds_of(resource_schemas.resolved(member, schema))
        if kinds:
            yield name, kinds


def _blames(name: str) -> Callable[[str], bool]:
    """Whether a problem is this property's kind, not what else is missing."""
    kinds = (f"#/{name}: expected type: ", f"#/{name}: no subschema matched")
    return lambda problem: (
        any(words in problem for words in kinds) or f"Value of property {name} must be" in problem
    )
