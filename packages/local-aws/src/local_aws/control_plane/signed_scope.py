"""moto acts in the region that a request is signed for, whatever else in it looks like a region.

Policies are evaluated for that region. moto looks for one in the whole URL and in User-Agent, too.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import BaseResponse
from moto.core.utils import extract_region_from_aws_authorization

from local_aws.control_plane import moto_seams


def install() -> None:
    """Let moto read the region from the Authorization header only."""
    moto_seams.replace(BaseResponse, get_region_from_url=_signed_region)


def _signed_region(self: BaseResponse, request: Any, full_url: str) -> str:  # noqa: ARG001 - moto's own
    authorization = request.headers.get("Authorization", "")
    return extract_region_from_aws_authorization(authorization) or self.default_region
