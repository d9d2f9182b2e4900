"""EventBridge as AWS has it, where moto differs.

policies.py        a bus's policy is a document with statements
patterns.py        patterns take their places inside moto
pattern_rules.py   which patterns there are
matching.py        which events a pattern matches
schedules.py       when a rule of a schedule matches
entries.py         which events are taken
pages.py           lists in pages
rules.py           rules that are not there, and how many targets one has
"""

from __future__ import annotations

from local_aws.control_plane.events import entries, pages, patterns, policies, rules


def install() -> None:
    """Install the corrections of EventBridge into moto."""
    for corrections in (entries, pages, patterns, policies, rules):
        corrections.install()
