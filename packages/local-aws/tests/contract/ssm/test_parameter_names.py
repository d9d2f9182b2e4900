"""How parameters are named where they are put, read and found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import error_of

REFERENCES = "/aws/reference/secretsmanager"
PUT = {"Value": "1", "Type": "String"}


def names_in(answer: Any) -> list[str]:
    return [str(each["Name"]) for each in answer["Parameters"]]


def test_a_parameter_is_found_with_a_slash_before_it(ssm: Any, unique_name: str) -> None:
    """Recorded from AWS: the answer has the name as in the request."""
    ssm.put_parameter(Name=unique_name, **PUT)
    spelt = f"/{unique_name}"
    assert ssm.get_parameter(Name=spelt)["Parameter"]["Name"] == spelt
    assert names_in(ssm.get_parameters(Names=[spelt])) == [spelt]


@pytest.mark.parametrize("form", ["/{}//b", "{}/b", "/{}/b/", "{} b"])
def test_a_name_that_no_parameter_can_have_is_refused(
    ssm: Any, unique_name: str, form: str
) -> None:
    """Recorded from AWS: ValidationException; API_PutParameter: Name."""
    name = form.format(unique_name)
    for refused in (
        error_of(ssm.get_parameter, Name=name),
        error_of(ssm.put_parameter, Name=name, **PUT),
    ):
        assert refused[0] == "ValidationException"
        assert "sub-paths divided by slash symbol" in refused[1]


def test_a_selector_is_no_part_of_a_new_name(ssm: Any, unique_name: str) -> None:
    """API_PutParameter: Name; such a one was made, and DescribeParameters failed for everybody."""
    assert error_of(ssm.put_parameter, Name=f"{unique_name}:1", **PUT)[0] == "ValidationException"
    assert ssm.describe_parameters(MaxResults=1)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_blanks_around_a_name_are_no_part_of_it(ssm: Any, unique_name: str) -> None:
    """API_PutParameter: Name: "The service removes any spaces"."""
    ssm.put_parameter(Name=f" {unique_name} ", **PUT)
    assert ssm.get_parameter(Name=f" {unique_name}")["Parameter"]["Name"] == unique_name


def test_a_hierarchy_has_fifteen_levels(ssm: Any, unique_name: str) -> None:
    """API_PutParameter: HierarchyLevelLimitExceededException."""
    levels = "/".join("abcdefghijklmn")
    ssm.put_parameter(Name=f"/{unique_name}/{levels}", **PUT)
    code, _ = error_of(ssm.put_parameter, Name=f"/{unique_name}/{levels}/o", **PUT)
    assert code == "HierarchyLevelLimitExceededException"


def test_the_selector_of_a_version_is_repeated(ssm: Any, unique_name: str) -> None:
    """API_Parameter: Selector; the GetParameter example of the AWS CLI."""
    ssm.put_parameter(Name=unique_name, **PUT)
    ssm.label_parameter_version(Name=unique_name, Labels=["live"])
    for selector in (":1", ":live"):
        found = ssm.get_parameter(Name=f"{unique_name}{selector}")["Parameter"]
        assert (found["Name"], found["Selector"]) == (unique_name, selector)
    [found] = ssm.get_parameters(Names=[f"{unique_name}:1"])["Parameters"]
    assert (found["Name"], found["Selector"]) == (unique_name, ":1")
    assert "Selector" not in ssm.get_parameter(Name=unique_name)["Parameter"]


def test_a_version_or_label_that_is_not_there(ssm: Any, unique_name: str) -> None:
    """API_GetParameter: ParameterVersionNotFound; API_GetParameters: InvalidParameters."""
    ssm.put_parameter(Name=unique_name, **PUT)
    for selector in ("9", "none"):
        asked = f"{unique_name}:{selector}"
        assert error_of(ssm.get_parameter, Name=asked)[0] == "ParameterVersionNotFound"
        assert ssm.get_parameters(Names=[asked])["InvalidParameters"] == [asked]


def test_several_are_listed_by_their_names(ssm: Any, unique_name: str) -> None:
    """API_GetParameters: Names: "listed in alphabetical order"."""
    names = [f"{unique_name}.{each}" for each in "cab"]
    for name in names:
        ssm.put_parameter(Name=name, **PUT)
    assert names_in(ssm.get_parameters(Names=names)) == sorted(names)


def test_a_secret_is_read_as_a_parameter(aws: Any, ssm: Any, unique_name: str) -> None:
    """Recorded from AWS; Systems Manager User Guide, "Referencing Secrets Manager secrets"."""
    aws("secretsmanager").create_secret(Name=unique_name, SecretString="value")
    name = f"{REFERENCES}/{unique_name}"
    found = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert (found["Name"], found["Type"], found["Value"]) == (name, "SecureString", "value")
    source = json.loads(found["SourceResult"])
    assert source["name"] == unique_name
    assert ":secretsmanager:" in source["ARN"]
    several = ssm.get_parameters(
        Names=[name, f"{REFERENCES}/missing-{unique_name}"], WithDecryption=True
    )
    assert names_in(several) == [name]
    assert several["InvalidParameters"] == [f"{REFERENCES}/missing-{unique_name}"]


def test_a_secret_that_is_not_there_is_named(ssm: Any) -> None:
    """Recorded from AWS: ParameterNotFound."""
    name = f"{REFERENCES}/inexistent"
    code, words = error_of(ssm.get_parameter, Name=name, WithDecryption=True)
    assert code == "ParameterNotFound"
    assert words.endswith(f"Secret {name} not found.")


def test_a_path_begins_with_a_slash(ssm: Any) -> None:
    """API_GetParametersByPath: Path."""
    assert error_of(ssm.get_parameters_by_path, Path="a")[0] == "ValidationException"


def test_a_token_that_names_no_page(ssm: Any) -> None:
    """API_GetParametersByPath, API_DescribeParameters: InvalidNextToken."""
    for call in (
        lambda **page: ssm.get_parameters_by_path(Path="/", **page),
        ssm.describe_parameters,
    ):
        assert error_of(call, NextToken="none")[0] == "InvalidNextToken"


@pytest.mark.parametrize("key", ["tag:team", "DataType", "Name", "Tier"])
def test_filters_that_a_path_does_not_take(ssm: Any, key: str) -> None:
    """API_GetParametersByPath: ParameterFilters."""
    wanted = [{"Key": key, "Values": ["x"]}]
    code, _ = error_of(ssm.get_parameters_by_path, Path="/", ParameterFilters=wanted)
    assert code == "InvalidFilterKey"


def test_a_label_finds_its_own_version_below_a_path(ssm: Any, unique_name: str) -> None:
    """Recorded from AWS: ParameterFilters by Label; a version may have other labels, too."""
    name = f"/{unique_name}/part"
    ssm.put_parameter(Name=name, Value="old", Type="String")
    ssm.label_parameter_version(Name=name, Labels=["first", "other"])
    ssm.put_parameter(Name=name, Value="new", Overwrite=True)
    wanted = [{"Key": "Label", "Values": ["first"]}]
    [found] = ssm.get_parameters_by_path(Path=f"/{unique_name}", ParameterFilters=wanted)[
        "Parameters"
    ]
    assert (found["Name"], found["Value"], found["Version"]) == (name, "old", 1)


def test_all_filters_must_fit(ssm: Any, unique_name: str) -> None:
    """API_ParameterStringFilter: tag without values, DataType; each key once."""
    names = [f"/{unique_name}/{each}" for each in "ab"]
    for name in names:
        ssm.put_parameter(Name=name, Tags=[{"Key": "team", "Value": "q"}], **PUT)
    tagged, text = {"Key": "tag:team"}, {"Key": "DataType", "Values": ["text"]}
    one = {"Key": "Name", "Values": [names[0]]}
    assert names_in(ssm.describe_parameters(ParameterFilters=[tagged, text, one])) == names[:1]
    code, words = error_of(ssm.describe_parameters, ParameterFilters=[one, text, text])
    assert code == "InvalidFilterKey"
    assert "duplicated in the request: DataType" in words
