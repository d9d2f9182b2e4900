"""Parameters whose value the Parameter Store has, and those that name what must exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter

AwsClient = Any

_STORED = "AWS::SSM::Parameter::Value"
_IMAGE = "ami-12c6146b"


def _template(declared_type: str, **declaration: Any) -> dict[str, Any]:
    return {
        "Parameters": {"P": {"Type": declared_type, **declaration}},
        "Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
    }


@pytest.fixture
def stored(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The path below which there are `text` (of two versions), `list`, `secret`, `image`."""
    store, path = aws("ssm"), f"/{unique_name}"
    rows = (
        ("text", "String", "hello-1"),
        ("text", "String", "hello-2"),
        ("list", "StringList", "a,b, c ,d"),
        ("secret", "SecureString", "s"),
        ("image", "String", _IMAGE),
        ("no-image", "String", "ami-0"),
    )
    for name, kind, value in rows:
        store.put_parameter(Name=f"{path}/{name}", Type=kind, Value=value, Overwrite=True)
    yield path
    store.delete_parameters(Names=list({f"{path}/{name}" for name, _, _ in rows}))


@pytest.mark.parametrize(
    ("kind", "name", "resolved"),
    [
        ("String", "text", "hello-2"),
        ("String", "text:1", "hello-1"),
        ("List<String>", "list", "a,b,c,d"),
        ("AWS::EC2::Image::Id", "image", _IMAGE),
    ],
)
def test_the_stack_shows_the_stored_value(
    kind: str, name: str, resolved: str, stacks: StackDriver, unique_name: str, stored: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types"; recorded from AWS: a name may end in
    a version, and a list's members lose the spaces around them."""
    stacks.create(unique_name, _template(f"{_STORED}<{kind}>"), {"P": f"{stored}/{name}"})

    [shown] = stacks.described(unique_name)["Parameters"]
    assert (shown["ParameterValue"], shown["ResolvedValue"]) == (f"{stored}/{name}", resolved)


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        (
            "String",
            "text:99",
            "Unable to fetch parameters [{}] from parameter store for this account.",
        ),
        (
            "String",
            "secret",
            "Parameters [{}] referenced by template have types not supported by CloudFormation.",
        ),
        (
            "String",
            "list",
            "Types for SSM parameters [{}] defined in CFN template and SSM are incompatible",
        ),
        (
            "List<String>",
            "text",
            "Types for SSM parameters [{}] defined in CFN template and SSM are incompatible",
        ),
        (
            "CommaDelimitedList",
            "text",
            "Types for SSM parameters [{}] defined in CFN template and SSM are incompatible",
        ),
    ],
)
def test_a_stored_value_must_be_there_and_fit(
    kind: str, name: str, said: str, stacks: StackDriver, unique_name: str, stored: str
) -> None:
    """Recorded from AWS."""
    key = f"{stored}/{name}"

    with pytest.raises(ClientError) as refused:
        stacks.create(unique_name, _template(f"{_STORED}<{kind}>"), {"P": key})

    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "ValidationError",
        "Message": said.format(key),
    }


def test_constraints_are_for_the_name_of_a_stored_value(
    stacks: StackDriver, unique_name: str, stored: str
) -> None:
    """Recorded from AWS: AllowedPattern is that of the name, not of the value."""
    kind = f"{_STORED}<String>"

    with pytest.raises(ClientError, match="Parameter 'P' must match pattern"):
        stacks.create(
            unique_name, _template(kind, AllowedPattern="^hello.*$"), {"P": f"{stored}/text"}
        )

    created = stacks.create(
        unique_name, _template(kind, AllowedPattern="^/.*$"), {"P": f"{stored}/text"}
    )
    assert created["StackStatus"] == "CREATE_COMPLETE"


def _said(value: str) -> str:
    return (
        f"Parameter validation failed: parameter value {value} for parameter name P does not exist"
    )


@pytest.mark.parametrize(
    ("declared_type", "value"),
    [
        ("AWS::EC2::AvailabilityZone::Name", "mars-1a"),
        ("AWS::EC2::Image::Id", "ami-0"),
        ("AWS::EC2::Image::Id", "image"),
        ("AWS::EC2::Instance::Id", "i-0"),
        ("AWS::EC2::KeyPair::KeyName", "no-such-key"),
        ("AWS::EC2::SecurityGroup::GroupName", "no-such-group"),
        ("AWS::EC2::SecurityGroup::Id", "sg-0"),
        ("AWS::EC2::Volume::Id", "vol-0"),
        ("AWS::EC2::VPC::Id", "vpc-0"),
        ("AWS::SSM::Parameter::Name", "/no/such/parameter"),
        ("List<AWS::EC2::Subnet::Id>", "subnet-0"),
    ],
)
def test_what_a_parameter_names_must_exist(
    declared_type: str, value: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types"; recorded from AWS: the stack is
    created, and rolls back before its first resource."""
    stacks.create(unique_name, _template(declared_type), {"P": value})

    assert stacks.events(unique_name) == [
        (unique_name, "CREATE_IN_PROGRESS", "User Initiated"),
        (unique_name, "ROLLBACK_IN_PROGRESS", f"{_said(value)}. Rollback requested by user."),
        (unique_name, "ROLLBACK_COMPLETE", ""),
    ]


def test_what_a_stored_value_names_must_exist(
    stacks: StackDriver, unique_name: str, stored: str
) -> None:
    """Recorded from AWS: the value is named, not what stores it."""
    kind = f"{_STORED}<AWS::EC2::Image::Id>"

    stacks.create(unique_name, _template(kind), {"P": f"{stored}/no-image"})

    assert stacks.events(unique_name)[1][1:] == (
        "ROLLBACK_IN_PROGRESS",
        f"{_said('ami-0')}. Rollback requested by user.",
    )


def test_a_change_set_fails_where_a_parameter_names_nothing(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types"; API_DescribeChangeSet."""
    described = stacks.change_set(
        unique_name,
        _template("AWS::EC2::KeyPair::KeyName", Default="no-such-key"),
        "CREATE",
    )

    assert described["Status"] == "FAILED"
    assert described["StatusReason"].startswith(_said("no-such-key"))


def test_an_update_with_what_does_not_exist_rolls_back(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types": existing values are checked."""
    template = _template("String", Default="x")
    stacks.create(unique_name, template)

    updated = stacks.update(unique_name, _template("AWS::EC2::KeyPair::KeyName"), {"P": "x"})

    assert updated["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert re.match(re.escape(_said("x")), stacks.events(unique_name)[-3][2])


def test_a_new_stored_value_of_an_output_is_an_update(
    stacks: StackDriver, aws: AwsClient, unique_name: str, stored: str
) -> None:
    """Recorded from AWS."""
    key = f"{stored}/text"
    template = _template(f"{_STORED}<String>")
    template["Outputs"] = {"Shown": {"Value": {"Ref": "P"}}}
    stacks.create(unique_name, template, {"P": key})
    aws("ssm").put_parameter(Name=key, Value="hello-3", Overwrite=True)

    updated = stacks.update(unique_name)

    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    assert updated["Parameters"][0]["ResolvedValue"] == "hello-3"
    assert stacks.outputs(unique_name)["Shown"] == "hello-3"


@pytest.mark.parametrize("version", ["", ":1"])
def test_a_parameter_of_another_type_may_be_a_reference_with_a_version(
    version: str, stacks: StackDriver, unique_name: str, stored: str
) -> None:
    """CloudFormation User Guide, "Get a plaintext value from Systems Manager Parameter Store";
    recorded from AWS."""
    template = {
        "Parameters": {
            "P": {"Type": "String", "Default": f"{{{{resolve:ssm:{stored}/text{version}}}}}"}
        },
        "Resources": {"One": parameter({"Ref": "P"})},
        "Outputs": {"Value": {"Value": {"Fn::GetAtt": "One.Value"}}},
    }
    if not version:
        said = "parameter P should not contain ssm versionless resolver"
        with pytest.raises(ClientError, match=said):
            stacks.create(unique_name, template)
        return

    stacks.create(unique_name, template)

    assert stacks.outputs(unique_name)["Value"] == "hello-1"
