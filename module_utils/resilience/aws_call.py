# GNU General Public License v3.0+ (see LICENSE)
"""AWS API calls, retried when throttled, whose errors name the operation and the resource."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

LONGEST_DELAY_SECONDS = 60
# What a caller adds may be there to stay: nine delays of 3, 6, 12 and then 15 s are 111 s at most.
LONGEST_DELAY_SECONDS_OF_ADDED = 15


def aws_call(
    purpose: str,
    operation: Callable[..., Mapping[str, Any]],
    *,
    also_retry: Collection[str] = (),
    **request: Any,
) -> Mapping[str, Any]:
    """Call a boto3 client's `operation`; `purpose` completes the sentence "Failed to ...".

    `also_retry` are error codes to retry as throttling is, for two minutes at most.
    Raises `AnsibleAWSError`: "Failed to associate profile app with i-1: An error occurred (...)".
    """
    retried = AWSRetry.jittered_backoff(
        max_delay=LONGEST_DELAY_SECONDS_OF_ADDED if also_retry else LONGEST_DELAY_SECONDS,
        catch_extra_error_codes=list(also_retry),
    )(operation)
    answer: Mapping[str, Any] = AWSErrorHandler.common_error_handler(purpose)(retried)(**request)
    return answer


def aws_pages(purpose: str, client: Any, operation: str, key: str, **request: Any) -> list[Any]:
    """The rows under `key` of all pages of a listing, such as the Stacks of "describe_stacks".

    All pages are read: AWS may filter a page after it is cut, so that the first one is empty.
    """
    pages = client.get_paginator(operation).paginate

    def listed(**request: Any) -> Mapping[str, Any]:
        return {"rows": [row for page in pages(**request) for row in page.get(key, [])]}

    rows: list[Any] = aws_call(purpose, listed, **request)["rows"]
    return rows
