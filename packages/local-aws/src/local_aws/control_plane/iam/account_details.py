"""GetAccountAuthorizationDetails in pages: AWS's own policies alone are some 1,500.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import ValidationError
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_ITEMS = 100

_moto_details = IamResponse.get_account_authorization_details


def install() -> None:
    moto_seams.replace(IamResponse, get_account_authorization_details=_details)


def _details(self: IamResponse) -> ActionResult:
    """A page has up to MaxItems of all four lists together; its marker is the number of those
    before."""
    marker = str(self._get_param("Marker") or 0)
    if not marker.isdecimal():
        raise ValidationError("Invalid Marker.")
    whole: Any = _moto_details(self).result
    everything = [(name, item) for name in _LISTS for item in whole[name]]
    start = int(marker)
    end = start + (self._get_int_param("MaxItems") or _ITEMS)
    page: dict[str, list[Any]] = {name: [] for name in _LISTS}
    for name, item in everything[start:end]:
        page[name].append(item)
    is_truncated = end < len(everything)
    return ActionResult(
        {**page, "IsTruncated": is_truncated, "Marker": str(end) if is_truncated else None}
    )
