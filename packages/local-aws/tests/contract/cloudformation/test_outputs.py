"""What a stack returns is text."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter


def test_an_output_is_text(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Outputs": true is "true"; recorded from AWS: an attribute that is
    true is none, nor is one that is a list."""
    network = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.78.0.0/16"}}
    template = {"Resources": {"Vpc": network}, "Outputs": {"Out": {"Value": True}}}
    stacks.create(unique_name, template)
    assert stacks.outputs(unique_name)["Out"] == "true"
    stacks.delete(unique_name)

    for attribute in ("CidrBlockAssociations", "EnableDnsHostnames"):
        template["Outputs"]["Out"]["Value"] = {"Fn::GetAtt": ["Vpc", attribute]}
        stacks.create(unique_name, template)
        reasons = [row[2] for row in stacks.events(unique_name) if row[1] == "ROLLBACK_IN_PROGRESS"]
        said = "Template format error: Every Value member must be a string."
        assert reasons == [f"{said} Rollback requested by user."]
        stacks.delete(unique_name)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (["a"], "String and not a List."),
        ({"Ref": "List"}, "String and not a List."),
        ({"Fn::Split": [",", "a,b"]}, "String and not a List."),
        ({"Fn::GetAZs": ""}, "String and not a List."),
        ({"Fn::Equals": ["a", "b"]}, "String."),
        ({"a": "b"}, "String."),
    ],
)
def test_an_output_that_is_seen_to_be_no_text_is_refused(
    value: Any, said: str, stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS: a list, and a function of conditions."""
    template = {
        "Parameters": {"List": {"Type": "CommaDelimitedList", "Default": "a,b"}},
        "Resources": {"One": parameter("1")},
        "Outputs": {"Out": {"Value": value}},
    }

    with pytest.raises(ClientError) as refused:
        stacks.create(unique_name, template)

    assert refused.value.response["Error"]["Message"] == (
        "Template format error: The Value field of every Outputs member must evaluate to a " + said
    )


def test_the_zones_of_another_region_are_none(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "Fn::GetAZs"; recorded from AWS."""

    def joined(region: str) -> dict[str, Any]:
        return {"Value": {"Fn::Join": ["|", {"Fn::GetAZs": region}]}}

    template = {
        "Resources": {"One": parameter("1")},
        "Outputs": {"Here": joined("us-east-1"), "There": joined("eu-west-1")},
    }

    stacks.create(unique_name, template)

    found = stacks.outputs(unique_name)
    assert found["Here"].startswith("us-east-1a|us-east-1b")
    assert found["There"] == ""
