"""Tags that begin with aws: are AWS's own: no request sets them.

Source: "Rules for tagging in IAM and AWS STS" in the IAM User Guide: "You cannot create a tag key
or value that begins with the text aws:"; API_TagRole and its like: InvalidInput.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import InvalidInput
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

PREFIX = "aws:"
_OPERATIONS = (
    "create_instance_profile",
    "create_open_id_connect_provider",
    "create_policy",
    "create_role",
    "create_user",
    "tag_instance_profile",
    "tag_open_id_connect_provider",
    "tag_policy",
    "tag_role",
    "tag_user",
)


def install() -> None:
    for name in _OPERATIONS:
        moto_seams.replace(IamResponse, **{name: _refusing(getattr(IamResponse, name))})


def is_reserved(tag: dict[str, str]) -> bool:
    """Whether its key or its value begins so, in capitals or not."""
    return any(text.lower().startswith(PREFIX) for text in tag.values())


def _refusing(moto_answer: Callable[[IamResponse], ActionResult]) -> Any:
    def answer(self: IamResponse) -> ActionResult:
        for tag in self._get_param("Tags", []):
            if is_reserved(tag):
                raise InvalidInput(f"Tags must not begin with {PREFIX}: {tag['Key']}")
        return moto_answer(self)

    return answer
