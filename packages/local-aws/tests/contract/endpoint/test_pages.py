"""Lists in pages of the size that a request names: every item once, and which sizes there are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import TRUSTS_THE_ACCOUNT, policy_document

_NAMES = ("page-a", "page-b", "page-c")
_TRUST = policy_document(
    {"Effect": "Allow", "Principal": TRUSTS_THE_ACCOUNT, "Action": "sts:AssumeRole"}
)
_POLICY = policy_document({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
_TAGS = [{"Key": name, "Value": "v"} for name in _NAMES]

Requests = Mapping[str, Mapping[str, Any]]
"""By call, what a request must name."""


@pytest.fixture(scope="module")
def _identities(aws: Any) -> Requests:
    iam = aws("iam")
    of_user, of_group, of_role = (
        {"UserName": "pages"},
        {"GroupName": "pages"},
        {"RoleName": "pages"},
    )
    iam.create_user(**of_user, Tags=_TAGS)
    iam.create_group(**of_group)
    iam.create_role(**of_role, AssumeRolePolicyDocument=_TRUST, Tags=_TAGS)
    arns = []
    for name in _NAMES:
        iam.create_user(UserName=name, Path="/pages/")
        iam.create_group(GroupName=name, Path="/pages/")
        iam.create_role(RoleName=name, Path="/pages/", AssumeRolePolicyDocument=_TRUST)
        iam.create_instance_profile(InstanceProfileName=name, Path="/pages/")
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName="pages")
        iam.add_user_to_group(**of_group, UserName=name)
        iam.add_user_to_group(GroupName=name, **of_user)
        of_policy = {"PolicyName": name, "PolicyDocument": _POLICY}
        arns.append(iam.create_policy(**of_policy, Path="/pages/", Tags=_TAGS)["Policy"]["Arn"])
        for kind, whose in (("user", of_user), ("group", of_group), ("role", of_role)):
            getattr(iam, f"put_{kind}_policy")(**whose, **of_policy)
            getattr(iam, f"attach_{kind}_policy")(**whose, PolicyArn=arns[-1])
        iam.attach_user_policy(UserName=name, PolicyArn=arns[0])
        iam.create_policy_version(PolicyArn=arns[0], PolicyDocument=_POLICY)
        iam.create_virtual_mfa_device(VirtualMFADeviceName=name)
    for _ in range(2):
        iam.create_access_key(**of_user)
    path, of_policy = {"PathPrefix": "/pages/"}, {"PolicyArn": arns[0]}
    return {
        "get_group": of_group,
        "list_access_keys": of_user,
        "list_attached_group_policies": of_group,
        "list_attached_role_policies": of_role,
        "list_attached_user_policies": of_user,
        "list_entities_for_policy": of_policy,
        "list_group_policies": of_group,
        "list_groups": path,
        "list_groups_for_user": of_user,
        "list_instance_profiles": path,
        "list_instance_profiles_for_role": of_role,
        "list_policies": path,
        "list_policy_tags": of_policy,
        "list_policy_versions": of_policy,
        "list_role_policies": of_role,
        "list_role_tags": of_role,
        "list_roles": path,
        "list_user_policies": of_user,
        "list_user_tags": of_user,
        "list_users": path,
        "list_virtual_mfa_devices": {},
    }


@pytest.fixture(scope="module")
def _keys(aws: Any) -> Requests:
    kms = aws("kms")
    tags = [{"TagKey": name, "TagValue": "v"} for name in _NAMES]
    of_key = {"KeyId": kms.create_key(Tags=tags)["KeyMetadata"]["KeyId"]}
    kms.create_key()
    retiring = "arn:aws:iam::123456789012:role/pages"
    for name in _NAMES:
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=of_key["KeyId"])
        kms.create_grant(
            **of_key, GranteePrincipal=retiring, RetiringPrincipal=retiring, Operations=["Decrypt"]
        )
        kms.rotate_key_on_demand(**of_key)
    return {
        "list_aliases": {},
        "list_grants": of_key,
        "list_key_rotations": of_key,
        "list_keys": {},
        "list_resource_tags": of_key,
        "list_retirable_grants": {"RetiringPrincipal": retiring},
    }


@pytest.fixture(scope="module")
def _balancers(aws: Any, subnets: dict[str, str]) -> Requests:
    elbv2, zones = aws("elbv2"), list(subnets.values())[:2]
    vpc = aws("ec2").describe_subnets(SubnetIds=zones)["Subnets"][0]["VpcId"]
    made = [elbv2.create_load_balancer(Name=name, Subnets=zones) for name in _NAMES]
    of_balancer = {"LoadBalancerArn": made[0]["LoadBalancers"][0]["LoadBalancerArn"]}
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]
    for number, name in enumerate(_NAMES, 1):
        elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc)
        listener = elbv2.create_listener(
            **of_balancer, Protocol="HTTP", Port=8000 + number, DefaultActions=answer
        )
    of_listener = {"ListenerArn": listener["Listeners"][0]["ListenerArn"]}
    for number in (1, 2):
        condition = {"Field": "path-pattern", "Values": [f"/{number}"]}
        elbv2.create_rule(**of_listener, Priority=number, Conditions=[condition], Actions=answer)
    return {
        "describe_account_limits": {},
        "describe_listeners": of_balancer,
        "describe_load_balancers": {},
        "describe_rules": of_listener,
        "describe_ssl_policies": {},
        "describe_target_groups": {},
    }


@pytest.fixture(scope="module")
def _classic_balancers(aws: Any) -> Requests:
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    for name in _NAMES:
        aws("elb").create_load_balancer(
            LoadBalancerName=name, Listeners=[listener], AvailabilityZones=["us-east-1a"]
        )
    return {"describe_load_balancers": {}}


@pytest.fixture(scope="module")
def _certificates(aws: Any) -> Requests:
    for name in _NAMES:
        aws("acm").request_certificate(DomainName=f"{name}.example.com")
    return {"list_certificates": {}}


@pytest.fixture(scope="module")
def _groups(aws: Any, subnets: dict[str, str], _balancers: Requests) -> Requests:
    asg, groups = aws("autoscaling"), aws("elbv2").describe_target_groups(Names=list(_NAMES))
    arns = [each["TargetGroupArn"] for each in groups["TargetGroups"]]
    for name in _NAMES:
        asg.create_launch_configuration(
            LaunchConfigurationName=name, ImageId="ami-12c6146b", InstanceType="t3.micro"
        )
        asg.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            MinSize=0,
            MaxSize=3,
            DesiredCapacity=1,
            TargetGroupARNs=arns,
            VPCZoneIdentifier=",".join(subnets.values()),
            Tags=[{"Key": "k", "Value": "v"}],
        )
        asg.put_scheduled_update_group_action(
            AutoScalingGroupName=_NAMES[0], ScheduledActionName=name, Recurrence="0 0 1 1 *",
            MinSize=0,
        )  # fmt: skip
        asg.put_scaling_policy(
            AutoScalingGroupName=_NAMES[0], PolicyName=name, AdjustmentType="ChangeInCapacity",
            ScalingAdjustment=1,
        )  # fmt: skip
    return {
        "describe_auto_scaling_groups": {"AutoScalingGroupNames": list(_NAMES)},
        "describe_auto_scaling_instances": {},
        "describe_launch_configurations": {},
        "describe_load_balancer_target_groups": {"AutoScalingGroupName": _NAMES[0]},
        "describe_policies": {"AutoScalingGroupName": _NAMES[0]},
        "describe_scaling_activities": {},
        "describe_scheduled_actions": {"AutoScalingGroupName": _NAMES[0]},
        "describe_tags": {"Filters": [{"Name": "auto-scaling-group", "Values": list(_NAMES)}]},
    }


@pytest.mark.parametrize(
    ("service", "things"),
    [
        ("acm", "_certificates"),
        ("autoscaling", "_groups"),
        ("elb", "_classic_balancers"),
        ("elbv2", "_balancers"),
        ("iam", "_identities"),
        ("kms", "_keys"),
    ],
)
def test_pages_of_one_have_every_item_once(
    aws: Any, request: pytest.FixtureRequest, service: str, things: str
) -> None:
    """MaxItems, MaxRecords, PageSize and Limit of each list in the services' API References."""
    client, requests = aws(service), request.getfixturevalue(things)
    for call, named in requests.items():
        paginator = client.get_paginator(call)
        whole = _items(paginator, paginator.paginate(**named))
        pages = list(paginator.paginate(**named, PaginationConfig={"PageSize": 1}))
        assert len(whole) > 1, call
        assert [len(_items(paginator, [page])) for page in pages] == [1] * len(whole), call
        assert _items(paginator, pages) == whole, call


def _items(paginator: Any, pages: Any) -> list[str]:
    """What is on the pages, list by list of each."""
    names = [each.expression for each in paginator.result_keys]
    found = [
        (names.index(name), json.dumps(item, default=str, sort_keys=True))
        for page in pages
        for name in names
        for item in page.get(name, ())
    ]
    return [f"{names[at]} {item}" for at, item in sorted(found, key=lambda each: each[0])]


@pytest.mark.parametrize(
    ("service", "call", "given", "code"),
    [
        ("acm", "list_certificates", {"MaxItems": 1001}, "ValidationException"),
        ("autoscaling", "describe_auto_scaling_instances", {"MaxRecords": 51}, "ValidationError"),
        ("autoscaling", "describe_tags", {"MaxRecords": 101}, "ValidationError"),
        ("elb", "describe_load_balancers", {"PageSize": 401}, "ValidationError"),
        ("elbv2", "describe_target_groups", {"PageSize": 401}, "ValidationError"),
        ("iam", "list_users", {"MaxItems": 1001}, "ValidationError"),
        ("kms", "list_aliases", {"Limit": 101}, "ValidationException"),
        ("kms", "list_keys", {"Limit": 1001}, "ValidationException"),
    ],
)
def test_a_page_larger_than_aws_has_is_refused(
    aws: Any, service: str, call: str, given: dict[str, int], code: str
) -> None:
    """MaxItems, MaxRecords, PageSize and Limit of each list in the services' API References."""
    assert refusal_of(getattr(aws(service), call), **given)[:2] == (400, code)


def test_a_list_of_iam_has_a_hundred_when_no_size_is_given(aws: Any) -> None:
    """API_ListPolicies, MaxItems: "the number of items defaults to 100"."""
    shown = aws("iam").list_policies(Scope="AWS")
    assert (len(shown["Policies"]), shown["IsTruncated"]) == (100, True)
