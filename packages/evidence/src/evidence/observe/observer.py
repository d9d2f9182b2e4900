"""The background process: `python -m evidence.observe.observer --config observer.json`.

It sends traffic and samples AWS until it gets SIGTERM, its time is over, or the process it works
for is gone; so a killed run leaves nothing behind. What goes wrong is in observer.log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from collections import Counter
from pathlib import Path

from evidence.observe.configuration import ObserverConfig
from evidence.observe.machine import clock_offset
from evidence.observe.prober import BehindError, Prober, run_with_fast_loop
from evidence.observe.samplers import samplers
from evidence.observe.watchdog import Watchdog
from evidence.record.journal import append_lines, journal
from evidence.record.reply import HELD, Reply, reply_to_json
from evidence.record.run_folder import RunFolder, journal_boundary
from evidence.record.samples import Sample, TargetHealthSample, sample_to_json

_FLUSH_SECONDS = 0.1
_PROGRESS_SECONDS = 2.0
_END_SECONDS = 3.0
"""What it may take to end, beyond the requests that are still in flight."""


class Observer:
    """One observation."""

    def __init__(self, config: ObserverConfig, watchdog: Watchdog) -> None:
        self._config = config
        self._watchdog = watchdog
        self._folder = RunFolder(Path(config.run_folder))
        self._replies: list[Reply] = []
        self._held: list[Reply] = []
        self._kinds: Counter[str] = Counter()
        self._states: Counter[str] = Counter()

    async def run(self) -> None:
        """Observe until it is to end. Raises OSError when the records cannot be written."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._watchdog.on_end(lambda: loop.call_soon_threadsafe(stop.set))
        loop.call_later(self._config.limit_seconds, stop.set)
        # Building clients and taking the first samples would delay requests: they come before.
        stop_samplers = self._start_samplers()
        journal(
            self._folder.journal, self._config.scenario, "observing", clock_offset=clock_offset()
        )
        prober, held = self._prober(), self._prober_of_held_requests()
        helpers = [
            loop.create_task(self._flush_regularly()),
            loop.create_task(self._journal_progress()),
        ]
        for helper in helpers:  # none ends before it is cancelled, unless it fails
            helper.add_done_callback(lambda _: stop.set())
        reasons = await asyncio.gather(*(_send(each, stop) for each in (prober, held) if each))
        until = prober.ended_at
        stop_samplers.set()
        for helper in helpers:
            if helper.done():
                helper.result()
            helper.cancel()
        self._flush()
        journal_boundary(
            self._folder,
            self._config.scenario,
            "stopped",
            missed=prober.missed,
            held_missed=held and held.missed,
            until=until,
            clock_offset=clock_offset(),
            reason=next(filter(None, reasons), None),
        )

    def _prober(self) -> Prober:
        config, record = self._config, self._replies.append
        return Prober(config.url, config.rate, config.timeout_seconds, record, config.reply_shape)

    def _prober_of_held_requests(self) -> Prober | None:
        held, shape = self._config.held, self._config.reply_shape
        if held is None:
            return None
        return Prober(held.url, held.rate, held.timeout_seconds, self._held.append, shape)

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
        self._kinds.update(reply.kind for reply in self._replies)
        for replies, stream in ((self._replies, None), (self._held, HELD)):
            lines = [reply_to_json(reply, self._config.scenario, stream) for reply in replies]
            replies.clear()
            append_lines(self._folder.requests, lines)

    async def _journal_progress(self) -> None:
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
                clock_offset=clock_offset(),
            )


async def _send(prober: Prober, stop: asyncio.Event) -> str | None:
    """Send requests until `stop` is set; returns why it gave up before, if it did."""
    try:
        await prober.run(stop)
    except BehindError as error:
        stop.set()
        print(error, file=sys.stderr)  # noqa: T201 - it is observer.log
        return str(error)
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description="Observe one scenario in the background.")
    parser.add_argument("--config", type=Path, required=True)
    document = json.loads(parser.parse_args().config.read_text())
    config = ObserverConfig.from_dict(document["config"])
    watchdog = Watchdog(config.owner, config.longest_request_seconds + _END_SECONDS)
    watchdog.start()
    # Boto3's calls in threads must not hold the interpreter for long: requests are due meanwhile.
    sys.setswitchinterval(0.0005)
    run_with_fast_loop(Observer(config, watchdog).run())


if __name__ == "__main__":
    main()
