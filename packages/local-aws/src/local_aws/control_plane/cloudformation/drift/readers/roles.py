"""Roles and instance profiles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.drift.readers import tags


def role(api: Any, name: str, attached: frozenset[str]) -> Mapping[str, Any]:
    """`attached` has the policies that are resources of their own."""
    iam = api("iam")
    shown = iam.get_role(RoleName=name)["Role"]
    managed = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return {
        "AssumeRolePolicyDocument": shown["AssumeRolePolicyDocument"],
        "Description": shown.get("Description"),
        "ManagedPolicyArns": [
            each["PolicyArn"] for each in managed if each["PolicyArn"] not in attached
        ],
        "MaxSessionDuration": shown.get("MaxSessionDuration"),
        "Path": shown["Path"],
        "PermissionsBoundary": shown.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "Policies": [_policy(iam, name, each) for each in inline if each not in attached],
        "RoleName": shown["RoleName"],
        "Tags": tags.given(shown.get("Tags", [])),
    }


def as_read(declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its trust policy as an object, which a template may have as text."""
    trust = declared.get("AssumeRolePolicyDocument")
    parsed = {"AssumeRolePolicyDocument": json.loads(trust)} if isinstance(trust, str) else {}
    return {**declared, **parsed}


def instance_profile(api: Any, name: str, _: frozenset[str]) -> Mapping[str, Any]:
    shown = api("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    return {
        "InstanceProfileName": shown["InstanceProfileName"],
        "Path": shown["Path"],
        "Roles": [each["RoleName"] for each in shown["Roles"]],
    }


def _policy(iam: Any, role_name: str, policy_name: str) -> dict[str, Any]:
    found = iam.get_role_policy(RoleName=role_name, PolicyName=policy_name)
    return {"PolicyName": policy_name, "PolicyDocument": found["PolicyDocument"]}
