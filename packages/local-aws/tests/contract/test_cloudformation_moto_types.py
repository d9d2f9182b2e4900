"""Types that moto's own models carry out: created, read by Fn::GetAtt, and deleted."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver

_ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
_KEY_POLICY = {"Version": "2012-10-17", "Statement": [_ALLOW]}
_PASS = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'
_KEY = {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": _KEY_POLICY}}}


@pytest.mark.parametrize(
    ("kind", "beside", "properties"),
    [
        ("CloudWatch::Dashboard", {}, {"DashboardBody": '{"widgets": []}'}),
        ("EFS::FileSystem", {}, {}),
        ("Events::Rule", {}, {"ScheduleExpression": "rate(1 hour)"}),
        ("IAM::AccessKey", {"User": {"Type": "AWS::IAM::User"}}, {"UserName": {"Ref": "User"}}),
        ("KMS::Alias", _KEY, {"AliasName": "alias/a", "TargetKeyId": {"Ref": "Key"}}),
        ("Kinesis::Stream", {}, {"ShardCount": 1}),
        ("Logs::ResourcePolicy", {}, {"PolicyName": "p", "PolicyDocument": "{}"}),
        (
            "StepFunctions::StateMachine",
            {},
            {"RoleArn": "arn:aws:iam::123456789012:role/r", "DefinitionString": _PASS},
        ),
        (
            "RDS::DBInstance",
            {},
            {
                "Engine": "mysql",
                "DBInstanceClass": "db.t3.micro",
                "AllocatedStorage": "20",
                "MasterUsername": "admin",
                "MasterUserPassword": "password1",
            },
        ),
    ],
)
def test_it_is_created_and_leaves_nothing(
    kind: str,
    beside: dict[str, Any],
    properties: dict[str, Any],
    stacks: StackDriver,
    unique_name: str,
) -> None:
    """CloudFormation User Guide, "How CloudFormation works"."""
    resources = {**beside, "One": {"Type": f"AWS::{kind}", "Properties": properties}}

    created = stacks.create(unique_name, resources)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    assert stacks.physical_id(unique_name, "One")
    tagged = stacks.update(unique_name, resources, Tags=[{"Key": "team", "Value": "blue"}])
    assert tagged["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])
    assert stacks.create(unique_name, resources)["StackStatus"] == "CREATE_COMPLETE"
