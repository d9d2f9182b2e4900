"""CloudWatch Logs as AWS has it, where moto differs.

groups.py                groups and streams: created, found and shown
events.py                which events are accepted, rejected and found
filter_patterns.py       which messages a pattern finds
policies_and_filters.py  metric filters and resource policies
deliveries.py            subscription filters, destinations and queries
pages.py                 lists in pages
"""

from __future__ import annotations

from local_aws.control_plane.logs import deliveries, events, groups, pages, policies_and_filters


def install() -> None:
    """Install the corrections of CloudWatch Logs into moto."""
    for corrections in (groups, events, policies_and_filters, deliveries, pages):
        corrections.install()
