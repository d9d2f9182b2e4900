"""The source identity of role sessions: who may set it, and where it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import MakeRole, allow, denies, keys_of, made_roles

_BOTH = ("sts:AssumeRole", "sts:SetSourceIdentity")


@pytest.fixture
def make_role(aws: Any, unique_name: str) -> Iterator[MakeRole]:
    """Makes a role that the account may assume with these actions; returns its ARN."""
    with made_roles(aws("iam"), unique_name, _BOTH) as make:
        yield make


def test_a_source_identity_goes_on_in_a_chain_and_does_not_change(
    aws: Any, make_role: MakeRole
) -> None:
    """IAM User Guide, "Monitor and control actions taken with assumed roles"."""
    first, second = make_role(allow("sts:*")), make_role(allow("sts:*"))
    call = {"RoleArn": first, "RoleSessionName": "me"}
    assert "SourceIdentity" not in aws("sts").assume_role(**call)
    begun = aws("sts").assume_role(**call, SourceIdentity="alice")
    assert begun["SourceIdentity"] == "alice"

    chained = aws("sts", **keys_of(begun))
    call = {"RoleArn": second, "RoleSessionName": "me"}

    assert chained.assume_role(**call)["SourceIdentity"] == "alice"
    assert chained.assume_role(**call, SourceIdentity="alice")["SourceIdentity"] == "alice"
    refused = refusal_of(chained.assume_role, **call, SourceIdentity="bob")
    assert refused[:2] == (403, "AccessDenied")
    assert "sts:SetSourceIdentity" in refused[2]


def test_both_policies_let_a_source_identity_be_set(aws: Any, make_role: MakeRole) -> None:
    """IAM User Guide, "Permissions required to set a source identity"; AWS's words as users
    reported them."""
    plain, open_ = make_role(actions=("sts:AssumeRole",)), make_role()
    call = {"RoleSessionName": "me", "SourceIdentity": "alice"}
    asking = aws("sts").get_caller_identity()["Arn"]
    assert refusal_of(aws("sts").assume_role, RoleArn=plain, **call) == (
        403,
        "AccessDenied",
        f"User: {asking} is not authorized to perform: sts:SetSourceIdentity on resource: {plain}",
    )
    for actions, may in ((["sts:AssumeRole"], False), (list(_BOTH), True)):
        own = make_role(allow(actions))
        session = keys_of(aws("sts").assume_role(RoleArn=own, RoleSessionName="me"))
        if may:
            assert aws("sts", **session).assume_role(RoleArn=open_, **call)["SourceIdentity"]
        else:
            refused = refusal_of(aws("sts", **session).assume_role, RoleArn=open_, **call)
            assert "sts:SetSourceIdentity" in refused[2]


def test_policies_look_at_the_source_identity(aws: Any, make_role: MakeRole) -> None:
    """IAM User Guide: sts:SourceIdentity of AssumeRole, aws:SourceIdentity of what follows."""
    named = {"StringLike": {"sts:SourceIdentity": ["alice", "ali*"]}}
    alone = {"StringEquals": {"aws:SourceIdentity": "alice"}}
    role = make_role(allow("sqs:ListQueues", Condition=alone), trusted_if=named)
    call = {"RoleArn": role, "RoleSessionName": "me"}
    assert refusal_of(aws("sts").assume_role, **call)[1] == "AccessDenied"
    assert refusal_of(aws("sts").assume_role, **call, SourceIdentity="bob")[1] == "AccessDenied"
    for name, may in (("alice", True), ("alina", False)):
        session = keys_of(aws("sts").assume_role(**call, SourceIdentity=name))
        assert denies(aws("sqs", **session).list_queues) is not may
