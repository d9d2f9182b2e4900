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
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evidence.journal import append_lines, journal, size
from evidence.observer_config import ObserverConfig
from evidence.prober import Prober, run_with_fast_loop
from evidence.records import Reply, Sample, TargetHealthSample, reply_to_json, sample_to_json
from evidence.run_folder import RunFolder
from evidence.samplers import samplers

_FLUSH_SECONDS = 0.1
_OWNER_CHECK_SECONDS = 1.0
_PROGRESS_SECONDS = 2.0


class Observer:
    """One observation. `ready` is called once, when the first reply is on disk."""

    def __init__(self, config: ObserverConfig, ready: Callable[[], None]) -> None:
        self._config = config
        self._folder = RunFolder(Path(config.run_folder))
        self._ready = ready
        self._replies: list[Reply] = []
        self._kinds: Counter[str] = Counter()
        self._states: Counter[str] = Counter()

    async def run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.call_later(self._config.limit_seconds, stop.set)
        self._journal("started", settings=self._config.settings, rate=self._config.rate)
        # Building clients and taking the first samples would delay requests: they come before.
        stop_samplers = self._start_samplers()
        prober = Prober(
            self._config.url, self._config.rate, self._config.timeout_seconds, self._replies.append
        )
        helpers = [
            loop.create_task(self._flush_regularly()),
            loop.create_task(self._stop_without_owner(stop)),
            loop.create_task(self._tell_progress()),
        ]
        await prober.run(stop)
        stop_samplers.set()
        for helper in helpers:
            helper.cancel()
        self._flush()
        self._journal("stopped", missed=prober.missed)

    def _start_samplers(self) -> threading.Event:
        """Take every sample once, then let each sampler keep its own pace until the event is set.

        The threads are daemons: a call that hangs must not keep the process from ending.
        """
        stop = threading.Event()
        for sampler in samplers(self._config.subject, self._config.sample_interval_seconds):
            sampler.take_once(self._record_sample)
            if sampler.interval_seconds is not None:
                arguments = (self._record_sample, stop)
                threading.Thread(target=sampler.run, args=arguments, daemon=True).start()
        return stop

    def _record_sample(self, sample: Sample) -> None:
        if isinstance(sample, TargetHealthSample):
            self._states = Counter(target.state for target in sample.targets)
        append_lines(self._folder.samples, [sample_to_json(sample, self._config.scenario)])

    def _journal(self, event: str, **details: Any) -> None:
        """Say also where this scenario's lines begin or end: nobody has to read all the others."""
        journal(
            self._folder.journal,
            self._config.scenario,
            event,
            requests_size=size(self._folder.requests),
            samples_size=size(self._folder.samples),
            **details,
        )

    async def _flush_regularly(self) -> None:
        while not self._replies:
            await asyncio.sleep(_FLUSH_SECONDS / 10)
        self._flush()
        self._ready()
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            self._flush()

    def _flush(self) -> None:
        replies = self._replies[:]
        self._replies.clear()
        self._kinds.update(reply.kind for reply in replies)
        append_lines(
            self._folder.requests,
            (reply_to_json(reply, self._config.scenario) for reply in replies),
        )

    async def _tell_progress(self) -> None:
        """Write down what came back since the last time, for those who watch the terminal."""
        while True:
            await asyncio.sleep(_PROGRESS_SECONDS)
            kinds, self._kinds = self._kinds, Counter()
            self._journal("progress", replies=kinds, targets=self._states)

    async def _stop_without_owner(self, stop: asyncio.Event) -> None:
        while self._config.owner.is_running():
            await asyncio.sleep(_OWNER_CHECK_SECONDS)
        stop.set()


def main() -> None:
    parser = argparse.ArgumentParser(description="Observe one scenario in the background.")
    parser.add_argument("--config", type=Path, required=True)
    config = ObserverConfig.from_json(parser.parse_args().config.read_text())
    # Boto3's calls in threads must not hold the interpreter for long: requests are due meanwhile.
    sys.setswitchinterval(0.0005)
    run_with_fast_loop(Observer(config, ready=_say_ready).run())


def _say_ready() -> None:
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - the starter waits for this line


if __name__ == "__main__":
    main()
