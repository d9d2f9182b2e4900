"""Rules: what parameters must be together, checked before anything is created."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter

ENVIRONMENT, SIZE = {"Ref": "Environment"}, {"Ref": "Size"}
IS_LIVE = {"Fn::Equals": [ENVIRONMENT, "live"]}


def template(assertion: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return {
        "Parameters": {
            "Environment": {"Type": "String"},
            "Size": {"Type": "Number"},
            "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
        },
        "Rules": {
            "LiveIsBig": {
                "Assertions": [{"Assert": assertion, "AssertDescription": "live needs three"}],
                **rule,
            }
        },
        "Resources": {"One": parameter({"Ref": "Size"})},
    }


def test_an_assertion_that_is_false_refuses_the_stack(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "CloudFormation template Rules syntax"."""
    rules = template({"Fn::Contains": [["3", "6"], SIZE]}, RuleCondition=IS_LIVE)

    with pytest.raises(ClientError, match="Rule LiveIsBig failed: live needs three") as refused:
        stacks.create(unique_name, rules, {"Environment": "live", "Size": "2"})

    assert refused.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)


def test_a_rule_whose_condition_is_false_asks_for_nothing(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "CloudFormation template Rules syntax": RuleCondition."""
    rules = template({"Fn::Contains": [["3", "6"], SIZE]}, RuleCondition=IS_LIVE)
    stacks.create(unique_name, rules, {"Environment": "test", "Size": "2"})

    with pytest.raises(ClientError, match="Rule LiveIsBig failed"):
        stacks.update(unique_name, parameters={"Environment": "live"})

    stacks.update(unique_name, parameters={"Environment": "live", "Size": "6"})


@pytest.mark.parametrize(
    ("assertion", "is_true"),
    [
        ({"Fn::Equals": [SIZE, 2]}, True),
        ({"Fn::Not": [{"Fn::Equals": [SIZE, "2"]}]}, False),
        ({"Fn::And": [IS_LIVE, {"Fn::Contains": [[2, 3], SIZE]}]}, True),
        ({"Fn::Or": [{"Fn::Equals": [SIZE, "3"]}, {"Fn::Not": [IS_LIVE]}]}, False),
        ({"Fn::EachMemberIn": [{"Ref": "Zones"}, ["a", "b", "c"]]}, True),
        ({"Fn::EachMemberIn": [{"Ref": "Zones"}, ["a"]]}, False),
        ({"Fn::EachMemberEquals": [{"Ref": "Zones"}, "a"]}, False),
        ({"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}, True),
    ],
)
def test_the_functions_of_rules(
    assertion: dict[str, Any], is_true: bool, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Rule-specific intrinsic functions"."""
    given = {"Environment": "live", "Size": "2"}

    if is_true:
        assert stacks.create(unique_name, template(assertion), given)
    else:
        with pytest.raises(ClientError, match="Rule LiveIsBig failed: live needs three"):
            stacks.create(unique_name, template(assertion), given)


@pytest.mark.parametrize(
    ("assertion", "said"),
    [
        ({"Fn::RefAll": "AWS::EC2::VPC::Id"}, "Fn::RefAll is no function of rules"),
        ({"Fn::Equals": [{"Ref": "One"}, "1"]}, "Rules refer to parameters only, and One is none"),
        ({"Fn::Equals": ["1"]}, r"\[/Rules/LiveIsBig\] has another form"),
    ],
)
def test_a_rule_that_cannot_be_evaluated_is_refused(
    assertion: dict[str, Any], said: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Rule-specific intrinsic functions"; some are not here."""
    with pytest.raises(ClientError, match=said):
        stacks.create(unique_name, template(assertion), {"Environment": "live", "Size": "2"})
