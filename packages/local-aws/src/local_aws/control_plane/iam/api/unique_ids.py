"""Unique ids begin with what they are of: AIDA of a user, AGPA of a group.

Source: "IAM identifiers" in the IAM User Guide, "Understanding unique ID prefixes".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.iam.models import Group, InstanceProfile, User
from moto.iam.utils import generate_access_key_id_from_account_id

from local_aws.control_plane import moto_seams

_PREFIXES: Mapping[Any, str] = {Group: "AGPA", InstanceProfile: "AIPA", User: "AIDA"}
_LENGTH = 21


def install() -> None:
    for kind, prefix in _PREFIXES.items():
        moto_seams.replace(kind, __init__=_with_prefix(kind.__init__, prefix))


def _with_prefix(moto_init: Any, prefix: str) -> Any:
    def init(self: Any, *arguments: Any, **named: Any) -> None:
        moto_init(self, *arguments, **named)
        self.id = generate_access_key_id_from_account_id(self.account_id, prefix, _LENGTH)

    return init
