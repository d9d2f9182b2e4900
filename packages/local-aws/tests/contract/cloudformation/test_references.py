"""What Ref returns where it depends on the resource's own properties."""

from __future__ import annotations

from typing import Any

from stack_driver import StackDriver

_OUTPUTS = {name: {"Value": {"Ref": name}} for name in ("One", "Two")}


def test_a_security_group_without_vpc_id_is_its_name(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::EC2::SecurityGroup": Ref; recorded from AWS."""

    def group(**properties: Any) -> dict[str, Any]:
        return {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "d", **properties},
        }

    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.78.0.0/16"}}
    ids = {f"{name}Id": {"Value": {"Fn::GetAtt": [name, "GroupId"]}} for name in ("One", "Two")}
    stacks.create(
        unique_name,
        {
            "Resources": {
                "Vpc": vpc,
                "One": group(GroupName=unique_name),
                "Two": group(VpcId={"Ref": "Vpc"}),
            },
            "Outputs": {**_OUTPUTS, **ids},
        },
    )

    found = stacks.outputs(unique_name)

    assert found["One"] == unique_name
    assert found["OneId"].startswith("sg-")
    assert found["Two"] == found["TwoId"]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_rule_on_a_bus_of_its_own_names_the_bus(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """Recorded from AWS: `bus|rule`; on the default bus it is the rule's name alone."""

    def rule(**properties: Any) -> dict[str, Any]:
        pattern = {"EventPattern": {"source": ["shop"]}}
        return {"Type": "AWS::Events::Rule", "Properties": {**pattern, **properties}}

    def template(**properties: Any) -> dict[str, Any]:
        on_bus = rule(Name="sales", EventBusName={"Ref": "Bus"}, **properties)
        bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": unique_name}}
        default = rule(Name=unique_name)
        return {"Resources": {"Bus": bus, "One": on_bus, "Two": default}, "Outputs": _OUTPUTS}

    stacks.create(unique_name, template())
    created = stacks.outputs(unique_name)
    updated = stacks.update(unique_name, template(Description="new"))
    [found] = aws("events").list_rules(EventBusName=unique_name)["Rules"]

    assert created == {"One": f"{unique_name}|sales", "Two": unique_name}
    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.outputs(unique_name) == created
    assert found["Description"] == "new"
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
