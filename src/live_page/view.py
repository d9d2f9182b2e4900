"""What is known of the service now, from the run's record and from AWS, in the order it comes.

Pure: it is given samples, replies, journal entries and AWS's facts, and its clock is theirs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence.record.reply import Reply
from evidence.record.samples import (
    Activity,
    GroupSample,
    HealthCheckSettings,
    Sample,
    SamplingError,
    TargetHealthSample,
)
from live_page import news
from live_page.facts import Facts, StackEvent
from live_page.news import Cause, Line
from live_page.traffic import KEPT_SECONDS, Traffic

_LINES = 60
GONE_SECONDS = 30.0
"""So long an instance that is gone is still shown."""
_SURE_REPLIES = 20
_MOST = 0.6
"""Of so many replies, the share that makes "most"."""
CHANGES = {"fault": "fault", "restored": "recovery"}
"""Marks that the chart has."""


@dataclass
class Instance:
    """`state`, `reason` and `description` are the load balancer's, `lifecycle` the group's and
    `ec2` EC2's; empty while nothing is known. `since` is when `state` was first seen, `first_seen`
    when the instance was, `gone_at` when it was last; None while it is there."""

    name: str
    first_seen: float
    zone: str = ""
    release: str = ""
    state: str = ""
    reason: str = ""
    description: str = ""
    since: float = 0.0
    is_since_known: bool = False
    lifecycle: str = ""
    ec2: str = ""
    launched_at: float = 0.0
    gone_at: float | None = None


@dataclass
class Scenario:
    """An observation, by its journal. `marks` are when, by name; `change` is the fault in words."""

    name: str
    started_at: float
    marks: dict[str, float] = field(default_factory=dict)
    awaiting: str = ""
    change: str = ""
    victim: str = ""
    interruption: str = ""
    stopped_at: float | None = None
    result: Mapping[str, Any] | None = None


class View:
    def __init__(self) -> None:
        self.traffic = Traffic()
        self.instances: dict[str, Instance] = {}
        self.scenario: Scenario | None = None
        self.facts = Facts(0.0)
        self.lines: deque[Line] = deque(maxlen=_LINES)
        self.marks: deque[tuple[float, str, str]] = deque(maxlen=20)
        self.health_check: HealthCheckSettings | None = None
        self.unread = ""
        """Why AWS could not be read lately; empty when it could."""
        self._cause: Cause | None = None
        self._targets: dict[str, tuple[str, str]] | None = None
        self._members: dict[str, str] | None = None
        self._known_activities: set[str] = set()
        self._known_events: set[str] | None = None
        self._is_open = False

    @property
    def targets(self) -> int:
        return len(self._targets or {})

    @property
    def is_fail_open(self) -> bool:
        """Whether the load balancer has no healthy target, and sends requests to all.

        "If a target group contains only unhealthy registered targets, the load balancer routes
        requests to all those targets, regardless of their health status."
        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        """
        states = {state for state, _ in (self._targets or {}).values()}
        return "unhealthy" in states and "healthy" not in states

    def sampled(self, samples: Iterable[Sample]) -> None:
        for sample in samples:
            if isinstance(sample, TargetHealthSample):
                self._health(sample)
            elif isinstance(sample, GroupSample):
                self._group(sample)
            elif isinstance(sample, Activity):
                self._activity(sample)
            elif isinstance(sample, HealthCheckSettings):
                self.health_check = sample
            elif isinstance(sample, SamplingError):
                self.unread = f"{sample.sampler} could not be read: {sample.error}"

    def replied(self, replies: Iterable[Reply]) -> None:
        for reply in replies:
            self.traffic.take(reply)
            if reply.instance and reply.release and reply.instance in self.instances:
                self.instances[reply.instance].release = reply.release

    def journaled(self, entries: Iterable[Mapping[str, Any]]) -> None:
        for entry in entries:
            self._entry(entry)

    def answered(self, facts: Facts) -> None:
        """Take in what AWS says, where it differs from what it said before."""
        self.unread = ""
        for name, value in facts.settings.items():
            before = self.facts.settings.get(name)
            if before is not None and before != value:
                self.lines.append(news.setting(facts.at, name, before, value))
        self._events(facts.events)
        for each in facts.instances:
            known = self.instances.get(each.instance)
            if known is None and each.state in ("pending", "running"):
                known = self._instance(each.instance, facts.at)
                if self.facts.stack:
                    zone = each.availability_zone
                    self.lines.append(news.launched(facts.at, each.instance, zone))
            if known:
                known.ec2, known.launched_at = each.state, each.launched_at
                known.zone = known.zone or each.availability_zone
        self.facts = facts

    def judged(self, result: Mapping[str, Any], at: float) -> None:
        if self.scenario and self.scenario.result is None:
            self.scenario.result = result
            self.lines.append(news.judged(at, result))

    def moved_on(self, now: float) -> None:
        """Notice what the time that passes changes."""
        self.traffic.forget(now)
        while self.marks and self.marks[0][0] < now - KEPT_SECONDS:
            self.marks.popleft()
        for name, each in list(self.instances.items()):
            is_there = name in (self._targets or {}) or name in (self._members or {})
            is_there = is_there or each.ec2 in ("pending", "running", "shutting-down")
            if is_there:
                each.gone_at = None
            elif each.gone_at is None:
                each.gone_at = now
            elif now - each.gone_at > GONE_SECONDS:
                del self.instances[name]
        self._most_replies(now)

    def _instance(self, name: str, at: float) -> Instance:
        return self.instances.setdefault(name, Instance(name, at))

    def _health(self, sample: TargetHealthSample) -> None:
        before, self._targets = self._targets, {}
        for each in sample.targets:
            said = (each.state, each.reason or "")
            self._targets[each.instance] = said
            instance = self._instance(each.instance, sample.at)
            instance.zone = instance.zone or each.availability_zone or ""
            instance.description = each.description or ""
            if (instance.state, instance.reason) != said:
                if instance.state != each.state:
                    instance.since = sample.at
                    instance.is_since_known = before is not None
                instance.state, instance.reason = said
                if before is not None:
                    self.lines.append(news.target(sample.at, each, self._cause))
        for name in (before or {}).keys() - self._targets.keys():
            gone = self.instances[name]
            gone.state = gone.reason = gone.description = ""
            self.lines.append(news.target_left(sample.at, name))
        if self.is_fail_open != self._is_open:
            self._is_open = self.is_fail_open
            opened = news.fail_open(sample.at, self.targets)
            self.lines.append(opened if self._is_open else news.closed(sample.at))

    def _group(self, sample: GroupSample) -> None:
        before = self._members
        self._members = {each.instance: each.lifecycle_state for each in sample.instances}
        for each in sample.instances:
            instance = self._instance(each.instance, sample.at)
            instance.zone, instance.lifecycle = each.availability_zone, each.lifecycle_state
            if before is not None and before.get(each.instance) != each.lifecycle_state:
                self.lines.append(news.lifecycle(sample.at, each.instance, each.lifecycle_state))
        for name in (before or {}).keys() - self._members.keys():
            self.instances[name].lifecycle = "Terminated"
            self.lines.append(news.lifecycle(sample.at, name, "Terminated"))

    def _activity(self, sample: Activity) -> None:
        if sample.activity_id not in self._known_activities:
            self.lines.append(Line(sample.at, f"Auto Scaling: {sample.description}"))
        self._known_activities.add(sample.activity_id)

    def _events(self, events: tuple[StackEvent, ...]) -> None:
        known = self._known_events
        self._known_events = {each.event_id for each in events}
        if known is None:
            return
        for event in reversed(events):
            if event.event_id not in known and news.is_worth_saying(event):
                self.lines.append(news.stack(event))

    def _entry(self, entry: Mapping[str, Any]) -> None:
        event, at = entry.get("event"), float(entry["at"])
        if event == "started":
            self.scenario = Scenario(entry["scenario"], at)
            self._cause = None
            self.lines.append(news.started(at, entry["scenario"]))
            return
        scenario = self.scenario
        if scenario is None:
            return
        if event == "mark":
            self._mark(scenario, entry)
        elif event == "awaiting":
            scenario.awaiting = "; ".join(entry["claims"])
        elif event == "interrupted":
            scenario.interruption = entry["reason"]
            self.lines.append(news.interrupted(entry))
        elif event == "stopped":
            scenario.stopped_at, scenario.awaiting = at, ""

    def _mark(self, scenario: Scenario, entry: Mapping[str, Any]) -> None:
        line = news.mark(entry)
        scenario.marks[entry["mark"]] = line.at
        scenario.awaiting = ""
        if entry.get("mutation"):
            self._cause = Cause(entry["mutation"], line.at)
        if entry["mark"] == "fault":
            scenario.change = entry.get("mutation") or ""
            scenario.victim = entry.get("instance") or ""
        if entry["mark"] == "repair":
            self._cause = Cause("restore the service", line.at)
        if entry["mark"] in CHANGES:
            self.marks.append((line.at, CHANGES[entry["mark"]], line.text))
        self.lines.append(line)

    def _most_replies(self, now: float) -> None:
        counts: dict[str, int] = {}
        for kinds in self.traffic.by_instance(now).values():
            for kind, count in kinds.items():
                counts[kind] = counts.get(kind, 0) + count
        total = sum(counts.values())
        if total < _SURE_REPLIES:
            return
        kind = max(counts, key=lambda each: counts[each])
        if counts[kind] >= _MOST * total and kind != self.traffic.kind:
            if self.traffic.kind:
                self.lines.append(news.replies(now, kind, self._cause))
            self.traffic.kind = kind
