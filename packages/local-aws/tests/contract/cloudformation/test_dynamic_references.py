"""`{{resolve:service:key}}` in a template: what the Parameter Store and Secrets Manager have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter, template_body

AwsClient = Any
Read = Callable[[str], str]

_INCORRECT = "Incorrect format is used in the following SSM reference: [REFERENCE]"
_MISPLACED = "SSM Secure reference is not supported in: [AWS::SSM::Parameter/Properties/Value]"


def _resolve(service: str, key: str) -> str:
    return f"{{{{resolve:{service}:{key}}}}}"


@pytest.fixture
def store(aws: AwsClient, unique_name: str) -> Iterator[Any]:
    """The Parameter Store with `/unique_name/text` (two versions) and `/unique_name/secure`."""
    client = aws("ssm")
    for name, kind, value in (
        ("text", "String", "v1"),
        ("text", "String", "v2"),
        ("secure", "SecureString", "Hidden-1-value"),
    ):
        client.put_parameter(Name=f"/{unique_name}/{name}", Type=kind, Value=value, Overwrite=True)
    yield client
    client.delete_parameters(Names=[f"/{unique_name}/text", f"/{unique_name}/secure"])


@pytest.fixture
def value_of(aws: AwsClient, stacks: StackDriver, unique_name: str) -> Read:
    """The value that the stack's parameter of a logical id has."""

    def read(logical_id: str) -> str:
        name = stacks.physical_id(unique_name, logical_id)
        return str(aws("ssm").get_parameter(Name=name)["Parameter"]["Value"])

    return read


@pytest.fixture
def secret(aws: AwsClient, unique_name: str) -> Iterator[dict[str, Any]]:
    """A secret of two versions, with a username and a password."""
    client = aws("secretsmanager")
    made = client.create_secret(Name=unique_name, SecretString=_person(1))
    client.put_secret_value(SecretId=unique_name, SecretString=_person(2))
    yield made
    client.delete_secret(SecretId=unique_name, ForceDeleteWithoutRecovery=True)


def _person(number: int) -> str:
    return json.dumps({"username": f"u{number}", "password": f"p{number}"})


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("{{resolve:ssm:/NAME/text}}", "v2"),
        ("{{resolve:ssm:/NAME/text:1}}", "v1"),
        ("a-{{resolve:ssm:/NAME/text:1}}-{{resolve:ssm:/NAME/text:2}}", "a-v1-v2"),
        ({"Fn::Sub": "{{resolve:ssm:/${AWS::StackName}/text:1}}"}, "v1"),
        ({"Fn::Join": ["", ["{{resolve:ssm:/", {"Ref": "AWS::StackName"}, "/text}}"]]}, "v2"),
        ("{{resolve:secretsmanager:NAME}}", _person(2)),
        ("{{resolve:secretsmanager:NAME:SecretString}}", _person(2)),
        ("{{resolve:secretsmanager:NAME:SecretString:password}}", "p2"),
        ("{{resolve:secretsmanager:NAME:SecretString:password:AWSPREVIOUS}}", "p1"),
        ("{{resolve:secretsmanager:ARN:SecretString:username}}", "u2"),
        (
            {"Fn::Join": ["", ["{{resolve:secretsmanager:", "ARN", ":SecretString:username::}}"]]},
            "u2",
        ),
    ],
    ids=lambda value: json.dumps(value),
)
@pytest.mark.usefixtures("store")
def test_the_resource_has_the_value(
    written: Any,
    found: str,
    stacks: StackDriver,
    unique_name: str,
    secret: dict[str, Any],
    value_of: Read,
) -> None:
    """CloudFormation User Guide, "Get values stored in other services using dynamic references";
    recorded from AWS."""
    text = json.dumps(written).replace("NAME", unique_name).replace("ARN", secret["ARN"])

    stacks.create(unique_name, {"One": parameter(json.loads(text))})

    assert value_of("One") == found


def test_an_update_looks_up_ssm_references_again(
    stacks: StackDriver, unique_name: str, store: Any, value_of: Read
) -> None:
    """Recorded from AWS: the same template is an update, with or without a new value; the previous
    one is none."""
    template = {"One": parameter(_resolve("ssm", f"/{unique_name}/text"))}
    stacks.create(unique_name, template)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique_name)

    assert stacks.update(unique_name, template)["StackStatus"] == "UPDATE_COMPLETE"
    store.put_parameter(Name=f"/{unique_name}/text", Value="v3", Overwrite=True)
    stacks.update(unique_name, template)

    assert value_of("One") == "v3"


def test_a_new_secret_reaches_a_resource_when_the_resource_itself_changes(
    stacks: StackDriver,
    aws: AwsClient,
    unique_name: str,
    secret: dict[str, Any],
    value_of: Read,
) -> None:
    """CloudFormation User Guide, "Get a secret or secret value from Secrets Manager": an update of
    nothing but the secret changes nothing; recorded from AWS."""
    reference = _resolve("secretsmanager", f"{unique_name}:SecretString:password")
    one, two = parameter(reference), parameter("2")
    stacks.create(unique_name, {"One": one})
    aws("secretsmanager").put_secret_value(SecretId=secret["ARN"], SecretString=_person(3))
    seen = []
    for template in (
        {"One": one, "Two": two},
        {"One": parameter(reference, Description="d"), "Two": two},
    ):
        stacks.update(unique_name, template)
        seen.append(value_of("One"))

    assert seen == ["p2", "p3"]


def test_a_secret_is_not_shown(
    stacks: StackDriver, unique_name: str, secret: dict[str, Any]
) -> None:
    """CloudFormation User Guide, "Get a secret or secret value from Secrets Manager": outputs,
    events and change sets have the reference; recorded from AWS."""
    reference = _resolve("secretsmanager", f"{unique_name}:SecretString:password")
    template = {
        "Resources": {"One": parameter(reference)},
        "Outputs": {"Shown": {"Value": reference}},
    }
    stacks.create(unique_name, template)
    changed = {**template, "Resources": {"One": parameter(f"{reference}!")}}

    change_set = stacks.change_set(unique_name, changed)
    change = stacks.client.describe_change_set(
        StackName=unique_name,
        ChangeSetName=change_set["ChangeSetName"],
        IncludePropertyValues=True,
    )["Changes"][0]["ResourceChange"]["Details"][0]["Target"]
    events = stacks.client.describe_stack_events(StackName=unique_name)["StackEvents"]
    properties = {e["ResourceProperties"] for e in events if e["LogicalResourceId"] == "One"}

    assert stacks.outputs(unique_name) == {"Shown": reference}
    assert {json.loads(text)["Value"] for text in properties} == {reference}
    assert (change["BeforeValue"], change["AfterValue"]) == (reference, f"{reference}!")
    assert secret["Name"] == unique_name


def test_a_user_has_a_password_of_the_parameter_store(
    stacks: StackDriver, aws: AwsClient, unique_name: str, store: Any
) -> None:
    """CloudFormation User Guide, "Resources that support dynamic parameter patterns for secure
    strings": AWS::IAM::User."""
    reference = _resolve("ssm-secure", f"/{unique_name}/secure")
    user = {
        "Type": "AWS::IAM::User",
        "Properties": {"LoginProfile": {"Password": reference}},
    }

    created = stacks.create(unique_name, {"User": user})

    assert created["StackStatus"] == "CREATE_COMPLETE"
    name = stacks.physical_id(unique_name, "User")
    assert aws("iam").get_login_profile(UserName=name)["LoginProfile"]["UserName"] == name
    assert store.get_parameter(Name=f"/{unique_name}/secure")["Parameter"]["Version"] == 1


@pytest.mark.parametrize(
    ("service", "key", "said"),
    [
        ("ssm", "text:prod", _INCORRECT),
        ("ssm-secure", "secure:prod", _INCORRECT),
        ("ssm-secure", "secure:1", _MISPLACED),
        ("ssm", "secure:1", "Non-secure ssm prefix was used for secure parameter /NAME/secure"),
        ("ssm", "missing", "Parameters: [ssm:/NAME/missing] cannot be found."),
    ],
)
@pytest.mark.usefixtures("store")
def test_a_reference_that_is_refused_at_once(
    service: str, key: str, said: str, stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS: a version is a number, and a secure string is where it may be."""
    reference = _resolve(service, f"/{unique_name}/{key}")

    with pytest.raises(ClientError) as refused:
        stacks.create(unique_name, {"One": parameter(reference)})

    assert refused.value.response["Error"]["Message"] == (
        said.replace("NAME", unique_name).replace("REFERENCE", reference)
    )


@pytest.mark.usefixtures("store")
def test_a_misplaced_secure_string_without_a_version_rolls_the_stack_back(
    stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS."""
    one = parameter(_resolve("ssm-secure", f"/{unique_name}/secure"))

    stacks.create(unique_name, {"One": one})

    assert stacks.events(unique_name)[1] == (
        unique_name,
        "ROLLBACK_IN_PROGRESS",
        f"{_MISPLACED}. Rollback requested by user.",
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            "NAME:SecretString:nothing",
            "Could not find a value associated with JSONKey in SecretString",
        ),
        ("NAME-text:SecretString:password", "Could not parse SecretString JSON"),
        (
            "NAME-missing",
            (
                "Secrets Manager can't find the specified secret. (Service: AWSSecretsManager; "
                "Status Code: 400; Error Code: ResourceNotFoundException; Request ID: "
            ),
        ),
    ],
)
@pytest.mark.usefixtures("secret")
def test_a_secret_that_is_not_found_fails_its_resource(
    key: str, said: str, stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """Recorded from AWS."""
    text = aws("secretsmanager").create_secret(Name=f"{unique_name}-text", SecretString="plain")
    one = parameter(_resolve("secretsmanager", key.replace("NAME", unique_name)))

    stacks.create(unique_name, {"One": one})

    assert stacks.failures(unique_name)["One"].startswith(said)
    aws("secretsmanager").delete_secret(SecretId=text["ARN"], ForceDeleteWithoutRecovery=True)


def test_a_change_set_is_refused_where_a_reference_finds_nothing(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Supplied parameter types": change sets need them, too."""
    one = parameter(_resolve("ssm", f"/{unique_name}/missing"))
    said = re.escape(f"Parameters: [ssm:/{unique_name}/missing] cannot be found.")

    with pytest.raises(ClientError, match=said):
        stacks.change_set(unique_name, {"One": one}, "CREATE")

    assert stacks.client.get_template_summary(TemplateBody=template_body({"One": one}))
