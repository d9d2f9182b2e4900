"""The background process of an observation: `python -m evidence.observer --config FILE`.

It sends traffic and samples AWS until it gets SIGTERM, its time is over, or the process it works
for is gone; so a killed run leaves nothing behind. It prints one line of JSON, `{"ready": true}`,
once the first reply and the first samples are recorded; what goes wrong is in observer.log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.journal import append_lines, journal
from evidence.prober import Prober, run_with_fast_loop
from evidence.records import Reply, Sample, reply_to_json, sample_to_json
from evidence.run_folder import RunFolder
from evidence.samplers import Sampler, Subject, samplers
from local_aws.processes import ProcessIdentity

_FLUSH_SECONDS = 0.1
_OWNER_CHECK_SECONDS = 1.0


@dataclass(frozen=True)
class ObserverConfig:
    """What the background process is told. Credentials are not in it: they stay in the environment.

    `settings` is copied to the journal: what the report shows as the run's environment.
    """

    scenario: str
    run_folder: str
    url: str
    rate: float
    timeout_seconds: float
    sample_interval_seconds: float
    limit_seconds: float
    owner: ProcessIdentity
    subject: Subject
    settings: dict[str, Any]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> ObserverConfig:
        values = json.loads(text)
        values["owner"] = ProcessIdentity(**values["owner"])
        values["subject"] = Subject(**values["subject"])
        return cls(**values)


class Observer:
    def __init__(self, config: ObserverConfig, ready: Callable[[], None]) -> None:
        self._config = config
        self._folder = RunFolder(Path(config.run_folder))
        self._ready = ready
        self._replies: list[Reply] = []
        self._first_reply = asyncio.Event()

    async def run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.call_later(self._config.limit_seconds, stop.set)
        self._journal("started", settings=self._config.settings, rate=self._config.rate)
        prober = Prober(
            self._config.url, self._config.rate, self._config.timeout_seconds, self._record
        )
        helpers = [
            loop.create_task(self._flush_regularly()),
            loop.create_task(self._stop_without_owner(stop)),
            loop.create_task(self._sample(stop)),
        ]
        await prober.run(stop)
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        self._flush()
        self._journal("stopped", missed=prober.missed)

    def _record(self, reply: Reply) -> None:
        self._replies.append(reply)
        self._first_reply.set()

    def _record_sample(self, sample: Sample) -> None:
        append_lines(self._folder.samples, [sample_to_json(sample, self._config.scenario)])

    def _journal(self, event: str, **details: Any) -> None:
        journal(self._folder.journal, self._config.scenario, event, **details)

    async def _sample(self, stop: asyncio.Event) -> None:
        """Take every sample once, say so, then let each sampler keep its own pace in a thread."""
        every = await asyncio.to_thread(
            samplers, self._config.subject, self._config.sample_interval_seconds
        )
        await asyncio.gather(
            *(asyncio.to_thread(sampler.take_once, self._record_sample) for sampler in every)
        )
        await self._first_reply.wait()
        self._flush()
        self._ready()
        stop_threads = threading.Event()
        for sampler in (sampler for sampler in every if sampler.interval_seconds is not None):
            self._start_thread(sampler, stop_threads)
        try:
            await stop.wait()
        finally:
            stop_threads.set()

    def _start_thread(self, sampler: Sampler, stop: threading.Event) -> None:
        """A daemon thread: a call that hangs must not keep the process from ending."""
        threading.Thread(target=sampler.run, args=(self._record_sample, stop), daemon=True).start()

    async def _flush_regularly(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            self._flush()

    def _flush(self) -> None:
        replies, self._replies = self._replies, []
        append_lines(
            self._folder.requests,
            (reply_to_json(reply, self._config.scenario) for reply in replies),
        )

    async def _stop_without_owner(self, stop: asyncio.Event) -> None:
        while await asyncio.to_thread(self._config.owner.is_running):
            await asyncio.sleep(_OWNER_CHECK_SECONDS)
        stop.set()


def main() -> None:
    parser = argparse.ArgumentParser(description="Observe one scenario in the background.")
    parser.add_argument("--config", type=Path, required=True)
    config = ObserverConfig.from_json(parser.parse_args().config.read_text())
    # Boto3's calls in threads must not hold the interpreter for long: requests are due meanwhile.
    sys.setswitchinterval(0.0005)
    run_with_fast_loop(_observe(config))


async def _observe(config: ObserverConfig) -> None:
    await Observer(config, ready=_say_ready).run()


def _say_ready() -> None:
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - the starter waits for this line


if __name__ == "__main__":
    main()
