"""Answers that come in pages: MaxRecords in one, and a token for the next.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeInstanceRefreshes.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

_MOST = 100


def page(
    response: AutoScalingResponse, name: str, found: Sequence[Any], at_once: int = _MOST
) -> ActionResult:
    """The part of `found` that the request asks for, as the answer's member `name`.

    `at_once` is how many come when the request does not say.
    """
    token = response._get_param("NextToken") or "0"
    if not (token.isascii() and token.isdecimal()):
        raise AutoscalingClientError("InvalidNextToken", "The token is not valid.")
    most = response._get_int_param("MaxRecords", at_once)
    if not 1 <= most <= _MOST:
        raise ValidationError(f"MaxRecords must be between 1 and {_MOST}")
    start = int(token)
    end = start + most
    return ActionResult(
        {name: found[start:end], "NextToken": str(end) if end < len(found) else None}
    )
