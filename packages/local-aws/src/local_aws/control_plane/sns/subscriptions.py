"""What can be subscribed to a topic, and what a subscription shows.

Who is subscribed by e-mail has to confirm it, which nobody can here: it stays pending.

Source: API_Subscribe, API_SetSubscriptionAttributes, API_Unsubscribe and API_ConfirmSubscription in
the SNS API Reference; answers of the real SNS as they have been recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter, SNSNotFoundError
from moto.sns.models import SNSBackend, Subscription, Topic
from moto.sns.responses import SNSResponse
from moto.sns.utils import FilterPolicyMatcher

from local_aws.control_plane import moto_seams
from local_aws.control_plane.queue_arns import is_queue_arn
from local_aws.control_plane.sns import filter_policies, filter_policy_limits
from local_aws.control_plane.sns.refusals import invalid

_PENDING = ("email", "email-json")
_PROTOCOLS = frozenset(
    {*_PENDING, "application", "firehose", "http", "https", "lambda", "sms", "sqs"}
)
_RAW = ("sqs", "http", "https", "firehose")
"""Protocols that can have messages as they are published."""
_SETTABLE = frozenset(
    {
        "DeliveryPolicy",
        "FilterPolicy",
        "FilterPolicyScope",
        "RawMessageDelivery",
        "RedrivePolicy",
        "SubscriptionRoleArn",
    }
)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_SUBSCRIPTION_PARTS = 7
_TOKEN = re.compile(r"[0-9a-f]{64,}")

_moto_subscribe = SNSBackend.subscribe
_moto_answer = SNSResponse.subscribe
_moto_set = SNSBackend.set_subscription_attributes
_moto_unsubscribe = SNSBackend.unsubscribe
_moto_delivered = Subscription.get_post_data


@dataclass
class _Ended:
    """How many subscriptions a topic has had."""

    count: int = 0


def install() -> None:
    moto_seams.replace(
        SNSBackend,
        subscribe=_subscribe,
        unsubscribe=_unsubscribe,
        set_subscription_attributes=_set,
        _validate_filter_policy=_already_valid,
    )
    moto_seams.replace(
        SNSResponse,
        subscribe=_answer,
        set_subscription_attributes=_set_answer,
        list_subscriptions=_listed(SNSResponse.list_subscriptions),
        list_subscriptions_by_topic=_listed(SNSResponse.list_subscriptions_by_topic),
        confirm_subscription=_confirm,
    )
    moto_seams.replace(Subscription, get_post_data=_delivered)
    moto_seams.replace(FilterPolicyMatcher, matches=_matches)


def counts(backend: SNSBackend, topic: Topic) -> dict[str, str]:
    """A topic's attributes about its subscriptions."""
    own = [each for each in backend.subscriptions.values() if each.topic.arn == topic.arn]
    pending = sum(each.protocol in _PENDING for each in own)
    return {
        "SubscriptionsConfirmed": str(len(own) - pending),
        "SubscriptionsDeleted": str(moto_seams.notes(topic, _Ended).count),
        "SubscriptionsPending": str(pending),
    }


def _subscribe(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
    if protocol not in _PROTOCOLS:
        raise invalid(f"Amazon SNS does not support this protocol string: {protocol}")
    if protocol in _PENDING and not _ADDRESS.fullmatch(endpoint or ""):
        raise invalid("Email address")
    if protocol in ("http", "https") and not (endpoint or "").startswith(f"{protocol}://"):
        raise invalid("Endpoint must match the specified protocol")
    made: Subscription = _moto_subscribe(self, topic_arn, endpoint, protocol)
    if protocol in _PENDING:
        made.attributes |= {"PendingConfirmation": True, "ConfirmationWasAuthenticated": False}
    return made


def _answer(self: SNSResponse) -> ActionResult:
    """moto subscribes before it looks at the attributes, and changes what is there already."""
    given: Mapping[str, Any] = self._get_param("Attributes", {}) or {}
    scope = given.get("FilterPolicyScope") or filter_policies.ATTRIBUTES
    for name, value in given.items():
        try:
            _require_valid(name, value, scope, self._get_param("Protocol"))
        except SNSInvalidParameter as refused:
            words = refused.message.removeprefix("Invalid parameter: ")
            raise invalid(f"Attributes Reason: {words}") from None
    asked = (self._get_param(name) for name in ("TopicArn", "Endpoint", "Protocol"))
    present = self.backend._find_subscription(*asked)
    if present and any(_text(present.attributes.get(key)) != _text(given[key]) for key in given):
        raise invalid("Attributes Reason: Subscription already exists with different attributes")
    answer: Any = _moto_answer(self)
    is_pending = self._get_param("Protocol") in _PENDING
    if is_pending and self._get_param("ReturnSubscriptionArn") not in (True, "true"):
        return ActionResult({"SubscriptionArn": "pending confirmation"})
    return ActionResult(answer.result)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _set(self: SNSBackend, arn: str, name: str, value: Any) -> None:
    if name not in _SETTABLE:
        raise invalid("AttributeName")
    if arn not in self.subscriptions:
        raise SNSNotFoundError("Subscription does not exist")
    present = self.subscriptions[arn].attributes
    scope = present.get("FilterPolicyScope") or filter_policies.ATTRIBUTES
    _require_valid(name, _text(value), scope, self.subscriptions[arn].protocol)
    _moto_set(self, arn, name, value)
    if name == "FilterPolicyScope" and present.get("FilterPolicy"):
        _moto_set(self, arn, "FilterPolicy", present["FilterPolicy"])  # moto reads it once


def _set_answer(self: SNSResponse) -> ActionResult:
    """moto takes each text that it does not know for false."""
    name, value = self._get_param("AttributeName"), self._get_param("AttributeValue")
    is_boolean = name == "RawMessageDelivery"
    if is_boolean:
        _require_valid(name, value or "", filter_policies.ATTRIBUTES, _RAW[0])
    arn = self._get_param("SubscriptionArn")
    self.backend.set_subscription_attributes(
        arn, name, value.lower() == "true" if is_boolean else value
    )
    return ActionResult({})


def _require_valid(name: str, value: str, scope: str, protocol: str) -> None:
    """`scope` is what a filter policy is about: attributes, or the body."""
    is_raw = name == "RawMessageDelivery" and str(value).lower() == "true"
    if is_raw and protocol not in _RAW:
        raise invalid(f"Delivery protocol [{protocol}] does not support raw message delivery.")
    if name == "FilterPolicyScope" and value not in filter_policies.SCOPES:
        either = " or ".join(filter_policies.SCOPES)
        raise invalid(f"{name}: Invalid value [{value}]. Please use either {either}")
    if name == "RawMessageDelivery" and str(value).lower() not in ("true", "false"):
        raise invalid(f"{name}: Invalid value [{value}]. Must be true or false.")
    if name not in ("FilterPolicy", "RedrivePolicy") or not value:
        return
    try:
        document = json.loads(value)
    except ValueError as unreadable:
        raise invalid(f"{name}: failed to parse JSON. {unreadable}") from None
    if name == "RedrivePolicy":
        target = document.get("deadLetterTargetArn") if isinstance(document, dict) else None
        if not is_queue_arn(target):
            raise invalid(f"{name}: deadLetterTargetArn is an invalid arn")
    else:
        filter_policy_limits.require_valid(document, scope)


def _already_valid(self: SNSBackend, value: Any, scope: str | None) -> None:
    """Ours is checked before, by `filter_policy_limits`."""


def _matches(
    self: FilterPolicyMatcher, message_attributes: dict[str, Any] | None, message: str
) -> bool:
    """moto compares equals-ignore-case with one side as it is, lists of strings by characters, and
    has no $or, cidr and dots."""
    attributes = message_attributes or {}
    return filter_policies.accepts(
        self.filter_policy, self.filter_policy_scope, attributes, message
    )


def _unsubscribe(self: SNSBackend, subscription_arn: str) -> None:
    if len(subscription_arn.split(":")) < _SUBSCRIPTION_PARTS:
        raise invalid("SubscriptionId")
    present = self.subscriptions.get(subscription_arn)
    if present is not None:
        moto_seams.notes(present.topic, _Ended).count += 1
    _moto_unsubscribe(self, subscription_arn)


def _listed(moto_list: Any) -> Any:
    def listed(self: SNSResponse) -> ActionResult:
        """The ARN of a subscription is a secret until it is confirmed."""
        answer: Any = moto_list(self)
        shown = [
            {
                "SubscriptionArn": (
                    "PendingConfirmation" if each.protocol in _PENDING else each.arn
                ),
                "Owner": each.owner,
                "Protocol": each.protocol,
                "Endpoint": each.endpoint,
                "TopicArn": each.topic_arn,
            }
            for each in answer.result["Subscriptions"]
        ]
        return ActionResult({**answer.result, "Subscriptions": shown})

    return listed


def _confirm(self: SNSResponse) -> ActionResult:
    """No token has been sent to anybody."""
    self.backend.get_topic(self._get_param("TopicArn"))
    if _TOKEN.fullmatch(str(self._get_param("Token"))):
        raise invalid("Token")
    raise SNSInvalidParameter("Invalid token")


def _delivered(self: Subscription, *arguments: Any, **named: Any) -> dict[str, Any]:
    message: dict[str, Any] = _moto_delivered(self, *arguments, **named)
    region = self.arn.split(":")[3]
    link = f"https://sns.{region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={self.arn}"
    return {**message, "UnsubscribeURL": link}
