"""Calls that only look: describe, list, get, validate."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from moto.cloudformation.exceptions import ValidationError
from moto.core.responses import ActionResult

from local_aws.control_plane import key_token
from local_aws.control_plane.cloudformation import (
    capabilities,
    descriptions,
    exports,
    resource_schemas,
    template,
)
from local_aws.control_plane.cloudformation.api.base import Calls
from local_aws.control_plane.cloudformation.change_sets import CHANGE_SETS
from local_aws.control_plane.cloudformation.resource_types.handlers.base import as_bool
from local_aws.control_plane.cloudformation.stack import (
    STACKS,
    Declaration,
    Resource,
    Stack,
    StackEvent,
)

Item = TypeVar("Item")

_PAGE_SIZE = 100


class DescribingCalls(Calls):
    """A hundred at a time: stacks and events the newest first, as AWS answers."""

    def describe_stacks(self) -> ActionResult:
        if self._get_param("StackName"):
            return ActionResult({"Stacks": [descriptions.stack(self._stack())]})
        stacks = STACKS.in_region(self.current_account, self.region)
        living = [stack for stack in stacks if not stack.is_deleted]
        page, token = self._page(living, _creation, newest_first=True)
        return ActionResult(
            {"Stacks": [descriptions.stack(stack) for stack in page], "NextToken": token}
        )

    def list_stacks(self) -> ActionResult:
        wanted = self._get_param("StackStatusFilter", [])
        stacks = STACKS.in_region(self.current_account, self.region)
        found = [stack for stack in stacks if not wanted or stack.status in wanted]
        page, token = self._page(found, _creation, newest_first=True)
        return ActionResult(
            {"StackSummaries": [descriptions.stack_summary(s) for s in page], "NextToken": token}
        )

    def describe_stack_events(self) -> ActionResult:
        stack = self._stack()
        page, token = self._page(stack.events, _moment, newest_first=True)
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
        if bool(physical_id) == bool(self._get_param("StackName")):
            raise ValidationError(
                message="You must specify either StackName or PhysicalResourceId, but not both."
            )
        if physical_id:
            stack, resource = self._owner_of(physical_id)
            return ActionResult({"StackResources": [descriptions.resource(stack, resource)]})
        stack = self._stack()
        found = [self._resource(logical_id)] if logical_id else list(stack.resources.values())
        return ActionResult({"StackResources": [descriptions.resource(stack, r) for r in found]})

    def list_stack_resources(self) -> ActionResult:
        stack = self._stack()
        page, token = self._page(list(stack.resources.values()), lambda each: each.logical_id)
        return ActionResult(
            {
                "StackResourceSummaries": [descriptions.resource(stack, r) for r in page],
                "NextToken": token,
            }
        )

    def list_exports(self) -> ActionResult:
        exports = STACKS.exports(self.current_account, self.region)
        page, token = self._page(list(exports.items()), lambda each: each[0])
        rows = [
            {"ExportingStackId": stack.stack_id, "Name": name, "Value": value}
            for name, (stack, value) in page
        ]
        return ActionResult({"Exports": rows, "NextToken": token})

    def list_imports(self) -> ActionResult:
        name = self._get_param("ExportName")
        importers = exports.importers(self.current_account, self.region, name)
        if not importers:
            raise ValidationError(message=f"Export '{name}' is not imported by any stack.")
        page, token = self._page([stack.name for stack in importers], str)
        return ActionResult({"Imports": page, "NextToken": token})

    def get_template(self) -> ActionResult:
        """AWS: API_GetTemplate, "TemplateStage": Processed is the default."""
        declaration = self._declaration_shown()
        processed = self._get_param("TemplateStage", "Processed") == "Processed"
        return ActionResult(
            {
                "TemplateBody": json.dumps(declaration.template)
                if processed and declaration.transforms
                else declaration.text,
                "StagesAvailable": ["Original", "Processed"],
            }
        )

    def _declaration_shown(self) -> Declaration:
        """Of the change set that the request names, or else of the stack."""
        change_set = self._get_param("ChangeSetName")
        if not change_set:
            if not self._get_param("StackName"):
                raise ValidationError(
                    message="StackName is required if ChangeSetName is not specified."
                )
            return self._stack().declaration
        stack = self._stack() if self._get_param("StackName") else None
        if stack is None and not change_set.startswith("arn:"):
            raise ValidationError(message="StackName is a required parameter.")
        return CHANGE_SETS.find(change_set, stack).declaration

    def get_template_summary(self) -> ActionResult:
        stack = self._stack() if self._get_param("StackName") else None
        if stack and stack.status == "REVIEW_IN_PROGRESS":
            raise ValidationError(
                message="GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks."
            )
        body = stack.declaration.template if stack else self._template()[1]
        transforms = stack.declaration.transforms if stack else template.transforms(body)
        types = sorted({str(each.get("Type")) for each in template.definitions(body)})
        return ActionResult(
            {
                "Parameters": _declared_parameters(body),
                "Description": body.get("Description"),
                "Metadata": str(body["Metadata"]) if "Metadata" in body else None,
                "Version": body.get("AWSTemplateFormatVersion"),
                "ResourceTypes": types,
                "ResourceIdentifierSummaries": _identifier_summaries(body),
                **_needs(body, transforms),
            }
        )

    def validate_template(self) -> ActionResult:
        """moto writes the template into the working directory and runs a linter on it."""
        _, body = self._template()
        transforms = template.transforms(body)
        return ActionResult(
            {
                "Parameters": _declared_parameters(body),
                "Description": body.get("Description"),
                **_needs(body, transforms),
            }
        )

    def _resource(self, logical_id: str) -> Resource:
        stack = self._stack()
        if logical_id not in stack.resources:
            raise ValidationError(
                message=f"Resource {logical_id} does not exist for stack "
                f"{self._get_param('StackName')}"
            )
        return stack.resources[logical_id]

    def _owner_of(self, physical_id: str) -> tuple[Any, Resource]:
        for stack in STACKS.in_region(self.current_account, self.region):
            for resource in stack.resources.values():
                if resource.physical_id == physical_id and not stack.is_deleted:
                    return stack, resource
        raise ValidationError(message=f"Stack for {physical_id} does not exist")

    def _page(
        self,
        items: Sequence[Item],
        key: Callable[[Item], str],
        *,
        newest_first: bool = False,
        size: int | None = None,
    ) -> tuple[list[Item], str | None]:
        """The page that the request is about, in the order of its keys, and the next token."""
        try:
            return key_token.page(
                self._get_action(),
                items,
                lambda item: (key(item),),
                self._get_param("NextToken"),
                size or _PAGE_SIZE,
                is_descending=newest_first,
            )
        except ValueError:
            raise ValidationError(message="NextToken is invalid") from None


def _creation(stack: Stack) -> str:
    return f"{stack.creation_time.isoformat(timespec='microseconds')} {stack.stack_id}"


def _moment(event: StackEvent) -> str:
    """Each event of a stack has one of its own."""
    return event.timestamp.isoformat(timespec="microseconds")


def _declared_parameters(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "ParameterKey": name,
            "DefaultValue": str(spec["Default"]) if "Default" in spec else None,
            "ParameterType": spec["Type"],
            "NoEcho": as_bool(spec.get("NoEcho", False)),
            "Description": spec.get("Description"),
            "ParameterConstraints": {
                "AllowedValues": [str(value) for value in spec.get("AllowedValues", [])]
            },
        }
        for name, spec in body.get("Parameters", {}).items()
    ]


def _needs(body: Mapping[str, Any], transforms: Sequence[str]) -> dict[str, Any]:
    """The macros and capabilities that a template needs, and what in it is why; absent if none."""
    needed = capabilities.needed(body, transforms)
    why = ", ".join(sorted(set().union(*needed.values())))
    return {
        "Capabilities": list(needed) or None,
        "CapabilitiesReason": f"The following resource(s) require capabilities: [{why}]"
        if needed
        else None,
        "DeclaredTransforms": list(transforms) or None,
    }


def _identifier_summaries(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The resources by type, with the properties that name one in an import.

    AWS: API_ResourceIdentifierSummary. Identifiers that only AWS gives are left out, as recorded.
    What a loop will make of an unprocessed template has no names yet.
    """
    by_type: dict[str, list[str]] = {}
    for logical_id, definition in body["Resources"].items():
        if isinstance(definition, dict):
            by_type.setdefault(str(definition.get("Type")), []).append(logical_id)
    return [
        {
            "ResourceType": type_name,
            "LogicalResourceIds": names,
            "ResourceIdentifiers": resource_schemas.given_identifiers(type_name) or None,
        }
        for type_name, names in by_type.items()
    ]
