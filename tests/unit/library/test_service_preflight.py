"""The caller, the stack, whose it is, and the operator's lock, against an AWS API."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.client import BaseClient

Result = dict[str, Any]
RunModule = Callable[..., Result]
Client = Callable[[str], Any]

NAME = "preflighted"
TEMPLATE = {
    "Parameters": {"Depth": {"Type": "String", "Default": "shallow"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"TopicArn": {"Value": {"Ref": "Topic"}}},
}
OWN = {
    "Project": "resilient-service",
    "resilient-service:stack": NAME,
    "resilient-service:deployment": "0a1b2c3d",
}
LOCK = "/resilient-service/preflighted/operator-lock"


@pytest.fixture
def stack(aws: Client) -> Iterator[Callable[[dict[str, str]], str]]:
    cloudformation = aws("cloudformation")

    def create(tags: dict[str, str]) -> str:
        return cloudformation.create_stack(
            StackName=NAME,
            TemplateBody=json.dumps(TEMPLATE),
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )["StackId"]

    yield create
    cloudformation.delete_stack(StackName=NAME)


@pytest.fixture(autouse=True)
def no_lock_is_left(aws: Client) -> Iterator[None]:
    yield
    aws("ssm").delete_parameters(Names=[LOCK])


def lock(value: str, **options: Any) -> Result:
    return {"value": value, "owners": ["absent", "own"], **options}


def locks(aws: Client) -> list[str]:
    found = aws("ssm").get_parameters(Names=[LOCK])["Parameters"]
    return [parameter["Value"] for parameter in found]


def test_without_a_stack_there_is_its_name_and_nothing_else(run_module: RunModule) -> None:
    found = run_module("service_preflight", stack_name=NAME)

    assert found["ownership"] == "absent"
    assert found["stack"]["name"] == NAME
    assert found["stack"]["arn"] is None
    assert found["caller"]["account"] == "123456789012"
    assert found["resources"] == {}
    assert not found["changed"]


def test_a_stack_is_described_with_what_belongs_to_it(
    run_module: RunModule, stack: Callable[[dict[str, str]], str]
) -> None:
    arn = stack(OWN)

    found = run_module("service_preflight", stack_name=NAME)

    topic = found["stack"]["outputs"]["TopicArn"]
    assert found["ownership"] == "own"
    assert found["resources"] == {"AWS::SNS::Topic": [topic]}
    assert found["stack"] == {
        "name": NAME,
        "arn": arn,
        "status": "CREATE_COMPLETE",
        "status_reason": found["stack"]["status_reason"],
        "deployment": "0a1b2c3d",
        "parameters": {"Depth": "shallow"},
        "outputs": {"TopicArn": topic},
    }


def test_a_lock_is_taken_once_and_its_holder_is_named(run_module: RunModule, aws: Client) -> None:
    first = run_module("service_preflight", stack_name=NAME, lock=lock("ada"))
    again = run_module("service_preflight", stack_name=NAME, lock=lock("ada"))
    second = run_module("service_preflight", stack_name=NAME, lock=lock("bob"))

    assert first["lock"] == {"held": True, "value": "ada", "version": 1}
    assert again["lock"]["held"]
    assert second["lock"] == {"held": False, "value": "ada", "version": 1}
    assert locks(aws) == ["ada"]


@pytest.mark.parametrize(
    ("tags", "options"),
    [
        ({"team": "billing"}, {}),
        ({"Project": "resilient-service"}, {}),
        (OWN, {"owners": ["absent"]}),
        (OWN, {"accounts": []}),
        (OWN, {"accounts": ["111111111111"]}),
    ],
    ids=["foreign", "older", "not this one", "no account", "another account"],
)
def test_no_lock_is_taken_where_nothing_may_be_changed(
    tags: dict[str, str],
    options: Result,
    run_module: RunModule,
    stack: Callable[[dict[str, str]], str],
    aws: Client,
) -> None:
    stack(tags)

    found = run_module("service_preflight", stack_name=NAME, lock=lock("ada", **options))

    assert found["lock"] == {"held": False, "value": None, "version": None}
    assert locks(aws) == []


def test_check_mode_takes_no_lock(run_module: RunModule, aws: Client) -> None:
    run_module("service_preflight", check=True, stack_name=NAME, lock=lock("ada"))

    assert locks(aws) == []


def test_of_two_who_take_over_a_dead_owners_lock_one_gets_it(
    run_module: RunModule, aws: Client
) -> None:
    run_module("service_preflight", stack_name=NAME, lock=lock("dead"))

    ada = run_module("service_preflight", stack_name=NAME, lock=lock("ada", replaces_version=1))
    bob = run_module("service_preflight", stack_name=NAME, lock=lock("bob", replaces_version=1))

    assert ada["lock"] == {"held": True, "value": "ada", "version": 2}
    assert bob["lock"]["held"] is False
    assert bob["lock"]["value"] == "ada"
    assert locks(aws) == ["ada"]


def test_without_credentials_the_operation_is_named(
    run_module: RunModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    found = run_module("service_preflight", stack_name=NAME)

    assert found["failed"]
    assert found["msg"].startswith("Failed to identify the caller: ")


def test_a_stack_is_described_as_it_is_once_the_lock_is_held(
    run_module: RunModule,
    aws: Client,
    stack: Callable[[dict[str, str]], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever held the lock until then may have changed it."""
    stack(OWN)

    call = BaseClient._make_api_call

    def late(client: Any, operation: str, request: Result) -> Any:
        if operation == "PutParameter":
            aws("cloudformation").delete_stack(StackName=NAME)
        return call(client, operation, request)

    monkeypatch.setattr(BaseClient, "_make_api_call", late)
    found = run_module("service_preflight", stack_name=NAME, lock=lock("me"))

    assert found["lock"]["held"]
    assert found["stack"]["arn"] is None
    assert found["ownership"] == "absent"
