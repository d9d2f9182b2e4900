"""A service that is none of this project's is observed, by the real background process."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from evidence.evidence import read_evidence
from evidence.judge.clock import clock_step
from evidence.observe import observation
from evidence.observe.configuration import HeldStream, ObserverConfig, Subject
from evidence.prober import ReplyShape
from evidence.record.journal import read_lines
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import create_run

SHAPE = ReplyShape(
    required={"/forecast/degrees": "number"},
    static={"/forecast/source": "climate"},
    instance="/node",
    release="/builds/0",
)
SCENARIO = "weather"
HOLD_SECONDS = 1.0
TURNS: list[tuple[int, Any]] = [
    (200, {"forecast": {"degrees": 21}, "node": "n-1", "builds": [7]}),
    (203, {"forecast": {"degrees": 15, "source": "climate"}, "node": "n-2", "builds": [8]}),
    (200, {"forecast": {}, "node": "n-3"}),
    (500, {"node": "n-4"}),
]


class Weather(BaseHTTPRequestHandler):
    """Each turn another reply: a forecast, one from the climate, none, an error. /hold is slow."""

    protocol_version = "HTTP/1.1"
    numbers = count()

    def do_GET(self) -> None:
        if self.path == "/hold":
            time.sleep(HOLD_SECONDS)
        status, document = TURNS[next(self.numbers) % len(TURNS)]
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Weather) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture
def no_aws() -> Iterator[dict[str, str]]:
    """Nobody answers AWS's API: the samplers record that, and the traffic goes on."""
    with socket.socket() as deaf:  # bound and not listening, so nobody else gets the port
        deaf.bind(("127.0.0.1", 0))
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{deaf.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_MAX_ATTEMPTS": "1",
        }


def configuration(url: str, runs: Path, **options: Any) -> ObserverConfig:
    """That of an observation of this service, in a new run of this process's."""
    owner = ProcessIdentity.of(os.getpid())
    assert owner is not None
    return ObserverConfig(
        scenario=SCENARIO,
        run_folder=str(create_run(owner, runs).path),
        url=url,
        sample_interval_seconds=1,
        limit_seconds=60,
        owner=owner,
        subject=Subject("us-east-1", "none", "none", "none"),
        settings={},
        **options,
    )


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not so after {seconds:g} s"
        time.sleep(0.05)


def test_its_replies_are_read_by_its_own_shape(
    url: str, no_aws: dict[str, str], tmp_path: Path
) -> None:
    config = configuration(url, tmp_path, rate=50, timeout_seconds=5, reply_shape=SHAPE)
    observer = observation.start(config, no_aws)
    try:
        assert observation.is_running_with(config)  # the shape comes back from JSON as it was
        eventually(lambda: len(read_evidence(observer.folder, SCENARIO).replies) >= 4 * len(TURNS))
    finally:
        observation.stop(observer)
    evidence = read_evidence(observer.folder, SCENARIO)
    assert evidence.is_complete
    assert {
        (each.status, each.kind, each.error, each.instance, each.availability_zone, each.release)
        for each in evidence.replies
    } == {
        (200, "real", None, "n-1", None, "7"),
        (203, "static", None, "n-2", None, "8"),
        (200, "error", "malformed", "n-3", None, None),
        (500, "error", "500", "n-4", None, None),
    }


def test_held_requests_are_a_stream_of_their_own(
    url: str, no_aws: dict[str, str], tmp_path: Path
) -> None:
    held_requests = HeldStream(f"{url}hold", rate=5, timeout_seconds=5)
    # The timeout is not that of the held ones.
    config = configuration(url, tmp_path, rate=20, timeout_seconds=0.5, held=held_requests)
    observer = observation.start(config, no_aws)
    try:
        assert observation.is_running_with(config)
        eventually(lambda: len(read_evidence(observer.folder, SCENARIO).held.replies) >= 5)
    finally:
        observation.stop(observer)
    evidence = read_evidence(observer.folder, SCENARIO)
    held = evidence.held.replies
    # Those in flight at the end are waited for: none is missing.
    assert held[-1].scheduled_at > evidence.stopped_at - 0.3
    assert all(HOLD_SECONDS * 1000 <= reply.latency_ms < 4000 for reply in held)
    assert {reply.error for reply in held} <= {None, "500"}
    assert (evidence.held.rate, evidence.held.missed) == (5, 0)
    assert all(reply.latency_ms < HOLD_SECONDS * 1000 for reply in evidence.replies)
    counts = [
        line["replies"]
        for line in read_lines(observer.folder.journal)
        if line["event"] == "progress"
    ]
    assert sum(sum(kinds.values()) for kinds in counts) <= len(evidence.replies)
    assert len(evidence.clock_offsets) == len(counts) + 2, "at the begin, each heartbeat, the end"
    assert clock_step(evidence) is None
