"""A service that replies, and what the task needs that observes it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from evidence.observe import observation
from evidence.observe.configuration import Subject

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
