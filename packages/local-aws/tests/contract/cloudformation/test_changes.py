"""What a change set says is going to change, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, as_parameters, change_rows, parameter


def test_a_change_set_lists_what_really_changes(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation API Reference, ResourceChange: action and replacement."""
    stacks.create(
        unique_name,
        {"Same": parameter("1"), "Changed": parameter("1"), "Gone": parameter("1")},
    )
    template = {"Same": parameter("1"), "Changed": parameter("2"), "New": parameter("1")}

    change_set = stacks.change_set(unique_name, template)

    assert (change_set["Status"], change_set["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert sorted(change_rows(change_set)) == [
        ("Add", "New", ""),
        ("Modify", "Changed", "False"),
        ("Remove", "Gone", ""),
    ]
    details = next(c for c in change_set["Changes"] if c["ResourceChange"]["Action"] == "Modify")
    assert details["ResourceChange"]["Details"][0]["Target"]["Name"] == "Value"
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"


def test_a_change_follows_what_it_changes(
    stacks: StackDriver, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation User Guide, "Update stacks using change sets": a new version of the launch
    template changes the group that uses it."""
    stacks.create(unique_name, "service.yaml", service)

    change_set = stacks.change_set(
        unique_name,
        "service.yaml",
        Parameters=as_parameters({**service, "LaunchTemplateVersion": "v2"}),
    )

    assert set(change_rows(change_set)) == {
        ("Modify", "LaunchTemplate", "False"),
        ("Modify", "Group", "False"),
    }


def _described(
    stacks: StackDriver, name: str, *, with_values: bool = True
) -> dict[str, dict[str, Any]]:
    """The changes of the change set `changes`, by logical id."""
    shown = stacks.client.describe_change_set(
        StackName=name, ChangeSetName="changes", IncludePropertyValues=with_values
    )
    changes = [change["ResourceChange"] for change in shown["Changes"]]
    return {change["LogicalResourceId"]: change for change in changes}


def _details(change: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    """(property, source, evaluation, causing entity) of each detail."""
    return {
        (
            detail["Target"]["Name"],
            detail["ChangeSource"],
            detail["Evaluation"],
            detail.get("CausingEntity", ""),
        )
        for detail in change["Details"]
    }


def test_details_name_what_causes_a_change(stacks: StackDriver, unique_name: str) -> None:
    """API_ResourceChangeDetail (ChangeSource, CausingEntity, Evaluation) and API_ResourceChange
    (Replacement), as real answers have been recorded."""
    template = {
        "Parameters": {"Value": {"Type": "String"}, "Name": {"Type": "String"}},
        "Resources": {
            "Direct": parameter("1"),
            "ByParameter": parameter({"Fn::Sub": "v-${Value}"}),
            "Replaced": parameter("1", Name={"Ref": "Name"}),
            "ByReference": parameter({"Ref": "Replaced"}, Name={"Fn::Sub": "/x${Replaced}"}),
            "ByAttribute": parameter({"Fn::GetAtt": "Replaced.Value"}),
        },
    }
    stacks.create(unique_name, template, {"Value": "1", "Name": f"/{unique_name}/a"})
    template["Resources"]["Direct"] = parameter("2")
    given = as_parameters({"Value": "2", "Name": f"/{unique_name}/b"})
    stacks.change_set(unique_name, template, Parameters=given)

    plain = _described(stacks, unique_name, with_values=False)
    changes = _described(stacks, unique_name)

    caused = {
        "Direct": {("Value", "DirectModification", "Static", "")},
        "ByParameter": {
            ("Value", "ParameterReference", "Static", "Value"),
            ("Value", "DirectModification", "Dynamic", ""),
        },
        "Replaced": {
            ("Name", "ParameterReference", "Static", "Name"),
            ("Name", "DirectModification", "Dynamic", ""),
        },
        "ByReference": {
            ("Name", "ResourceReference", "Static", "Replaced"),
            ("Value", "ResourceReference", "Static", "Replaced"),
        },
        "ByAttribute": {("Value", "ResourceAttribute", "Static", "Replaced.Value")},
    }
    assert {name: _details(change) for name, change in plain.items()} == caused
    caused["ByReference"] |= {
        (name, "DirectModification", "Dynamic", "") for name in ("Name", "Value")
    }
    caused["ByAttribute"] |= {("Value", "DirectModification", "Dynamic", "")}
    assert {name: _details(change) for name, change in changes.items()} == caused
    assert {name: change["Replacement"] for name, change in changes.items()} == {
        "Direct": "False",
        "ByParameter": "False",
        "Replaced": "True",
        "ByReference": "True",
        "ByAttribute": "False",
    }
    target = changes["ByParameter"]["Details"][0]["Target"]
    assert target == {
        "Attribute": "Properties",
        "Name": "Value",
        "RequiresRecreation": "Never",
        "Path": "/Properties/Value",
        "AttributeChangeType": "Modify",
        "BeforeValue": "v-1",
        "AfterValue": "v-2",
    }
    later = changes["ByAttribute"]["Details"][0]["Target"]["AfterValue"]
    assert later == "{{changeSet:KNOWN_AFTER_APPLY}}"


def test_an_attribute_of_what_changes_in_place_may_change_too(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_ResourceChangeDetail, Evaluation, and real answers as they have been recorded: without
    values whatever names an attribute is listed, with values what is there now is looked up."""

    def resources(value: str) -> dict[str, Any]:
        return {
            "Changed": parameter(value, Description=value),
            "InPlace": parameter({"Fn::GetAtt": "Changed.Value"}),
            "Perhaps": parameter("1", Name={"Fn::Sub": f"/{unique_name}/${{Changed.Type}}"}),
        }

    stacks.create(unique_name, resources("1"))
    added = {"Added": parameter({"Fn::GetAtt": "Changed.Value"})}
    stacks.change_set(unique_name, resources("2") | added)

    plain = _described(stacks, unique_name, with_values=False)
    changes = _described(stacks, unique_name)

    assert {name: _details(change) for name, change in plain.items() if name != "Changed"} == {
        "InPlace": {("Value", "ResourceAttribute", "Dynamic", "Changed.Value")},
        "Perhaps": {("Name", "ResourceAttribute", "Dynamic", "Changed.Type")},
        "Added": set(),
    }
    assert plain["InPlace"]["Replacement"] == "False"
    assert plain["Perhaps"]["Replacement"] == "Conditional"
    assert set(changes) == {"Changed", "Added"}
    assert json.loads(changes["Added"]["AfterContext"])["Properties"]["Value"] == "1"
    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_COMPLETE"
    events = stacks.client.describe_stack_events(StackName=unique_name)["StackEvents"]
    touched = {e["LogicalResourceId"] for e in events if e["ResourceStatus"] == "UPDATE_COMPLETE"}
    assert touched == {unique_name, "Changed", "InPlace"}


def test_what_perhaps_changes_is_not_refused(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation API Reference, ResourceChangeDetail: Dynamic; only a change that is made can
    be one that the local AWS does not make in place."""
    uri = {"Fn::Sub": "http://example.com/${Queue.QueueName}"}
    method = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
        "HttpMethod": "GET",
        "AuthorizationType": "NONE",
        "Integration": {"Type": "HTTP", "IntegrationHttpMethod": "GET", "Uri": uri},
    }

    def declared(timeout: int) -> dict[str, Any]:
        queue = {"VisibilityTimeout": timeout}
        return {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": queue},
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": unique_name}},
            "Method": {"Type": "AWS::ApiGateway::Method", "Properties": method},
        }

    stacks.create(unique_name, declared(30))
    change_set = stacks.change_set(unique_name, declared(40))
    assert sorted(change_rows(change_set)) == [
        ("Modify", "Method", "False"),
        ("Modify", "Queue", "False"),
    ]
    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")
    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_COMPLETE"

    method["Integration"] = {"Type": "MOCK"}
    refusal = "does not change Integration of AWS::ApiGateway::Method in place"
    with pytest.raises(ClientError, match=refusal):
        stacks.change_set(unique_name, declared(40))
    with pytest.raises(ClientError, match=refusal):
        stacks.update(unique_name, declared(40))


def test_changes_show_the_resource_before_and_after(stacks: StackDriver, unique_name: str) -> None:
    """API_ResourceChange: BeforeContext, AfterContext and PolicyAction; never a NoEcho value."""
    secret = {"Type": "String", "NoEcho": True}
    removed = {**parameter("1"), "DeletionPolicy": "Retain"}
    moved = {**parameter("1", Name=f"/{unique_name}/old"), "UpdateReplacePolicy": "Retain"}
    template = {
        "Parameters": {"Secret": secret},
        "Resources": {
            "Changed": parameter({"Ref": "Secret"}),
            "Removed": removed,
            "Moved": moved,
            "Dropped": parameter({"Fn::GetAtt": "Removed.Value"}),
        },
    }
    stacks.create(unique_name, template, {"Secret": "hunter1"})
    added = {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 5}}
    moved["Properties"]["Name"] = f"/{unique_name}/new"
    template["Resources"] = {
        "Changed": parameter({"Ref": "Secret"}),
        "Moved": moved,
        "Added": added,
    }
    given = as_parameters({"Secret": "hunter2"})
    plain = stacks.change_set(unique_name, template, Parameters=given)

    changes = _described(stacks, unique_name)

    assert "Context" not in str(plain["Changes"])
    assert "hunter" not in str(changes)
    contexts = {
        name: [json.loads(change.get(f"{side}Context", "null")) for side in ("Before", "After")]
        for name, change in changes.items()
    }
    assert contexts["Added"] == [None, {"Properties": {"DelaySeconds": "5"}}]
    assert contexts["Removed"][0]["Properties"] == {"Type": "String", "Value": "1"}
    assert contexts["Removed"][1] is None
    assert contexts["Dropped"][0]["Properties"]["Value"] == "{{changeSet:KNOWN_AFTER_APPLY}}"
    assert [side["Properties"]["Name"] for side in contexts["Moved"]] == [
        f"/{unique_name}/old",
        f"/{unique_name}/new",
    ]
    assert {name: change.get("PolicyAction") for name, change in changes.items()} == {
        "Changed": None,
        "Removed": "Retain",
        "Dropped": "Delete",
        "Moved": "ReplaceAndRetain",
        "Added": None,
    }


_PARTS = {"Fn::Split": [":", {"Ref": "Topic"}]}


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Select": [5, _PARTS]},
        {"Fn::Join": ["-", _PARTS]},
        {"Fn::Base64": {"Ref": "Topic"}},
        {"Fn::Sub": ["${Name}", {"Name": {"Fn::Select": ["5", _PARTS]}}]},
    ],
    ids=lambda value: next(iter(value)),
)
def test_what_is_known_later_is_not_taken_apart(
    value: dict[str, Any], stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS, for an Fn::Join of an attribute that Fn::Split splits: a value computed
    from one that is known only later is known later, too."""

    def resources(name: str) -> dict[str, Any]:
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": f"{unique_name}-{name}"}}
        return {"Topic": topic, "Part": parameter(value)}

    stacks.change_set(unique_name, resources("old"), kind="CREATE")
    made = _described(stacks, unique_name)["Part"]
    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")
    stacks.settled(unique_name)
    stacks.change_set(unique_name, resources("new"))
    changed = _described(stacks, unique_name)["Part"]
    updated = stacks.update(unique_name, resources("new"))

    for change in (made, changed):
        shown = json.loads(change["AfterContext"])["Properties"]["Value"]
        assert shown == "{{changeSet:KNOWN_AFTER_APPLY}}"
    assert updated["StackStatus"] == "UPDATE_COMPLETE"


def test_an_attribute_beside_the_properties_has_causes_too(
    stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS: metadata that names a parameter changes by it, as a property does."""
    resource = {**parameter("1"), "Metadata": {"Secret": {"Ref": "Secret"}}}
    template = {"Parameters": {"Secret": {"Type": "String"}}, "Resources": {"One": resource}}
    stacks.create(unique_name, template, {"Secret": "1"})
    stacks.change_set(unique_name, template, Parameters=as_parameters({"Secret": "2"}))

    change = _described(stacks, unique_name, with_values=False)["One"]

    target = {"Attribute": "Metadata", "RequiresRecreation": "Never"}
    assert change["Details"] == [
        {
            "Target": target,
            "Evaluation": "Static",
            "ChangeSource": "ParameterReference",
            "CausingEntity": "Secret",
        },
        {"Target": target, "Evaluation": "Dynamic", "ChangeSource": "DirectModification"},
    ]
