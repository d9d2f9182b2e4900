"""A stack's parameters: defaults, constraints, lists, and those that SSM keeps."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter, template_body

AwsClient = Any


def _with_parameter(**declaration: Any) -> dict[str, Any]:
    return {
        "Parameters": {"P": declaration},
        "Resources": {"One": parameter("1")},
        "Outputs": {"Out": {"Value": {"Ref": "P"}}},
    }


@pytest.mark.parametrize(
    ("declaration", "given", "message"),
    [
        ({"Type": "String"}, {}, "Parameters: [P] must have values"),
        (
            {"Type": "AWS::SSM::Parameter::Value<String>"},
            {},
            "Parameter P should either have input value or default value",
        ),
        ({"Type": "String"}, {"P": "a", "Q": "b"}, "Parameters: [Q] do not exist in the template"),
        ({"Type": "String", "AllowedValues": ["a"]}, {"P": "b"}, "must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, {"P": "B"}, "must match pattern [a-z]+"),
        ({"Type": "String", "MinLength": 3}, {"P": "ab"}, "at least 3 characters"),
        ({"Type": "Number"}, {"P": "many"}, "must be a number"),
        ({"Type": "Number", "MaxValue": 9}, {"P": "10"}, "not greater than 9"),
        (
            {"Type": "String", "MinLength": 3, "ConstraintDescription": "be long"},
            {"P": "a"},
            "failed to satisfy constraint: be long",
        ),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(
    stacks: StackDriver,
    unique_name: str,
    declaration: dict[str, Any],
    given: dict[str, str],
    message: str,
) -> None:
    """CloudFormation User Guide, "Parameters": constraints."""
    with pytest.raises(ClientError) as refused:
        stacks.create(unique_name, _with_parameter(**declaration), given)

    assert message in refused.value.response["Error"]["Message"]


def test_an_ssm_parameter_type_resolves_to_the_stored_value(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types": the stack shows name and value."""
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    declaration = {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": name}

    stacks.create(unique_name, _with_parameter(**declaration))

    shown = stacks.described(unique_name)["Parameters"][0]
    assert shown["ParameterValue"] == name
    assert shown["ResolvedValue"].startswith("ami-")
    assert stacks.outputs(unique_name)["Out"] == shown["ResolvedValue"]


def test_an_unknown_ssm_parameter_is_refused(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Supplied parameter types"."""
    declaration = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/no/such/thing"}

    with pytest.raises(ClientError, match="Unable to fetch parameters"):
        stacks.create(unique_name, _with_parameter(**declaration))


def test_a_new_stored_value_is_an_update(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types": values are fetched at each update.

    Recorded from AWS: the parameter, which keeps its value, is not the cause of the change.
    """
    stored = f"/{unique_name}/stored"
    aws("ssm").put_parameter(Name=stored, Value="old", Type="String")
    declaration = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": stored}
    template = _with_parameter(**declaration)
    template["Resources"]["One"] = parameter({"Ref": "P"})
    stacks.create(unique_name, template)
    aws("ssm").put_parameter(Name=stored, Value="new", Type="String", Overwrite=True)

    (change,) = stacks.change_set(unique_name, template)["Changes"]
    stacks.update(unique_name)

    (detail,) = change["ResourceChange"]["Details"]
    assert (detail["ChangeSource"], detail["Evaluation"]) == ("DirectModification", "Static")

    assert stacks.outputs(unique_name)["Out"] == "new"
    aws("ssm").delete_parameter(Name=stored)


def test_a_hidden_parameter_is_never_shown(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Parameters": NoEcho."""
    stacks.create(unique_name, _with_parameter(Type="String", NoEcho=True), {"P": "secret"})

    assert stacks.described(unique_name)["Parameters"][0]["ParameterValue"] == "****"


def test_a_list_parameter_is_a_list_in_the_template_and_text_outside(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Parameters": CommaDelimitedList."""
    template = _with_parameter(Type="CommaDelimitedList", Default="a, b")
    template["Outputs"]["Out"]["Value"] = {"Fn::Select": ["1", {"Ref": "P"}]}

    stacks.create(unique_name, template)

    assert stacks.outputs(unique_name)["Out"] == "b"
    assert stacks.described(unique_name)["Parameters"][0]["ParameterValue"] == "a, b"


def test_a_boolean_may_be_written_as_text(stacks: StackDriver) -> None:
    """API_TemplateParameter: NoEcho is a boolean, however the template writes it."""
    template = template_body(_with_parameter(Type="String", NoEcho="false", Default="x"))

    [shown] = stacks.client.get_template_summary(TemplateBody=template)["Parameters"]

    assert shown["NoEcho"] is False


@pytest.mark.parametrize(
    ("properties", "needed"), [({}, "CAPABILITY_IAM"), ({"RoleName": "r"}, "CAPABILITY_NAMED_IAM")]
)
def test_a_template_says_which_capabilities_it_needs(
    properties: dict[str, Any], needed: str, stacks: StackDriver
) -> None:
    """API_ValidateTemplate and API_GetTemplateSummary: Capabilities and CapabilitiesReason."""
    role = {"Type": "AWS::IAM::Role", "Properties": properties}
    group = {"Type": "AWS::IAM::Group"}
    body = template_body({"Role": role, "Group": group})
    plain = template_body({"One": {"Type": "AWS::SQS::Queue"}})
    for call in (stacks.client.validate_template, stacks.client.get_template_summary):
        answer = call(TemplateBody=body)
        assert answer["Capabilities"] == [needed]
        assert answer["CapabilitiesReason"] == (
            "The following resource(s) require capabilities: [AWS::IAM::Group, AWS::IAM::Role]"
        )
        assert "CapabilitiesReason" not in call(TemplateBody=plain)


def test_what_a_parameter_names_is_found(
    stacks: StackDriver, aws: Any, unique_name: str, default_vpc: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types": each of them, once it is there."""
    ec2 = aws("ec2")
    group = ec2.create_security_group(GroupName=unique_name, Description="one", VpcId=default_vpc)
    ec2.create_key_pair(KeyName=unique_name)
    image = "ami-0123456789abcdef0"  # only AWS knows which there are
    launched = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"]
    volume = ec2.create_volume(Size=1, AvailabilityZone="us-east-1a")
    aws("ssm").put_parameter(Name=unique_name, Value="1", Type="String")
    named = {
        "AWS::EC2::AvailabilityZone::Name": "us-east-1a",
        "AWS::EC2::Image::Id": image,
        "AWS::EC2::Instance::Id": launched[0]["InstanceId"],
        "AWS::EC2::KeyPair::KeyName": unique_name,
        "AWS::EC2::SecurityGroup::GroupName": unique_name,
        "AWS::EC2::SecurityGroup::Id": group["GroupId"],
        "AWS::EC2::VPC::Id": default_vpc,
        "AWS::EC2::Volume::Id": volume["VolumeId"],
        "AWS::SSM::Parameter::Name": unique_name,
    }
    template = _with_parameter(Type="String")
    template["Parameters"] |= {
        f"P{number}": {"Type": declared_type} for number, declared_type in enumerate(named)
    }
    values = {f"P{number}": value for number, value in enumerate(named.values())}

    created = stacks.create(unique_name, template, {"P": "1", **values})

    assert created["StackStatus"] == "CREATE_COMPLETE"


def test_each_member_of_a_list_must_exist(
    stacks: StackDriver, subnets: dict[str, str], unique_name: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types": List<AWS::EC2::Subnet::Id>."""
    there = list(subnets.values())
    template = _with_parameter(Type="List<AWS::EC2::Subnet::Id>")
    template["Outputs"]["Out"]["Value"] = {"Fn::Join": [",", {"Ref": "P"}]}

    stacks.create(unique_name, template, {"P": f"{there[0]},subnet-0"})
    assert "parameter value subnet-0 for parameter name P" in stacks.events(unique_name)[1][2]
    stacks.delete(unique_name)

    stacks.create(unique_name, template, {"P": ", ".join(there)})
    assert stacks.outputs(unique_name)["Out"] == ",".join(there)


@pytest.mark.parametrize(
    ("declared_type", "value", "said"),
    [
        ("Strng", "x", "Unrecognized parameter type: Strng"),
        ("List<Number>", "1,two", "Parameter 'P' must be a number"),
    ],
)
def test_a_type_is_one_of_the_documented_ones(
    declared_type: str, value: str, said: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Parameters": Type."""
    with pytest.raises(ClientError, match=said):
        stacks.create(unique_name, _with_parameter(Type=declared_type), {"P": value})
