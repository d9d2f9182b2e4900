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


def test_a_rule_whose_condition_is_false_is_not_evaluated(
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


_SUBNET, _VPC = "AWS::EC2::Subnet::Id", "AWS::EC2::VPC::Id"


@pytest.mark.parametrize(
    ("assertion", "is_true"),
    [
        (
            {"Fn::EachMemberIn": [{"Fn::ValueOfAll": [_SUBNET, "VpcId"]}, {"Fn::RefAll": _VPC}]},
            True,
        ),
        ({"Fn::Contains": [{"Fn::RefAll": _SUBNET}, {"Ref": "First"}]}, True),
        ({"Fn::Equals": [{"Fn::ValueOf": ["First", "AvailabilityZone"]}, "us-east-1a"]}, True),
        ({"Fn::Contains": [{"Fn::ValueOf": ["Others", "AvailabilityZone"]}, "us-east-1a"]}, False),
        ({"Fn::Equals": [{"Fn::ValueOf": ["Vpc", "Tags.Department"]}, ""]}, True),
        ({"Fn::Equals": [{"Fn::ValueOf": ["Vpc", "DefaultNetworkAcl"]}, "acl-0"]}, False),
        ({"Fn::Equals": [{"Fn::ValueOf": ["Vpc", "DefaultSecurityGroup"]}, "sg-0"]}, False),
    ],
)
def test_rules_ask_for_attributes_of_what_parameters_name(
    assertion: dict[str, Any],
    is_true: bool,
    stacks: StackDriver,
    aws: Any,
    subnets: dict[str, str],
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, "Rule-specific intrinsic functions": Fn::RefAll,
    Fn::ValueOf, Fn::ValueOfAll, and their supported attributes."""
    first, *others = subnets.values()
    [found] = aws("ec2").describe_subnets(SubnetIds=[first])["Subnets"]
    given = {"First": first, "Others": ",".join(others), "Vpc": found["VpcId"]}
    asking = template(assertion)
    types = {"First": _SUBNET, "Others": f"List<{_SUBNET}>", "Vpc": _VPC}
    asking["Parameters"] = {name: {"Type": kind} for name, kind in types.items()}
    asking["Resources"] = {"One": parameter("1")}

    if is_true:
        assert stacks.create(unique_name, asking, given)
    else:
        with pytest.raises(ClientError, match="Rule LiveIsBig failed: live needs three"):
            stacks.create(unique_name, asking, given)


@pytest.mark.parametrize(
    ("assertion", "said"),
    [
        ({"Fn::RefAll": "AWS::EC2::VPC::Id"}, "Fn::RefAll is no function of rules"),
        ({"Fn::Equals": [{"Ref": "One"}, "1"]}, "Rules refer to parameters only, and One is none"),
        ({"Fn::Equals": [{"Fn::ValueOf": ["Size", "Colour"]}, 1]}, "do not know Colour of Number"),
        ({"Fn::Equals": ["1"]}, r"\[/Rules/LiveIsBig\] has another form"),
    ],
)
def test_a_rule_that_cannot_be_evaluated_is_refused(
    assertion: dict[str, Any], said: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Rule-specific intrinsic functions"."""
    with pytest.raises(ClientError, match=said):
        stacks.create(unique_name, template(assertion), {"Environment": "live", "Size": "2"})
