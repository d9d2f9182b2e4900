"""Simple Notification Service as AWS has it, where moto differs.

topics.py                topics are named by ARNs; their attributes and tags
delivery_policies.py     the delivery policy in effect for a topic
publishing.py            which messages are accepted
subscriptions.py         which endpoints can be subscribed, and what a subscription shows
filter_policies.py       which messages a filter policy accepts: pure decisions
filter_policy_limits.py  which filter policies a subscription can have
pages.py                 lists in pages
refusals.py              SNS's error messages
"""

from __future__ import annotations

from local_aws.control_plane.sns import pages, publishing, subscriptions, topics


def install() -> None:
    """Install the corrections of Simple Notification Service into moto."""
    topics.install()
    pages.install()
    publishing.install()
    subscriptions.install()
