"""Whether this machine's clock is one with which AWS takes what is signed here."""

from __future__ import annotations

LARGEST_SECONDS = 300
"""Of a signature's age, on either side.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
"""


def clock_refusal(ahead_seconds: float | None) -> str | None:
    """`ahead_seconds`: this clock less that of AWS's last answer; None when there was none."""
    if ahead_seconds is None or abs(ahead_seconds) < LARGEST_SECONDS:
        return None
    where = "ahead of" if ahead_seconds > 0 else "behind"
    return (
        f"This machine's clock is {abs(ahead_seconds) / 60:.0f} minutes {where} that of AWS, which "
        f"refuses what is signed more than {LARGEST_SECONDS // 60} minutes from its own time. Set "
        "the clock, then play it again"
    )
