"""Measures how long clients of the service wait while twenty people look at the live page.

    python tests/benchmarks/live_page.py

deploys on a local AWS of its own, serves the page, and sends requests on time, in turns while
nobody looks and while twenty do. It prints both and the ratio, and exits 1 when their p99 differs
by more than the goal. Nothing else may run beside it.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop

ROOT = Path(__file__).parents[2]
sys.path[:0] = [
    str(ROOT / "tests" / "support"),
    str(ROOT / "packages" / "local-aws" / "tests" / "support"),
    str(ROOT / "src"),
]

from live_service import LiveService  # noqa: E402
from load import Sample, latency_ms, open_loop  # noqa: E402
from local_aws_command import LocalAws  # noqa: E402
from workplace import Workplace  # noqa: E402

VIEWERS = 20
ROUNDS = 6
ROUND_SECONDS = 10.0
PER_SECOND = 100.0
GOAL = 1.1
FIRST_EVENT_SECONDS = 10.0


def look(origin: str, number: int) -> None:
    """Be so many viewers, until standard input ends; say how much the one saw that saw least."""
    seen = [0] * number

    def read(viewer: int) -> None:
        with urllib.request.urlopen(f"{origin}/events", timeout=60) as events:
            for line in events:
                seen[viewer] += line.startswith(b"data:")

    for viewer in range(number):
        threading.Thread(target=read, args=(viewer,), daemon=True).start()
    deadline = time.monotonic() + FIRST_EVENT_SECONDS
    while not all(seen) and time.monotonic() < deadline:
        time.sleep(0.01)
    before = tuple(seen)
    sys.stdout.write(f"{sum(map(bool, seen))}\n")
    sys.stdout.flush()
    sys.stdin.read()
    sys.stdout.write(f"{min(now - then for now, then in zip(seen, before, strict=True))}\n")


@contextmanager
def viewers(origin: str) -> Iterator[None]:
    """In a process of their own, as browsers are."""
    command = (sys.executable, __file__, "--look", origin, str(VIEWERS))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        looking = int(process.stdout.readline())
        yield
        least, _ = process.communicate()
    if looking < VIEWERS or int(least) == 0:
        raise RuntimeError(
            f"{looking} of {VIEWERS} looked, and one was sent {least.strip()} events"
        )


@contextmanager
def observed(workplace: Workplace) -> Iterator[None]:
    """While a scenario is observed again and again: only then has the page news all the time."""
    command = ("ansible-playbook", "scenario.yml", "--tags", "healthy", "-e", "repeats=30")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "LOCAL_AWS_HOME": str(workplace.home)},
        stdout=subprocess.DEVNULL,
    ) as playing:
        try:
            yield
            if playing.poll() is not None:
                raise RuntimeError("the scenario ended before the measurement did")
        finally:
            playing.send_signal(signal.SIGINT)


def measured(origin: str, port: int) -> tuple[list[list[Sample]], list[list[Sample]]]:
    """The replies of each round, while nobody looks and while twenty do."""

    def replies() -> list[Sample]:
        samples: list[Sample] = uvloop.run(open_loop(port, "/", PER_SECOND, ROUND_SECONDS))
        if {sample.status for sample in samples} != {200}:
            raise RuntimeError("the service failed requests")
        return samples

    alone, watched = [], []
    for _ in range(ROUNDS):
        alone.append(replies())
        with viewers(origin):
            watched.append(replies())
    return alone, watched


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        workplace = Workplace(Path(scratch) / "home")
        try:
            workplace.deploy()
            shown = workplace.run("ansible-playbook", "watch.yml")
            [origin] = re.findall(r"(http://127\.0\.0\.1:\d+)/#", shown)
            address = LiveService(LocalAws(workplace.home)).outputs["LB"]
            port = int(address.rpartition(":")[2])
            with observed(workplace):
                alone, watched = measured(origin, port)
        finally:
            workplace.run("local-aws", "stop")
    figures = []
    for title, rounds in (("nobody looks", alone), (f"{VIEWERS} look", watched)):
        every = [sample for samples in rounds for sample in samples]
        p99 = statistics.median(latency_ms(samples, 99) for samples in rounds)
        figures.append(p99)
        sys.stdout.write(
            f"{title:14} {len(every):6} requests, p50 {latency_ms(every, 50):5.1f} ms, "
            f"p99 {p99:5.1f} ms (median of {ROUNDS} rounds)\n"
        )
    ratio = figures[1] / figures[0]
    sys.stdout.write(f"ratio of p99    {ratio:.2f} (<= {GOAL})\n")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--look", nargs=2, help=argparse.SUPPRESS)  # this program's own processes
    looked_at = parser.parse_args().look
    if looked_at:
        look(looked_at[0], int(looked_at[1]))
    else:
        sys.exit(main())
