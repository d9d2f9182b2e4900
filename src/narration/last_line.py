"""What stands below everything else: what a run has left behind, and what to type. Pure."""

from __future__ import annotations

from narration.row import Row


def last_line(standing_fault: str, unfinished: str, again: str, recover: str) -> Row | None:
    """None when nothing is left to do.

    `unfinished` is the playbook that was interrupted while it changed something, else empty;
    `again` is the command as it was typed, `recover` the one that restores the service.
    """
    if standing_fault:
        text = f"The fault stays: {standing_fault}. Restore the service with: {recover}"
    elif unfinished == "scenario":
        text = f"The scenario was interrupted. Restore the service with: {recover}"
    elif unfinished:
        text = f"{unfinished}.yml was interrupted. Finish it with: {again}"
    else:
        return None
    return Row(text, tone="doubtful")
