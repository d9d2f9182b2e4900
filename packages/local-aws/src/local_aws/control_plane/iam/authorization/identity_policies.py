"""The policies that hold for a role or user, whoever acts as it: its own, its groups', its limits.

AWS: "Policy evaluation logic" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from moto.iam.models import Group, ManagedPolicy, Role, User, iam_backends

from local_aws.control_plane import delayed
from local_aws.control_plane.delayed import Document
from local_aws.control_plane.iam.identities import permissions_boundaries
from local_aws.control_plane.iam.policy_language import policies
from local_aws.control_plane.iam.policy_language.policies import Statement
from local_aws.control_plane.iam.sessions.callers import Caller

Layer = Literal["own", "boundary", "session"]


def layers(caller: Caller) -> Iterator[tuple[Layer, list[Statement]]]:
    """Groups of statements, each of which must allow the action."""
    identity = caller.identity
    if not caller.is_administrator:  # what is left of a deleted role or user may do nothing
        documents = documents_of(identity) if identity else ()
        own = [each for document in documents for each in policies.statements_of(document)]
        yield "own", own
    managed = iam_backends[caller.account_id]["aws"].managed_policies
    boundary = managed.get(permissions_boundaries.arn_of(identity))
    if boundary:
        yield "boundary", policies.statements_of(default_version(boundary))
    if caller.session_policy:
        yield "session", policies.statements_of(caller.session_policy)


def documents_of(identity: Role | User) -> tuple[Document, ...]:
    """The policies of a role or user that count by now."""
    return delayed.POLICIES.shown(identity.arn, tuple(_identity_documents(identity)))


def _identity_documents(identity: Role | User) -> Iterator[Document]:
    holders: list[Role | User | Group] = [identity]
    if isinstance(identity, User):
        groups = iam_backends[identity.account_id]["aws"].groups.values()
        holders += [group for group in groups if identity in group.users]
    for holder in holders:
        yield from of_holder(holder)


def of_holder(holder: Role | User | Group) -> Iterator[Document]:
    """Its own inline policies, and those that are attached to it."""
    yield from holder.policies.values()
    yield from map(default_version, holder.managed_policies.values())


def default_version(policy: ManagedPolicy) -> str:
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document
