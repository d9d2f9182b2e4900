"""What PutParameter accepts, and what versions and their labels show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import error_of
from role_driver import allow, policy_document

LONG = "x" * 4097


@pytest.fixture
def put(ssm: Any, unique_name: str) -> Any:
    """Puts a parameter of the test's name; keywords change the request."""

    def call(**changes: Any) -> Any:
        return ssm.put_parameter(**{"Name": unique_name, "Value": "1", "Type": "String", **changes})

    return call


def test_a_standard_parameter_has_4096_characters(put: Any) -> None:
    """API_PutParameter: Value, Tier."""
    code, words = error_of(put, Value=LONG)
    assert code == "ValidationException"
    assert words.startswith(
        "Standard tier parameters support a maximum parameter value of 4096 characters."
    )
    assert put(Value=LONG, Tier="Advanced")["Tier"] == "Advanced"
    assert error_of(put, Value="x" * 8193, Overwrite=True)[0] == "ValidationException"


def test_intelligent_tiering_chooses_a_tier(put: Any) -> None:
    """API_PutParameter: Tier: "Intelligent-Tiering"."""
    assert put(Tier="Intelligent-Tiering")["Tier"] == "Standard"
    assert put(Tier="Intelligent-Tiering", Value=LONG, Overwrite=True)["Tier"] == "Advanced"


def test_an_advanced_parameter_stays_advanced(put: Any) -> None:
    """API_PutParameter: Tier: "you can't revert an advanced parameter"."""
    put(Tier="Advanced")
    assert put(Overwrite=True)["Tier"] == "Advanced"
    assert error_of(put, Overwrite=True, Tier="Standard")[0] == "ValidationException"


def test_a_value_fits_its_pattern(put: Any) -> None:
    """API_PutParameter: AllowedPattern, which later versions are held to as well."""
    pattern = {"AllowedPattern": r"^\d+$"}
    mismatch = "ParameterPatternMismatchException"
    assert error_of(put, Value="a", **pattern)[0] == mismatch
    put(Value="12", **pattern)
    assert error_of(put, Value="a", Overwrite=True)[0] == mismatch
    invalid = error_of(put, Overwrite=True, AllowedPattern="[")
    assert invalid[0] == "InvalidAllowedPatternException"


def test_policies_are_refused_by_name(put: Any) -> None:
    """Nothing here carries them out."""
    attributes = {"Timestamp": "2020-12-02T21:34:33.000Z"}
    policy = {"Type": "Expiration", "Version": "1.0", "Attributes": attributes}
    code, words = error_of(put, Tier="Advanced", Policies=json.dumps([policy]))
    assert code == "ValidationException"
    assert "Policies" in words
    put(Policies="[]")


def test_labels_that_a_version_cannot_have(ssm: Any, put: Any, unique_name: str) -> None:
    """API_LabelParameterVersion: "aws" and "ssm" in any case; a version has ten at the most."""
    put()
    given = ["1a", "awsx", "SSMx", "a/b", "live"]
    answer = ssm.label_parameter_version(Name=unique_name, Labels=given)
    assert answer["InvalidLabels"] == given[:-1]
    ssm.label_parameter_version(Name=unique_name, Labels=[f"l{number}" for number in range(9)])
    code, words = error_of(ssm.label_parameter_version, Name=unique_name, Labels=["more"])
    assert code == "ParameterVersionLabelLimitExceeded"
    assert words.startswith("A parameter version can have maximum 10 labels.")


def test_described_parameters_have_their_arn(ssm: Any, put: Any, unique_name: str) -> None:
    """API_ParameterMetadata: ARN; API_DescribeParameters: MaxResults."""
    put()
    wanted = {"ParameterFilters": [{"Key": "Name", "Values": [unique_name]}]}
    [shown] = ssm.describe_parameters(**wanted)["Parameters"]
    assert shown["ARN"] == ssm.get_parameter(Name=unique_name)["Parameter"]["ARN"]
    for number in range(11):
        put(Name=f"/{unique_name}/{number}")
    here = {"Key": "Path", "Option": "Recursive", "Values": [f"/{unique_name}"]}
    found = ssm.describe_parameters(ParameterFilters=[here], MaxResults=50)
    assert len(found["Parameters"]) == 11
    assert "NextToken" not in found


def test_a_version_names_who_put_it(aws: Any, ssm: Any, user: str, unique_name: str) -> None:
    """API_ParameterHistory: LastModifiedUser: an ARN."""
    aws("iam").put_user_policy(
        UserName=user, PolicyName="put", PolicyDocument=policy_document(allow("ssm:PutParameter"))
    )
    key = aws("iam").create_access_key(UserName=user)["AccessKey"]
    as_user = aws(
        "ssm",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    ssm.put_parameter(Name=unique_name, Value="1", Type="String")
    as_user.put_parameter(Name=unique_name, Value="2", Overwrite=True)
    versions = ssm.get_parameter_history(Name=unique_name)["Parameters"]
    assert [each["LastModifiedUser"] for each in versions] == [
        "arn:aws:iam::123456789012:root",
        f"arn:aws:iam::123456789012:user/{user}",
    ]


@pytest.mark.parametrize(
    ("value", "is_refused"),
    [
        ("{{other}}", True),
        ("a {{ssm:other}} b", True),
        ('{"a": {"b": {"c": 1}}}', False),
        ("}} and {{", False),
    ],
)
def test_a_value_holds_no_other_parameter(
    aws: Any, unique_name: str, value: str, is_refused: bool
) -> None:
    """API_PutParameter, Value: "You can't include values wrapped in double brackets {{}} or
    {{ssm:parameter-name}} in a parameter value"."""
    ssm, given = aws("ssm"), {"Name": unique_name, "Value": value, "Type": "String"}
    if is_refused:
        assert error_of(ssm.put_parameter, **given)[0] == "ValidationException"
    else:
        ssm.put_parameter(**given)
