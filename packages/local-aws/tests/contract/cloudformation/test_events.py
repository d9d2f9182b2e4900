"""A stack's events say what happened to which resource, as AWS's do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter

AwsClient = Any


def test_events_carry_the_token_of_their_operation(stacks: StackDriver, unique_name: str) -> None:
    """API_StackEvent: ClientRequestToken."""
    stacks.create(unique_name, {"One": parameter("1")}, ClientRequestToken="first")
    stacks.update(unique_name, {"One": parameter("2")}, ClientRequestToken="second")

    events = stacks.client.describe_stack_events(StackName=unique_name)["StackEvents"]

    tokens = [event["ClientRequestToken"] for event in reversed(events)]
    assert tokens == sorted(tokens)
    assert set(tokens) == {"first", "second"}


def test_an_event_is_named_after_what_it_reports(stacks: StackDriver, unique_name: str) -> None:
    """API_StackEvent, EventId, as real answers have been recorded; no two are the same."""
    stacks.create(unique_name, {"One": parameter("1")})

    events = stacks.client.describe_stack_events(StackName=unique_name)["StackEvents"][::-1]

    ids = [event["EventId"] for event in events]
    assert len(set(ids)) == len(ids)
    of_one = [event for event in events if event["LogicalResourceId"] == "One"]
    assert [event["EventId"].rpartition("-20")[0] for event in of_one] == [
        "One-CREATE_IN_PROGRESS",
        "One-CREATE_IN_PROGRESS",
        "One-CREATE_COMPLETE",
    ]
    assert of_one[0]["PhysicalResourceId"] == ""
    assert of_one[1]["ResourceStatusReason"] == "Resource creation Initiated"
    assert of_one[1]["PhysicalResourceId"].startswith("CFN-One-")


def test_events_show_the_properties_of_a_resource(stacks: StackDriver, unique_name: str) -> None:
    """API_StackEvent: ResourceProperties, as JSON text; the value of a NoEcho parameter is ****."""
    template = {
        "Parameters": {"Secret": {"Type": "String", "NoEcho": True}},
        "Resources": {
            "One": parameter({"Fn::Sub": "${AWS::StackName}/${Secret}"}),
            "Two": parameter({"Fn::Select": [1, {"Fn::Split": ["-", {"Ref": "Secret"}]}]}),
        },
    }
    stacks.create(unique_name, template, {"Secret": "pass-word"})

    events = stacks.client.describe_stack_events(StackName=unique_name)["StackEvents"]

    shown = {
        each["LogicalResourceId"]: each["ResourceProperties"]
        for each in events
        if "ResourceProperties" in each
    }
    assert json.loads(shown["One"])["Value"] == f"{unique_name}/****"
    assert "word" not in str(events)


def test_a_replaced_resource_exists_until_its_successor_does(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update behaviors of stack resources", and events as real answers
    have been recorded: the successor's are those of an update, and a cleanup has no properties."""
    old, new = f"/{unique_name}/old", f"/{unique_name}/new"
    stacks.create(unique_name, {"One": parameter("1", Name=old)})

    stacks.update(unique_name, {"One": parameter("1", Name=new)})

    events = stacks.client.describe_stack_events(StackName=unique_name)["StackEvents"][::-1]
    of_one = [event for event in events if event["LogicalResourceId"] == "One"][3:]
    why = "Requested update requires the creation of a new physical resource; hence creating one."
    assert [
        (
            event["ResourceStatus"],
            event["PhysicalResourceId"],
            event.get("ResourceStatusReason"),
            json.loads(event.get("ResourceProperties", "{}")).get("Name"),
        )
        for event in of_one
    ] == [
        ("UPDATE_IN_PROGRESS", old, why, new),
        ("UPDATE_IN_PROGRESS", new, "Resource creation Initiated", new),
        ("UPDATE_COMPLETE", new, None, new),
        ("DELETE_IN_PROGRESS", old, None, None),
        ("DELETE_COMPLETE", old, None, None),
    ]
    assert not any("DELETE" in event["EventId"] for event in of_one)
    assert stacks.physical_id(unique_name, "One") == new
    with pytest.raises(ClientError, match="ParameterNotFound"):
        aws("ssm").get_parameter(Name=old)


def test_a_deletion_shows_the_properties_and_is_named_after_what_it_reports(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_StackEvent as real answers have been recorded: unlike the cleanup after an update."""
    stack = stacks.create(unique_name, {"One": parameter("1"), "Two": parameter("2")})
    stacks.update(unique_name, {"One": parameter("1")})

    stacks.delete(unique_name)

    events = stacks.client.describe_stack_events(StackName=stack["StackId"])["StackEvents"]
    shown = {
        event["LogicalResourceId"]: (
            "DELETE_COMPLETE" in event["EventId"],
            json.loads(event.get("ResourceProperties", "{}")).get("Value"),
        )
        for event in events
        if event["ResourceStatus"] == "DELETE_COMPLETE"
        and event["LogicalResourceId"] != unique_name
    }
    assert shown == {"One": (True, "1"), "Two": (False, None)}


def test_what_cannot_take_the_place_of_another_is_an_update_that_failed(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update behaviors of stack resources": it rolls back."""
    old, taken = f"/{unique_name}/old", f"/{unique_name}/taken"
    aws("ssm").put_parameter(Name=taken, Value="theirs", Type="String")
    stacks.create(unique_name, {"One": parameter("1", Name=old)})

    stacks.update(unique_name, {"One": parameter("1", Name=taken)})

    assert ("One", "UPDATE_FAILED") in [row[:2] for row in stacks.events(unique_name)]
    aws("ssm").delete_parameter(Name=taken)
    stack = stacks.update(unique_name, {"One": parameter("2", Name=taken)})
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert aws("ssm").get_parameter(Name=taken)["Parameter"]["Value"] == "2"
    with pytest.raises(ClientError, match="ParameterNotFound"):
        aws("ssm").get_parameter(Name=old)
