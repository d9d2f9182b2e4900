"""When a role session began: its aws:TokenIssueTime, by which older sessions are revoked.

Source: "Revoke IAM role temporary security credentials" in the IAM User Guide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.sts.models import AssumedRole

from local_aws.control_plane import moto_seams

_moto_init = AssumedRole.__init__


@dataclass
class _Kept:
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))


def install() -> None:
    moto_seams.replace(AssumedRole, __init__=_init)


def of_session(session: AssumedRole) -> datetime:
    return moto_seams.notes(session, _Kept).began_at


def keep(session: AssumedRole, began_at: datetime) -> None:
    moto_seams.notes(session, _Kept).began_at = began_at


def _init(self: AssumedRole, *arguments: Any, **named: Any) -> None:
    _moto_init(self, *arguments, **named)
    moto_seams.notes(self, _Kept)
