"""A page is known by its process; one that died comes again at the same address."""

import os
import resource
import signal
import socket
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from local_aws_command import eventually

from evidence.record.processes import ProcessIdentity
from live_page import running
from live_page.configuration import PageConfig

NOBODY = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
}


def test_start_again_after_a_kill_and_stop(config: PageConfig, tmp_path: Path) -> None:
    given = replace(config, port=0, token="", runs_directory=str(tmp_path))
    try:
        assert running.would_start(given)
        changed, page = running.start(given, NOBODY)
        assert changed
        assert page.is_running
        assert not running.would_start(given)
        assert not running.would_start(replace(given, port=page.config.port))
        assert running.would_start(replace(given, port=page.config.port - 1))
        assert running.would_start(replace(given, command=("another",)))
        assert page.config.address.startswith("http://127.0.0.1:")
        file = tmp_path / "live-page-demo.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert running.start(given, NOBODY) == (False, page)

        os.kill(page.process.pid, signal.SIGKILL)
        eventually(lambda: not page.is_running, 10)
        assert running.would_start(given)
        changed, again = running.start(given, NOBODY)
        assert changed
        assert again.config == page.config

        changed, other = running.start(replace(given, read_only="now"), NOBODY)
        assert changed
        assert not again.is_running
        assert other.config.address == page.config.address
    finally:
        stopped = running.stop(tmp_path, "demo")
    assert stopped
    assert not other.is_running
    assert not file.exists()
    assert running.stop(tmp_path, "demo") is False


def test_a_port_that_is_taken_is_named(config: PageConfig, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(running.LivePageError, match=f"port {port} of 127.0.0.1"):
            running.start(replace(config, port=port, runs_directory=str(tmp_path)), NOBODY)


def test_a_file_of_another_version_names_no_page(tmp_path: Path) -> None:
    (tmp_path / "live-page-demo.json").write_text('{"process": {"pid": 1}, "config": {}}')
    assert running.served(tmp_path, "demo") is None
    assert running.stop(tmp_path, "demo") is False


def test_a_record_that_does_not_fit_on_the_disk_leaves_the_one_before(
    config: PageConfig, tmp_path: Path
) -> None:
    config = replace(config, runs_directory=str(tmp_path))
    page = running.Served(ProcessIdentity(1, "before"), config)
    running._write(page)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            running._write(replace(page, process=ProcessIdentity(2, "after")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [each.name for each in tmp_path.iterdir()] == ["live-page-demo.json"]
    assert running.served(tmp_path, "demo") == page
