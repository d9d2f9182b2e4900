"""Start, mark, await and stop an observation: what the playbooks ask for.

One observation at a time in a runs directory. `observer.json` there names the background process,
so that the next start ends one that a killed run left behind.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evidence.claims import Claim, Verdict, judge
from evidence.evidence import Evidence, read_evidence
from evidence.journal import journal
from evidence.observer_config import ObserverConfig
from evidence.run_folder import RunFolder
from evidence.windows import Window
from local_aws.processes import ProcessIdentity, end

_READY_SECONDS = 30.0
_POLL_SECONDS = 0.1
_STOP_SECONDS = 5.0
"""What the observer needs to end, beyond the requests that are still in flight."""


class ObservationError(Exception):
    """An observation that cannot be started, found or brought to what was awaited."""


@dataclass(frozen=True)
class RunningObserver:
    """The background process of a runs directory, as `observer.json` there has it."""

    process: ProcessIdentity
    owner: ProcessIdentity
    scenario: str
    run_folder: str

    @property
    def folder(self) -> RunFolder:
        return RunFolder(Path(self.run_folder))


def running_observer(runs_directory: Path) -> RunningObserver | None:
    """The observer that is running now, if any."""
    try:
        values = json.loads(_pid_file(runs_directory).read_text())
    except FileNotFoundError:
        return None
    observer = RunningObserver(
        process=ProcessIdentity(**values["process"]),
        owner=ProcessIdentity(**values["owner"]),
        scenario=values["scenario"],
        run_folder=values["run_folder"],
    )
    return observer if observer.process.is_running() else None


def is_running_with(config: ObserverConfig, runs_directory: Path) -> bool:
    """Whether an observer is running that was told the same."""
    observer = running_observer(runs_directory)
    if observer is None or observer.run_folder != config.run_folder:
        return False
    return observer.folder.observer.read_text() == config.to_json()


def start(config: ObserverConfig, runs_directory: Path) -> RunningObserver:
    """Start observing in the background; returns once traffic and samples are being recorded.

    An observer of a run that is over is ended first, and one of the same run's former scenario.
    One of another live run is an error: two runs would disturb each other's service.
    """
    before = running_observer(runs_directory)
    if before is not None:
        if before.owner != config.owner and before.owner.is_running():
            raise ObservationError(
                f"process {before.owner.pid} is observing scenario {before.scenario!r} now; "
                "wait for it or end it: two runs at once would disturb each other"
            )
        stop(before)
    folder = RunFolder(Path(config.run_folder))
    folder.observer.write_text(config.to_json())
    process = _launch(folder)
    identity = ProcessIdentity.of(process.pid)
    observer = RunningObserver(
        process=identity or ProcessIdentity(process.pid, "ended"),
        owner=config.owner,
        scenario=config.scenario,
        run_folder=config.run_folder,
    )
    _pid_file(runs_directory).write_text(json.dumps(asdict(observer)))
    if not _wait_ready(process):
        end(observer.process, 0)
        raise ObservationError(f"the observer did not start:\n{_tail(folder.observer_log)}")
    return observer


def mark(
    observer: RunningObserver,
    name: str,
    instance: str | None = None,
    mutation: str | None = None,
    inverse: str | None = None,
) -> float:
    """Name this moment; returns it. A mutation is written here before it is made."""
    return journal(
        observer.folder.journal,
        observer.scenario,
        "mark",
        mark=name,
        instance=instance,
        mutation=mutation,
        inverse=inverse,
    )


def stop(observer: RunningObserver) -> None:
    """Stop observing; returns when everything is on disk."""
    end(observer.process, _request_timeout_seconds(observer.folder) + _STOP_SECONDS)


def await_claims(
    observer: RunningObserver,
    claims: Sequence[Claim],
    last_replies: int,
    timeout_seconds: float,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Verdict]:
    """Wait until `last_replies` replies since the latest mark make all claims hold.

    The claims are judged on the time that the latest `last_replies` replies span, whatever their
    `during`; so what is awaited is a steady state, not a lucky reply. Raises ObservationError with
    what was seen.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        began = time.monotonic()
        evidence = read_evidence(observer.folder, observer.scenario)
        window = _latest(evidence, last_replies)
        verdicts = [] if window is None else [judge(claim, evidence, window) for claim in claims]
        if window is not None and all(verdict.held for verdict in verdicts):
            return verdicts
        if time.monotonic() > deadline:
            seen = "; ".join(
                f"{verdict.expected} (seen: {verdict.seen})"
                for verdict in verdicts
                if not verdict.held
            )
            raise ObservationError(
                f"after {timeout_seconds:g} s still not so: "
                + (seen or f"{last_replies} replies since the latest mark")
            )
        if not observer.process.is_running():
            raise ObservationError(f"the observer ended:\n{_tail(observer.folder.observer_log)}")
        # A long wait has much to read; the prober must not be short of the processor meanwhile.
        sleep(max(_POLL_SECONDS, 4 * (time.monotonic() - began)))


def _request_timeout_seconds(folder: RunFolder) -> float:
    return ObserverConfig.from_json(folder.observer.read_text()).timeout_seconds


def _latest(evidence: Evidence, last_replies: int) -> Window | None:
    """The window of the latest replies, or None while there are too few since the latest mark."""
    since = max((mark.at for mark in evidence.marks), default=evidence.started_at)
    times = [reply.scheduled_at for reply in evidence.replies if reply.scheduled_at >= since]
    if len(times) < last_replies:
        return None
    return Window(times[-last_replies], evidence.stopped_at)


def _launch(folder: RunFolder) -> subprocess.Popen[bytes]:
    """In a session of its own: neither Ctrl-C nor the end of the task's process reaches it."""
    with folder.observer_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "evidence.observer", "--config", str(folder.observer)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def _wait_ready(process: subprocess.Popen[bytes]) -> bool:
    assert process.stdout is not None  # noqa: S101 - asked for just above
    with process.stdout as output:
        readable, _, _ = select.select([output], [], [], _READY_SECONDS)
        return bool(readable and output.readline().strip())


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""


def _pid_file(runs_directory: Path) -> Path:
    return runs_directory / "observer.json"
