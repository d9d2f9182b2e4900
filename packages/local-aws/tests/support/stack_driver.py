"""Create, change and delete stacks in tests, each time waiting until the operation is over."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

_TEMPLATES = Path(__file__).parent.parent / "contract" / "templates"
_PATIENCE_SECONDS = 30
_CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


class StackDriver:
    """`template` is the name of a file in tests/contract/templates/, or a dictionary: a template or
    only its Resources."""

    def __init__(self, cloudformation: Any) -> None:
        self.client = cloudformation
        self._created: list[str] = []

    def create(
        self,
        name: str,
        template: str | dict[str, Any],
        parameters: dict[str, str] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        self.start(name, template, parameters, **options)
        return self.settled(name)

    def start(
        self,
        name: str,
        template: str | dict[str, Any],
        parameters: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        """Create a stack without waiting for it."""
        self._created.append(name)
        self.client.create_stack(
            StackName=name,
            TemplateBody=template_body(template),
            Parameters=as_parameters(parameters),
            Capabilities=_CAPABILITIES,
            **options,
        )

    def update(
        self,
        name: str,
        template: str | dict[str, Any] | None = None,
        parameters: dict[str, str] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Without a template the previous one; parameters that are not given keep their values."""
        given = parameters or {}
        known = self.described(name).get("Parameters", [])
        kept = [row["ParameterKey"] for row in known if row["ParameterKey"] not in given]
        source = {"TemplateBody": template_body(template)} if template else {}
        self.client.update_stack(
            StackName=name,
            UsePreviousTemplate=not template,
            Parameters=as_parameters(given)
            + [{"ParameterKey": key, "UsePreviousValue": True} for key in kept],
            Capabilities=_CAPABILITIES,
            **source,
            **options,
        )
        return self.settled(name)

    def change_set(
        self, name: str, template: str | dict[str, Any], kind: str = "UPDATE", **options: Any
    ) -> dict[str, Any]:
        """A new change set, "changes", as it is described."""
        self._created.append(name)
        named = {"StackName": name, "ChangeSetName": "changes"}
        self.client.create_change_set(
            **named,
            ChangeSetType=kind,
            TemplateBody=template_body(template),
            Capabilities=_CAPABILITIES,
            **options,
        )
        described: dict[str, Any] = self.client.describe_change_set(**named)
        return described

    def delete(self, name: str) -> dict[str, Any]:
        stack_id = self.described(name)["StackId"]
        self.client.delete_stack(StackName=name)
        return self.settled(stack_id)

    def described(self, name: str) -> dict[str, Any]:
        stack: dict[str, Any] = self.client.describe_stacks(StackName=name)["Stacks"][0]
        return stack

    def settled(self, name: str) -> dict[str, Any]:
        """The stack once nothing is in progress."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (stack := self.described(name))["StackStatus"].endswith("_IN_PROGRESS"):
            if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
                break
            assert time.monotonic() < deadline, f"{name} is still {stack['StackStatus']}"
            time.sleep(0.05)
        return stack

    def events(self, name: str) -> list[tuple[str, str, str]]:
        """(logical id, status, reason) of each event, the oldest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        events = [event for page in pages for event in page["StackEvents"]]
        return [
            (
                event["LogicalResourceId"],
                event["ResourceStatus"],
                event.get("ResourceStatusReason", ""),
            )
            for event in reversed(events)
        ]

    def failures(self, name: str) -> dict[str, str]:
        """The reason of each resource that failed."""
        return {
            logical_id: reason
            for logical_id, status, reason in self.events(name)
            if status.endswith("_FAILED")
        }

    def outputs(self, name: str) -> dict[str, str]:
        rows = self.described(name).get("Outputs", [])
        return {row["OutputKey"]: row["OutputValue"] for row in rows}

    def physical_id(self, name: str, logical_id: str) -> str:
        detail = self.client.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        return str(detail["StackResourceDetail"]["PhysicalResourceId"])

    def delete_all(self) -> None:
        living = {stack["StackName"] for stack in self.client.describe_stacks()["Stacks"]}
        for name in living & set(self._created):
            self.delete(name)


def template_body(template: str | dict[str, Any]) -> str:
    if isinstance(template, dict):
        return json.dumps(template if "Resources" in template else {"Resources": template})
    return (_TEMPLATES / template).read_text()


def change_rows(change_set: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(action, logical id, replacement) of each change."""
    changes = [change["ResourceChange"] for change in change_set["Changes"]]
    return [(c["Action"], c["LogicalResourceId"], c.get("Replacement", "")) for c in changes]


def as_parameters(values: dict[str, str] | None) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in (values or {}).items()]


def parameter(value: Any, **properties: Any) -> dict[str, Any]:
    """The smallest resource there is: an SSM parameter."""
    return {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": value, **properties},
    }


BROKEN = {
    "Type": "AWS::SSM::Parameter",
    "Properties": {"Type": "String", "Value": "x", "Name": "/aws/reserved/name"},
}
"""A resource that cannot be created: the name is reserved."""


def table(**properties: Any) -> dict[str, Any]:
    """A table with the stack's name. A protected one cannot be deleted."""
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": {"Ref": "AWS::StackName"},
            "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
            **properties,
        },
    }


def waiting(seconds: int) -> dict[str, Any]:
    """A group without instances that waits for a signal, which nobody sends."""
    return {
        "Template": {
            "Type": "AWS::EC2::LaunchTemplate",
            "Properties": {"LaunchTemplateData": {"ImageId": "ami-12c6146b"}},
        },
        "Waiting": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": f"PT{seconds}S"}},
            "Properties": {
                "MinSize": "0",
                "MaxSize": "0",
                "AvailabilityZones": ["us-east-1a"],
                "LaunchTemplate": {
                    "LaunchTemplateId": {"Ref": "Template"},
                    "Version": {"Fn::GetAtt": "Template.LatestVersionNumber"},
                },
            },
        },
    }
