"""What a template must not be is refused before a stack exists, and how much of one is read."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter, template_body

AwsClient = Any

_FORMAT = "Template format error"
_ANY_LOOK_UP = {"Fn::FindInMap": ["Map", {"Ref": "Key"}, "Size"]}
_BAD_SELECT = (
    "Template error: Fn::Select requires a list argument with two elements: an integer index and a "
    "list"
)


def _mapping(entries: Any, key: str = "A") -> dict[str, Any]:
    """A template that looks up the Size of a key."""
    return {
        "Parameters": {"Key": {"Type": "String", "Default": key}},
        "Mappings": {"Map": entries},
        "Resources": {"One": parameter(_ANY_LOOK_UP)},
    }


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            {"Resources": {"One": parameter("1")}, "Outputs": {"M": {}}},
            f"{_FORMAT}: Every Outputs member must contain a Value object",
        ),
        (
            {"Resources": {"One": parameter("1")}, "Outputs": {"M": {"Value": None}}},
            "[/Outputs/M/Value] 'null' values are not allowed in templates",
        ),
        (
            {"Resources": {"One": {"Type": "AWS::SNS::Topic", "Properties": None}}},
            "[/Resources/One/Properties] 'null' values are not allowed in templates",
        ),
        (
            {"Resources": {"One": {"Type": "AWS::SNS::Topic", "DependsOn": ["Two", None]}}},
            "[/Resources/One/DependsOn/1] 'null' values are not allowed in templates",
        ),
        (
            {"Resources": {}},
            f"{_FORMAT}: At least one Resources member must be defined.",
        ),
        (
            {"Resources": ["One"]},
            f"{_FORMAT}: Any Resources member must be an object.",
        ),
        (
            {"Resources": {"One": {"Properties": {}}}},
            f"{_FORMAT}: [/Resources/One] Every Resources object must contain a Type member.",
        ),
        (
            {"Resources": {"One": {"Type": "AWS::SNS::Topic", "Invalid": 10}}},
            "Invalid template resource property 'Invalid'",
        ),
        (_mapping({"A": "x"}), f"{_FORMAT}: Every Mappings member A must be a map"),
        (
            _mapping({"A": {"Size": {"Deeper": "x"}}}),
            f"{_FORMAT}: Every Mappings attribute must be a String or a List.",
        ),
        (
            _mapping({"A": {"Size": {"Ref": "Key"}}}),
            f"{_FORMAT}: Every Mappings attribute must be a String or a List.",
        ),
        (
            {"Parameters": {"P": {"Default": "1"}}, "Resources": {"One": parameter("1")}},
            f"{_FORMAT}: [/Parameters/P] Every Parameters object must contain a Type member.",
        ),
        (
            {
                "Parameters": {"P": {"Type": "String", "Default": {"Fn::Sub": "a"}}},
                "Resources": {"One": parameter("1")},
            },
            f"{_FORMAT}: Every Default member must be a string.",
        ),
        (
            {"Description": ["a"], "Resources": {"One": parameter("1")}},
            f"{_FORMAT}: Every Description member must be a string.",
        ),
        (
            {"One": parameter({"Fn::Transform": {"Name": "AWS::Include"}})},
            "Template error: The local AWS does not emulate Fn::Transform.",
        ),
        (
            {"One": parameter({"Fn::GetStackOutput": {"StackName": "a", "OutputName": "b"}})},
            "Template error: The local AWS does not emulate Fn::GetStackOutput.",
        ),
        (
            _mapping({"A": {"Size": "x"}}, key="C"),
            "Template error: Unable to get mapping for Map::C::Size",
        ),
        (
            {
                "Conditions": {"Never": {"Fn::Equals": ["a"]}},
                "Resources": {"One": parameter("1") | {"Condition": "Never"}},
            },
            "Template error: every Fn::Equals object requires a list of 2 string parameters.",
        ),
        ({"One": parameter({"Fn::Select": ["first", ["a"]]})}, _BAD_SELECT),
        ({"One": parameter({"Fn::Select": [0, 2]})}, _BAD_SELECT),
        (
            {"One": parameter({"Fn::Select": [100, ["a"]]})},
            "Template error: Fn::Select cannot select nonexistent value at index 100",
        ),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_the_words_for_what_a_template_must_not_be(
    stacks: StackDriver, unique_name: str, template: dict[str, Any], message: str
) -> None:
    """CloudFormation User Guide, "Template anatomy"; the words as recorded, but that a description
    is text, and a parameter's missing type, which are those of other emulators."""
    with pytest.raises(ClientError) as refused:
        stacks.create(unique_name, template)

    assert refused.value.response["Error"]["Message"] == message
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{}", "At least one Resources member must be defined"),
        ("[1]", "unsupported structure"),
        ("Resources: {A: {Type: 1}}", "Every Type member must be a string"),
        ("Resources: {A: {Type: 'AWS::S3::Bucket', DependsOn: B}}", "dependencies [B]"),
        ("Resources: {A: {Type: 'T', Properties: {P: !Ref Nobody}}}", "dependencies [Nobody]"),
        ("Resources: {A: {Type: 'T', Properties: {P: !Sub '${No.Id}'}}}", "dependencies [No]"),
        ("Resources: {A: {Type: 'T', Condition: C}}", "condition dependency C"),
        (
            "Resources: {A: {Type: T, DependsOn: B}, B: {Type: T, Properties: {P: !Ref A}}}",
            "Circular dependency between resources: [A, B]",
        ),
        (
            "Conditions: {C: {Fn::Not: x}}\nResources: {A: {Type: AWS::EC2::VPC, Condition: C}}",
            "every Fn::Not object requires one boolean parameter.",
        ),
        (
            "Resources: {A: {Type: 'AWS::SNS::Topic', DependsOn: [1]}}",
            "Template format error: DependsOn must be a string or list of strings.",
        ),
        (
            "Resources: {A: {Type: 'AWS::DynamoDB::Table', DeletionPolicy: Snapshot}}",
            "resource type AWS::DynamoDB::Table does not support deletion policy Snapshot",
        ),
        (
            "Resources: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: x}}}",
            "The local AWS has no macros (AWS::Include).",
        ),
        (
            "Resources: {A: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !Cidr [here, 2, 8]}}}",
            "Fn::Cidr: here is no block of addresses",
        ),
        ("a: [", "Template format error"),
        ("Metadata: [&a x, *a]\nResources: {A: {Type: T}}", "YAML aliases are not allowed"),
        ("#" * 51_200 + "\nResources: {A: {Type: T}}", "less than or equal to 51200"),
    ],
)
def test_a_malformed_template_is_refused_before_a_stack_exists(
    stacks: StackDriver, unique_name: str, template: str, message: str
) -> None:
    """CloudFormation User Guide, "Template format" and "Troubleshooting": ValidationError."""
    with pytest.raises(ClientError) as refused:
        stacks.client.create_stack(StackName=unique_name, TemplateBody=template)

    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert message in refused.value.response["Error"]["Message"]
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"Resoures": {}}, r"Invalid template property or properties \[Resoures\]"),
        ({"Rules": []}, r"\[/Rules\] must be an object"),
        (
            {"Parameters": {"P": {"Type": "String", "Defualt": "1"}}},
            "Invalid template parameter property 'Defualt'",
        ),
        (
            {"Resources": {"One": {**parameter("1"), "DependOn": "Two"}}},
            "Invalid template resource property 'DependOn'",
        ),
    ],
)
def test_what_a_template_cannot_have_is_named(
    section: dict[str, Any], said: str, stacks: StackDriver, unique_name: str
) -> None:
    """AWS re:Post, "Resolve template validation errors": each of these errors."""
    with pytest.raises(ClientError, match=said):
        stacks.create(unique_name, {"Resources": {"One": parameter("1")}} | section)


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        ("Fn::Jion", ["-", ["a", "b"]]),
        ("Fn::Length", ["a", "b"]),
        ("Fn::Contains", [["a"], "a"]),
    ],
)
def test_an_unknown_function_is_refused(
    function: str, argument: Any, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Intrinsic function reference": it never is data."""
    with pytest.raises(ClientError, match=f"Encountered unsupported function: {function} "):
        stacks.create(unique_name, {"One": parameter({function: argument})})


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("Resources", {"Ref": "Absent"}),
        ("Resources", {"Fn::GetAtt": "Absent.Value"}),
        ("Resources", {"Fn::If": ["Off", "x", {"Fn::Sub": "${Absent}"}]}),
        ("Outputs", {"Ref": "Absent"}),
    ],
)
def test_what_a_condition_leaves_out_cannot_be_referred_to(
    section: str, value: Any, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Conditions": outside of a branch that is not taken."""
    template = {
        "Conditions": {"Off": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Absent": {**parameter("1"), "Condition": "Off"}, "One": parameter("1")},
        "Outputs": {"Out": {"Value": "1"}},
    }
    if section == "Resources":
        template["Resources"]["One"] = parameter(value)
    else:
        template["Outputs"]["Out"] = {"Value": value}

    with pytest.raises(ClientError) as refused:
        stacks.create(unique_name, template)

    prefix = "Template format error: " if section == "Resources" else ""
    assert refused.value.response["Error"]["Message"] == (
        f"{prefix}Unresolved resource dependencies [Absent] in the {section} block of the template"
    )


def test_what_a_condition_leaves_out_may_be_named_where_it_does_not_matter(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Conditions": in DependsOn, and in a branch that is not taken."""
    one = parameter({"Fn::If": ["Off", {"Ref": "Absent"}, "no"]})
    template = {
        "Conditions": {"Off": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Absent": {**parameter("1"), "Condition": "Off"},
            "One": {**one, "DependsOn": "Absent"},
        },
        "Outputs": {"Out": {"Value": {"Ref": "Absent"}, "Condition": "Off"}},
    }

    assert stacks.create(unique_name, template)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.outputs(unique_name) == {}


def test_every_call_reads_templates_with_the_same_bounds(
    stacks: StackDriver, unique_name: str, aws: AwsClient
) -> None:
    """CloudFormation User Guide, "CloudFormation template formats": no aliases; "CloudFormation
    quotas": 51,200 bytes in a request, 1 MB in an S3 object."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    s3.put_object(Bucket=unique_name, Key="big", Body=b"#" * 1_000_001)
    s3.put_object(Bucket=unique_name, Key="bytes", Body=b"Resources: \xff")
    url = f"https://{unique_name}.s3.amazonaws.com"
    templates = (
        ({"TemplateBody": "a: &a [1]\nb: *a"}, "YAML aliases are not allowed"),
        ({"TemplateBody": "#" * 51_201}, "less than or equal to 51200"),
        ({"TemplateURL": f"{url}/big"}, "may not exceed 1000000 bytes"),
        ({"TemplateURL": f"{url}/bytes"}, "Invalid UTF-8"),
        ({"TemplateURL": f"{url}/missing"}, "must reference a valid S3 object"),
        ({"TemplateURL": "x"}, "TemplateURL must be a supported URL."),
        (
            {"TemplateURL": f"s3://{unique_name}/big"},
            f"S3 error: Domain name specified in {unique_name} is not a valid S3 domain",
        ),
    )
    calls = (
        stacks.client.validate_template,
        stacks.client.get_template_summary,
        partial(stacks.client.create_stack, StackName=unique_name),
        partial(
            stacks.client.create_change_set,
            StackName=unique_name,
            ChangeSetName="c",
            ChangeSetType="CREATE",
        ),
    )
    for call in calls:
        for template, message in templates:
            with pytest.raises(ClientError, match=message) as refused:
                call(**template)
            assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_template_cannot_run_code(stacks: StackDriver, unique_name: str, tmp_path: Path) -> None:
    """moto reads YAML with a loader that calls what a tag names."""
    proof = tmp_path / "proof"
    template = f'Resources: !!python/object/apply:os.system ["touch {proof}"]'

    with pytest.raises(ClientError, match="Template format error"):
        stacks.client.create_stack(StackName=unique_name, TemplateBody=template)
    with pytest.raises(ClientError, match="Template format error"):
        stacks.client.validate_template(TemplateBody=template)
    assert not proof.exists()


@pytest.mark.parametrize(
    ("text", "column"),
    [('{"Resources"={}}', 14), ('{"Resources": x}', 16), ('{"Resources": {', 16)],
)
def test_the_column_is_that_after_what_is_no_json(
    text: str, column: int, stacks: StackDriver
) -> None:
    """Recorded from AWS: an equals sign in column 24 is reported in column 25; the end of the text
    in its own."""
    with pytest.raises(ClientError) as refused:
        stacks.client.validate_template(TemplateBody=text)

    assert refused.value.response["Error"]["Message"] == (
        f"{_FORMAT}: JSON not well-formed. (line 1, column {column})"
    )


def test_a_summary_lists_the_resources_of_each_type(stacks: StackDriver) -> None:
    """API_ResourceIdentifierSummary: the properties that name a resource in an import; recorded
    from AWS: none where AWS gives the name, and no empty lists of capabilities and macros."""
    topic = {"Type": "AWS::SNS::Topic"}

    summary = stacks.client.get_template_summary(
        TemplateBody=template_body({"A": topic, "One": parameter("1"), "B": topic})
    )

    assert summary["ResourceIdentifierSummaries"] == [
        {"ResourceType": "AWS::SNS::Topic", "LogicalResourceIds": ["A", "B"]},
        {
            "ResourceType": "AWS::SSM::Parameter",
            "LogicalResourceIds": ["One"],
            "ResourceIdentifiers": ["Name"],
        },
    ]
    assert not {"Capabilities", "DeclaredTransforms"} & summary.keys()
