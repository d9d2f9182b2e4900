"""Reading templates, and the order of creation that follows from their references."""

from __future__ import annotations

from typing import Any

import pytest

from local_aws.control_plane.cloudformation import references, template

_SHORT = """
AWSTemplateFormatVersion: 2010-09-09
Conditions:
  IsTrue: !Equals [a, a]
  IsFalse: !Not [!Condition IsTrue]
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties:
      Date: 2012-10-17
      Attribute: !GetAtt B.Some.Nested
      Encoded: !Base64
        Fn::Sub: "${B}"
      Mapped: !Sub ["${x}", {x: !Ref B}]
  B: {Type: AWS::SNS::Topic}
"""


def test_short_functions_and_dates_are_read_as_cloudformation_does() -> None:
    body = template.parse(_SHORT)

    properties = body["Resources"]["A"]["Properties"]
    assert body["AWSTemplateFormatVersion"] == "2010-09-09"
    assert properties["Date"] == "2012-10-17"
    assert properties["Attribute"] == {"Fn::GetAtt": ["B", "Some.Nested"]}
    assert properties["Encoded"] == {"Fn::Base64": {"Fn::Sub": "${B}"}}
    assert properties["Mapped"] == {"Fn::Sub": ["${x}", {"x": {"Ref": "B"}}]}
    assert body["Conditions"]["IsFalse"] == {"Fn::Not": [{"Condition": "IsTrue"}]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "A"}, {"A"}),
        ({"Fn::GetAtt": ["A", "Arn"]}, {"A"}),
        ([{"x": {"Ref": "A"}}, {"Ref": "B"}], {"A", "B"}),
        ({"Fn::Sub": "${A} ${B.Arn} ${!C} $D"}, {"A", "B"}),
        ({"Fn::Sub": ["${A} ${own}", {"own": {"Ref": "B"}}]}, {"A", "B"}),
        ({"Fn::If": ["C", {"Ref": "A"}, "x"]}, {"A"}),
        ({"Ref": {"not": "a name"}}, set()),
    ],
)
def test_names_in_a_definition(value: Any, expected: set[str]) -> None:
    assert references.names_in(value) == expected


def test_what_waits_for_signals_comes_after_everything_it_does_not_hold_up() -> None:
    resources = {
        "Group": {"Type": "T", "CreationPolicy": {}, "DependsOn": "Targets"},
        "Targets": {"Type": "T"},
        "Listener": {"Type": "T", "DependsOn": ["Targets"]},
        "AfterGroup": {"Type": "T", "Properties": {"G": {"Ref": "Group"}}},
    }

    order = references.creation_order(resources)

    assert order == ["Targets", "Listener", "Group", "AfterGroup"]
