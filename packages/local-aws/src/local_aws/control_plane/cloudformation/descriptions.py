"""Stacks, resources, events and change sets in the shape of AWS's answers."""

from __future__ import annotations

import json
from typing import Any

from local_aws.control_plane.cloudformation import parameters
from local_aws.control_plane.cloudformation.change_sets import NO_CHANGES, ChangeSet
from local_aws.control_plane.cloudformation.changes import Change
from local_aws.control_plane.cloudformation.resource_types.base import as_bool, as_tag_list
from local_aws.control_plane.cloudformation.stack import Declaration, Resource, Stack, StackEvent


def stack(described: Stack) -> dict[str, Any]:
    """A member of DescribeStacks' Stacks."""
    return {
        "StackId": described.stack_id,
        "StackName": described.name,
        "ChangeSetId": described.change_set_id,
        "Description": described.declaration.template.get("Description"),
        "Parameters": stack_parameters(described),
        "CreationTime": described.creation_time,
        "LastUpdatedTime": described.update_time,
        "DeletionTime": described.deletion_time,
        "RollbackConfiguration": {},
        "StackStatus": described.status,
        "StackStatusReason": described.reason,
        "DisableRollback": described.on_failure == "DO_NOTHING",
        "NotificationARNs": described.notification_arns,
        "TimeoutInMinutes": described.timeout_minutes,
        "Capabilities": described.capabilities,
        "Outputs": [
            {
                "OutputKey": output.key,
                "OutputValue": output.value,
                "Description": output.description,
                "ExportName": output.export_name,
            }
            for output in described.outputs
        ],
        "RoleARN": described.role_arn,
        "Tags": as_tag_list(described.declaration.tags),
        "EnableTerminationProtection": described.termination_protection,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


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
        "Metadata": json.dumps(described.metadata) if described.metadata else None,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
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
    }


def change_set(described: ChangeSet) -> dict[str, Any]:
    """DescribeChangeSet's answer."""
    return {
        **change_set_summary(described),
        "Parameters": stack_parameters(described.stack, described.declaration),
        "NotificationARNs": described.notification_arns,
        "Capabilities": described.capabilities,
        "Tags": as_tag_list(described.declaration.tags),
        "OnStackFailure": described.on_failure,
        "Changes": [
            {"Type": "Resource", "ResourceChange": _resource_change(change)}
            for change in described.changes
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
        "ExecutionStatus": "UNAVAILABLE" if described.is_empty else described.execution_status,
        "Status": described.status,
        "StatusReason": NO_CHANGES if described.is_empty else None,
        "IncludeNestedStacks": False,
    }


def _resource_change(change: Change) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Action": change.action,
        "LogicalResourceId": change.logical_id,
        "PhysicalResourceId": change.physical_id,
        "ResourceType": change.type_name,
        "Scope": [],
        "Details": [],
    }
    if change.action == "Modify":
        shown["Replacement"] = "True" if change.replacement else "False"
        shown["Scope"] = ["Properties"]
        shown["Details"] = [
            {
                "Target": {"Attribute": "Properties", "Name": name},
                "Evaluation": "Static",
                "ChangeSource": "DirectModification",
            }
            for name in sorted(change.properties)
        ]
    return shown
