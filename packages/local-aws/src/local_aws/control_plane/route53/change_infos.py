"""Changes: each has an id of its own, is pending in the answer that begins it, and in sync then.

moto calls all changes the same, done at once, and knows every id.
Source: API_ChangeInfo and API_GetChange (NoSuchChange) in the Route 53 API Reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.route53.exceptions import Route53ClientError
from moto.route53.responses import Route53

from local_aws.control_plane import moto_seams

_CHANGING = (
    "associate_vpc_with_hosted_zone",
    "change_resource_record_sets",
    "create_hosted_zone",
    "delete_hosted_zone",
    "disassociate_vpc_from_hosted_zone",
)
_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_ID_LENGTH = 20
_MOST_KEPT = 1000


@dataclass
class _Changes:
    """When each was submitted, by its id, the oldest first."""

    submitted: dict[str, datetime] = field(default_factory=dict)


def install() -> None:
    changing = {name: _changing(getattr(Route53, name)) for name in _CHANGING}
    moto_seams.replace(Route53, get_change=_get_change, **changing)


def _changing(moto_call: Any) -> Any:
    def call(self: Route53) -> ActionResult:
        answer: Any = moto_call(self)
        made = "C" + "".join(mock_random.choices(_CHARACTERS, k=_ID_LENGTH))
        known = moto_seams.notes(self.backend, _Changes).submitted
        known[made] = utcnow()
        while len(known) > _MOST_KEPT:
            del known[next(iter(known))]
        info = {
            **answer.result["ChangeInfo"],
            "Id": f"/change/{made}",
            "Status": "PENDING",
            "SubmittedAt": known[made],
        }
        return ActionResult({**answer.result, "ChangeInfo": info})

    return call


def _get_change(self: Route53) -> ActionResult:
    name = str(self._get_param("Id")).removeprefix("/change/")
    submitted = moto_seams.notes(self.backend, _Changes).submitted.get(name)
    if submitted is None:
        raise Route53ClientError("NoSuchChange", f"Could not find resource with ID: {name}")
    info = {"Id": f"/change/{name}", "Status": "INSYNC", "SubmittedAt": submitted}
    return ActionResult({"ChangeInfo": info})
