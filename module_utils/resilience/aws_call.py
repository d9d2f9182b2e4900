# GNU General Public License v3.0+ (see LICENSE)
"""One AWS API call, retried when throttled, whose error names the operation and the resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.errors import AWSErrorHandler
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


def aws_call(
    purpose: str, operation: Callable[..., Mapping[str, Any]], **request: Any
) -> Mapping[str, Any]:
    """Call a boto3 client's `operation`; `purpose` completes the sentence "Failed to ...".

    Raises `AnsibleAWSError`: "Failed to associate profile app with i-1: An error occurred (...)".
    """
    retried = AWSRetry.jittered_backoff()(operation)
    answer: Mapping[str, Any] = AWSErrorHandler.common_error_handler(purpose)(retried)(**request)
    return answer
