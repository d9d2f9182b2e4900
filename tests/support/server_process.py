"""Starts the real web server, or another program in its place, next to an AWS stub."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_aws.host.ports import free_port

FILES = Path(__file__).parents[2] / "files"
_STUB = Path(__file__).with_name("aws_stub.py")
_START_SECONDS = 15.0
_STOP_SECONDS = 15.0


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(port: int, path: str, method: str = "GET", timeout: float = 5.0) -> Reply:
    """One request on its own connection. Raises OSError or HTTPException."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, headers, response.read())
    finally:
        connection.close()


@dataclass
class Stub:
    """A running aws_stub.py."""

    process: subprocess.Popen[str]
    aws_port: int
    imds_port: int

    def behave(self, **behaviour: object) -> None:
        """See aws_stub.Behaviour."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.imds_port}/behaviour",
            json.dumps(behaviour).encode(),
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=5).close()

    def calls(self) -> dict[str, int]:
        return dict(ask(self.imds_port, "/calls").json)

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.aws_port}",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{self.imds_port}",
        }


@contextlib.contextmanager
def aws_stub(*arguments: str) -> Iterator[Stub]:
    process = subprocess.Popen(
        [sys.executable, str(_STUB), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        ports = json.loads(process.stdout.readline())
        yield Stub(process, ports["aws"], ports["imds"])
    finally:
        process.kill()
        process.communicate()


@dataclass
class Server:
    """A web server process on a loopback port; `environment` is all it gets but PATH and HOME."""

    home: Path
    environment: dict[str, str]
    command: tuple[str, ...] = ("-m", "recommendation_server")
    ready_path: str = "/healthcheck"  # answered, whatever the status, once it has started
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] = field(init=False)
    start_seconds: float = 0.0

    @property
    def log_file(self) -> Path:
        return self.home / f"server-{self.port}.log"

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log_file.read_text().splitlines()]

    def start(self) -> Server:
        begun_at = time.monotonic()
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env={
                    "PATH": os.defpath,
                    "HOME": str(self.home),
                    "PYTHONPATH": str(FILES),
                    "STATE_DIRECTORY": str(self.home),
                    "LISTEN_ADDRESS": "127.0.0.1",
                    "PORT": str(self.port),
                    **self.environment,
                },
                stdout=log,
                stderr=log,
            )
        while True:
            try:
                ask(self.port, self.ready_path)
            except (OSError, http.client.HTTPException):
                if self.process.poll() is not None or time.monotonic() > begun_at + _START_SECONDS:
                    self.kill()
                    raise
                time.sleep(0.01)
            else:
                self.start_seconds = time.monotonic() - begun_at
                return self

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        self.process.terminate()
        return self.process.wait(_STOP_SECONDS)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(_STOP_SECONDS)

    def get(self, path: str, method: str = "GET", timeout: float = 5.0) -> Reply:
        return ask(self.port, path, method, timeout)

    def rss_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()


def wait_until(condition: Callable[[], object], seconds: float = 5.0) -> float:
    """Polls until `condition` is true; returns the seconds it took, or fails."""
    begun_at = time.monotonic()
    while not condition():
        assert time.monotonic() < begun_at + seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - begun_at
