"""Topics are named by ARNs: a malformed one is refused before a topic is looked up.

A topic that is there already is made again only as it is. What it shows of its subscriptions is
counted, and its attributes are those that AWS has.

Source: answers of the real SNS as they have been recorded and as users reported them; API_Publish
in the SNS API Reference: without a PhoneNumber "you must specify a value for the TopicArn or
TargetArn parameters"; API_CreateTopic, API_GetTopicAttributes, API_SetTopicAttributes.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Topic
from moto.sns.responses import SNSResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.sns import delivery_policies, subscriptions
from local_aws.control_plane.sns.refusals import invalid

_PARTS = 6
_NAME = re.compile(r"[\w-]{1,256}", re.ASCII)
_FEEDBACK = re.compile(
    r"(HTTP|Firehose|Lambda|Application|SQS)"
    r"(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)"
)
_SHOWN_WHEN_SET = (
    "ArchivePolicy",
    "FifoThroughputScope",
    "SignatureVersion",
    "TracingConfig",
)
_SETTABLE = frozenset(
    {
        "ContentBasedDeduplication",
        "DeliveryPolicy",
        "DisplayName",
        "KmsMasterKeyId",
        "Policy",
        *_SHOWN_WHEN_SET,
    }
)

_moto_topic = SNSBackend.get_topic
_moto_create = SNSBackend.create_topic
_moto_tags = SNSResponse._get_tags
_moto_set = SNSResponse.set_topic_attributes
_moto_shown = SNSResponse.get_topic_attributes


def install() -> None:
    moto_seams.replace(SNSBackend, get_topic=_topic, create_topic=_create)
    moto_seams.replace(
        SNSResponse,
        _get_tags=_tags,
        get_topic_attributes=_shown,
        set_topic_attributes=_set,
    )


def _topic(self: SNSBackend, arn: str | None) -> Topic:
    if arn is None:
        raise SNSInvalidParameter(
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"
        )
    parts = len(arn.split(":"))
    if parts < _PARTS:
        raise invalid(f"TopicArn Reason: An ARN must have at least {_PARTS} elements, not {parts}")
    found: Topic = _moto_topic(self, arn)
    return found


def _create(
    self: SNSBackend,
    name: str,
    attributes: dict[str, Any] | None = None,
    tags: dict[str, str] | None = None,
) -> Topic:
    """Refuse another topic of the name, with other attributes or tags."""
    is_fifo = bool((attributes or {}).get("FifoTopic"))
    if not _NAME.fullmatch(name.removesuffix(".fifo") if is_fifo else name):
        raise invalid("Topic Name")
    present = next((each for each in self.topics.values() if each.name == name), None)
    if present is not None and any(
        _comparable(getattr(present, camelcase_to_underscores(key), None)) != _comparable(value)
        for key, value in (attributes or {}).items()
    ):
        raise invalid("Attributes Reason: Topic already exists with different attributes")
    if present is not None and tags and present._tags != tags:
        raise invalid("Tags Reason: Topic already exists with different tags")
    made: Topic = _moto_create(self, name, attributes, tags)
    return made


def _comparable(value: Any) -> Any:
    """Policies are the same however they are written."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _tags(self: SNSResponse) -> dict[str, str]:
    keys = [tag["Key"] for tag in self._get_param("Tags", [])]
    if len(set(keys)) < len(keys):
        raise invalid("Duplicated keys are not allowed.")
    tags: dict[str, str] = _moto_tags(self)
    return tags


def _set(self: SNSResponse) -> ActionResult:
    name = self._get_param("AttributeName")
    self.backend.get_topic(self._get_param("TopicArn"))
    if name not in _SETTABLE and not _FEEDBACK.fullmatch(str(name)):
        raise invalid("AttributeName")
    value = self._get_param("AttributeValue")
    if name == "DeliveryPolicy" and value:
        delivery_policies.require_objects(value)
    return _moto_set(self)


def _shown(self: SNSResponse) -> ActionResult:
    answer: Any = _moto_shown(self)
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    attributes = answer.result["Attributes"]
    own = topic.delivery_policy
    if not own:
        del attributes["DeliveryPolicy"]
    attributes["EffectiveDeliveryPolicy"] = json.dumps(delivery_policies.in_effect(own))
    attributes |= subscriptions.counts(self.backend, topic)
    for name in _SHOWN_WHEN_SET:
        value = getattr(topic, camelcase_to_underscores(name), None)
        if value is not None:
            attributes[name] = value
    return ActionResult(answer.result)
