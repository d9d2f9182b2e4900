"""Topics are named by ARNs: what is none is refused before a topic is looked for.

Source: answers of the real SNS as users reported them; API_Publish in the SNS API Reference:
without a PhoneNumber "you must specify a value for the TopicArn or TargetArn parameters".
"""

from __future__ import annotations

from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Topic

from local_aws.control_plane import moto_seams

_PARTS = 6

_moto_topic = SNSBackend.get_topic


def install() -> None:
    moto_seams.replace(SNSBackend, get_topic=_topic)


def _topic(self: SNSBackend, arn: str | None) -> Topic:
    if arn is None:
        raise SNSInvalidParameter(
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"
        )
    parts = len(arn.split(":"))
    if parts < _PARTS:
        raise SNSInvalidParameter(
            "Invalid parameter: TopicArn Reason: An ARN must have at least "
            f"{_PARTS} elements, not {parts}"
        )
    found: Topic = _moto_topic(self, arn)
    return found
