"""What a template says once its parameters are known."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.resilience.template_values import (
    TemplateValues,
    loaded,
    pseudo_parameters,
)

TEMPLATE = """
Parameters:
  Size: {Type: Number, Default: 3}
  Name: {Type: String, Default: ""}
Conditions:
  Own: !Equals [!Ref Name, ""]
  Other: !Not [!Equals [!Ref Name, ""]]
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "${AWS::StackName}-table"}}
  Topic: {Type: AWS::SNS::Topic, Condition: Other}
  Group: {Type: AWS::SNS::Topic, Properties: {Name: !Ref Name}}
"""


def values(**parameters: str) -> TemplateValues:
    return TemplateValues(
        loaded(TEMPLATE), parameters, pseudo_parameters("demo", "eu-west-1", "111122223333")
    )


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("!Ref Size", "3"),
        ("!Ref Table", "demo-table"),
        ("!Ref Group", "${Group}"),
        ("!GetAtt Table.Arn", "${Table.Arn}"),
        ("!GetAtt [Table, Arn]", "${Table.Arn}"),
        ("!Sub 'arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:${Table}'",
         "arn:aws:x:eu-west-1:111122223333:demo-table"),
        ("!Sub '${!Literal} ${Table.Arn}'", "${!Literal} ${Table.Arn}"),
        ("!If [Own, [!Ref Table], other]", ["demo-table"]),
        ("!If [Other, {a: 1}, {b: !Ref Size}]", {"b": "3"}),
        ("Fn::Base64: !Sub '${Size}'", "3"),
    ],
)  # fmt: skip
def test_what_is_known_is_filled_in(given: str, value: Any) -> None:
    part = loaded(f"Resources: {{}}\nPart: {given if given[0] == '!' else '{' + given + '}'}")
    assert values().of(part["Part"]) == value


def test_a_resource_whose_condition_does_not_hold_is_left_out() -> None:
    assert values().resources("AWS::SNS::Topic") == [{"Name": ""}]
    assert values(Name="x").resources("AWS::SNS::Topic") == [{}, {"Name": "x"}]


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_partition_is_the_regions(region: str, partition: str) -> None:
    assert pseudo_parameters("demo", region, "1")["Partition"] == partition


@pytest.mark.parametrize(
    ("text", "reason"), [("a: [", "is not YAML"), ("a: 1", "no Resources"), ("", "no Resources")]
)
def test_what_is_no_template_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        loaded(text)
