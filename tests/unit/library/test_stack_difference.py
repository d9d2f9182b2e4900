"""What an update changes of a stack, as --diff shows it; nothing of it is carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

NAME = "compared"
TEMPLATE = json.dumps(
    {
        "Parameters": {"Value": {"Type": "String"}, "Kept": {"Type": "String"}},
        "Resources": {
            "Setting": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": "compared", "Type": "String", "Value": {"Ref": "Value"}},
            }
        },
    },
    indent=2,
)


@pytest.fixture
def stack(aws: Callable[[str], Any]) -> Any:
    cloudformation = aws("cloudformation")
    values = {"Value": "before", "Kept": "same"}
    cloudformation.create_stack(
        StackName=NAME,
        TemplateBody=TEMPLATE,
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in values.items()],
    )
    yield cloudformation
    cloudformation.delete_stack(StackName=NAME)


@pytest.mark.usefixtures("stack")
def test_only_what_differs_is_shown(run_module: Callable[..., dict[str, Any]]) -> None:
    parameters = {"Value": "after", "Kept": {"use_previous_value": True}}
    found = run_module("stack_difference", stack_name=NAME, template_parameters=parameters)
    assert found["changed"]
    [parameter] = found["diff"]
    assert parameter["before_header"] == f"parameters of {NAME}"
    assert (parameter["before"], parameter["after"]) == ("Value: before\n", "Value: after\n")
    assert found["changes"] == ["Value: before -> after"]

    same = run_module(
        "stack_difference",
        stack_name=NAME,
        template_parameters={"Value": "before"},
        template_body=TEMPLATE,
    )
    assert (same["changed"], same["diff"], same["changes"]) == (False, [], [])


@pytest.mark.usefixtures("stack")
def test_a_changed_template_is_shown(run_module: Callable[..., dict[str, Any]]) -> None:
    changed = TEMPLATE.replace('"compared"', '"renamed"')
    found = run_module("stack_difference", stack_name=NAME, template_body=changed)
    [template] = found["diff"]
    assert template["before_header"] == f"template of {NAME}"
    assert "renamed" in template["after"]
    assert "renamed" not in template["before"]
    assert found["changes"] == ["template: 1 line added, 1 removed"]


@pytest.mark.usefixtures("stack")
def test_another_notation_of_the_same_template_is_no_change(
    run_module: Callable[..., dict[str, Any]],
) -> None:
    """CloudFormation performs no update then."""
    noted = "# A comment.\n" + yaml.safe_dump(json.loads(TEMPLATE))
    found = run_module("stack_difference", stack_name=NAME, template_body=noted)
    assert (found["changed"], found["diff"], found["changes"]) == (False, [], [])


VALUES = {"Value": "before", "Kept": {"use_previous_value": True}}


@pytest.mark.usefixtures("stack")
def test_what_cloudformation_does_not_update_is_no_change(
    run_module: Callable[..., dict[str, Any]],
) -> None:
    """A template's descriptions and metadata are updated only together with resources or outputs.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-description-structure.html
    """
    template = json.loads(TEMPLATE)
    template["Description"] = "Compared."
    template["Metadata"] = {"Author": "nobody"}
    template["Parameters"]["Value"] |= {"Description": "What is set.", "Default": "other"}
    template["Parameters"]["Kept"]["AllowedPattern"] = "[a-z]+"
    body = json.dumps(template)
    found = run_module(
        "stack_difference", stack_name=NAME, template_body=body, template_parameters=VALUES
    )
    assert (found["changed"], found["diff"], found["changes"]) == (False, [], [])


@pytest.mark.parametrize(
    "changed",
    [
        {"Outputs": {"Value": {"Value": {"Ref": "Value"}}}},
        {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}},
        {"Mappings": {"Map": {"a": {"b": "c"}}}},
        {"Parameters": {"Value": {"Type": "Number"}, "Kept": {"Type": "String"}}},
        {
            "Parameters": {
                "Value": {"Type": "String"},
                "Kept": {"Type": "String"},
                "Added": {"Type": "String", "Default": "a"},
            }
        },
    ],
    ids=["outputs", "conditions", "mappings", "type", "default"],
)
@pytest.mark.usefixtures("stack")
def test_what_may_change_the_stack_is_a_change(
    run_module: Callable[..., dict[str, Any]], changed: dict[str, Any]
) -> None:
    body = json.dumps(json.loads(TEMPLATE) | changed)
    found = run_module(
        "stack_difference", stack_name=NAME, template_body=body, template_parameters=VALUES
    )
    assert found["changed"]


def test_a_stack_that_does_not_exist_differs_in_everything(
    run_module: Callable[..., dict[str, Any]],
) -> None:
    found = run_module(
        "stack_difference",
        stack_name="never-made",
        template_body=TEMPLATE,
        template_parameters={"Value": 1},
    )
    template, parameters = found["diff"]
    assert (template["before"], parameters["before"]) == ("", "")
    assert parameters["after"] == "Value: 1\n"
    lines = len(TEMPLATE.splitlines())
    assert found["changes"] == [f"template: {lines} lines added, 0 removed", "Value: (new) -> 1"]


def test_an_answer_that_is_none_names_the_operation(
    run_module: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    found = run_module("stack_difference", stack_name=NAME)
    assert found["failed"]
    assert f"describe the stack {NAME}" in found["msg"]
