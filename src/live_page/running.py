"""Start and end the server of a stack's live page, which is a background process.

`live-page-<stack>.json` in the runs directory names it by its process id and start, with its port
and its token; only its owner can read it. One that died leaves the file, and the next start takes
the same port and token from it, so that pages which are still open go on.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from evidence.observe.observation import log_tail
from evidence.record.processes import ProcessIdentity, end
from live_page.configuration import HOST, PageConfig

_START_SECONDS = 30.0
_RELEASE_SECONDS = 2.0
_END_SECONDS = 8.0
_POLL_SECONDS = 0.05
_TOKEN_BYTES = 24


class LivePageError(Exception):
    """A page that cannot be served, in one line."""


@dataclass(frozen=True)
class Served:
    """A page as its file has it; `process` may have ended since."""

    process: ProcessIdentity
    config: PageConfig

    @property
    def is_running(self) -> bool:
        return self.process.is_running()


def served(runs_directory: Path, stack_name: str) -> Served | None:
    """The page on record for a stack; None when there is none, or one of another version."""
    try:
        values = json.loads(_file(runs_directory, stack_name).read_text())
        return Served(ProcessIdentity(**values["process"]), PageConfig.from_dict(values["config"]))
    except (OSError, KeyError, TypeError, ValueError):
        return None


def start(config: PageConfig, environment: Mapping[str, str]) -> tuple[bool, Served]:
    """(whether it was started, the page); returns when it answers.

    Of `config`, `port` 0 means any free one, or the one before, and the token is made here. One
    that runs with the same configuration goes on; another one is ended first. Raises LivePageError.
    """
    directory = Path(config.runs_directory)
    before = served(directory, config.stack_name)
    if before is None:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        config = replace(config, port=_free(config.port), token=token)
    else:
        config = _after(before, config)
        if before.is_running and before.config == config:
            return False, before
        end(before.process, _END_SECONDS)
        is_same = config.port == before.config.port
        port = _port_again(config.port) if is_same else _free(config.port)
        config = replace(config, port=port)
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / f"live-page-{config.stack_name}.log"
    process = _launch(config, log, environment)
    identity = ProcessIdentity.of(process.pid) or ProcessIdentity(process.pid, "ended")
    page = Served(identity, config)
    _write(page)
    _await(page, log)
    return True, page


def would_start(config: PageConfig) -> bool:
    """Whether `start` would start a page, which one that runs with the same makes unnecessary."""
    before = served(Path(config.runs_directory), config.stack_name)
    return before is None or not before.is_running or before.config != _after(before, config)


def _after(before: Served, config: PageConfig) -> PageConfig:
    """With the token of the page before, and its port unless another one is wanted."""
    return replace(config, port=config.port or before.config.port, token=before.config.token)


def stop(runs_directory: Path, stack_name: str) -> bool:
    """End the page of a stack, and forget its address. Returns whether it was running."""
    page = served(runs_directory, stack_name)
    if page is None:
        return False
    was_running = page.is_running
    end(page.process, _END_SECONDS)
    _file(runs_directory, stack_name).unlink(missing_ok=True)
    return was_running


def _file(runs_directory: Path, stack_name: str) -> Path:
    return runs_directory / f"live-page-{stack_name}.json"


def _write(page: Served) -> None:
    path = _file(Path(page.config.runs_directory), page.config.stack_name)
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    document = {"process": asdict(page.process), "config": asdict(page.config)}
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "w") as file:  # noqa: PTH123 - only a descriptor has its mode from the start
            file.write(json.dumps(document) + "\n")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _port_again(port: int) -> int:
    """The port of the page before, once its last thread has let it go; else any free one."""
    deadline = time.monotonic() + _RELEASE_SECONDS
    while time.monotonic() < deadline:
        with suppress(LivePageError):
            return _free(port)
        time.sleep(_POLL_SECONDS)
    return _free(0)


def _free(port: int) -> int:
    """This port when it is free; with 0, a free one. Raises LivePageError."""
    try:
        with socket.create_server((HOST, port)) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        # Its strerror has the address too, since Python made it.
        reason = os.strerror(error.errno or 0)
        raise LivePageError(
            f"port {port} of {HOST} is not available ({reason}); choose another one with "
            "-e live_page_port=, or leave it out"
        ) from None


def _launch(
    config: PageConfig, log: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """In a session of its own: neither Ctrl-C nor the end of who starts it reaches it."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "live_page.server"],
            cwd=config.checkout,
            stdin=subprocess.PIPE,
            stdout=descriptor,
            stderr=descriptor,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    # Not as an argument: those can be read by everybody on this machine.
    if process.stdin is not None:
        with process.stdin as given:
            given.write(json.dumps(asdict(config)).encode())
    # Nobody waits for it: a thread takes its status, so that it never stays behind as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def _await(page: Served, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        try:
            with direct.open(page.config.origin, timeout=2):
                return
        except urllib.error.HTTPError as error:
            error.close()
            break  # somebody else's
        except OSError:
            if not page.is_running:
                break
        time.sleep(_POLL_SECONDS)
    why = " ".join(log_tail(log).split()) or "it does not answer"
    end(page.process, _END_SECONDS)
    raise LivePageError(f"The live page was not served: {why}")
