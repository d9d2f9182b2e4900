"""Templates that would take all memory, all time or the stack of the daemon are refused at once."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import parameters, quotas, references, template
from local_aws.control_plane.cloudformation.intrinsic_functions import Evaluator
from local_aws.control_plane.cloudformation.template_reader import read

_RESOURCES = "Resources: {A: {Type: T}}\n"
_BOMB = "Metadata:\n  a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"  a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
)


def refusal(text: str) -> str:
    started = time.monotonic()
    with pytest.raises(ValidationError) as refused:
        template.parse(text)
    assert time.monotonic() - started < 30  # it would take for ever
    return refused.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_BOMB + _RESOURCES, "YAML aliases are not allowed in CloudFormation templates"),
        (_RESOURCES + "Metadata: [&a x, *a]", "YAML aliases are not allowed"),
        (_RESOURCES + "Metadata: {<<: {a: b}}", "YAML not well-formed. (line 2, column 12)"),
        (_RESOURCES + "Metadata: !!binary YQ==", "YAML not well-formed. (line 2, column 11)"),
        (_RESOURCES + "Metadata: !!python/name:os.system", "YAML not well-formed"),
        (_RESOURCES + "Metadata: {? [a] : b}", "YAML not well-formed"),
        (_RESOURCES + "Metadata: " + "[" * 3000 + "]" * 3000, "more than 100 levels deep"),
        (_RESOURCES + "Metadata: " + "!Not [" * 300 + "]" * 300, "more than 100 levels deep"),
        ('{"Metadata": ' + "[" * 100_000 + "]" * 100_000 + "}", "more than 100 levels deep"),
        ('{"Metadata": ' + '{"a":' * 500 + "1" + "}" * 501, "more than 100 levels deep"),
        (_RESOURCES + f"Metadata: {'9' * 5000}", "YAML not well-formed"),
        (f'{{"Metadata": {"9" * 5000}}}', "JSON not well-formed"),
        ('{"Metadata": 1e999, "Resources": {"A": {"Type": "T"}}}', "inf is not a number"),
        ('{"Metadata": NaN}', "NaN is not a number"),
        (_RESOURCES + "Metadata: .nan", "nan is not a number"),
        (_RESOURCES + "Metadata: a\0b", "YAML not well-formed"),
        ('{"Metadata": "\\ud800"}', "half of a surrogate pair"),
        ('{"a": 1,\n}', "JSON not well-formed. (line 2, column 2)"),
        (_RESOURCES + "Parameters: {P: 1}", "must contain a Type"),
        (_RESOURCES + "Outputs: []", "must be an object"),
        ("Resources: {'a-b': {Type: T}}", "Resource name a-b is non alphanumeric"),
        ("Resources: {A: {Type: T, DependsOn: 7}}", "must be a string or list of strings"),
        ("Resources: {A: {Type: T, Properties: {P: {Fn::Sub: 7}}}}", "specify expected arguments"),
        (
            _RESOURCES + "Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}",
            "circular condition dependency",
        ),
        (
            _RESOURCES + "Conditions: {A: !Not [!Condition B]}",
            "Unresolved condition dependency B in condition A",
        ),
    ],
)
def test_refused(text: str, message: str) -> None:
    assert message in refusal(text)


@pytest.mark.parametrize(
    ("section", "most", "member"),
    [
        ("Resources", 500, {"Type": "AWS::SNS::Topic"}),
        ("Parameters", 200, {"Type": "String"}),
        ("Outputs", 200, {"Value": "v"}),
        ("Mappings", 200, {"a": {"b": "c"}}),
    ],
)
def test_quotas(section: str, most: int, member: dict[str, Any]) -> None:
    def body(number: int) -> str:
        members = {f"M{i}": member for i in range(number)}
        return json.dumps({"Resources": {"A": {"Type": "AWS::SNS::Topic"}}, section: members})

    assert len(template.parse(body(most))[section]) == most
    assert refusal(body(most + 1)) == (
        f"Template format error: Number of {section.lower()}, {most + 1}, is greater than maximum "
        f"allowed, {most}"
    )


def test_sizes() -> None:
    quotas.check_inline("a" * 51_200)
    quotas.check_stored(1_000_000)
    quotas.check_given_parameters([{"ParameterKey": "P", "ParameterValue": "a" * 4_096}])
    with pytest.raises(ValidationError, match=r"'templateBody'.*less than or equal to 51200"):
        quotas.check_inline("ä" * 25_601)
    with pytest.raises(ValidationError, match="may not exceed 1000000 bytes"):
        quotas.check_stored(1_000_001)
    with pytest.raises(ValidationError, match=r"'parameters\.1\.member.*equal to 4096"):
        quotas.check_given_parameters([{"ParameterKey": "P", "ParameterValue": "a" * 4_097}])
    with pytest.raises(ValidationError, match="'Description' length is greater than 1024"):
        template.parse(_RESOURCES + f"Description: {'a' * 1025}")


def test_as_on_aws_the_last_of_two_equal_keys_counts() -> None:
    assert read('{"a": 1, "a": 2}') == read("a: 1\na: 2") == {"a": 2}


def test_keys_are_text_as_in_json() -> None:
    assert read("012345678901: {1: a, true: b}") == {"012345678901": {"1": "a", "true": "b"}}


def test_a_long_chain_of_resources_or_conditions_is_quickly_in_order() -> None:
    started = time.monotonic()
    resources = {f"R{i}": {"Type": "T", "DependsOn": f"R{i + 1}"} for i in range(499)}
    assert references.creation_order({**resources, "R499": {"Type": "T"}})[0] == "R499"
    conditions = {f"C{i}": {"Fn::Not": [{"Condition": f"C{i + 1}"}]} for i in range(5000)}
    conditions["C5000"] = {"Fn::Equals": ["a", "a"]}
    assert evaluator({"Conditions": conditions}).holds("C0")
    assert time.monotonic() - started < 30  # it would take for ever


def evaluator(body: dict[str, Any], **names: Any) -> Evaluator:
    return Evaluator(body, names, None)  # type: ignore[arg-type] # it looks nothing up


_SPLIT = {"Fn::Split": ["a", "a" * 20_000]}
_LONG = "x" * 4_000


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Join": [_LONG, _SPLIT]},
        {"Fn::Sub": "${P}" * 300},
        [{"Ref": "P"}] * 300,
        {"Fn::Cidr": ["10.0.0.0/8", 1_000_000_000, 8]},
    ],
)
def test_functions_build_no_more_than_a_megabyte(value: Any) -> None:
    with pytest.raises(ValidationError, match=r"more than 1,000,000 characters|between 1 and 256"):
        evaluator({}, P=_LONG).value_of(value)


def test_nested_json_does_not_double_for_ever() -> None:
    value: Any = '"\\'
    for _ in range(40):
        value = {"Fn::ToJsonString": [value]}
    with pytest.raises(ValidationError, match="more than 1,000,000 characters"):
        evaluator({}).value_of(value)


@pytest.mark.parametrize(
    "value",
    [{"Fn::Join": 1}, {"Fn::Split": ["", "a"]}, {"Fn::Select": "x"}, {"Fn::Cidr": "x"}],
)
def test_malformed_functions_are_the_clients_mistake(value: Any) -> None:
    with pytest.raises(ValidationError, match="object has another form"):
        evaluator({}).value_of(value)


def test_a_pattern_that_backtracks_for_ever_is_given_up() -> None:
    declared = {"P": {"Type": "String", "AllowedPattern": "(a|aa)+b\\1"}}
    started = time.monotonic()
    with pytest.raises(ValidationError, match=r"takes more than 0\.5 s"):
        parameters.given_values(
            declared, [{"ParameterKey": "P", "ParameterValue": "a" * 4000 + "!"}], {}
        )
    assert time.monotonic() - started < 30  # it would take for ever


@pytest.mark.parametrize(
    "spec",
    [
        {"AllowedPattern": "("},
        {"AllowedPattern": "(?P<a"},
        {"MinLength": "x"},
        {"AllowedValues": 3},
        {"Type": "Number", "MinValue": "x"},
    ],
)
def test_malformed_constraints_are_the_clients_mistake(spec: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"no regular expression|malformed constraint"):
        parameters.given_values(
            {"P": {"Type": "String"} | spec}, [{"ParameterKey": "P", "ParameterValue": "1"}], {}
        )


_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
_SECTION = st.sampled_from(
    ["Resources", "Parameters", "Conditions", "Outputs", "Mappings", "Rules"]
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(_SECTION, _VALUES))
def test_whatever_a_template_holds_it_is_read_or_refused(body: dict[str, Any]) -> None:
    try:
        read_back = template.parse(json.dumps(body))
    except ValidationError:
        return
    assert read_back["Resources"]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(
        [
            "Fn::Join",
            "Fn::Split",
            "Fn::Select",
            "Fn::Sub",
            "Fn::FindInMap",
            "Fn::If",
            "Fn::Base64",
            "Fn::Cidr",
            "Fn::ToJsonString",
        ]
    ),
    _VALUES,
)
def test_whatever_a_function_is_given_it_has_a_value_or_is_refused(name: str, value: Any) -> None:
    try:
        evaluator({"Mappings": {}}).value_of({name: value})
    except ValidationError:
        return


@pytest.mark.parametrize("block", [False, 167772160, None, "10.0.0.0/99"])
def test_what_is_no_block_is_not_cut_into_subnets(block: Any) -> None:
    with pytest.raises(ValidationError):
        evaluator({}).value_of({"Fn::Cidr": [block, 1]})


def test_numbers_are_finite() -> None:
    for value in ("nan", "inf", "1e999", "x"):
        with pytest.raises(ValidationError, match="must be a number"):
            parameters.given_values(
                {"P": {"Type": "Number"}}, [{"ParameterKey": "P", "ParameterValue": value}], {}
            )
