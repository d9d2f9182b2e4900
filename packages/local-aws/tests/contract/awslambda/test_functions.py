"""Lambda's API: what a function can be, its policy, and lists of functions."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import policy_document

CreateFunction = Callable[..., dict[str, Any]]


@pytest.fixture
def lambda_(aws: Any) -> Any:
    return aws("lambda")


@pytest.fixture
def function(aws: Any, unique_name: str) -> Iterator[dict[str, Any]]:
    """The members with which CreateFunction creates one."""
    iam, lambda_ = aws("iam"), aws("lambda")
    service = {"Service": "lambda.amazonaws.com"}
    trust = policy_document({"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("program.py", "")
    yield {
        "FunctionName": unique_name,
        "Runtime": "python3.13",
        "Role": role,
        "Handler": "program.main",
        "Code": {"ZipFile": archive.getvalue()},
    }
    for each in lambda_.list_functions()["Functions"]:
        if each["FunctionName"].startswith(unique_name):
            lambda_.delete_function(FunctionName=each["FunctionName"])
    iam.delete_role(RoleName=unique_name)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Timeout", 0, "Member must have value greater than or equal to 1"),
        ("MemorySize", 127, "Member must have value greater than or equal to 128"),
        ("MemorySize", 32769, "Member must have value less than or equal to 32768"),
        ("Description", "x" * 257, "Member must have length less than or equal to 256"),
    ],
)
def test_a_function_s_settings_have_bounds(
    unchecked: Any, function: dict[str, Any], name: str, value: Any, words: str
) -> None:
    """API_CreateFunction: the bounds of its members, in the words of AWS's framework."""
    shown = f"{name[0].lower()}{name[1:]}"
    message = f"Value '{value}' at '{shown}' failed to satisfy constraint: {words}"
    refused = refusal_of(unchecked("lambda").create_function, **{**function, name: value})
    assert refused == (400, "ValidationException", f"1 validation error detected: {message}")


def test_a_runtime_is_one_of_lambda_s(lambda_: Any, function: dict[str, Any]) -> None:
    """API_CreateFunction and API_UpdateFunctionConfiguration: Runtime."""
    refused = refusal_of(lambda_.create_function, **{**function, "Runtime": "cobol85"})
    words = "Value cobol85 at 'runtime' failed to satisfy constraint: Member must satisfy enum "
    assert (refused[:2], refused[2].startswith(words)) == (
        (400, "InvalidParameterValueException"),
        True,
    )
    lambda_.create_function(**function)
    again = {"FunctionName": function["FunctionName"], "Runtime": "cobol85"}
    refused = refusal_of(lambda_.update_function_configuration, **again)
    assert refused[:2] == (400, "InvalidParameterValueException")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Runtime", "Runtime and Handler are mandatory parameters for functions created "),
        ("Handler", "Runtime and Handler are mandatory parameters for functions created "),
        ("Code", "Please provide a source for function code."),
    ],
)
def test_a_function_has_a_runtime_a_handler_and_code(
    unchecked: Any, function: dict[str, Any], name: str, words: str
) -> None:
    """Reported of AWS: InvalidParameterValueException; nothing is created."""
    lambda_ = unchecked("lambda")
    without = {key: value for key, value in function.items() if key != name}
    refused = refusal_of(lambda_.create_function, **{"Code": {}, **without})
    assert refused[:2] == (400, "InvalidParameterValueException")
    assert refused[2].startswith(words)
    assert refusal_of(lambda_.get_function, FunctionName=function["FunctionName"])[0] == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TracingConfig", {"Mode": "Active"}),
        ("EphemeralStorage", {"Size": 1024}),
        ("KMSKeyArn", "arn:aws:kms:us-east-1:123456789012:key/1234abcd"),
    ],
)
def test_what_a_function_is_created_with_changes_too(
    lambda_: Any, function: dict[str, Any], name: str, value: Any
) -> None:
    """API_UpdateFunctionConfiguration: TracingConfig, EphemeralStorage, KMSKeyArn."""
    created = lambda_.create_function(**function)
    assert created.get(name) != value

    changed = lambda_.update_function_configuration(
        FunctionName=function["FunctionName"], **{name: value}
    )
    assert changed[name] == value
    shown = lambda_.get_function_configuration(FunctionName=function["FunctionName"])
    assert shown[name] == value


def test_the_latest_version_is_not_deleted_alone(lambda_: Any, function: dict[str, Any]) -> None:
    """API_DeleteFunction: Qualifier; reported of AWS."""
    name = lambda_.create_function(**function)["FunctionName"]
    refused = refusal_of(lambda_.delete_function, FunctionName=name, Qualifier="$LATEST")
    words = "$LATEST version cannot be deleted without deleting the function."
    assert refused == (400, "InvalidParameterValueException", words)
    assert lambda_.get_function(FunctionName=name)["Configuration"]["Version"] == "$LATEST"


def test_a_statement_id_stands_once_in_a_policy(lambda_: Any, function: dict[str, Any]) -> None:
    """API_AddPermission: ResourceConflictException; each version has a policy of its own."""
    name = lambda_.create_function(**function, Publish=True)["FunctionName"]
    permission = {
        "FunctionName": name,
        "StatementId": "events",
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
    }
    lambda_.add_permission(**permission)
    words = (
        "The statement id (events) provided already exists. Please provide a new statement id, or "
        "remove the existing statement."
    )
    refused = refusal_of(lambda_.add_permission, **permission)
    assert refused == (409, "ResourceConflictException", words)
    lambda_.add_permission(**permission, Qualifier="1")
    refused = refusal_of(lambda_.add_permission, **permission, Qualifier="1")
    assert refused == (409, "ResourceConflictException", words)
    lambda_.remove_permission(FunctionName=name, StatementId="events")


def test_functions_are_listed_in_pages(
    lambda_: Any, function: dict[str, Any], unique_name: str
) -> None:
    """API_ListFunctions: MaxItems, Marker, NextMarker."""
    names = {f"{unique_name}{number}" for number in range(3)}
    for name in names:
        lambda_.create_function(**{**function, "FunctionName": name})
    first = lambda_.list_functions(MaxItems=2)
    assert (len(first["Functions"]), "NextMarker" in first) == (2, True)
    refused = refusal_of(lambda_.list_functions, Marker="none")
    assert refused[:2] == (400, "InvalidParameterValueException")
    pages = lambda_.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2})
    listed = {each["FunctionName"] for page in pages for each in page["Functions"]}
    assert listed >= names


def test_a_message_that_is_late_is_sent_at_once(
    aws: Any, lambda_: Any, function: dict[str, Any], unique_name: str
) -> None:
    """API_SendMessage: it does not wait for the consumers of the queue, however long they do."""
    sqs = aws("sqs")
    attributes = {"ReceiveMessageWaitTimeSeconds": "20", "DelaySeconds": "60"}
    queue = sqs.create_queue(QueueName=unique_name, Attributes=attributes)["QueueUrl"]
    names = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]["QueueArn"]
    lambda_.create_function(**function)
    mapping = lambda_.create_event_source_mapping(
        EventSourceArn=arn, FunctionName=function["FunctionName"]
    )
    begun = time.monotonic()
    sqs.send_message(QueueUrl=queue, MessageBody="late")
    assert time.monotonic() - begun < 10
    lambda_.delete_event_source_mapping(UUID=mapping["UUID"])
    sqs.delete_queue(QueueUrl=queue)
