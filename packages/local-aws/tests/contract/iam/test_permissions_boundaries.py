"""Permissions boundaries of users: what they bound, who may set them, and what they are shown as.

Those of roles: test_enforcement.py, test_answers.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import ACCOUNT, allow, denies, policy_document
from stack_driver import StackDriver

READ_TABLES = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
SHOWN = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": READ_TABLES}


@pytest.fixture
def boundary(iam: Any, unique_name: str) -> Iterator[str]:
    """A policy of the account's own, which allows to list roles."""
    document = policy_document(allow("iam:ListRoles"))
    arn = iam.create_policy(PolicyName=unique_name, PolicyDocument=document)["Policy"]["Arn"]
    yield arn
    iam.delete_policy(PolicyArn=arn)


@pytest.fixture
def user(iam: Any, unique_name: str) -> Iterator[Callable[..., dict[str, str]]]:
    """Creates the user with one policy of these statements; returns the name and an access key."""
    of_user = {"UserName": unique_name}

    def make(*statements: dict[str, Any], **more: Any) -> dict[str, str]:
        iam.create_user(**of_user, **more)
        document = policy_document(*statements)
        iam.put_user_policy(**of_user, PolicyName="own", PolicyDocument=document)
        key: dict[str, str] = iam.create_access_key(**of_user)["AccessKey"]
        return {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
        }

    yield make
    for key in iam.list_access_keys(**of_user)["AccessKeyMetadata"]:
        iam.delete_access_key(**of_user, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(**of_user, PolicyName="own")
    iam.delete_user(**of_user)


def test_a_users_boundary_can_only_take_away(
    aws: Any, iam: Any, user: Any, unique_name: str
) -> None:
    """IAM User Guide, "Permissions boundaries for IAM entities"."""
    keys = user(allow("*"), PermissionsBoundary=READ_TABLES)
    assert "TableNames" in aws("dynamodb", **keys).list_tables()
    assert denies(aws("ssm", **keys).describe_parameters)

    iam.delete_user_permissions_boundary(UserName=unique_name)
    assert not denies(aws("ssm", **keys).describe_parameters)

    iam.put_user_permissions_boundary(UserName=unique_name, PermissionsBoundary=READ_TABLES)
    assert denies(aws("ssm", **keys).describe_parameters)


def test_a_boundary_leaves_what_a_resource_gives_to_the_user_itself(
    aws: Any, iam: Any, user: Any, unique_name: str
) -> None:
    """IAM User Guide, "Permissions boundaries for IAM entities": resource-based policies that name
    a user are not limited by an implicit deny of the boundary, by an explicit one they are."""
    keys = user(allow("sqs:*"), PermissionsBoundary=READ_TABLES)
    sqs = aws("sqs")
    queue = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    send = {"QueueUrl": queue, "MessageBody": "x"}
    *_, message = refusal_of(aws("sqs", **keys).send_message, **send)
    assert message.endswith("because no permissions boundary allows the sqs:SendMessage action")

    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{unique_name}"
    named = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{unique_name}"}}
    policy = policy_document({**allow("sqs:SendMessage", arn), **named})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    aws("sqs", **keys).send_message(**send)

    denial = {**allow("sqs:SendMessage"), "Effect": "Deny"}
    document = policy_document(denial, allow("iam:ListRoles"))
    other = iam.create_policy(PolicyName=unique_name, PolicyDocument=document)["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName=unique_name, PermissionsBoundary=other)
    *_, message = refusal_of(aws("sqs", **keys).send_message, **send)
    assert message.endswith("with an explicit deny in a permissions boundary")
    iam.delete_user_permissions_boundary(UserName=unique_name)
    iam.delete_policy(PolicyArn=other)


def test_a_users_boundary_is_shown_where_one_user_is(iam: Any, user: Any, unique_name: str) -> None:
    """API_User; API_ListUsers: it does not return the boundary."""
    user(allow("*"))
    assert "PermissionsBoundary" not in iam.get_user(UserName=unique_name)["User"]

    iam.put_user_permissions_boundary(UserName=unique_name, PermissionsBoundary=READ_TABLES)
    assert iam.get_user(UserName=unique_name)["User"]["PermissionsBoundary"] == SHOWN

    listed = [each for each in iam.list_users()["Users"] if each["UserName"] == unique_name]
    assert "PermissionsBoundary" not in listed[0]
    details = iam.get_account_authorization_details(Filter=["User"])["UserDetailList"]
    [mine] = [each for each in details if each["UserName"] == unique_name]
    assert mine["PermissionsBoundary"] == SHOWN


def test_a_boundary_that_is_no_policy_is_refused_and_creates_no_user(
    iam: Any, unique_name: str
) -> None:
    """API_CreateUser, API_PutUserPermissionsBoundary."""
    missing = "arn:aws:iam::123456789012:policy/missing"
    created = refusal_of(iam.create_user, UserName=unique_name, PermissionsBoundary=missing)
    assert created[1:] == (
        "NoSuchEntity",
        f"Scope ARN: {missing} does not exist or is not attachable.",
    )
    assert refusal_of(iam.get_user, UserName=unique_name)[1] == "NoSuchEntity"
    put = {"UserName": unique_name, "PermissionsBoundary": READ_TABLES}
    assert refusal_of(iam.put_user_permissions_boundary, **put)[1] == "NoSuchEntity"


def test_whom_a_policy_bounds_is_listed_apart_from_who_has_it(
    iam: Any, user: Any, unique_name: str, boundary: str
) -> None:
    """API_ListEntitiesForPolicy: PolicyUsageFilter; API_Policy."""
    user(allow("*"), PermissionsBoundary=boundary)
    group = {"GroupName": unique_name}
    iam.create_group(**group)
    iam.attach_group_policy(**group, PolicyArn=boundary)

    def found(**filters: str) -> dict[str, list[str]]:
        listed = iam.list_entities_for_policy(PolicyArn=boundary, **filters)
        return {
            kind: [each[f"{kind}Name"] for each in listed[f"Policy{kind}s"]]
            for kind in ("User", "Role", "Group")
        }

    both = {"User": [unique_name], "Role": [], "Group": [unique_name]}
    assert found() == both
    assert found(PolicyUsageFilter="PermissionsBoundary") == {**both, "Group": []}
    assert found(PolicyUsageFilter="PermissionsPolicy") == {**both, "User": []}
    assert found(EntityFilter="Group") == {**both, "User": []}
    assert found(PathPrefix="/other/") == {"User": [], "Role": [], "Group": []}
    counted = iam.get_policy(PolicyArn=boundary)["Policy"]
    assert (counted["AttachmentCount"], counted["PermissionsBoundaryUsageCount"]) == (1, 1)

    iam.detach_group_policy(**group, PolicyArn=boundary)
    iam.delete_group(**group)
    iam.delete_user_permissions_boundary(UserName=unique_name)


def test_who_may_only_create_bounded_users_creates_no_others(
    aws: Any, iam: Any, user: Any, unique_name: str, boundary: str
) -> None:
    """Delegating with boundaries: iam:PermissionsBoundary is what the request gives, or what whom
    it is about has ("Available keys for IAM" in the Service Authorization Reference)."""
    bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    delegated = aws(
        "iam",
        **user(allow(["iam:CreateUser", "iam:PutUserPolicy"], Condition=bounded)),
    )
    made = {"UserName": f"{unique_name}-made"}
    policy = {"PolicyName": "own", "PolicyDocument": policy_document(allow("s3:*"))}
    assert denies(delegated.create_user, **made)
    assert denies(delegated.create_user, **made, PermissionsBoundary=READ_TABLES)

    delegated.create_user(**made, PermissionsBoundary=boundary)
    delegated.put_user_policy(**made, **policy)

    iam.delete_user_permissions_boundary(**made)
    assert denies(delegated.put_user_policy, **made, **policy)
    iam.delete_user_policy(**made, PolicyName="own")
    iam.delete_user(**made)


def test_a_stack_bounds_its_user(iam: Any, stacks: StackDriver, unique_name: str) -> None:
    """AWS::IAM::User: PermissionsBoundary, no interruption."""

    def declared(**properties: Any) -> dict[str, Any]:
        user = {"UserName": unique_name, **properties}
        return {"User": {"Type": "AWS::IAM::User", "Properties": user}}

    stacks.create(unique_name, declared(PermissionsBoundary=READ_TABLES))
    assert iam.get_user(UserName=unique_name)["User"]["PermissionsBoundary"] == SHOWN

    stacks.update(unique_name, declared())
    assert "PermissionsBoundary" not in iam.get_user(UserName=unique_name)["User"]


def test_a_stacks_policy_is_taken_from_whoever_has_it_but_not_while_it_bounds(
    iam: Any, stacks: StackDriver, unique_name: str
) -> None:
    """AWS::IAM::ManagedPolicy: its handler may detach and delete versions, but change no boundary
    (the permissions in the type's schema)."""
    document = json.loads(policy_document(allow("s3:*")))
    properties = {"ManagedPolicyName": unique_name, "PolicyDocument": document}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
    stacks.create(unique_name, {"Policy": policy})
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{unique_name}"
    user = {"UserName": unique_name}
    iam.create_user(**user, PermissionsBoundary=arn)
    iam.attach_user_policy(**user, PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document))

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_FAILED"
    assert "attached to entities" in stacks.failures(unique_name)["Policy"]

    iam.delete_user_permissions_boundary(**user)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert not iam.list_attached_user_policies(**user)["AttachedPolicies"]
    iam.delete_user(**user)
