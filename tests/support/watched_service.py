"""A service as a live page sees it: what AWS says, and what a run records, changed by a test.

It takes the place of live_page.api.Api and of the observer's samplers, so that no AWS is needed.
"""

from __future__ import annotations

import os
import time
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from evidence.observe.configuration import ObserverConfig, Subject
from evidence.observe.observation import write_observer
from evidence.observe.samplers import Sampler
from evidence.record.boundary import journal_boundary
from evidence.record.journal import append_lines, journal
from evidence.record.processes import ProcessIdentity
from evidence.record.reply import Reply, reply_to_json
from evidence.record.run_folder import RunFolder, create_run
from evidence.record.samples import (
    GroupInstance,
    GroupSample,
    Sample,
    TargetHealthSample,
    TargetState,
)
from live_page.facts import Facts, Instance, Stack, StackEvent

Said = tuple[str, str | None, str | None]
"""A target's state, its reason and its description."""

STACK_NAME = "demo"
INSTANCES = {
    "i-0aaaaaaaaaaaaaaaa": "us-east-1a",
    "i-0bbbbbbbbbbbbbbbb": "us-east-1b",
    "i-0cccccccccccccccc": "us-east-1c",
}
MISMATCH = (
    "unhealthy",
    "Target.ResponseCodeMismatch",
    "Health checks failed with these codes: [503]",
)
OUTPUTS = {"LB": "127.0.0.1:9", "TGArn": "arn:target-group", "AutoScalingGroup": "group"}


class LiveService:
    def __init__(self) -> None:
        """`sampled` counts how often the page itself asked for the targets' health."""
        self.sampled = 0
        now = time.time()
        self.states: dict[str, Said] = dict.fromkeys(INSTANCES, ("healthy", None, None))
        events = tuple(
            StackEvent(
                str(number), now - 200 + number, f"Resource{number}", "CREATE_COMPLETE", "", False
            )
            for number in range(5, 0, -1)
        )
        self.facts = Facts(
            now,
            Stack("arn:stack", "CREATE_COMPLETE", "", OUTPUTS, {"LaunchTemplateVersion": "1.0.0"}),
            events,
            tuple(Instance(name, "running", zone, now - 300) for name, zone in INSTANCES.items()),
            {"SSMTableName": "demo-table", "SSMFailure": "static", "SSMHealthCheck": "deep"},
        )

    def target_health(self) -> TargetHealthSample:
        targets = (TargetState(name, 80, None, *said) for name, said in self.states.items())
        return TargetHealthSample(time.time(), tuple(targets))

    def group(self) -> GroupSample:
        members = (GroupInstance(name, zone, "InService", "1") for name, zone in INSTANCES.items())
        return GroupSample(time.time(), tuple(members))

    def samplers(self, _: Subject, interval_seconds: float) -> list[Sampler]:
        """In place of evidence.observe.samplers.samplers."""
        return [
            Sampler("target_health", interval_seconds, self._asked),
            Sampler("group", interval_seconds, lambda: [self.group()]),
        ]

    def _asked(self) -> list[Sample]:
        self.sampled += 1
        return [self.target_health()]

    def api(self, *_: str) -> Any:
        """In place of live_page.api.Api."""
        return SimpleNamespace(facts=lambda at: replace(self.facts, at=at))


class RecordedRun:
    """A run of this process on the stack, whose observer it says to be."""

    def __init__(self, runs_directory: Path, scenario: str) -> None:
        me = ProcessIdentity.of(os.getpid())
        assert me is not None
        self.scenario = scenario
        self.folder: RunFolder = create_run(
            me, runs_directory, stack={"name": STACK_NAME, "arn": None}
        )
        journal_boundary(self.folder, scenario, "started", settings={}, rate=60)
        config = ObserverConfig(
            scenario=scenario,
            run_folder=str(self.folder.path),
            url="http://127.0.0.1:9/",
            rate=60,
            timeout_seconds=5,
            sample_interval_seconds=0.2,
            limit_seconds=600,
            owner=me,
            subject=Subject("us-east-1", STACK_NAME, "arn:target-group", "group"),
            settings={},
        )
        write_observer(self.folder, me, config)
        journal(self.folder.journal, scenario, "observing")

    def mark(self, name: str, **details: Any) -> None:
        journal(self.folder.journal, self.scenario, "mark", mark=name, **details)

    def samples(self, service: LiveService) -> None:
        names = {"target_health": service.target_health(), "group": service.group()}
        lines = [
            {"scenario": self.scenario, "sample": name, **asdict(sample)}
            for name, sample in names.items()
        ]
        append_lines(self.folder.samples, lines)

    def replies(self, seconds: float, kind: Any = "real", rate: int = 60) -> None:
        """What came in the last seconds, from each instance in turn."""
        now, names = time.time(), list(INSTANCES)
        self._replied_until = now
        replies = (
            Reply(
                now - seconds + number / rate,
                0.2,
                3.0 + number % 11,
                502 if kind == "error" else 200,
                kind,
                instance=names[number % 3],
                release="1.0.0",
            )
            for number in range(int(seconds * rate))
        )
        append_lines(self.folder.requests, (reply_to_json(each, self.scenario) for each in replies))

    def goes_on(self, service: LiveService, kind: Any) -> None:
        """What has come since the replies before."""
        self.samples(service)
        self.replies(time.time() - self._replied_until, kind)
