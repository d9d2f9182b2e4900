"""Who may give a role session tags, what policies make of them, and what else limits a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import MakeRole, allow, denies, keys_of, made_roles, policy_document

_BOTH = ("sts:AssumeRole", "sts:TagSession")
_TEAM = [{"Key": "Team", "Value": "blue"}]
_FOR_BLUE = {"StringEquals": {"aws:PrincipalTag/Team": "blue"}}


@pytest.fixture
def make_role(aws: Any, unique_name: str) -> Iterator[MakeRole]:
    """Makes a role that the account may assume with these actions; returns its ARN."""
    with made_roles(aws("iam"), unique_name, _BOTH) as make:
        yield make


def test_both_policies_let_a_session_be_tagged(aws: Any, make_role: MakeRole) -> None:
    """IAM User Guide, "Pass session tags in AWS STS": permissions required to add session tags."""
    plain, open_ = make_role(actions=("sts:AssumeRole",)), make_role()
    call = {"RoleSessionName": "me", "Tags": _TEAM}
    asking = aws("sts").get_caller_identity()["Arn"]
    assert refusal_of(aws("sts").assume_role, RoleArn=plain, **call) == (
        403,
        "AccessDenied",
        f"User: {asking} is not authorized to perform: sts:TagSession on resource: {plain}",
    )
    for actions, is_denied in ((["sts:AssumeRole"], True), (list(_BOTH), False)):
        acting = make_role(allow(actions))
        keys = keys_of(aws("sts").assume_role(RoleArn=acting, RoleSessionName="me"))
        assert denies(aws("sts", **keys).assume_role, RoleArn=open_, **call) is is_denied


def test_a_sessions_tags_are_its_principals(aws: Any, make_role: MakeRole) -> None:
    """IAM User Guide, "Pass session tags in AWS STS": they come before the role's own tags."""
    tags = [{"Key": "Team", "Value": "red"}]
    arn = make_role(allow("iam:ListUsers", Condition=_FOR_BLUE), Tags=tags)
    for given, is_denied in (([], True), (_TEAM, False), (tags, True)):
        session = aws("sts").assume_role(RoleArn=arn, RoleSessionName="me", Tags=given)
        assert denies(aws("iam", **keys_of(session)).list_users) is is_denied


@pytest.mark.parametrize("is_transitive", [True, False])
def test_a_transitive_tag_goes_on_in_a_chain(
    aws: Any, make_role: MakeRole, is_transitive: bool
) -> None:
    """IAM User Guide, "Chaining roles with session tags"."""
    first = make_role(allow("sts:*"))
    second = make_role(allow("iam:ListUsers", Condition=_FOR_BLUE))
    keys = ["Team"] if is_transitive else []
    call = {"RoleArn": first, "RoleSessionName": "me", "Tags": _TEAM, "TransitiveTagKeys": keys}
    begun = aws("sts").assume_role(**call)
    chained = aws("sts", **keys_of(begun)).assume_role(RoleArn=second, RoleSessionName="me")
    assert denies(aws("iam", **keys_of(chained)).list_users) is not is_transitive


def test_managed_policies_limit_a_session(aws: Any, make_role: MakeRole, unique_name: str) -> None:
    """API_AssumeRole, PolicyArns: the intersection of the role's policies and the session's."""
    arn = make_role(allow("*"))
    policy = aws("iam").create_policy(
        PolicyName=unique_name, PolicyDocument=policy_document(allow("iam:ListRoles"))
    )["Policy"]["Arn"]
    call = {"RoleArn": arn, "RoleSessionName": "me", "PolicyArns": [{"arn": policy}]}

    limited = aws("iam", **keys_of(aws("sts").assume_role(**call)))
    limited.list_roles()
    assert denies(limited.list_users)
    more = policy_document(allow("iam:ListUsers"))
    keys = keys_of(aws("sts").assume_role(**call, Policy=more))
    aws("iam", **keys).list_users()

    aws("iam").delete_policy(PolicyArn=policy)
    assert denies(limited.list_roles)
