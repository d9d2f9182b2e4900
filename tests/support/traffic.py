"""Requests at a fixed rate and samples of AWS's view while something is done to a service.

    with Traffic(service) as traffic:
        traffic.hit(instance_id)   # the fault's moment
        ...
    traffic.evidence               # what a scenario's observer would have on record

It is the observer's own prober and samplers, without its process: a campaign has dozens of these.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from types import TracebackType
from unittest import mock

from health_log import Check, HealthLog
from live_service import LiveService, Sent
from local_aws_command import eventually
from project_yaml import reply_shape

from evidence.evidence import Evidence, Mark
from evidence.observe.samplers import Sampler, samplers
from evidence.prober import Prober, run_with_fast_loop
from evidence.record.windows import FAULT
from evidence.records import Reply, Sample

RATE = 100.0
CHECK_SECONDS = 1.0
"""Between two health checks of the deployed service."""
SAMPLE_SECONDS = 0.1
LATE_MS = 250.0
"""A prober whose requests leave so late has no time to run: the machine is too busy to judge."""

_SAMPLED = {"target_health", "group"}


class Traffic:
    def __init__(
        self, service: LiveService, rate: float = RATE, timeout_seconds: float = 5.0
    ) -> None:
        self._service = service
        self._health_log = HealthLog(service.local_aws.home)
        self._sent_before = service.sent()
        self._stop = asyncio.Event()
        self._stop_sampling = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._marks: list[Mark] = []
        self._replies: list[Reply] = []
        self._samples: list[Sample] = []
        self._prober = Prober(
            service.url, rate, timeout_seconds, self._replies.append, reply_shape()
        )
        self._threads = [threading.Thread(target=run_with_fast_loop, args=(self._probe(),))]
        for sampler in self._samplers():
            arguments = (self._samples.append, self._stop_sampling)
            self._threads.append(threading.Thread(target=sampler.run, args=arguments))

    def __enter__(self) -> Traffic:
        sys.setswitchinterval(0.0005)  # as the observer: a call in a thread must not delay requests
        self.started_at = time.time()
        for thread in self._threads:
            thread.start()
        self._await_replies(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop asking, then wait for what is still to be answered."""
        self._stop_sampling.set()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        for thread in self._threads:
            thread.join()
        self.stopped_at = time.time()

    def hit(self, instance_id: str | None = None) -> None:
        """Name this moment that of the fault, on one instance or on all."""
        self._marks.append(Mark(FAULT, time.time(), instance_id))

    @property
    def hit_at(self) -> float:
        return self._marks[0].at

    def await_answer(self, instance_id: str, seconds: float) -> None:
        """Watch until the instance has answered a request that was sent after the fault."""

        def has_answered() -> bool:
            return any(
                reply.instance == instance_id and reply.scheduled_at > self.hit_at
                for reply in reversed(self._replies[:])
            )

        eventually(has_answered, seconds)

    def go_on(self, seconds: float) -> None:
        """Watch for as many more requests as are due in this time."""
        self._await_replies(len(self._replies) + int(seconds * RATE))

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            scenario="campaign",
            started_at=self.started_at,
            stopped_at=self.stopped_at,
            marks=tuple(self._marks),
            replies=tuple(sorted(self._replies, key=lambda reply: reply.scheduled_at)),
            samples=tuple(sorted(self._samples, key=lambda sample: sample.at)),
            missed=self._prober.missed,
        )

    @property
    def checks(self) -> list[Check]:
        """What the load balancer's health checks found meanwhile, by its own log."""
        return self._health_log.read(self._service.ports())

    @property
    def sent(self) -> dict[str, Sent]:
        """What the load balancer has sent to each target meanwhile, by its own counters."""
        before, now = self._sent_before, self._service.sent()
        return {name: count.since(before.get(name, Sent())) for name, count in now.items()}

    async def _probe(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._prober.run(self._stop)

    def _samplers(self) -> list[Sampler]:
        environment = self._service.local_aws.client_environment
        with mock.patch.dict(os.environ, environment):
            made = samplers(self._service.subject, SAMPLE_SECONDS)
        return [sampler for sampler in made if sampler.name in _SAMPLED]

    def _await_replies(self, number: int) -> None:
        eventually(lambda: len(self._replies) >= number, 60)


def was_too_busy(evidence: Evidence) -> str | None:
    """Why nothing can be said: the prober could not keep its schedule. None when it could."""
    if evidence.missed:
        return f"the prober left {evidence.missed} requests out"
    latest = max(reply.late_ms for reply in evidence.replies)
    return f"a request left {latest:.0f} ms late" if latest > LATE_MS else None
