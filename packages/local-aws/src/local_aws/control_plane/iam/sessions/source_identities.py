"""The source identity of a role session: set once, and kept by the sessions that it starts.

Source: "Monitor and control actions taken with assumed roles" in the IAM User Guide: setting one
needs sts:SetSourceIdentity in both the caller's own policies and the role's trust policy, and so
does assuming a further role; API_AssumeRole; AWS's words as users reported them.
"""

from __future__ import annotations

from dataclasses import dataclass

from moto.sts.models import AssumedRole

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_request import ApiRequest

ACTION = "sts:SetSourceIdentity"
"""What AssumeRole needs beside its own action where there is a source identity."""


@dataclass
class _Kept:
    value: str = ""


def of_session(session: AssumedRole) -> str:
    """The session's; "" when it has none."""
    return moto_seams.notes(session, _Kept).value


def keep(session: AssumedRole, value: str) -> None:
    """Note what a new session has."""
    moto_seams.notes(session, _Kept).value = value


def of_request(request: ApiRequest, of_caller: str) -> str:
    """What the session of an AssumeRole will have: the caller's own one goes on."""
    return of_caller or str(request.parameters.get("SourceIdentity", ""))


def is_change(request: ApiRequest, of_caller: str) -> bool:
    """Whether AssumeRole gives another one than the caller has, which cannot be."""
    given = request.parameters.get("SourceIdentity", of_caller)
    return bool(of_caller) and given != of_caller
