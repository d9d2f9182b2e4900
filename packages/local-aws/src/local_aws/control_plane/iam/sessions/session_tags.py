"""The tags of a role session, which policies know as its principal's, and who may give them.

Source: "Pass session tags in AWS STS" in the IAM User Guide: passing one needs sts:TagSession in
both the caller's own policies and the role's trust policy; a session's tag comes before its role's
one with the same key; what is transitive goes on to the sessions that it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.sts.models import AssumedRole

from local_aws.control_plane import moto_seams

ACTION = "sts:TagSession"
"""What AssumeRole needs beside its own action where the request has tags."""


@dataclass
class SessionTags:
    """A session's tags; the keys of those that go on in a chain are in lower case."""

    values: Mapping[str, str] = field(default_factory=dict)
    transitive: frozenset[str] = frozenset()

    def inherited(self) -> dict[str, str]:
        """Those that a session has which this one starts."""
        return {key: value for key, value in self.values.items() if key.lower() in self.transitive}


@dataclass
class _Kept:
    tags: SessionTags = field(default_factory=SessionTags)


def of_session(session: AssumedRole) -> SessionTags:
    return moto_seams.notes(session, _Kept).tags


def keep(session: AssumedRole, tags: SessionTags) -> None:
    """Note what a new session has."""
    moto_seams.notes(session, _Kept).tags = tags
