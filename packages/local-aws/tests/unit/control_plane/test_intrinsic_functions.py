"""Each intrinsic function, evaluated without a stack."""

from __future__ import annotations

from typing import Any

import pytest
from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator

_TEMPLATE = {
    "Mappings": {"Sizes": {"us-east-1": {"small": "t3.micro"}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Name"}, "books"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "SameNumber": {"Fn::Equals": [3, "3"]},
        "SameTruth": {"Fn::Equals": [True, "true"]},
    },
}


class _Surroundings:
    def ref(self, logical_id: str) -> str:
        return f"id of {logical_id}"

    def attribute(self, logical_id: str, name: str) -> Any:
        return f"{name} of {logical_id}"

    def availability_zones(self, region: str) -> list[str]:
        return [f"{region}{zone}" for zone in "abc"]

    def exported(self, name: str) -> str:
        return f"exported {name}"

    def stored(self, key: str) -> str:
        return f"stored {key}"


@pytest.fixture
def evaluator() -> Evaluator:
    names = {"AWS::Region": "us-east-1", "Name": "books", "List": ["a", "b"]}
    return Evaluator(_TEMPLATE, names, _Surroundings())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Name"}, "books"),
        ({"Ref": "Table"}, "id of Table"),
        ({"Fn::GetAtt": ["Table", "Arn"]}, "Arn of Table"),
        ({"Fn::GetAtt": ["Table", {"Ref": "Name"}]}, "books of Table"),
        ({"Fn::If": ["Yes", "a", "b"]}, "a"),
        ({"Fn::If": ["No", "a", {"Ref": "Name"}]}, "books"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}, 3]]}, "a-books-3"),
        ({"Fn::Join": [",", {"Ref": "List"}]}, "a,b"),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::Select": ["1", {"Ref": "List"}]}, "b"),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "us-east-1a"),
        (
            {"Fn::GetAZs": {"Ref": "AWS::Region"}},
            ["us-east-1a", "us-east-1b", "us-east-1c"],
        ),
        ({"Fn::GetAZs": "eu-west-1"}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "small"]}, "t3.micro"),
        ({"Fn::FindInMap": ["Sizes", "x", "y", {"DefaultValue": "z"}]}, "z"),
        ({"Fn::Sub": "${Name}/${AWS::Region}/${Table}/${Table.Arn}"}, None),
        ({"Fn::Sub": "${!Name} stays, ${Name} not"}, "${Name} stays, books not"),
        ({"Fn::Sub": ["${own} ${Name}", {"own": {"Ref": "Table"}}]}, "id of Table books"),
        ({"Fn::Base64": {"Fn::Sub": "${Name}"}}, "Ym9va3M="),
        ({"Fn::ImportValue": {"Fn::Sub": "${Name}-out"}}, "exported books-out"),
        ({"Fn::Cidr": ["10.0.0.0/24", 2, 5]}, ["10.0.0.0/27", "10.0.0.32/27"]),
        ({"Fn::ToJsonString": {"a": {"Ref": "Name"}}}, '{"a":"books"}'),
        ("{{resolve:ssm:/a/b:3}}", "stored /a/b:3"),
        ({"Fn::Sub": "x-{{resolve:ssm:${Name}}}"}, "x-stored books"),
        ("{{resolve:secretsmanager:x}}", "{{resolve:secretsmanager:x}}"),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        ({"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}, "no value"),
        ({"Ref": "Name", "Other": 1}, {"Ref": "Name", "Other": 1}),
    ],
)
def test_a_function_is_replaced_by_its_result(
    evaluator: Evaluator, value: Any, expected: Any
) -> None:
    if expected is None:
        expected = "books/us-east-1/id of Table/Arn of Table"
    if expected == "no value":
        assert evaluator.value_of({"a": value}) == {}
        return

    assert evaluator.value_of(value) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Yes", True),
        ("No", False),
        ("Both", False),
        ("Either", True),
        ("SameNumber", True),
        ("SameTruth", True),
    ],
)
def test_conditions(evaluator: Evaluator, condition: str, expected: bool) -> None:
    assert evaluator.holds(condition) is expected


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Select": [5, ["a"]]},
        {"Fn::FindInMap": ["Sizes", "x", "y"]},
        {"Fn::If": ["Undeclared", 1, 2]},
    ],
)
def test_what_cannot_be_evaluated_is_refused(evaluator: Evaluator, value: Any) -> None:
    with pytest.raises(ValidationError):
        evaluator.value_of(value)
