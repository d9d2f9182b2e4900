"""Simple Notification Service as AWS has it, where moto differs.

topics.py             topics are named by ARNs; their attributes and tags
delivery_policies.py  what is in effect of a topic's delivery policy
publishing.py         which messages are taken
subscriptions.py      what can be subscribed to, and what a subscription shows
refusals.py           SNS's words for what it refuses
"""

from __future__ import annotations

from local_aws.control_plane.sns import publishing, subscriptions, topics


def install() -> None:
    """Install the corrections of Simple Notification Service into moto."""
    topics.install()
    publishing.install()
    subscriptions.install()
