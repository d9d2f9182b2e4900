"""Sixteen clients at once: no call fails, and what they did adds up."""

from __future__ import annotations

import base64
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from local_aws_command import USER_DATA, LocalAws, eventually

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(300)]

CLIENTS = 16
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
TEMPLATE = {
    "Parameters": {"Text": {"Type": "String"}},
    "Resources": {
        "Setting": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Type": "String", "Value": {"Ref": "Text"}},
        }
    },
    "Outputs": {"Name": {"Value": {"Ref": "Setting"}}},
}


class World:
    """What all clients share: a table with a counter, a group behind a target group."""

    def __init__(self, local_aws: LocalAws) -> None:
        self.client = local_aws.client
        self.client("dynamodb").create_table(
            TableName="shared",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        local_aws.run_service("web")
        elbv2, ec2 = self.client("elbv2"), self.client("ec2")
        self.target_group = elbv2.describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
        ec2.create_launch_template(
            LaunchTemplateName="web",
            LaunchTemplateData={
                "ImageId": "ami-12c6146b",
                "UserData": base64.b64encode(USER_DATA.encode()).decode(),
            },
        )
        self.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName="web",
            MinSize=0,
            MaxSize=4,
            DesiredCapacity=1,
            LaunchTemplate={"LaunchTemplateName": "web", "Version": "$Latest"},
            AvailabilityZones=["us-east-1a", "us-east-1b"],
            TargetGroupARNs=[self.target_group],
        )


class Client(threading.Thread):
    """Makes one kind of call after the other, at random, until told to end."""

    def __init__(self, number: int, world: World, ends_at: float) -> None:
        super().__init__()
        self.world = world
        self.name = f"client-{number}"
        self.calls: Counter[str] = Counter()
        self.failures: list[str] = []
        self._ends_at = ends_at
        self._random = random.Random(number)  # noqa: S311 - a repeatable mix
        self._clients = {
            name: world.client(name)
            for name in ("autoscaling", "cloudformation", "dynamodb", "ec2", "elbv2", "iam", "ssm")
        }
        self._sts = world.client("sts")
        self._numbers = itertools.count(1)

    def run(self) -> None:
        kinds: list[Callable[[], Any]] = [
            *[self.count, self.parameter, self.item] * 4,
            *[self.look, self.capacity] * 2,
            *(self.stack, self.role, self.template),
        ]
        while time.monotonic() < self._ends_at:
            kind = self._random.choice(kinds)
            try:
                kind()
            except Exception as error:  # noqa: BLE001 - each is a finding
                self.failures.append(f"{kind.__name__}: {error!r}")
            self.calls[kind.__name__] += 1

    def count(self) -> None:
        self._clients["dynamodb"].update_item(
            TableName="shared",
            Key={"id": {"S": "counter"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def parameter(self) -> None:
        """Its version counts this client's own writes."""
        ssm = self._clients["ssm"]
        written = ssm.put_parameter(Name=f"/{self.name}", Value="x", Type="String", Overwrite=True)
        read = ssm.get_parameters(Names=[f"/{self.name}"])["Parameters"]
        assert read[0]["Version"] == written["Version"] == self.calls["parameter"] + 1

    def item(self) -> None:
        item = {"id": {"S": f"{self.name} {next(self._numbers)}"}, "by": {"S": self.name}}
        dynamodb = self._clients["dynamodb"]
        dynamodb.put_item(TableName="shared", Item=item)
        got = dynamodb.get_item(TableName="shared", Key={"id": item["id"]})
        assert got["Item"] == item

    def look(self) -> None:
        self._clients["ec2"].describe_instances()
        self._clients["elbv2"].describe_target_health(TargetGroupArn=self.world.target_group)
        self._clients["autoscaling"].describe_scaling_activities(AutoScalingGroupName="web")

    def capacity(self) -> None:
        self._clients["autoscaling"].set_desired_capacity(
            AutoScalingGroupName="web", DesiredCapacity=self._random.randint(1, 2)
        )

    def stack(self) -> None:
        """Its whole life. The parameter that it made is gone afterwards."""
        cloudformation, name = self._clients["cloudformation"], f"{self.name}-{next(self._numbers)}"
        request = {"StackName": name, "TemplateBody": json.dumps(TEMPLATE)}
        text = {"ParameterKey": "Text", "ParameterValue": "1"}
        cloudformation.create_stack(**request, Parameters=[text])
        self._await_stack("stack_create_complete", name)
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        cloudformation.update_stack(**request, Parameters=[{**text, "ParameterValue": "2"}])
        self._await_stack("stack_update_complete", name)
        parameter = stack["Outputs"][0]["OutputValue"]
        got = self._clients["ssm"].get_parameters(Names=[parameter])
        assert got["Parameters"][0]["Value"] == "2"
        cloudformation.delete_stack(StackName=name)
        self._await_stack("stack_delete_complete", stack["StackId"])
        gone = self._clients["ssm"].get_parameters(Names=[parameter])
        assert gone["InvalidParameters"] == [parameter]

    def role(self) -> None:
        iam, name = self._clients["iam"], f"{self.name}-{next(self._numbers)}"
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"][
            "Arn"
        ]
        session = self._sts.assume_role(RoleArn=arn, RoleSessionName="one")
        assert session["AssumedRoleUser"]["Arn"].endswith(f"{name}/one")
        iam.delete_role(RoleName=name)

    def template(self) -> None:
        ec2, name = self._clients["ec2"], f"{self.name}-{next(self._numbers)}"
        ec2.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-12c6146b"}
        )
        ec2.delete_launch_template(LaunchTemplateName=name)

    def _await_stack(self, state: str, name: str) -> None:
        waiter = self._clients["cloudformation"].get_waiter(state)
        waiter.wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 600})


def test_no_call_fails_and_everything_adds_up(local_aws: LocalAws, full: bool) -> None:
    world = World(local_aws)
    seconds = 60.0 if full else 5.0
    ends_at = time.monotonic() + seconds
    clients = [Client(number, world, ends_at) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()

    assert [failure for client in clients for failure in client.failures] == []
    calls = sum((client.calls for client in clients), Counter())
    print(f"{CLIENTS} clients, {seconds:.0f} s: {dict(calls)}")  # noqa: T201 - what was measured
    counter = world.client("dynamodb").get_item(TableName="shared", Key={"id": {"S": "counter"}})
    assert int(counter["Item"]["n"]["N"]) == calls["count"]
    items = world.client("dynamodb").scan(TableName="shared", Select="COUNT")
    assert items["Count"] == calls["item"] + 1
    assert world.client("cloudformation").describe_stacks()["Stacks"] == []
    assert len(world.client("ec2").describe_launch_templates()["LaunchTemplates"]) == 1
    group = world.client("autoscaling")
    group.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=3)

    def is_settled() -> bool:
        members = group.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
        rows = world.client("elbv2").describe_target_health(TargetGroupArn=world.target_group)
        serving = [
            row["Target"]["Id"]
            for row in rows["TargetHealthDescriptions"]
            if row["TargetHealth"]["State"] == "healthy"
        ]
        ids = [member["InstanceId"] for member in members]
        return len(ids) == 3 and set(ids) < set(serving) and len(serving) == 4

    eventually(is_settled, 30)
    assert " ERROR " not in local_aws.run("logs")
