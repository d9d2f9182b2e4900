"""Topics are named by ARNs: what is none is refused before a topic is looked for.

A message attribute without a type is refused, where moto fails.

Source: answers of the real SNS as users reported them; API_Publish in the SNS API Reference:
without a PhoneNumber "you must specify a value for the TopicArn or TargetArn parameters";
API_MessageAttributeValue: DataType is required.
"""

from __future__ import annotations

from typing import Any

from moto.sns.exceptions import InvalidParameterValue, SNSInvalidParameter
from moto.sns.models import SNSBackend, Topic
from moto.sns.responses import SNSResponse

from local_aws.control_plane import moto_seams

_PARTS = 6

_moto_topic = SNSBackend.get_topic
_moto_attributes = SNSResponse._transform_message_attributes


def install() -> None:
    moto_seams.replace(SNSBackend, get_topic=_topic)
    moto_seams.replace(SNSResponse, _transform_message_attributes=_attributes)


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


def _attributes(self: SNSResponse, given: dict[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        # moto has an object that stands for nothing where the request has no member at all.
        if not isinstance(value, dict) or not value.get("DataType"):
            raise InvalidParameterValue(
                f"The message attribute '{name}' must contain non-empty message attribute value."
            )
    transformed: dict[str, Any] = _moto_attributes(self, given)
    return transformed
