"""The background process: `python -m evidence.observe.observer --config observer.json`.

It sends traffic and samples AWS until it gets SIGTERM, its time is over, or the process it works
for is gone; so a killed run leaves nothing behind. When a part of it fails it ends as well: its
records would not say what they lack. Why is in the journal and in observer.log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from evidence.observe.configuration import ObserverConfig
from evidence.observe.machine import clock_offset
from evidence.observe.prober import BehindError, Prober, run_with_fast_loop
from evidence.observe.samplers import Sampler, samplers
from evidence.observe.watchdog import Watchdog
from evidence.record.boundary import journal_boundary
from evidence.record.journal import append_lines, journal
from evidence.record.reply import HELD, Reply, reply_to_json
from evidence.record.run_folder import RunFolder
from evidence.record.samples import Sample, TargetHealthSample, sample_to_json

_FLUSH_SECONDS = 0.1
_PROGRESS_SECONDS = 2.0
_END_SECONDS = 3.0
"""What it may take to end, beyond the requests that are still in flight."""


class Ending:
    """The end of an observation and, if it gives up, the first reason why. For any thread."""

    def __init__(self) -> None:
        self.has_come = asyncio.Event()
        self.reason: str | None = None
        self._loop = asyncio.get_running_loop()

    def come(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: it has come
            self._loop.call_soon_threadsafe(self.has_come.set)

    def give_up(self, part: str, error: BaseException) -> None:
        """Because this part of the observer failed. A schedule that was not kept speaks for it."""
        if isinstance(error, BehindError):
            reason = str(error)
        else:
            reason = f"its {part} failed: {type(error).__name__}: {error}"
        print(reason, file=sys.stderr)  # noqa: T201 - it is observer.log
        self.reason = self.reason or reason
        self.come()


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
        """Observe until it is to end. Raises OSError when the journal cannot be written."""
        end = Ending()
        loop = asyncio.get_running_loop()
        self._watchdog.on_end(end.come)
        loop.call_later(self._config.limit_seconds, end.come)
        # Building clients and taking the first samples would delay requests: they come before.
        stop_samplers = self._start_samplers(end)
        journal(
            self._folder.journal, self._config.scenario, "observing", clock_offset=clock_offset()
        )
        prober, held = self._prober(), self._prober_of_held_requests()
        helpers = [
            loop.create_task(_until_it_fails("record of requests", self._flush_regularly(), end)),
            loop.create_task(_until_it_fails("journal", self._journal_progress(), end)),
        ]
        await asyncio.gather(
            *(
                _until_it_fails("prober", each.run(end.has_come), end)
                for each in (prober, held)
                if each
            )
        )
        until = prober.ended_at
        stop_samplers.set()
        for helper in helpers:
            helper.cancel()
        try:
            self._flush()
        except OSError as error:
            end.give_up("record of requests", error)
        journal_boundary(
            self._folder,
            self._config.scenario,
            "stopped",
            missed=prober.missed,
            held_missed=held and held.missed,
            until=until,
            clock_offset=clock_offset(),
            reason=end.reason,
        )

    def _prober(self) -> Prober:
        config, record = self._config, self._replies.append
        return Prober(config.url, config.rate, config.timeout_seconds, record, config.reply_shape)

    def _prober_of_held_requests(self) -> Prober | None:
        held, shape = self._config.held, self._config.reply_shape
        if held is None:
            return None
        return Prober(held.url, held.rate, held.timeout_seconds, self._held.append, shape)

    def _start_samplers(self, end: Ending) -> threading.Event:
        """Take every sample once, then let each sampler keep its own pace until the event is set.

        The threads are daemons: a call that hangs must not keep the process from ending.
        """
        stop = threading.Event()

        def sample(sampler: Sampler, take: Callable[[], None]) -> None:
            try:
                take()
            except Exception as error:  # noqa: BLE001 - a thread's end would go unnoticed
                end.give_up(f"sampler {sampler.name}", error)

        for each in samplers(self._config.subject, self._config.sample_interval_seconds):
            sample(each, partial(each.take_once, self._record_sample))
            if each.interval_seconds is not None:
                arguments = (each, partial(each.run, self._record_sample, stop))
                threading.Thread(target=sample, args=arguments, daemon=True).start()
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


async def _until_it_fails(part: str, work: Coroutine[Any, Any, None], end: Ending) -> None:
    """Do the work of this part, whose failure ends the observation."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - whatever it is, the records must say so
        end.give_up(part, error)


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
