"""What has just happened, in words: one line each, with the moment it was seen. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evidence.record.samples import TargetState
from live_page.facts import StackEvent
from narration.events import short

Tone = Literal["good", "bad", "doubtful", "plain"]

_TARGETS: dict[str, Tone] = {"healthy": "good", "unhealthy": "bad"}
_MARKS: dict[str, tuple[str, Tone]] = {
    "steady": ("steady state", "good"),
    "fault": ("fault", "doubtful"),
    "settled": ("the effect shows", "plain"),
    "repair": ("restoring", "plain"),
    "restored": ("restored", "good"),
}
_OUTCOMES: dict[str, Tone] = {"passed": "good", "failed": "bad", "unjudged": "doubtful"}
_KINDS: dict[str, Tone] = {"real": "good", "static": "doubtful", "error": "bad"}
_RELEVANT_SECONDS = 90.0
"""What comes later than this after a mark is not said to come of it."""


@dataclass(frozen=True)
class Line:
    """`at` in seconds since the epoch."""

    at: float
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Cause:
    """The latest change that was marked, in words, and when."""

    text: str
    at: float

    def before(self, at: float) -> str:
        """How long after it this is: ", 1.4 s after: remove one instance's profile"."""
        seconds = at - self.at
        return f", {seconds:.1f} s after: {self.text}" if 0 <= seconds < _RELEVANT_SECONDS else ""


def target(at: float, state: TargetState, cause: Cause | None) -> Line:
    why = f": {state.reason}" if state.reason else ""
    after = cause.before(at) if cause else ""
    tone = _TARGETS.get(state.state, "plain")
    return Line(at, f"target {state.instance} {state.state}{why}{after}", tone)


def target_left(at: float, instance: str) -> Line:
    return Line(at, f"target {instance} deregistered")


def lifecycle(at: float, instance: str, state: str) -> Line:
    return Line(at, f"instance {instance} {state}", "good" if state == "InService" else "plain")


def launched(at: float, instance: str, zone: str) -> Line:
    return Line(at, f"instance {instance} launched in {zone}")


def fail_open(at: float, targets: int) -> Line:
    return Line(at, f"fail-open: no target is healthy, so requests go to all {targets}", "doubtful")


def closed(at: float) -> Line:
    return Line(at, "fail-open is over: requests go to healthy targets only", "good")


def replies(at: float, kind: str, cause: Cause | None) -> Line:
    words = {"real": "real", "static": "static", "error": "errors"}[kind]
    after = cause.before(at) if cause else ""
    return Line(at, f"most replies are {words} now{after}", _KINDS[kind])


def mark(entry: Mapping[str, Any]) -> Line:
    """A mark of the journal, with what is changed."""
    words, tone = _MARKS.get(entry["mark"], (str(entry["mark"]), "plain"))
    change = f": {entry['mutation']}" if entry.get("mutation") else ""
    on = f" (on {entry['instance']})" if entry.get("instance") else ""
    return Line(moment(entry), f"{words}{change}{on}", tone)


def moment(entry: Mapping[str, Any]) -> float:
    """When a mark holds since; the entry may have been written later."""
    return float(entry.get("since", entry["at"]))


def started(at: float, scenario: str) -> Line:
    return Line(at, f"scenario {scenario} begins")


def interrupted(entry: Mapping[str, Any]) -> Line:
    return Line(float(entry["at"]), f"{entry['scenario']}: {entry['reason']}", "doubtful")


def judged(at: float, result: Mapping[str, Any]) -> Line:
    held = sum(claim["outcome"] == "held" for claim in result["claims"])
    return Line(
        at,
        f"{result['scenario']}: {held} of {len(result['claims'])} claims held",
        _OUTCOMES.get(result["outcome"], "plain"),
    )


def setting(at: float, name: str, before: str, now: str) -> Line:
    return Line(at, f"{name} is {now or '(empty)'}, was {before or '(empty)'}")


def is_worth_saying(event: StackEvent) -> bool:
    """What is done to a resource, not that it is begun; of the stack itself that, too."""
    if event.is_stack:
        return not event.status.endswith("CLEANUP_IN_PROGRESS")
    return not event.status.endswith("_IN_PROGRESS")


def stack(event: StackEvent) -> Line:
    """What CloudFormation says of the stack itself or of a resource."""
    what = "stack" if event.is_stack else short(event.resource)
    has_failed = event.status.endswith("_FAILED") or "ROLLBACK" in event.status
    why = f": {event.reason}" if event.reason and has_failed else ""
    return Line(
        event.at, f"CloudFormation: {what} {event.status}{why}", "bad" if has_failed else "plain"
    )


def unread(at: float, error: str) -> Line:
    return Line(at, error, "doubtful")
