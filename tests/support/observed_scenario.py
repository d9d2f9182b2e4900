"""A service that replies, and what the task needs that observes it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from evidence.observe import observation
from evidence.observe.configuration import Subject

REAL = {"claim": "every reply is real", "measure": "share", "where": {"kind": "real"}, "is": 1}
BODY = json.dumps(
    {"ItemId": {"N": "3"}, "Title": {"S": "Dune"}, "Metadata": {"InstanceId": "i-1"}}
).encode()


class Recommendations(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: Any) -> None: ...


@dataclass(frozen=True)
class Observed:
    """A scenario that was observed from its start to its end, and not judged.

    `results` are those of its tasks by what they did; `again` those of the same tasks repeated.
    """

    runs: Path
    results: dict[str, dict[str, Any]]
    again: dict[str, dict[str, Any]]

    @property
    def folder(self) -> Path:
        return Path(self.results["started"]["run_folder"])

    def lines(self, file: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / file).read_text().splitlines()]


@contextmanager
def runs_below(folder: Path) -> Iterator[Path]:
    """A runs directory; nothing observes there any more at the end."""
    directory = folder / "runs"
    try:
        yield directory
    finally:
        for observer in observation.running_observers(directory):
            observation.stop(observer)


def start_options(runs: Path, url: str, subject: Subject) -> dict[str, Any]:
    """Those of the task that starts an observation."""
    return {
        "state": "started",
        "runs_directory": str(runs),
        "scenario": "healthy",
        "url": url,
        "region": subject.region,
        "stack_name": subject.stack_name,
        "target_group_arn": subject.target_group_arn,
        "auto_scaling_group_name": subject.auto_scaling_group_name,
        "settings": {"backend": "local"},
    }
