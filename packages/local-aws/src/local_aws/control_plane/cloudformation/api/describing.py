"""Calls that only look: describe, list, get, validate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.core.responses import ActionResult

from local_aws.control_plane.cloudformation import descriptions
from local_aws.control_plane.cloudformation.api.base import Calls
from local_aws.control_plane.cloudformation.stack import STACKS, Resource

_PAGE_SIZE = 100


class DescribingCalls(Calls):
    """The newest first, a hundred at a time, as AWS answers."""

    def describe_stacks(self) -> ActionResult:
        if self._get_param("StackName"):
            return ActionResult({"Stacks": [descriptions.stack(self._stack())]})
        stacks = STACKS.in_region(self.current_account, self.region)
        living = [stack for stack in stacks if not stack.is_deleted]
        page, token = self._page(living)
        return ActionResult(
            {"Stacks": [descriptions.stack(stack) for stack in page], "NextToken": token}
        )

    def list_stacks(self) -> ActionResult:
        wanted = self._get_param("StackStatusFilter", [])
        stacks = STACKS.in_region(self.current_account, self.region)
        page, token = self._page([s for s in stacks if not wanted or s.status in wanted])
        return ActionResult(
            {"StackSummaries": [descriptions.stack_summary(s) for s in page], "NextToken": token}
        )

    def describe_stack_events(self) -> ActionResult:
        stack = self._stack()
        page, token = self._page(stack.events[::-1])
        return ActionResult(
            {"StackEvents": [descriptions.event(stack, e) for e in page], "NextToken": token}
        )

    def describe_stack_resource(self) -> ActionResult:
        stack = self._stack()
        resource = self._resource(self._get_param("LogicalResourceId"))
        return ActionResult({"StackResourceDetail": descriptions.resource(stack, resource)})

    def describe_stack_resources(self) -> ActionResult:
        logical_id = self._get_param("LogicalResourceId")
        physical_id = self._get_param("PhysicalResourceId")
        if physical_id and not self._get_param("StackName"):
            stack, resource = self._owner_of(physical_id)
            return ActionResult({"StackResources": [descriptions.resource(stack, resource)]})
        stack = self._stack()
        found = [self._resource(logical_id)] if logical_id else list(stack.resources.values())
        if physical_id:
            found = [resource for resource in found if resource.physical_id == physical_id]
        return ActionResult({"StackResources": [descriptions.resource(stack, r) for r in found]})

    def list_stack_resources(self) -> ActionResult:
        stack = self._stack()
        page, token = self._page(list(stack.resources.values()))
        return ActionResult(
            {
                "StackResourceSummaries": [descriptions.resource(stack, r) for r in page],
                "NextToken": token,
            }
        )

    def list_exports(self) -> ActionResult:
        exports = STACKS.exports(self.current_account, self.region)
        return ActionResult(
            {
                "Exports": [
                    {"ExportingStackId": stack.stack_id, "Name": name, "Value": value}
                    for name, (stack, value) in exports.items()
                ]
            }
        )

    def get_template(self) -> ActionResult:
        return ActionResult(
            {
                "TemplateBody": self._stack().declaration.text,
                "StagesAvailable": ["Original", "Processed"],
            }
        )

    def get_template_summary(self) -> ActionResult:
        stack = self._stack() if self._get_param("StackName") else None
        if stack and stack.status == "REVIEW_IN_PROGRESS":
            raise ValidationError(
                message="GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks."
            )
        body = stack.declaration.template if stack else self._template()[1]
        types = sorted({definition["Type"] for definition in body["Resources"].values()})
        return ActionResult(
            {
                "Parameters": _declared_parameters(body),
                "Description": body.get("Description"),
                "Metadata": str(body["Metadata"]) if "Metadata" in body else None,
                "Version": body.get("AWSTemplateFormatVersion"),
                "ResourceTypes": types,
                "Capabilities": _capabilities(types),
                "DeclaredTransforms": [],
            }
        )

    def validate_template(self) -> ActionResult:
        """moto writes the template into the working directory and runs a linter on it."""
        _, body = self._template()
        return ActionResult(
            {
                "Parameters": _declared_parameters(body),
                "Description": body.get("Description"),
                "Capabilities": _capabilities(
                    [definition["Type"] for definition in body["Resources"].values()]
                ),
                "DeclaredTransforms": [],
            }
        )

    def _resource(self, logical_id: str) -> Resource:
        stack = self._stack()
        if logical_id not in stack.resources:
            raise ValidationError(
                message=f"Resource {logical_id} does not exist for stack {stack.name}"
            )
        return stack.resources[logical_id]

    def _owner_of(self, physical_id: str) -> tuple[Any, Resource]:
        for stack in STACKS.in_region(self.current_account, self.region):
            for resource in stack.resources.values():
                if resource.physical_id == physical_id and not stack.is_deleted:
                    return stack, resource
        raise ValidationError(message=f"Stack for {physical_id} does not exist")

    def _page(self, items: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
        """One page and the token of the next; a token is the index where the page begins."""
        token = self._get_param("NextToken") or "0"
        if not token.isdigit():
            raise ValidationError(message="NextToken is invalid")
        end = int(token) + _PAGE_SIZE
        return items[int(token) : end], str(end) if end < len(items) else None


def _declared_parameters(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "ParameterKey": name,
            "DefaultValue": str(spec["Default"]) if "Default" in spec else None,
            "ParameterType": spec["Type"],
            "NoEcho": bool(spec.get("NoEcho", False)),
            "Description": spec.get("Description"),
            "ParameterConstraints": {
                "AllowedValues": [str(value) for value in spec.get("AllowedValues", [])]
            },
        }
        for name, spec in body.get("Parameters", {}).items()
    ]


def _capabilities(types: Sequence[str]) -> list[str]:
    return ["CAPABILITY_IAM"] if any(name.startswith("AWS::IAM::") for name in types) else []
