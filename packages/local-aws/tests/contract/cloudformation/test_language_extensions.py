"""The transform AWS::LanguageExtensions: loops and what else a template may hold with it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, as_parameters, parameter, template_body

AwsClient = Any


def _extended(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {"Transform": "AWS::LanguageExtensions", **sections, "Resources": resources}


def _loop(name: str, collection: Any, value: Any) -> dict[str, Any]:
    """Parameters P<item> with this value."""
    return {f"Fn::ForEach::{name}": ["Item", collection, {"P&{Item}": parameter(value)}]}


def _values(stacks: StackDriver, aws: AwsClient, name: str) -> dict[str, str]:
    """The value of each parameter of a stack, by logical id."""
    resources = stacks.client.describe_stack_resources(StackName=name)["StackResources"]
    return {
        row["LogicalResourceId"]: aws("ssm").get_parameter(Name=row["PhysicalResourceId"])[
            "Parameter"
        ]["Value"]
        for row in resources
    }


def test_a_loop_repeats_resources_conditions_outputs_and_properties(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Fn::ForEach"."""
    inner = {
        "Type": "String",
        "Value": {"Fn::Sub": "${Env}-${Item}"},
        "Tags": {"Fn::ForEach::Tags": ["T", ["x", "y"], {"tag-${T}": {"Ref": "T"}}]},
    }
    template = _extended(
        {
            "Fn::ForEach::Outer": [
                "Env",
                {"Ref": "Envs"},
                {
                    "Fn::ForEach::Inner": [
                        "Item",
                        ["1", "2"],
                        {
                            "P${Env}${Item}": {
                                "Type": "AWS::SSM::Parameter",
                                "Condition": {"Fn::Sub": "Has${Item}"},
                                "Properties": inner,
                            }
                        },
                    ]
                },
            ]
        },
        Parameters={"Envs": {"Type": "CommaDelimitedList", "Default": "a,b"}},
        Conditions={
            "Fn::ForEach::Has": ["N", ["1", "2"], {"Has${N}": {"Fn::Equals": [{"Ref": "N"}, "1"]}}]
        },
        Outputs={
            "Fn::ForEach::Outs": [
                "Env",
                {"Ref": "Envs"},
                {
                    "Out${Env}": {
                        "Value": {"Fn::GetAtt": [{"Fn::Sub": "P${Env}1"}, "Value"]},
                        "Description": {"Ref": "Env"},
                    }
                },
            ]
        },
    )

    stack = stacks.create(unique_name, template)

    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.events(unique_name)
    assert _values(stacks, aws, unique_name) == {"Pa1": "a-1", "Pb1": "b-1"}
    assert stacks.outputs(unique_name) == {"Outa": "a-1", "Outb": "b-1"}
    name = stacks.physical_id(unique_name, "Pa1")
    tags = aws("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    assert {"Key": "tag-x", "Value": "x"} in tags
    assert {"Key": "tag-y", "Value": "y"} in tags


def test_an_identifier_stands_in_keys_in_ref_and_in_sub(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Fn::ForEach": &{Identifier} has letters and digits only;
    other text keeps its placeholders."""
    text = {"Fn::Join": ["|", [{"Ref": "Item"}, {"Fn::Sub": "${Item}&{Item}"}, "${Item}"]]}

    stacks.create(unique_name, _extended(_loop("Loop", ["a-1"], text)))

    assert _values(stacks, aws, unique_name) == {"Pa1": "a-1|a-1&{Item}|${Item}"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Length": {"Ref": "List"}}, "2"),
        ({"Fn::Length": {"Fn::Split": [".", "a.b.c"]}}, "3"),
        ({"Fn::Length": [{"Ref": "Other"}, "b"]}, "2"),
        (
            {"Fn::ToJsonString": {"a": {"Ref": "List"}, "b": [1, True]}},
            '{"a":["x","y"],"b":[1,true]}',
        ),
        ({"Fn::ToJsonString": {"a": {"Fn::GetAtt": ["Other", "Value"]}}}, '{"a":"other"}'),
        ({"Fn::FindInMap": ["Map", "none", "Size", {"DefaultValue": "small"}]}, "small"),
        ({"Fn::FindInMap": ["Map", {"Fn::Sub": "${Key}"}, {"Fn::Select": [0, ["Size"]]}]}, "big"),
        ({"Fn::FindInMap": ["Map", {"Ref": "Key"}, "None", {"DefaultValue": {"Ref": "Key"}}]}, "k"),
        ({"Ref": {"Fn::Sub": "${Key}"}}, None),
    ],
)
def test_functions_of_the_transform(
    value: Any, expected: str | None, stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference: "Fn::Length", "Fn::ToJsonString", "Fn::FindInMap
    enhancements"; functions in Ref and Fn::GetAtt."""
    template = _extended(
        {"One": parameter(value), "Other": parameter("other")},
        Parameters={
            "List": {"Type": "CommaDelimitedList", "Default": "x,y"},
            "Key": {"Type": "String", "Default": "k"},
        },
        Mappings={"Map": {"k": {"Size": "big"}}},
    )
    if expected is None:
        template["Resources"]["One"] = parameter({"Ref": {"Fn::Sub": "${Name}er"}})
        template["Parameters"]["Name"] = {"Type": "String", "Default": "Oth"}
        stacks.create(unique_name, template)
        expected = stacks.physical_id(unique_name, "Other")
    else:
        stacks.create(unique_name, template)

    assert _values(stacks, aws, unique_name)["One"] == expected


def test_policies_may_follow_parameters_and_conditions(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Intrinsic function references in DeletionPolicy and
    UpdateReplacePolicy attributes"."""
    kept = parameter("kept", Name=f"/{unique_name}/kept")
    gone = parameter("gone", Name=f"/{unique_name}/gone")
    template = _extended(
        {
            "Kept": {**kept, "DeletionPolicy": {"Ref": "Policy"}},
            "Gone": {**gone, "DeletionPolicy": {"Fn::If": ["Keeps", "Retain", "Delete"]}},
        },
        Parameters={"Policy": {"Type": "String"}},
        Conditions={"Keeps": {"Fn::Equals": [{"Ref": "Policy"}, "Delete"]}},
    )
    stacks.create(unique_name, template, {"Policy": "Retain"})
    stacks.delete(unique_name)

    found = aws("ssm").get_parameters_by_path(Path=f"/{unique_name}")["Parameters"]
    assert [row["Name"] for row in found] == [f"/{unique_name}/kept"]
    stacks.create(unique_name, template, {"Policy": "Keep"})
    said = "Unrecognized DeletionPolicy Keep for resource Kept"
    assert said in _rolled_back(stacks, unique_name)
    stacks.delete(unique_name)
    plain = {"Resources": template["Resources"], "Parameters": template["Parameters"]}
    with pytest.raises(ClientError, match="Every DeletionPolicy member must be a string"):
        stacks.create(unique_name, plain, {"Policy": "Retain"})


def test_a_macro_that_nobody_has_looked_at_needs_an_acknowledgement(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_CreateStack, CAPABILITY_AUTO_EXPAND: for stacks from a template, not for change sets."""
    body = template_body(_extended(_loop("Loop", ["a", "b"], "1")))
    with pytest.raises(ClientError) as refused:
        stacks.client.create_stack(StackName=unique_name, TemplateBody=body)
    error = refused.value.response["Error"]
    assert error["Code"] == "InsufficientCapabilitiesException"
    assert error["Message"] == "Requires capabilities : [CAPABILITY_AUTO_EXPAND]"

    stacks.client.create_change_set(
        StackName=unique_name, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=body
    )
    shown = stacks.client.describe_change_set(StackName=unique_name, ChangeSetName="first")
    made = {change["ResourceChange"]["LogicalResourceId"] for change in shown["Changes"]}
    assert made == {"Pa", "Pb"}
    stacks.client.delete_stack(StackName=unique_name)


def test_the_template_is_shown_as_it_was_given_and_as_it_was_processed(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_GetTemplate, "TemplateStage"; API_GetTemplateSummary, "DeclaredTransforms"."""
    template = _extended(_loop("Loop", ["a"], {"Fn::Sub": "v-${Item}"}))
    stacks.create(unique_name, template)

    stages = {
        stage: stacks.client.get_template(StackName=unique_name, TemplateStage=stage)
        for stage in ("Original", "Processed")
    }
    assert stages["Original"]["TemplateBody"] == template
    assert stages["Processed"]["TemplateBody"] == {"Resources": {"Pa": parameter("v-a")}}
    for asked in ({"StackName": unique_name}, {"TemplateBody": template_body(template)}):
        summary = stacks.client.get_template_summary(**asked)
        assert summary["DeclaredTransforms"] == ["AWS::LanguageExtensions"]
        assert summary["Capabilities"] == ["CAPABILITY_AUTO_EXPAND"]
        assert summary["ResourceTypes"] == ["AWS::SSM::Parameter"]
    valid = stacks.client.validate_template(TemplateBody=template_body(template))
    assert valid["DeclaredTransforms"] == ["AWS::LanguageExtensions"]


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([{"Ref": "Item"}, "fifo", {"Fn::Sub": "${Item}s"}], "a.fifo.as"),
        (
            [{"Ref": "Item"}, {"Ref": "AWS::Region"}],
            {"Fn::Join": [".", ["a", {"Ref": "AWS::Region"}]]},
        ),
    ],
)
def test_a_join_is_shown_as_its_text_unless_it_has_something_to_look_up(
    stacks: StackDriver, unique_name: str, items: list[Any], shown: Any
) -> None:
    """Recorded: a topic's name, joined in a loop, in the processed template."""
    stacks.create(unique_name, _extended(_loop("Loop", ["a"], {"Fn::Join": [".", items]})))
    got = stacks.client.get_template(StackName=unique_name, TemplateStage="Processed")
    assert got["TemplateBody"] == {"Resources": {"Pa": parameter(shown)}}


def test_an_update_with_another_list_adds_and_removes(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::LanguageExtensions transform": the template is
    given again; the previous one is processed already."""
    template = _extended(
        _loop("Loop", {"Ref": "Names"}, {"Ref": "Item"}),
        Parameters={"Names": {"Type": "CommaDelimitedList"}},
    )
    stacks.create(unique_name, template, {"Names": "a,b"})

    stacks.update(unique_name, template, {"Names": "b,c"})
    assert _values(stacks, aws, unique_name) == {"Pb": "b", "Pc": "c"}

    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.client.update_stack(
            StackName=unique_name,
            UsePreviousTemplate=True,
            Parameters=as_parameters({"Names": "d"}),
        )


def test_a_secret_is_not_written_into_the_processed_template(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Parameters": NoEcho."""
    template = _extended(
        {"One": parameter({"Fn::ToJsonString": {"password": {"Ref": "Secret"}}})},
        Parameters={"Secret": {"Type": "String", "NoEcho": True}},
    )
    stacks.create(unique_name, template, {"Secret": "hunter2"})

    assert _values(stacks, aws, unique_name) == {"One": '{"password":"hunter2"}'}
    assert "hunter2" not in str(stacks.client.get_template(StackName=unique_name))
    assert "hunter2" not in str(stacks.client.describe_stack_events(StackName=unique_name))


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (_loop("L", {"Ref": "AWS::StackId"}, "1"), "Could not find a collection"),
        (_loop("L", "text", "1"), "Could not find a collection"),
        ({"Fn::ForEach::L": ["Item", ["a"]]}, "Fn::ForEach layout is incorrect"),
        (
            {"Fn::ForEach::L": ["I", ["a", "b"], {"Same": parameter("1")}]},
            "Duplicate key 'Same' when merging keys to parent object in Fn::ForEach",
        ),
        ({**_loop("One", ["a"], "1"), "One": parameter("1")}, "One of Fn::ForEach is used already"),
        (
            {"One": parameter({"Fn::Length": {"Ref": "Two"}}), "Two": parameter("2")},
            "The Fn::Length value could not be resolved",
        ),
        ({"One": parameter({"Fn::Length": {"Ref": "AWS::Region"}})}, "Fn::Length layout is"),
        ({"One": {**parameter("1"), "Condition": "Is"}}, "Key Is is missing in the map"),
    ],
)
def test_what_the_transform_cannot_process_is_refused(
    resources: dict[str, Any], message: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Fn::ForEach" and "Fn::Length"; recorded from AWS: the
    stack is created, and rolls back."""
    stacks.create(unique_name, _extended(resources))

    reason = _rolled_back(stacks, unique_name)
    assert reason.startswith("Transform AWS::LanguageExtensions failed with: ")
    assert message in reason


def _rolled_back(stacks: StackDriver, name: str) -> str:
    """Why a stack rolled back before its first resource."""
    created, began, rolled_back = stacks.events(name)
    assert (created[1], rolled_back[1]) == ("CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE")
    assert began[2].endswith(". Rollback requested by user.")
    return began[2]


def test_a_change_set_fails_with_its_transform(stacks: StackDriver, unique_name: str) -> None:
    """API_DescribeChangeSet: Status and StatusReason; recorded from AWS. A stack that exists keeps
    what it is."""
    stacks.create(unique_name, {"One": parameter("1")})
    wrong = _extended(_loop("L", "text", "1"))

    described = stacks.change_set(unique_name, wrong)
    updated = stacks.update(unique_name, wrong)

    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert described["StatusReason"].startswith(
        "Transform AWS::LanguageExtensions failed with: Could not find a collection"
    )
    assert updated["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.physical_id(unique_name, "One")


def test_loops_do_not_exceed_the_quotas(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "Fn::ForEach": quotas count after the transform."""
    many = [f"n{number}" for number in range(501)]
    stacks.create(unique_name, _extended(_loop("L", many, "1")))
    assert "Number of resources, 501, is greater than" in _rolled_back(stacks, unique_name)
    stacks.delete(unique_name)

    fragment: Any = {"K${A}${B}${C}": parameter("x" * 50)}
    for name in "ABC":
        fragment = {f"Fn::ForEach::{name}": [name, many[:100], fragment]}
    stacks.create(unique_name, _extended(fragment))
    assert "Template may not exceed 1000000 bytes in size" in _rolled_back(stacks, unique_name)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Fn::ToJsonString": {}}, "Encountered unsupported function: Fn::ToJsonString"),
        ({"Ref": {"Fn::Sub": "One"}}, "every Ref object must have a single String value"),
        ({"Fn::FindInMap": ["M", "a", "b", {"DefaultValue": "c"}]}, "every Fn::FindInMap object"),
        ({"Fn::GetAtt": [{"Fn::Sub": "One"}, "Value"]}, "every Fn::GetAtt object"),
    ],
)
def test_what_needs_the_transform_is_refused_without_it(
    value: Any, message: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference: each needs AWS::LanguageExtensions."""
    with pytest.raises(ClientError, match=message):
        stacks.create(unique_name, {"One": parameter(value)})
    with pytest.raises(ClientError, match="resource definition is malformed"):
        stacks.create(unique_name, _loop("Loop", ["a"], "1"))


def test_other_macros_are_refused_by_name(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Use macros": they are Lambda functions."""
    template = {"Resources": {"One": parameter("1")}}
    for transform in ("AWS::Serverless-2016-10-31", ["AWS::LanguageExtensions", "Mine"]):
        with pytest.raises(ClientError, match=r"has no macros \((AWS::Serverless|Mine)"):
            stacks.create(unique_name, {"Transform": transform, **template})
