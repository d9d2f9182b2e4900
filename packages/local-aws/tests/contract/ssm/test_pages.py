"""Pages of parameters and documents: what goes in between takes nothing else out of the next."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import error_of


@pytest.fixture
def path(ssm: Any, unique_name: str) -> str:
    """A path with the parameters a to e."""
    for name in "abcde":
        ssm.put_parameter(Name=f"/{unique_name}/{name}", Value="1", Type="String")
    return f"/{unique_name}"


def last_parts(answer: Any) -> list[str]:
    return [str(each["Name"]).rpartition("/")[2] for each in answer["Parameters"]]


def test_parameters_of_a_path(ssm: Any, path: str) -> None:
    """API_GetParametersByPath: NextToken."""
    first = ssm.get_parameters_by_path(Path=path, MaxResults=2)
    ssm.delete_parameters(Names=[f"{path}/a", f"{path}/b"])
    rest = ssm.get_parameters_by_path(Path=path, NextToken=first["NextToken"])
    assert (last_parts(first), last_parts(rest)) == (["a", "b"], ["c", "d", "e"])


def test_parameters_that_are_described(ssm: Any, path: str) -> None:
    """API_DescribeParameters: NextToken."""
    asked = {"ParameterFilters": [{"Key": "Path", "Values": [path]}]}
    first = ssm.describe_parameters(**asked, MaxResults=2)
    ssm.delete_parameter(Name=f"{path}/a")
    ssm.put_parameter(Name=f"{path}/a0", Value="1", Type="String")
    rest = ssm.describe_parameters(**asked, NextToken=first["NextToken"])
    assert (last_parts(first), last_parts(rest)) == (["a", "b"], ["c", "d", "e"])


def test_the_history_of_a_parameter_whose_oldest_version_goes(ssm: Any, unique_name: str) -> None:
    """API_PutParameter, Overwrite: 100 versions are kept; the oldest goes for a new one."""
    for number in range(100):
        ssm.put_parameter(Name=unique_name, Value=str(number), Type="String", Overwrite=True)
    first = ssm.get_parameter_history(Name=unique_name, MaxResults=50)
    ssm.put_parameter(Name=unique_name, Value="new", Overwrite=True)
    rest = ssm.get_parameter_history(Name=unique_name, NextToken=first["NextToken"], MaxResults=50)
    versions = [each["Version"] for each in first["Parameters"] + rest["Parameters"]]
    assert versions == list(range(1, 101))
    again = ssm.get_parameter_history(Name=unique_name, NextToken=rest["NextToken"])
    assert [each["Version"] for each in again["Parameters"]] == [101]


def test_a_token_of_another_list_is_none_of_this(ssm: Any, path: str) -> None:
    """API_DescribeParameters: InvalidNextToken."""
    first = ssm.get_parameters_by_path(Path=path, MaxResults=2)
    refused = error_of(ssm.describe_parameters, NextToken=first["NextToken"])
    assert refused[0] == "InvalidNextToken"


def test_documents(ssm: Any, unique_name: str) -> None:
    """API_ListDocuments: NextToken, also of a request with filters."""
    content = json.dumps({"schemaVersion": "2.2", "description": "", "mainSteps": []})
    names = [f"{unique_name}-{letter}" for letter in "abcde"]
    for name in [f"0-{unique_name}", *names]:
        ssm.create_document(Name=name, Content=content, DocumentType="Command")
    asked = {"Filters": [{"Key": "Name", "Values": names}], "MaxResults": 2}
    first = ssm.list_documents(**asked)
    ssm.delete_document(Name=names[0])
    rest = ssm.list_documents(**{**asked, "MaxResults": 10}, NextToken=first["NextToken"])
    assert [each["Name"] for each in first["DocumentIdentifiers"]] == names[:2]
    assert [each["Name"] for each in rest["DocumentIdentifiers"]] == names[2:]
