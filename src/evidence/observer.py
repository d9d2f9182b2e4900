"""The background process of an observation: `python -m evidence.observer --config FILE`.

It sends traffic and samples AWS until it gets SIGTERM, its time is over, or the process it works
for is gone; so a killed run leaves nothing behind. What goes wrong is in observer.log.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import threading
from collections import Counter
from pathlib import Path

from evidence.journal import append_lines, journal
from evidence.observer_config import ObserverConfig
from evidence.prober import Prober, run_with_fast_loop
from evidence.records import Reply, Sample, TargetHealthSample, reply_to_json, sample_to_json
from evidence.run_folder import RunFolder, journal_boundary
from evidence.samplers import samplers

_FLUSH_SECONDS = 0.1
_OWNER_CHECK_SECONDS = 1.0
_PROGRESS_SECONDS = 2.0


class Observer:
    """One observation."""

    def __init__(self, config: ObserverConfig) -> None:
        self._config = config
        self._folder = RunFolder(Path(config.run_folder))
        self._replies: list[Reply] = []
        self._kinds: Counter[str] = Counter()
        self._states: Counter[str] = Counter()

    async def run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.call_later(self._config.limit_seconds, stop.set)
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
        journal_boundary(self._folder, self._config.scenario, "stopped", missed=prober.missed)

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

    async def _flush_regularly(self) -> None:
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
            journal(
                self._folder.journal,
                self._config.scenario,
                "progress",
                replies=kinds,
                targets=self._states,
            )

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
    run_with_fast_loop(Observer(config).run())


if __name__ == "__main__":
    main()
