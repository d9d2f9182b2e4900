"""Everything that an account holds, as its API lists it: to see that nothing was touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

# (service, operation, the list in its answer). What changes by itself is left out below.
_LISTINGS = (
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
    ("cloudformation", "describe_stacks", "Stacks"),
    ("dynamodb", "list_tables", "TableNames"),
    ("ec2", "describe_instances", "Reservations"),
    ("ec2", "describe_key_pairs", "KeyPairs"),
    ("ec2", "describe_launch_template_versions", "LaunchTemplateVersions"),
    ("ec2", "describe_security_group_rules", "SecurityGroupRules"),
    ("ec2", "describe_security_groups", "SecurityGroups"),
    ("ec2", "describe_volumes", "Volumes"),
    ("elbv2", "describe_load_balancers", "LoadBalancers"),
    ("elbv2", "describe_target_groups", "TargetGroups"),
    ("iam", "list_instance_profiles", "InstanceProfiles"),
    ("iam", "list_roles", "Roles"),
    ("s3", "list_buckets", "Buckets"),
    ("ssm", "describe_parameters", "Parameters"),
)
_OPTIONS: dict[str, dict[str, Any]] = {
    "describe_launch_template_versions": {"Versions": ["$Latest", "$Default"]}
}

Holdings = dict[str, list[str]]


def holdings(client: Callable[[str], Any]) -> Holdings:
    """Each listing's rows as JSON, and each table's items."""
    clients = {service: client(service) for service in {service for service, _, _ in _LISTINGS}}
    found = {
        f"{service} {operation}": _rows(
            getattr(clients[service], operation)(**_OPTIONS.get(operation, {}))[key]
        )
        for service, operation, key in _LISTINGS
    }
    for table in clients["dynamodb"].list_tables()["TableNames"]:
        found[f"items of {table}"] = _rows(clients["dynamodb"].scan(TableName=table)["Items"])
    return found


def difference(before: Holdings, after: Holdings) -> dict[str, list[str]]:
    """What is in one of them only, by listing."""
    return {
        name: changed
        for name in before.keys() | after.keys()
        if (changed := sorted(set(before.get(name, [])) ^ set(after.get(name, []))))
    }


def _rows(listed: list[Any]) -> list[str]:
    return [
        json.dumps(_without_use(row), sort_keys=True, default=str)
        for row in listed
        if not _has_ended(row)
    ]


def _without_use(value: Any) -> Any:
    """When a role was last used is no matter of what an account holds."""
    if isinstance(value, list):
        return [_without_use(each) for each in value]
    if isinstance(value, dict):
        return {key: _without_use(each) for key, each in value.items() if key != "RoleLastUsed"}
    return value


def _has_ended(row: Any) -> bool:
    """Instances are listed while they end and for a while after it; none of them stays."""
    instances = row.get("Instances", []) if isinstance(row, dict) else []
    states = [each["State"]["Name"] for each in instances if "State" in each]
    return bool(states) and set(states) <= {"shutting-down", "terminated"}
