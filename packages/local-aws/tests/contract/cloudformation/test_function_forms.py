"""A function with arguments of another form is refused before a stack exists, in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter

_JOIN = (
    "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
    "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be "
    "joined."
)
_SPLIT = (
    "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be "
    "split or a function that returns a string to be split."
)
_SUB = (
    "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as "
    "first argument, and an optional second argument to specify a mapping of values to replace in "
    "the string"
)
_SUB_VALUE = (
    "every value of the context object of every Fn::Sub object must be a string or a function that "
    "returns a string"
)
_SUB_NAME = (
    "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, "
    "periods, and colons"
)
_GET_ATT = (
    "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
    "attribute"
)
_GET_ATT_TEXT = (
    "if specifying one argument to Fn::GetAtt, that argument must be a non-empty string in format "
    "<LogicalId>.<Attribute>"
)
_IF = "Fn::If requires a list argument with "
_IMPORT = (
    "the attribute in Fn::ImportValue must not depend on any resources, imported values, or "
    "Fn::GetAZs"
)
_LIST = {"Ref": "List"}


def _refusal(stacks: StackDriver, name: str, template: dict[str, Any]) -> str:
    """Why CreateStack refuses the template; no stack is left."""
    with pytest.raises(ClientError) as refused:
        stacks.create(name, template)
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(name)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    return str(refused.value.response["Error"]["Message"])


@pytest.mark.parametrize(
    ("function", "argument", "said"),
    [
        ("Fn::Join", [","], _JOIN),
        ("Fn::Join", [",", "a"], _JOIN),
        ("Fn::Join", [",", [["a"]]], _JOIN),
        ("Fn::Join", [",", [{"Fn::Split": ["-", "a-b"]}]], _JOIN),
        ("Fn::Split", [","], _SPLIT),
        ("Fn::Split", [",", _LIST], _SPLIT),
        ("Fn::Sub", ["a"], _SUB),
        ("Fn::Sub", {"a": "b"}, _SUB),
        ("Fn::Sub", ["${a}", {"a": ["b"]}], _SUB_VALUE),
        ("Fn::Sub", ["${a}", {"a": {"Ref": "AWS::NoValue"}}], _SUB_VALUE),
        ("Fn::Sub", "${}", _SUB_NAME),
        ("Fn::Sub", "${HOME:-/root}", _SUB_NAME),
        ("Fn::GetAtt", ["Other"], _GET_ATT),
        ("Fn::GetAtt", ["Other", ""], _GET_ATT),
        ("Fn::GetAtt", "Other", _GET_ATT_TEXT),
        ("Fn::Base64", _LIST, "every Fn::Base64 object must have a String-typed value."),
        ("Fn::If", [{"Ref": "One"}, "a", "b"], f"{_IF}the first element being a condition"),
        ("Fn::If", ["Yes", "a"], f"{_IF}three elements"),
        ("Fn::If", ["No", "a", "b"], "unresolved condition dependency No in Fn::If"),
        ("Fn::ImportValue", {"Ref": "Other"}, _IMPORT),
        ("Fn::ImportValue", {"Fn::Sub": "${Other}-id"}, _IMPORT),
        (
            "Fn::FindInMap",
            ["Absent", "a", "b"],
            "Mapping named 'Absent' is not present in the 'Mappings' section of template.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("Fn::") else "",
)
def test_a_function_takes_arguments_of_one_form(
    stacks: StackDriver, unique_name: str, function: str, argument: Any, said: str
) -> None:
    """CloudFormation Template Reference, "Intrinsic function reference"; AWS's words as reported by
    its clients (aws-cli#913, cfn-lint#316, ecs-refarch-cloudformation#55, kube-aws#1304 ...)."""
    template = {
        "Parameters": {"List": {"Type": "CommaDelimitedList", "Default": "a,b"}},
        "Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}},
        "Resources": {"One": parameter({function: argument}), "Other": parameter("1")},
    }

    assert _refusal(stacks, unique_name, template) == f"Template error: {said}"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            {"Fn::And": [{"Fn::Equals": ["a", "a"]}]},
            (
                "error: every Fn::And object requires a list of at least 2 and at most 10 boolean "
                "parameters."
            ),
        ),
        (
            {"Fn::Or": [{"Fn::Equals": ["a", "a"]}] * 11},
            (
                "error: every Fn::Or object requires a list of at least 2 and at most 10 boolean "
                "parameters."
            ),
        ),
        (
            {"Fn::Equals": [_LIST, ""]},
            "error: every Fn::Equals object requires a list of 2 string parameters.",
        ),
        (
            {"Fn::Equals": [{"Ref": "One"}, "a"]},
            (
                "format error: Unresolved dependencies [One]. Cannot reference resources in the "
                "Conditions block of the template"
            ),
        ),
        (
            {"Ref": "List"},
            (
                "format error: Conditions can only be boolean operations on parameters and other "
                "conditions"
            ),
        ),
    ],
    ids=["And", "Or", "Equals", "resource", "Ref"],
)
def test_a_condition_is_an_operation_on_parameters(
    stacks: StackDriver, unique_name: str, condition: Any, said: str
) -> None:
    """CloudFormation Template Reference, "Condition functions"; AWS's words as reported by its
    clients (aws-cdk#25696, cfn-lint#99 and #1639)."""
    template = {
        "Parameters": {"List": {"Type": "CommaDelimitedList", "Default": "a,b"}},
        "Conditions": {"Some": condition},
        "Resources": {"One": parameter("1") | {"Condition": "Some"}},
    }

    assert _refusal(stacks, unique_name, template) == f"Template {said}"


_NAME_OF_EXPORT = (
    "Output Out is malformed. The Name field of every Export member must be specified and consist "
    "only of alphanumeric characters, colons, or hyphens."
)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        (
            {"Outputs": {"an_output": {"Value": "1"}}},
            "Outputs name 'an_output' is non alphanumeric.",
        ),
        ({"Resources": {"A_B": parameter("1")}}, "Resource name A_B is non alphanumeric."),
        (
            {"Parameters": {"A_B": {"Type": "String", "Default": ""}}},
            "Parameter name A_B is non alphanumeric.",
        ),
        (
            {"Mappings": {"Map": {"Key": {"a-b": "c"}}}},
            "Mappings attribute name 'a-b' must contain only alphanumeric characters.",
        ),
        (
            {"Mappings": {"Map": {"10.0.0.0/16": {"a": "b"}}}},
            (
                "Mappings element name '10.0.0.0/16' must be non-empty and can contain only "
                "alphanumerics, '-' or '.'"
            ),
        ),
        (
            {"Resources": {"One": {"Type": {"Ref": "AWS::Region"}}}},
            "[/Resources/One] Every Type member must be a string.",
        ),
        (
            {"AWSTemplateFormatVersion": "2020-09-09"},
            "2020-09-09 is not a supported value for AWSTemplateFormatVersion.",
        ),
        ({"Outputs": {"Out": {"Value": "1", "Export": "name"}}}, _NAME_OF_EXPORT),
        ({"Outputs": {"Out": {"Value": "1", "Export": {"Name": "a.b"}}}}, _NAME_OF_EXPORT),
        (
            {"Outputs": {"Out": {"Value": "1", "Export": {"Name": {"Ref": "One"}}}}},
            (
                "Output Out is malformed.  The Name field of Export must not depend on any "
                "resources, imported values, or Fn::GetAZs."
            ),
        ),
        (
            {"Outputs": {key: {"Value": "1", "Export": {"Name": "same"}} for key in ("A", "B")}},
            (
                "The Outputs section contains duplicate Export names: [same]. Specify a unique "
                "name for each export."
            ),
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_names_and_versions_that_aws_does_not_have(
    stacks: StackDriver, unique_name: str, sections: dict[str, Any], said: str
) -> None:
    """CloudFormation Template Reference, "Template sections"; AWS's words as reported by its
    clients (aws-cdk#5845, #16866; cfn-lint#1630, #1632, #2004; ecs_composex#444)."""
    template = {"Resources": {"One": parameter("1")}} | sections

    assert _refusal(stacks, unique_name, template) == f"Template format error: {said}"


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        (["10.0.0.0/24", 1, 23], "invalid CIDR block size 23"),
        (["10.0.0.0/24", 6, 7], "Fn::Cidr: 10.0.0.0/24 has no 6 blocks of 7 bits"),
    ],
)
def test_a_block_has_only_so_many_parts(
    stacks: StackDriver, unique_name: str, argument: list[Any], said: str
) -> None:
    """CloudFormation Template Reference, "Fn::Cidr"; the first as reported (eksctl#4904)."""
    first = parameter({"Fn::Select": [0, {"Fn::Cidr": argument}]})

    refusal = _refusal(stacks, unique_name, {"Resources": {"One": first}})

    assert refusal == f"Template error: {said}"


@pytest.mark.parametrize("value", [{"Ref": "AWS::NoValue"}, _LIST], ids=["none", "list"])
def test_what_is_substituted_is_text(
    stacks: StackDriver, unique_name: str, value: dict[str, Any]
) -> None:
    """CloudFormation Template Reference, "Fn::Sub"; seen only once the condition is evaluated."""
    chosen = {"Fn::If": ["Yes", value, "b"]}
    template = {
        "Parameters": {"List": {"Type": "CommaDelimitedList", "Default": "a,b"}},
        "Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}},
        "Resources": {"One": parameter({"Fn::Sub": ["${a}", {"a": chosen}]})},
    }

    assert stacks.create(unique_name, template)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any(_SUB_VALUE in event[2] for event in stacks.events(unique_name))
