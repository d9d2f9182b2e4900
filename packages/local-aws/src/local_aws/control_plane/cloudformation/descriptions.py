"""Stacks, resources, events and change sets in the shape of AWS's answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_aws.control_plane.cloudformation import change_details, parameters
from local_aws.control_plane.cloudformation.change_details import Cause
from local_aws.control_plane.cloudformation.change_sets import ChangeSet
from local_aws.control_plane.cloudformation.changes import Change
from local_aws.control_plane.cloudformation.drift import answers
from local_aws.control_plane.cloudformation.resource_types.handlers.base import as_bool, as_tag_list
from local_aws.control_plane.cloudformation.stack import Declaration, Resource, Stack, StackEvent


def stack(described: Stack) -> dict[str, Any]:
    """A member of DescribeStacks' Stacks."""
    return {
        "StackId": described.stack_id,
        "StackName": described.name,
        "ChangeSetId": described.change_set_id,
        "Description": described.declaration.template.get("Description"),
        "Parameters": stack_parameters(described) or None,
        "CreationTime": described.creation_time,
        "LastUpdatedTime": described.update_time,
        "DeletionTime": described.deletion_time,
        "RollbackConfiguration": described.rollback_configuration.shown,
        "StackStatus": described.status,
        "StackStatusReason": described.reason,
        "DisableRollback": described.on_failure == "DO_NOTHING",
        "DeploymentConfig": _deployment_config(described),
        "NotificationARNs": described.notification_arns,
        "TimeoutInMinutes": described.timeout_minutes,
        "Capabilities": described.capabilities or None,
        "Outputs": [
            {
                "OutputKey": output.key,
                "OutputValue": output.value,
                "Description": output.description,
                "ExportName": output.export_name,
            }
            for output in described.outputs
        ]
        or None,
        "RoleARN": described.role_arn,
        "RetainExceptOnCreate": described.retain_except_on_create or None,
        "Tags": as_tag_list(described.declaration.tags),
        "EnableTerminationProtection": described.termination_protection
        if described.parent_id is None and not described.is_deleted
        else None,  # a nested stack has its root's
        "ParentId": described.parent_id,
        "RootId": described.root_id,
        "DriftInformation": answers.of_stack(described.drift),
        "LastOperations": _last_operations(described),
    }


def _deployment_config(described: Stack | ChangeSet) -> dict[str, Any] | None:
    """What the request gave: none is shown of one that gave none."""
    config = described.deployment_config
    return config.shown if config else None


def _last_operations(described: Stack) -> list[dict[str, str]] | None:
    """Answers of AWS, as recorded: one entry, and none before the first operation."""
    last = described.last_operation
    return [{"OperationType": last.kind, "OperationId": last.operation_id}] if last else None


def stack_parameters(described: Stack, declaration: Declaration | None = None) -> list[Any]:
    """Given values; ResolvedValue for those that name an SSM parameter; NoEcho ones hidden."""
    shown = declaration or described.declaration
    declared = shown.template.get("Parameters", {})
    rows = []
    for name, value in shown.given_parameters.items():
        hidden = as_bool(declared[name].get("NoEcho", False))
        row = {"ParameterKey": name, "ParameterValue": "****" if hidden else value}
        if parameters.is_stored(declared[name]["Type"]):
            resolved = shown.resolved_parameters[name]
            row["ResolvedValue"] = resolved if isinstance(resolved, str) else ",".join(resolved)
        rows.append(row)
    return rows


def stack_summary(described: Stack) -> dict[str, Any]:
    """A member of ListStacks' StackSummaries."""
    full = stack(described)
    shown = ("StackId", "StackName", "CreationTime", "LastUpdatedTime", "DeletionTime")
    return {
        **{name: full[name] for name in (*shown, "StackStatus", "StackStatusReason")},
        "TemplateDescription": full["Description"],
        "ParentId": full["ParentId"],
        "RootId": full["RootId"],
        "DriftInformation": full["DriftInformation"],
    }


def resource(of: Stack, described: Resource) -> dict[str, Any]:
    """A resource, with the keys of every call that shows one; each call shows those it has."""
    return {
        "StackName": of.name,
        "StackId": of.stack_id,
        "LogicalResourceId": described.logical_id,
        "PhysicalResourceId": described.physical_id,
        "ResourceType": described.type_name,
        "Timestamp": described.timestamp,
        "LastUpdatedTimestamp": described.timestamp,
        "ResourceStatus": described.status,
        "ResourceStatusReason": described.reason,
        "Metadata": json.dumps(described.metadata or {}),
        "DriftInformation": answers.of_resource(of.drift, described.logical_id),
    }


def event(of: Stack, described: StackEvent) -> dict[str, Any]:
    """A member of DescribeStackEvents' StackEvents."""
    return {
        "StackId": of.stack_id,
        "EventId": described.event_id,
        "StackName": of.name,
        "LogicalResourceId": described.logical_id,
        "PhysicalResourceId": described.physical_id,
        "ResourceType": described.type_name,
        "Timestamp": described.timestamp,
        "ResourceStatus": described.status,
        "ResourceStatusReason": described.reason,
        "ClientRequestToken": described.client_request_token,
        "ResourceProperties": described.properties,
    }


def change_set(described: ChangeSet, *, with_values: bool) -> dict[str, Any]:
    """DescribeChangeSet's answer; `with_values` is its IncludePropertyValues."""
    return {
        **change_set_summary(described),
        "Parameters": stack_parameters(described.stack, described.declaration) or None,
        "NotificationARNs": described.notification_arns or [],
        "RollbackConfiguration": described.rollback_configuration.shown,
        "Capabilities": described.capabilities,
        "Tags": as_tag_list(described.declaration.tags) or None,
        "OnStackFailure": described.on_failure,
        "DeploymentConfig": _deployment_config(described),
        "Changes": [
            {
                "Type": "Resource",
                "ResourceChange": _resource_change(change, with_values=with_values),
            }
            for change in (described.changes_with_values if with_values else described.changes)
        ],
    }


def change_set_summary(described: ChangeSet) -> dict[str, Any]:
    """A member of ListChangeSets' Summaries."""
    return {
        "ChangeSetName": described.name,
        "ChangeSetId": described.change_set_id,
        "StackId": described.stack.stack_id,
        "StackName": described.stack.name,
        "Description": described.description,
        "CreationTime": described.creation_time,
        "ExecutionStatus": "UNAVAILABLE" if described.failure else described.execution_status,
        "Status": described.status,
        "StatusReason": described.failure,
        "IncludeNestedStacks": False,
    }


def _resource_change(change: Change, *, with_values: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "PolicyAction": change.policy_action,
        "Action": change.action,
        "LogicalResourceId": change.logical_id,
        "PhysicalResourceId": change.physical_id,
        "ResourceType": change.type_name,
        "Scope": [],
        "Details": [],
    }
    if with_values:
        shown["BeforeContext"] = json.dumps(change.before) if change.before else None
        shown["AfterContext"] = json.dumps(change.after) if change.after else None
    if change.action == "Modify":
        shown["Replacement"] = "Conditional" if change.is_replaced_perhaps else change.replacement
        shown["Scope"] = [
            *(["Properties"] if change.properties or change.is_automatic else []),
            *sorted(change.attributes),
        ]
        shown["Details"] = [
            *_details_of_properties(change, with_values=with_values),
            *_details_besides(change, with_values=with_values),
        ]
    return shown


def _details_of_properties(change: Change, *, with_values: bool) -> Iterator[dict[str, Any]]:
    for name, recreation in change.properties.items():
        target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}
        if with_values and change.before and change.after:
            target |= change_details.values(change.before, change.after, name)
        yield from _details(target, change.causes[name], with_values=with_values)


def _details_besides(change: Change, *, with_values: bool) -> Iterator[dict[str, Any]]:
    """Of attributes beside the properties, and of a nested stack whose template may differ."""
    for attribute in sorted(change.attributes):
        target = {"Attribute": attribute, "RequiresRecreation": "Never"}
        yield from _details(target, change.attribute_causes[attribute], with_values=with_values)
    if change.is_automatic:
        yield {
            "Target": {"Attribute": "Properties", "RequiresRecreation": "Never"},
            "Evaluation": "Dynamic",
            "ChangeSource": "Automatic",
        }


def _details(
    target: Mapping[str, str], causes: Sequence[Cause], *, with_values: bool
) -> Iterator[dict[str, Any]]:
    for cause in change_details.listed(causes, with_values=with_values):
        yield {
            "Target": target,
            "Evaluation": cause.evaluation,
            "ChangeSource": cause.source,
            "CausingEntity": cause.entity,
        }
