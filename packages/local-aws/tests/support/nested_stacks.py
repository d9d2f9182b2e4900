"""Templates of stacks that hold another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stack_driver import StackDriver, parameter

StoreTemplate = Callable[..., str]
"""`store_template(template, key="child")` puts it into S3 and returns its URL."""


def nested_stack(
    url: str, parameters: dict[str, Any] | None = None, **attributes: Any
) -> dict[str, Any]:
    """A stack as a resource; `properties` adds some, other keywords are attributes (DependsOn)."""
    properties: dict[str, Any] = {"TemplateURL": url, **attributes.pop("properties", {})}
    if parameters:
        properties["Parameters"] = parameters
    return {"Type": "AWS::CloudFormation::Stack", "Properties": properties, **attributes}


def child_template(**resources: Any) -> dict[str, Any]:
    """A template with a parameter whose value it stores and puts out."""
    return {
        "Parameters": {"Value": {"Type": "String", "Default": "default"}},
        "Resources": {"One": parameter({"Ref": "Value"}), **resources},
        "Outputs": {"Value": {"Value": {"Fn::GetAtt": "One.Value"}}},
    }


def parent_template(child: dict[str, Any], **resources: Any) -> dict[str, Any]:
    """A template whose output and whose second parameter are the nested stack's output."""
    output = {"Fn::GetAtt": "Child.Outputs.Value"}
    return {
        "Resources": {"Child": child, "Copy": parameter(output), **resources},
        "Outputs": {"FromChild": {"Value": output}},
    }


def own_statuses(stacks: StackDriver, stack_id: str) -> list[str]:
    """The states of the stack itself, the oldest first."""
    name = stack_id.split("/")[1]
    return [status for logical_id, status, _ in stacks.events(stack_id) if logical_id == name]
