"""Where a bucket's notifications go must be there, unless the request says not to look.

Source: API_PutBucketNotificationConfiguration: S3 "verifies" the destinations;
SkipDestinationValidation. Whether S3 may deliver there is not looked at, as services deliver
without permission here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.s3.exceptions import InvalidArgumentError
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

_PARTS = 6
"""Of an ARN, the last of which names the resource."""
_SKIP = "x-amz-skip-destination-validation"


def require_there(configuration: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """Raise S3ClientError for a queue, a topic or a function that does not exist.

    `configuration` is moto's, which has the document's elements.
    """
    if headers.get(_SKIP, "").lower() == "true":
        return
    for arn in _arns(configuration):
        if not _is_there(arn):
            raise InvalidArgumentError(
                "Unable to validate the following destination configurations",
                arn,
                "The destination does not exist",
            )


def _arns(configuration: Mapping[str, Any]) -> Iterator[str]:
    for kind, name in (
        ("TopicConfiguration", "Topic"),
        ("QueueConfiguration", "Queue"),
        ("CloudFunctionConfiguration", "CloudFunction"),
    ):
        each: Sequence[Mapping[str, Any]] = configuration.get(kind) or ()
        yield from (str(one[name]) for one in each)


def _is_there(arn: str) -> bool:
    parts = arn.split(":", 5)
    if len(parts) < _PARTS:
        return False
    _, _, service, region, account, name = parts
    try:
        if service == "sqs":
            return name in sqs_backends[account][region].queues
        if service == "sns":
            return arn in sns_backends[account][region].topics
        functions = lambda_backends[account][region].list_functions()
    except KeyError:  # no such region
        return False
    function = name.removeprefix("function:").partition(":")[0]
    return any(each.function_name == function for each in functions)
