"""A topic's delivery policy, and what is in effect of it.

It is returned and not followed: what a delivery fails with is tried no second time.

Source: API_GetTopicAttributes and API_SetTopicAttributes in the SNS API Reference; "Amazon SNS
message delivery retries" in the SNS Developer Guide; the example of `aws sns get-topic-attributes`.
"""

from __future__ import annotations

import json
from typing import Any

from moto.sns.exceptions import SNSInvalidParameter

_RETRIES = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
_HTTP = {
    "disableSubscriptionOverrides": False,
    "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
}
_RETRY_POLICY = "defaultHealthyRetryPolicy"


def in_effect(policy: str) -> dict[str, Any]:
    """The topic's policy, empty or as JSON, with SNS's defaults for what it leaves out."""
    http = (json.loads(policy) if policy else {}).get("http") or {}
    retries = {**_RETRIES, **(http.get(_RETRY_POLICY) or {})}
    return {"http": {**_HTTP, **http, _RETRY_POLICY: retries}}


def require_objects(policy: str) -> None:
    """Raise SNSInvalidParameter for what is no policy as JSON."""
    try:
        in_effect(policy)
    except (ValueError, AttributeError, TypeError) as error:
        raise SNSInvalidParameter(
            "Invalid parameter: DeliveryPolicy Reason: it must be a JSON object"
        ) from error
